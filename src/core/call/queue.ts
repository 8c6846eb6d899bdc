import type { Clock } from '../clock.ts';
import { PhoneError } from '../errors.ts';
import type { Off } from '../scope.ts';

/** One change to a session that must not overlap with another. */
export interface Operation {
  /** Operations of one kind replace each other while they wait: only the last one asked for runs. */
  readonly kind: string;
  /** What it wants: the same wish as the running or waiting one joins it. */
  readonly wish: string;
  readonly run: () => Promise<void>;
}

interface Entry extends Operation {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: PhoneError) => void;
}

/** Runs a call's operations one after another, each with a deadline. */
export interface OperationQueue {
  /** Whether an operation of this kind runs or waits. */
  readonly has: (kind: string) => boolean;
  readonly add: (operation: Operation) => Promise<void>;
  /** Rejects everything that runs or waits; later operations are rejected too. */
  readonly close: (error: PhoneError) => void;
}

/** A queue whose operations are given up after `deadline` milliseconds; a late result is ignored. */
export function createQueue(clock: Clock, deadline: number): OperationQueue {
  let running: Entry | undefined;
  let waiting: Entry[] = [];
  let closed: PhoneError | undefined;
  let stopDeadline: Off = () => undefined;

  const next = (): void => {
    running = waiting.shift();
    if (running) start(running);
  };
  const start = (entry: Entry): void => {
    const finish = (error?: PhoneError): void => {
      if (running !== entry) return;
      stopDeadline();
      if (error) entry.reject(error);
      else entry.resolve();
      next();
    };
    stopDeadline = clock.after(deadline, () => {
      finish(new PhoneError('call.operationTimedOut'));
    });
    entry.run().then(
      () => {
        finish();
      },
      (error: unknown) => {
        finish(
          error instanceof PhoneError
            ? error
            : new PhoneError('call.operationRefused', { cause: error }),
        );
      },
    );
  };
  const supersede = (entry: Entry): void => {
    waiting = waiting.filter((other) => other !== entry);
    entry.reject(new PhoneError('call.superseded'));
  };
  return {
    has: (kind) => [running, ...waiting].some((entry) => entry?.kind === kind),
    add: (operation) => {
      if (closed) return Promise.reject(closed);
      const same = waiting.filter(({ kind }) => kind === operation.kind).at(-1);
      if (same?.wish === operation.wish) return same.promise;
      if (same) supersede(same);
      // The running operation may already be what is wanted.
      if (running && isSame(running, operation)) return running.promise;
      const entry = { ...operation, ...deferred() };
      waiting.push(entry);
      if (!running) next();
      return entry.promise;
    },
    close: (error) => {
      closed = error;
      stopDeadline();
      const rest = running ? [running, ...waiting] : waiting;
      running = undefined;
      waiting = [];
      for (const entry of rest) entry.reject(error);
    },
  };
}

function isSame(one: Operation, other: Operation): boolean {
  return one.kind === other.kind && one.wish === other.wish;
}

function deferred(): Pick<Entry, 'promise' | 'resolve' | 'reject'> {
  let resolve: () => void = () => undefined;
  let reject: (error: PhoneError) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
