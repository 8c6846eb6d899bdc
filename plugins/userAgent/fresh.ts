import type { Clock, Off, PhoneError } from '../../src/core/index.ts';

/** What keeping something fresh needs. */
export interface FreshServices {
  readonly clock: Clock;
  /** The error when the application gives nothing. */
  readonly failed: () => PhoneError;
}

/** Something that the application gives and that does not last. */
export interface Fresh<Value> {
  /** A new value, whatever the last one has left. Rejects with `userAgent.credentialsFailed`. */
  readonly renew: () => Promise<Value>;
  /** The last value, or null when there is none or it has run out. */
  readonly current: () => Value | null;
  readonly stop: Off;
}

/** What is kept fresh. */
export interface Kept<Value> {
  readonly fetch: () => Value | Promise<Value>;
  /** Seconds that a value lasts; null when it does not say. Throws when it is no good at all. */
  readonly lasts: (value: Value) => number | null;
  readonly onValue: (value: Value) => void;
  /** `retryIn` is in milliseconds. */
  readonly onFailure: (error: PhoneError, retryIn: number) => void;
}

// Milliseconds: what the application may take, the pauses between its failures, and between values.
const patience = 10_000;
const firstPause = 2000;
const longestPause = 60_000;
const longestLife = 86_400_000;
// A value that is over when it comes was made by another clock.
const pauseOfOtherClock = 30_000;
/** The milliseconds after which a value that lasts for these seconds is replaced: four fifths of them. */
export function replacedAfter(seconds: number): number {
  if (seconds <= 0) return pauseOfOtherClock;
  return Math.min(longestLife, Math.max(1000, seconds * 800));
}

/** Replaces a value before it has run out, and tries again with growing pauses when that fails. */
export function keepFresh<Value>(
  kept: Kept<Value>,
  { clock, failed }: FreshServices,
): Fresh<Value> {
  let last: { readonly value: Value; readonly end: number } | null = null;
  let attempts = 0;
  let isStopped = false;
  let running: Promise<Value> | undefined;
  let stopTimer: Off = () => undefined;

  const renewIn = (milliseconds: number): void => {
    stopTimer();
    if (isStopped) return;
    stopTimer = clock.after(milliseconds, () => {
      renew().catch(() => undefined);
    });
  };
  const take = (value: Value): Value => {
    const seconds = kept.lasts(value) ?? Infinity;
    if (isStopped) return value;
    attempts = 0;
    // Whoever takes the value for dead by his own clock would have none.
    last = { value, end: seconds <= 0 ? Infinity : clock.now() + seconds * 1000 };
    stopTimer();
    if (seconds < Infinity) renewIn(replacedAfter(seconds));
    kept.onValue(value);
    return value;
  };
  const fail = (): PhoneError => {
    // What the application threw stays inside: it may hold what it was made with.
    const error = failed();
    if (isStopped) return error;
    const retryIn = Math.min(longestPause, firstPause * 2 ** attempts);
    attempts += 1;
    renewIn(retryIn);
    kept.onFailure(error, retryIn);
    return error;
  };
  const renew = (): Promise<Value> => {
    running ??= bounded(kept.fetch, patience, clock)
      .then(take)
      .catch(() => {
        throw fail();
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  return {
    renew,
    current: () => (last && clock.now() < last.end ? last.value : null),
    stop: () => {
      isStopped = true;
      stopTimer();
    },
  };
}

/** What `fetch` gives, if it gives it in time. */
export function bounded<Value>(
  fetch: () => Value | Promise<Value>,
  milliseconds: number,
  clock: Clock,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(milliseconds, () => {
      reject(new Error('late'));
    });
    new Promise<Value>((answer) => {
      answer(fetch());
    })
      .then(resolve, reject)
      .finally(stop);
  });
}
