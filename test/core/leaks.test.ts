import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBus } from '../../src/core/bus.ts';
import { createCalls } from '../../src/core/call/calls.ts';
import { createClock } from '../../src/core/clock.ts';
import type { Clock } from '../../src/core/clock.ts';
import { createPhone } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing } from '../support/fakeSession.ts';
import { sample } from './samplePlugins.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('after 200 calls', () => {
  it('no listener, timer, track or call is left', async () => {
    vi.useFakeTimers();
    const media = fakeMedia();
    const bus = createBus(vi.fn());
    const calls = createCalls({ bus, clock: createClock(), options: {}, report: vi.fn() });
    const sessions = [];
    for (let count = 0; count < 100; count += 1) {
      const called = incoming({ isObliging: true });
      const answered = calls.add(called);
      await answered.answer();
      called.establish();
      await answered.hold();
      vi.advanceTimersByTime(1000);
      called.end();
      const calling = outgoing();
      const given = calls.add(calling);
      calling.ring();
      await given.hangup();
      sessions.push(called, calling);
    }
    expect(sessions.map((session) => session.observers()).filter(Boolean)).toEqual([]);
    expect([bus.count(), vi.getTimerCount(), calls.list().length]).toEqual([0, 0, 0]);
    expect(media.liveTracks()).toEqual([]);
    expect(media.requests).toHaveLength(100);
  });
});

describe('while a phone goes on', () => {
  it('what a timer of a plugin worked on is kept no longer once it has run', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const done: string[] = [];
    let after: Clock['after'] | undefined;
    const plugin = sample('alpha', {
      setup: ({ clock }) => {
        after = clock.after;
      },
    });
    const phone = createPhone({ plugins: [plugin()] });
    const wait = (): WeakRef<object> => {
      const thing = { name: 'of one call' };
      after?.(1, () => {
        done.push(thing.name);
      });
      return new WeakRef(thing);
    };
    const thing = wait();
    await vi.waitFor(() => {
      expect(done).toEqual(['of one call']);
    });
    await vi.waitFor(() => {
      collect();
      // Not the thing itself, which a failed comparison would keep.
      expect(thing.deref() === undefined).toBe(true);
    });
    phone.destroy();
  });
});

describe('after a phone is destroyed', () => {
  it('no listener, timer, track or element of it is left, though calls were up', async () => {
    vi.useFakeTimers();
    const media = fakeMedia();
    const page = document.createElement('div');
    document.body.append(page);
    const onDocument = vi.spyOn(document, 'addEventListener');
    const offDocument = vi.spyOn(document, 'removeEventListener');
    const heard = vi.fn();
    const phone = createPhone({
      plugins: [
        sample('alpha', {
          template: '<button data-action="press">{{t.hello}}</button>',
          setup: (ctx) => {
            ctx.on('call.changed', heard);
            ctx.onPattern('call.**', heard);
            ctx.clock.every(1000, heard);
            ctx.clock.after(1000, heard);
            ctx.view({ watch: ['call.changed'], model: () => ({}), actions: { press: heard } });
          },
        })({ renderTargets: [page] }),
      ],
    });
    phone.onPattern('**', heard);
    const talking = incoming({ isObliging: true });
    const call = phone.calls.add(talking);
    await call.answer();
    talking.establish();
    const waiting = expect(
      phone.calls.add(outgoing(), { takeFocus: false }).hold(),
    ).rejects.toBeInstanceOf(Error);
    await waiting;
    await Promise.resolve();
    expect(page.querySelector('button')).not.toBeNull();
    expect(media.liveTracks()).toHaveLength(1);

    phone.destroy();
    heard.mockClear();
    talking.end();
    vi.advanceTimersByTime(60_000);
    page.click();
    expect(heard).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    expect(talking.observers()).toBe(0);
    expect(media.liveTracks()).toEqual([]);
    expect([page.innerHTML, phone.calls.list()]).toEqual(['', []]);
    expect(offDocument.mock.calls.length).toBe(onDocument.mock.calls.length);
    page.remove();
  });

  it('a command that waits for the far end is rejected', async () => {
    const phone = createPhone({ plugins: [] });
    const session = outgoing();
    const call = phone.calls.add(session);
    session.establish();
    const holding = expect(call.hold()).rejects.toMatchObject({ code: 'phone.destroyed' });
    phone.destroy();
    await holding;
  });
});
