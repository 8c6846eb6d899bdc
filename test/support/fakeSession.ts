import { PhoneError } from '../../src/core/index.ts';
import type {
  ByKind,
  CallDirection,
  Party,
  ReferReport,
  SessionEnd,
  SessionFact,
  SipSession,
} from '../../src/core/index.ts';

/** The methods of a session that wait for somebody: the far end, or the test. */
export type Waiting =
  'start' | 'answer' | 'hold' | 'unhold' | 'renegotiate' | 'refer' | 'sendDTMF' | 'replaceTrack';

/** One thing that was asked of the session. */
export interface Asked {
  readonly method: Waiting | 'terminate';
  readonly args: readonly unknown[];
}

/** What a fake session is like. */
export interface FakeSessionOptions {
  readonly remote?: Partial<Party>;
  readonly local?: Partial<Party>;
  readonly offered?: ByKind;
  /** What the far end takes of what is sent. Default: all. */
  readonly taken?: ByKind;
  readonly alertInfo?: readonly string[];
  /** True: the far end agrees to everything at once, so that the test settles nothing. */
  readonly isObliging?: boolean;
}

/**
 * A SIP session without SIP. It says a thing only after it has happened: `hold()` is recorded and
 * waits, `settle('hold')` reports the hold and resolves it, `refuse('hold', 488)` rejects it and
 * reports nothing. `terminate` ends it at once, as a real stack does.
 */
export interface FakeSession extends SipSession {
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
  /** Says a fact. */
  readonly report: (fact: SessionFact) => void;
  /** The far end rings. */
  readonly ring: () => void;
  /** The call is answered and acknowledged. */
  readonly establish: () => void;
  /** The far end holds or resumes. */
  readonly holdRemotely: (on?: boolean) => void;
  /** The far end or the network ends the session; without fields a BYE of the far end. */
  readonly end: (end?: Partial<SessionEnd>) => void;
  /** What `setSending` was last told. */
  readonly sending: ByKind;
  /** The track that is sent now, if any; its `enabled` follows `sending`, as in a real stack. */
  readonly sent: {
    readonly audio: MediaStreamTrack | null;
    readonly video: MediaStreamTrack | null;
  };
  /** What the caller of `refer` wants to hear. */
  readonly referReport: () => ReferReport;
  /** How many listeners observe it, for leak tests. */
  readonly observers: () => number;
}

/** A session of somebody who calls us. */
export function incoming(options: FakeSessionOptions = {}): FakeSession {
  return fakeSession('incoming', options);
}

/** A session of a call that we make. */
export function outgoing(options: FakeSessionOptions = {}): FakeSession {
  return fakeSession('outgoing', options);
}

