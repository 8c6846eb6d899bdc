import type { Off } from './scope.ts';

/** A value that is replaced, never changed in place. */
export interface Store<State extends object> {
  readonly get: () => State;
  /** Merges `patch` into a new state; equal values change nothing and wake nobody. */
  readonly set: (patch: Partial<State>) => void;
  /** Runs after each change with the new and the previous state. */
  readonly subscribe: (listener: (state: State, previous: State) => void) => Off;
}

/** A store that holds `initial`. */
export function createStore<State extends object>(initial: State): Store<State> {
  let state: State = Object.freeze({ ...initial });
  const listeners = new Set<(state: State, previous: State) => void>();
  return {
    get: () => state,
    set: (patch) => {
      const keys = Object.keys(patch) as (keyof State)[];
      if (keys.every((key) => Object.is(state[key], patch[key]))) return;
      const previous = state;
      state = Object.freeze({ ...state, ...patch });
      for (const listener of [...listeners]) listener(state, previous);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
