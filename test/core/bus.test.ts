import { describe, expect, it, vi } from 'vitest';
import { createBus } from '../../src/core/bus.ts';
import './samplePlugins.ts';

describe('the bus', () => {
  it('runs the other listeners when one throws, and reports it with the name of the event', () => {
    const report = vi.fn();
    const bus = createBus(report);
    const heard = vi.fn();
    const broken = new Error('broken');
    bus.on('alpha.happened', () => {
      throw broken;
    });
    bus.on('alpha.happened', heard);
    bus.onPattern('**', () => {
      throw broken;
    });
    bus.emit('alpha.happened', { value: 1 });
    expect(heard).toHaveBeenCalledExactlyOnceWith({ value: 1 });
    expect(report).toHaveBeenCalledTimes(2);
    for (const [name, error] of report.mock.calls) {
      expect([name, error]).toEqual(['alpha.happened', broken]);
    }
  });

  it('calls a once listener once, and never when it was taken off before', () => {
    const bus = createBus(vi.fn());
    const heard = vi.fn();
    const never = vi.fn();
    bus.once('alpha.happened', heard);
    bus.once('alpha.happened', never)();
    bus.emit('alpha.happened', { value: 1 });
    bus.emit('alpha.happened', { value: 2 });
    expect(heard).toHaveBeenCalledExactlyOnceWith({ value: 1 });
    expect(never).not.toHaveBeenCalled();
  });

  it('takes a listener off exactly once, even if the same function listens twice', () => {
    const bus = createBus(vi.fn());
    const heard = vi.fn();
    const off = bus.on('alpha.happened', heard);
    bus.on('alpha.happened', heard);
    off();
    off();
    bus.emit('alpha.happened', { value: 1 });
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['alpha.*', ['alpha.happened']],
    ['alpha.**', ['alpha.happened', 'alpha.deep.happened']],
    ['**', ['alpha.happened', 'alpha.deep.happened', 'beta.happened']],
    ['*.happened', ['alpha.happened', 'beta.happened']],
    ['alpha.happened', ['alpha.happened']],
    ['alpha', []],
    ['alpha?happened', []],
  ])('hears with the pattern %s only %j', (pattern, names) => {
    const bus = createBus(vi.fn());
    const heard: string[] = [];
    bus.onPattern(pattern, (name) => heard.push(name));
    bus.emit('alpha.happened', { value: 1 });
    bus.emit('alpha.deep.happened', { value: 1 });
    bus.emit('beta.happened', { value: 1 });
    expect(heard).toEqual(names);
  });

  it('is silent and empty after it was disposed', () => {
    const bus = createBus(vi.fn());
    const heard = vi.fn();
    bus.on('alpha.happened', heard);
    bus.onPattern('**', heard);
    expect(bus.count()).toBe(2);
    bus.dispose();
    expect(bus.count()).toBe(0);
    bus.emit('alpha.happened', { value: 1 });
    expect(heard).not.toHaveBeenCalled();
  });

  it('counts nothing once every listener is off', () => {
    const bus = createBus(vi.fn());
    const offs = [
      bus.on('alpha.happened', vi.fn()),
      bus.once('beta.happened', vi.fn()),
      bus.onPattern('*', vi.fn()),
    ];
    for (const off of offs) off();
    expect(bus.count()).toBe(0);
  });
});