interface Request {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const event = Object.freeze({ fake: true });

const facts: Partial<Record<Waiting, SessionFact>> = {
  hold: { type: 'held', side: 'local', on: true, event },
  unhold: { type: 'held', side: 'local', on: false, event },
  renegotiate: { type: 'renegotiated' },
};

function fakeSession(direction: CallDirection, options: FakeSessionOptions): FakeSession {
  const asked: Asked[] = [];
  const observers = new Set<(fact: SessionFact) => void>();
  const queues = new Map<Waiting, Request[]>();
  const doomed = new Map<Waiting, Error>();
  const sent: { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } = {
    audio: null,
    video: null,
  };
  let sending: ByKind = { audio: false, video: false };
  let isEstablished = false;
  let isEnded = false;

  const report = (fact: SessionFact): void => {
    for (const observer of [...observers]) observer(fact);
  };
  const applySending = (): void => {
    if (sent.audio) sent.audio.enabled = sending.audio;
    if (sent.video) sent.video.enabled = sending.video;
  };
  const send = (stream: MediaStream): void => {
    sent.audio = stream.getAudioTracks()[0] ?? null;
    sent.video = stream.getVideoTracks()[0] ?? null;
    applySending();
  };
  const ask = (method: Waiting, args: readonly unknown[], obliging = options.isObliging) => {
    asked.push({ method, args });
    const doom = doomed.get(method);
    if (doom) {
      doomed.delete(method);
      return Promise.reject(doom);
    }
    const promise = new Promise<void>((resolve, reject) => {
      const queue = queues.get(method) ?? [];
      queue.push({ resolve, reject });
      queues.set(method, queue);
    });
    if (obliging) queueMicrotask(() => void settle(method));
    return promise;
  };
  const take = (method: Waiting): Request => {
    const request = queues.get(method)?.shift();
    if (!request) throw new Error(`Nothing waits for "${method}".`);
    return request;
  };
  const settle = async (method: Waiting): Promise<void> => {
    const request = take(method);
    const fact = facts[method];
    if (fact && !isEnded) report(fact);
    request.resolve();
    await settled();
  };
  const end = (given: Partial<SessionEnd> = {}): void => {
    if (isEnded) return;
    isEnded = true;
    report({
      type: 'ended',
      end: { by: 'remote', statusCode: null, reasons: [], ...given },
      event,
    });
  };
  return {
    direction,
    remote: party('2002', 'Bob', options.remote),
    local: party('1001', 'Alice', options.local),
    offered: options.offered ?? { audio: true, video: false },
    alertInfo: options.alertInfo ?? [],
    connection: undefined,
    asked,
    times: (method) => asked.filter((entry) => entry.method === method).length,
    argsOf: (method) => {
      const last = asked.filter((entry) => entry.method === method).at(-1);
      if (!last) throw new Error(`"${method}" was never asked.`);
      return last.args;
    },
    waiting: (method) => queues.get(method)?.length ?? 0,
    get sending() {
      return sending;
    },
    sent,
    observers: () => observers.size,
    observe: (listener) => {
      observers.add(listener);
      return () => {
        observers.delete(listener);
      };
    },
    start: (stream) => {
      send(stream);
      return ask('start', [stream]);
    },
    answer: (given) => {
      send(given.stream);
      return ask('answer', [given]);
    },
    terminate: (given) => {
      asked.push({ method: 'terminate', args: [given] });
      const early = direction === 'incoming' ? (given.statusCode ?? 480) : 487;
      end({ by: 'local', statusCode: isEstablished ? null : early });
    },
    hold: () => ask('hold', []),
    unhold: () => ask('unhold', []),
    renegotiate: (given) => ask('renegotiate', [given]),
    refer: (target, headers, referReport) => ask('refer', [target, headers, referReport]),
    sendDTMF: (tones, given) => ask('sendDTMF', [tones, given]),
    setSending: (given) => {
      sending = given;
      applySending();
    },
    takes: (kind) => options.taken?.[kind] ?? true,
    // The far end has no say in it: a browser replaces a track by itself. A picture that comes or
    // goes asks for an offer, as in a real stack.
    replaceTrack: async (kind, track) => {
      await ask('replaceTrack', [kind, track], true);
      const asksForOffer = kind === 'video' && (sent.video === null) !== (track === null);
      sent[kind] = track;
      applySending();
      return asksForOffer;
    },
    settle,
    refuse: async (method, reason) => {
      take(method).reject(refusal(method, reason));
      await settled();
    },
    refuseNext: (method, reason) => {
      doomed.set(method, refusal(method, reason));
    },
    report,
    ring: () => {
      report({ type: 'progress', statusCode: 180, hasMedia: false, event });
    },
    establish: () => {
      isEstablished = true;
      report({ type: 'established', event });
    },
    holdRemotely: (on = true) => {
      report({ type: 'held', side: 'remote', on, event });
    },
    end,
    referReport: () => {
      const last = asked.filter(({ method }) => method === 'refer').at(-1);
      if (!last) throw new Error('"refer" was never asked.');
      return last.args[2] as ReferReport;
    },
  };
}

function party(user: string, name: string, given: Partial<Party> = {}): Party {
  const whole = { name, user, ...given };
  return { uri: `sip:${whole.user}@example.com`, ...whole };
}

function refusal(method: Waiting, reason: number | Error = 488): Error {
  if (reason instanceof Error) return reason;
  return new PhoneError(method === 'refer' ? 'transfer.refused' : 'call.operationRefused', {
    statusCode: reason,
  });
}

/** Lets everything happen that waits for no timer: promises, and drawing, which is a microtask. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
