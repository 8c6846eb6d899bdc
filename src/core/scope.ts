/** Undoes what the call that returned it has done. Calling it twice does nothing more. */
export type Off = () => void;

/** Collects undo functions and runs them in reverse, each guarded from the others' failures. */
export interface Scope {
  /** Aborted when the scope is disposed. */
  readonly signal: AbortSignal;
  /** Remembers `off`; the returned function runs it early and forgets it. */
  readonly add: (off: Off) => Off;
  /** Runs all that is left, last first. */
  readonly dispose: () => void;
}

/** A new scope; `report` hears of undo functions that throw. */
export function createScope(report: (error: unknown) => void): Scope {
  const undo = new Set<Off>();
  const controller = new AbortController();
  const run = (off: Off): void => {
    try {
      off();
    } catch (error) {
      report(error);
    }
  };
  return {
    signal: controller.signal,
    add: (off) => {
      // Wrapped, so that the same function given twice is undone twice.
      const entry: Off = () => {
        off();
      };
      if (controller.signal.aborted) run(entry);
      else undo.add(entry);
      return () => {
        if (undo.delete(entry)) run(entry);
      };
    },
    dispose: () => {
      controller.abort();
      const rest = [...undo].reverse();
      undo.clear();
      rest.forEach(run);
    },
  };
}
