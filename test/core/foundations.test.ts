import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClock } from '../../src/core/clock.ts';
import { createLogging } from '../../src/core/logger.ts';
import type { LogLine } from '../../src/core/logger.ts';
import { createScope } from '../../src/core/scope.ts';
import { createStore } from '../../src/core/store.ts';

describe('a scope', () => {
  it('undoes in reverse order, and goes on after a failure', () => {
    const order: number[] = [];
    const report = vi.fn();
    const scope = createScope(report);
    scope.add(() => order.push(1));
    scope.add(() => {
      throw new Error('second');
    });
    scope.add(() => order.push(3));
    scope.dispose();
    scope.dispose();
    expect(order).toEqual([3, 1]);
    expect(report).toHaveBeenCalledTimes(1);
    expect(scope.signal.aborted).toBe(true);
  });

  it('undoes early when asked, and not again at the end', () => {
    const undo = vi.fn();
    const scope = createScope(vi.fn());
    const off = scope.add(undo);
    off();
    off();
    scope.dispose();
    expect(undo).toHaveBeenCalledTimes(1);
  });

  it('undoes the same function as often as it was given', () => {
    const undo = vi.fn();
    const scope = createScope(vi.fn());
    scope.add(undo);
    scope.add(undo);
    scope.dispose();
    expect(undo).toHaveBeenCalledTimes(2);
  });

  it('undoes at once what comes too late', () => {
    const undo = vi.fn();
    const scope = createScope(vi.fn());
    scope.dispose();
    scope.add(undo);
    expect(undo).toHaveBeenCalledTimes(1);
  });
});

describe('the clock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs a task once, another every so often, and neither after it was stopped', () => {
    const clock = createClock();
    const once = vi.fn();
    const often = vi.fn();
    const never = vi.fn();
    clock.after(1000, once);
    const stop = clock.every(1000, often);
    clock.after(500, never)();
    vi.advanceTimersByTime(3000);
    stop();
    vi.advanceTimersByTime(3000);
    expect(once).toHaveBeenCalledTimes(1);
    expect(often).toHaveBeenCalledTimes(3);
    expect(never).not.toHaveBeenCalled();
  });

  it('leaves no timer when it is disposed', () => {
    const clock = createClock();
    clock.after(1000, vi.fn());
    clock.every(1000, vi.fn());
    clock.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('starts no timer after it was disposed', () => {
    const clock = createClock();
    clock.dispose();
    clock.after(1000, vi.fn());
    clock.every(1000, vi.fn());
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a store', () => {
  it('replaces its state, freezes it, and tells both states', () => {
    const store = createStore({ count: 0, name: 'a' });
    const first = store.get();
    const heard = vi.fn();
    store.subscribe(heard);
    store.set({ count: 1 });
    expect(store.get()).toEqual({ count: 1, name: 'a' });
    expect(first).toEqual({ count: 0, name: 'a' });
    expect(Object.isFrozen(store.get())).toBe(true);
    expect(heard).toHaveBeenCalledExactlyOnceWith(store.get(), first);
  });

  it('wakes nobody and stays the same when nothing changes', () => {
    const store = createStore({ count: 0 });
    const before = store.get();
    const heard = vi.fn();
    store.subscribe(heard);
    store.set({ count: 0 });
    store.set({});
    expect(store.get()).toBe(before);
    expect(heard).not.toHaveBeenCalled();
  });

  it('tells nobody who has left', () => {
    const store = createStore({ count: 0 });
    const heard = vi.fn();
    store.subscribe(heard)();
    store.set({ count: 1 });
    expect(heard).not.toHaveBeenCalled();
  });
});

describe('the log', () => {
  const written = (level: 'error' | 'warn' | 'info' | 'debug' | 'off' | undefined): string[] => {
    const lines: LogLine[] = [];
    const sink = (line: LogLine): number => lines.push(line);
    const log = createLogging({ sink, ...(level && { level }) })('dialpad');
    log.error('e');
    log.warn('w');
    log.info('i');
    log.debug('d');
    log.print('p');
    return lines.map(({ message }) => message);
  };

  it.each([
    [undefined, ['e', 'w', 'p']],
    ['off', ['p']],
    ['error', ['e', 'p']],
    ['info', ['e', 'w', 'i', 'p']],
    ['debug', ['e', 'w', 'i', 'd', 'p']],
  ] as const)('at level %s holds %j, a trace always', (level, expected) => {
    expect(written(level)).toEqual(expected);
  });

  it('goes to the console and names the plugin when nobody takes it', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    createLogging()('dialpad').warn('attention', { detail: 1 });
    expect(warn).toHaveBeenCalledExactlyOnceWith('[cordboard dialpad] attention', { detail: 1 });
    warn.mockRestore();
  });
});
