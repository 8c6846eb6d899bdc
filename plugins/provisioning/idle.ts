import type { Calls, Clock, EventMap, Off } from '../../src/core/index.ts';

/** What is needed of the phone to wait. */
interface Waiting {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly on: (
    event: 'call.terminated',
    listener: (payload: EventMap['call.terminated']) => void,
  ) => Off;
}

/** Resolves when no call is up, after everyone has heard the end of the last; never once the phone is gone. */
export function whenIdle({ calls, clock, on }: Waiting): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (calls.list().length > 0) return;
      stop();
      resolve();
    };
    const lookSoon = (): void => {
      clock.after(0, look);
    };
    const stop = on('call.terminated', lookSoon);
    lookSoon();
  });
}
