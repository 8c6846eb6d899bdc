import type {
  ByKind,
  CallDirection,
  Party,
  ReferReport,
  SessionEnd,
  SessionFact,
  SipSession,
} from '../core/index.ts';
import { farEnd } from './farEnd.ts';
import type { FarEnd, Waiting } from './farEnd.ts';

export type { Asked, Waiting } from './farEnd.ts';
export { settled } from './settled.ts';

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
export interface FakeSession extends SipSession, Omit<FarEnd, 'note' | 'ask'> {
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

const event = Object.freeze({ fake: true });

const facts: Partial<Record<Waiting, SessionFact>> = {
  hold: { type: 'held', side: 'local', on: true, event },
  unhold: { type: 'held', side: 'local', on: false, event },
  renegotiate: { type: 'renegotiated' },
};

function fakeSession(direction: CallDirection, options: FakeSessionOptions): FakeSession {
  const told = reports();
  const far = farEnd(options.isObliging ?? false, (method) => {
    const fact = facts[method];
    if (fact && !told.hasEnded()) told.report(fact);
  });
  const { ask: _, note, ...questions } = far;
  const sender = createSender(far);
  return {
    direction,
    remote: party('2002', 'Bob', options.remote),
    local: party('1001', 'Alice', options.local),
    offered: options.offered ?? { audio: true, video: false },
    alertInfo: options.alertInfo ?? [],
    connection: undefined,
    ...questions,
    ...told.says,
    ...sender.commands,
    get sending() {
      return sender.sending();
    },
    sent: sender.sent,
    takes: (kind) => options.taken?.[kind] ?? true,
    terminate: (given) => {
      note({ method: 'terminate', args: [given] });
      const early = direction === 'incoming' ? (given.statusCode ?? 480) : 487;
      told.says.end({ by: 'local', statusCode: told.isEstablished() ? null : early });
    },
    referReport: () => far.argsOf('refer')[2] as ReferReport,
  };
}

interface Reports {
  readonly report: (fact: SessionFact) => void;
  readonly isEstablished: () => boolean;
  readonly hasEnded: () => boolean;
  /** What of it is the session's own. */
  readonly says: Pick<
    FakeSession,
    'end' | 'establish' | 'holdRemotely' | 'observe' | 'observers' | 'report' | 'ring'
  >;
}

function reports(): Reports {
  const observers = new Set<(fact: SessionFact) => void>();
  let isEstablished = false;
  let hasEnded = false;
  const report = (fact: SessionFact): void => {
    for (const observer of [...observers]) observer(fact);
  };
  const end = (given: Partial<SessionEnd> = {}): void => {
    if (hasEnded) return;
    hasEnded = true;
    report({
      type: 'ended',
      end: { by: 'remote', statusCode: null, reasons: [], ...given },
      event,
    });
  };
  return {
    report,
    isEstablished: () => isEstablished,
    hasEnded: () => hasEnded,
    says: {
      report,
      end,
      observers: () => observers.size,
      observe: (listener) => {
        observers.add(listener);
        return () => {
          observers.delete(listener);
        };
      },
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
    },
  };
}

interface Sender {
  readonly sending: () => ByKind;
  readonly sent: FakeSession['sent'];
  readonly commands: Pick<SipSession, Waiting | 'setSending'>;
}

function createSender({ ask }: FarEnd): Sender {
  const sent: { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } = {
    audio: null,
    video: null,
  };
  let sending: ByKind = { audio: false, video: false };
  const apply = (): void => {
    if (sent.audio) sent.audio.enabled = sending.audio;
    if (sent.video) sent.video.enabled = sending.video;
  };
  const send = (stream: MediaStream): void => {
    sent.audio = stream.getAudioTracks()[0] ?? null;
    sent.video = stream.getVideoTracks()[0] ?? null;
    apply();
  };
  return {
    sending: () => sending,
    sent,
    commands: {
      start: (stream) => {
        send(stream);
        return ask('start', [stream]);
      },
      answer: (given) => {
        send(given.stream);
        return ask('answer', [given]);
      },
      hold: () => ask('hold', []),
      unhold: () => ask('unhold', []),
      renegotiate: (given) => ask('renegotiate', [given]),
      refer: (target, headers, report) => ask('refer', [target, headers, report]),
      sendDTMF: (tones, given) => ask('sendDTMF', [tones, given]),
      setSending: (given) => {
        sending = given;
        apply();
      },
      // The far end has no say in it: a browser replaces a track by itself. A picture that comes or
      // goes asks for an offer, as in a real stack.
      replaceTrack: async (kind, track) => {
        await ask('replaceTrack', [kind, track], true);
        const asksForOffer = kind === 'video' && (sent.video === null) !== (track === null);
        sent[kind] = track;
        apply();
        return asksForOffer;
      },
    },
  };
}

function party(user: string, name: string, given: Partial<Party> = {}): Party {
  const whole = { name, user, ...given };
  return { uri: `sip:${whole.user}@example.com`, ...whole };
}
