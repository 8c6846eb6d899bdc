import { PhoneError } from '../core/index.ts';
import { settled } from './settled.ts';

/** The methods of a session that wait for somebody: the far end, or the test. */
export type Waiting =
  'start' | 'answer' | 'hold' | 'unhold' | 'renegotiate' | 'refer' | 'sendDTMF' | 'replaceTrack';

/** One thing that was asked of the session. */
export interface Asked {
  readonly method: Waiting | 'terminate';
  readonly args: readonly unknown[];
}

interface Request {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What was asked of a fake session, and what of it waits for an answer. */
export interface FarEnd {
  /** Everything asked so far, in order. */
  readonly asked: readonly Asked[];
  /** How often `method` was asked. */
  readonly times: (method: Asked['method']) => number;
  /** The arguments of the last time `method` was asked; fails when it never was. */
  readonly argsOf: (method: Asked['method']) => readonly unknown[];
  /** How many requests of `method` wait for `settle` or `refuse`. */
  readonly waiting: (method: Waiting) => number;
  /** The far end agrees to the oldest waiting request of `method`; resolves when that was heard. */
  readonly settle: (method: Waiting) => Promise<void>;
  /** The far end refuses the oldest waiting request; with an error in place of a code, that one. */
  readonly refuse: (method: Waiting, reason?: number | Error) => Promise<void>;
  /** The next `method` is refused as soon as it is asked. */
  readonly refuseNext: (method: Waiting, reason?: number | Error) => void;
  /** Remembers what needs no answer. */
  readonly note: (entry: Asked) => void;
  /** Asks, and waits; what is obliging is answered in this turn. */
  readonly ask: (method: Waiting, args: readonly unknown[], isObliging?: boolean) => Promise<void>;
}

/** The far end of a fake session; `agreed` is run before the one who asked hears that it agreed. */
export function farEnd(isObliging: boolean, agreed: (method: Waiting) => void): FarEnd {
  const asked: Asked[] = [];
  const queues = new Map<Waiting, Request[]>();
  const doomed = new Map<Waiting, Error>();
  const take = (method: Waiting): Request => {
    const request = queues.get(method)?.shift();
    if (!request) throw new Error(`Nothing waits for "${method}".`);
    return request;
  };
  const settle = async (method: Waiting): Promise<void> => {
    const request = take(method);
    agreed(method);
    request.resolve();
    await settled();
  };
  return {
    asked,
    times: (method) => asked.filter((entry) => entry.method === method).length,
    argsOf: (method) => {
      const last = asked.filter((entry) => entry.method === method).at(-1);
      if (!last) throw new Error(`"${method}" was never asked.`);
      return last.args;
    },
    waiting: (method) => queues.get(method)?.length ?? 0,
    settle,
    refuse: async (method, reason) => {
      take(method).reject(refusal(method, reason));
      await settled();
    },
    refuseNext: (method, reason) => {
      doomed.set(method, refusal(method, reason));
    },
    note: (entry) => {
      asked.push(entry);
    },
    ask: (method, args, agrees = isObliging) => {
      asked.push({ method, args });
      const doom = doomed.get(method);
      doomed.delete(method);
      if (doom) return Promise.reject(doom);
      const promise = new Promise<void>((resolve, reject) => {
        queues.set(method, [...(queues.get(method) ?? []), { resolve, reject }]);
      });
      if (agrees) queueMicrotask(() => void settle(method));
      return promise;
    },
  };
}

function refusal(method: Waiting, reason: number | Error = 488): Error {
  if (reason instanceof Error) return reason;
  return new PhoneError(method === 'refer' ? 'transfer.refused' : 'call.operationRefused', {
    statusCode: reason,
  });
}
