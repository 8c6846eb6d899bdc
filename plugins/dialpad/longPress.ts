import type { ActionInput, Clock, Off } from '../../src/core/index.ts';

/** Tells a press from a long press on the same key. */
export interface LongPress {
  readonly down: (input: ActionInput) => void;
  readonly up: () => void;
  /** Whether the click that follows belongs to a long press that has done its work. */
  readonly takesClick: () => boolean;
}

const milliseconds = 500;

/** Runs `act` when a key is held down for half a second. */
export function createLongPress(clock: Clock, act: () => void): LongPress {
  let stop: Off = () => undefined;
  let isDone = false;
  return {
    down: ({ event }) => {
      stop();
      isDone = false;
      // The other mouse buttons open menus.
      if (event instanceof MouseEvent && event.button !== 0) return;
      stop = clock.after(milliseconds, () => {
        isDone = true;
        act();
      });
    },
    up: () => {
      stop();
    },
    takesClick: () => {
      const was = isDone;
      isDone = false;
      return was;
    },
  };
}
