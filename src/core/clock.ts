import type { Off } from './scope.ts';

/** Time as the phone sees it: one port, so that tests can drive it and `destroy()` can stop it. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs `task` once after `milliseconds`. */
  readonly after: (milliseconds: number, task: () => void) => Off;
  /** Runs `task` every `milliseconds`. */
  readonly every: (milliseconds: number, task: () => void) => Off;
}

/** A clock on the browser's timers. `dispose` stops every timer, and none starts after it. */
export function createClock(): Clock & { readonly dispose: () => void } {
  const running = new Set<Off>();
  let isDisposed = false;
  const hold = (off: Off): Off => {
    const entry: Off = () => {
      off();
      running.delete(entry);
    };
    running.add(entry);
    return entry;
  };
  return {
    now: () => Date.now(),
    after: (milliseconds, task) => {
      if (isDisposed) return () => undefined;
      const timer = setTimeout(() => {
        stop();
        task();
      }, milliseconds);
      const stop = hold(() => {
        clearTimeout(timer);
      });
      return stop;
    },
    every: (milliseconds, task) => {
      if (isDisposed) return () => undefined;
      const timer = setInterval(task, milliseconds);
      return hold(() => {
        clearInterval(timer);
      });
    },
    dispose: () => {
      isDisposed = true;
      for (const stop of [...running]) stop();
    },
  };
}
