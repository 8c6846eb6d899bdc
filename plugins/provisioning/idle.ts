import { PhoneError } from '../../src/core/index.ts';
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

/**
 * Resolves when no call is up, after everyone has heard the end of the last. Rejects with `call.superseded`
 * when the signal is aborted before that.
 */
export function whenIdle({ calls, clock, on }: Waiting, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (calls.list().length > 0) return;
      stop();
      resolve();
    };
    const lookSoon = (): void => {
      clock.after(0, look);
    };
    const giveUp = (): void => {
      stop();
      reject(new PhoneError('call.superseded'));
    };
    const stop = on('call.terminated', lookSoon);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    else lookSoon();
  });
}
