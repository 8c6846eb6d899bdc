import { causes, q850Causes } from './causes.ts';
import type { CauseKey } from './causes.ts';
import { responseFor } from './responses.ts';
import type { Retry } from './responses.ts';
import type { ReasonValue } from './reasonHeader.ts';

/** What this phone itself found wrong; it outweighs whatever the far end was told or answered. */
export type LocalFailure = Extract<
  CauseKey,
  | 'connectionLost'
  | 'deadline'
  | 'incompatible'
  | 'invalidTarget'
  | 'mediaDenied'
  | 'mediaFailed'
  | 'noAnswer'
  | 'noMicrophone'
  | 'transferred'
>;

/** All that is known when a call ends. */
export interface EndFacts {
  readonly direction: 'incoming' | 'outgoing';
  /** Who ended it: the person here, the far end or its network, or this phone on its own. */
  readonly by: 'local' | 'remote' | 'system';
  /** True once the call had been answered here or there. */
  readonly wasEstablished: boolean;
  /** The final SIP status, received or sent. */
  readonly statusCode?: number | undefined;
  /** What `parseReason` read in the CANCEL, the BYE or the final response. */
  readonly reasons?: readonly ReasonValue[] | undefined;
  /** True when there was no connection to the server as the call was made, or the loss of it ended the call. */
  readonly localOffline?: boolean | undefined;
  readonly failure?: LocalFailure | undefined;
}

/** Why a call ended, for people and for programs. */
export interface EndCause {
  /** Stable; the sentence for people is the text `<section>.<key>`. A key is in one section only. */
  readonly key: string;
  readonly section: 'cause' | 'response';
  /** Whether making the same call again can help. */
  readonly retry: Retry;
  /** True for an incoming call that nobody answered or turned down, here or on another phone. */
  readonly isMissed: boolean;
  /** The final SIP status, when there was one. */
  readonly statusCode?: number;
  /** The ITU-T Q.850 value, when one was sent. */
  readonly q850?: number;
}

type Verdict = Pick<EndCause, 'key' | 'section' | 'retry'>;

/** The numbers in the `Reason` values; a call has no more than one of each that matters. */
interface Codes {
  readonly sip: number | undefined;
  readonly q850: number | undefined;
  readonly isPreempted: boolean;
}

type Rule = (facts: EndFacts, codes: Codes) => Verdict | undefined;

/** Explains the end of a call. Never throws: what nothing explains is `cause.failed`. */
export function explainEnd(facts: EndFacts): EndCause {
  const codes = readCodes(facts.reasons ?? []);
  const verdict = judge(facts, codes);
  const isUnanswered = facts.direction === 'incoming' && !facts.wasEstablished;
  return {
    ...verdict,
    isMissed: isUnanswered && !dealtWith.has(verdict.key),
    ...(facts.statusCode !== undefined && { statusCode: facts.statusCode }),
    ...(codes.q850 !== undefined && { q850: codes.q850 }),
  };
}

/** An incoming call that ended so is not a missed one: a person has seen to it. */
const dealtWith: ReadonlySet<string> = new Set<CauseKey>([
  'answeredElsewhere',
  'declinedElsewhere',
  'rejected',
]);

/** The first that has something to say decides. */
const rules: readonly Rule[] = [
  byConnection,
  byLocalFailure,
  byPersonHere,
  byPreemption,
  byCaller,
  byFarEndLater,
  byAnswerToCall,
];

function judge(facts: EndFacts, codes: Codes): Verdict {
  for (const rule of rules) {
    const verdict = rule(facts, codes);
    if (verdict) return verdict;
  }
  return cause('failed');
}

// The SIP stack reports a call made without a connection as canceled here, so this comes first.
function byConnection(facts: EndFacts): Verdict | undefined {
  if (!facts.localOffline) return undefined;
  if (facts.wasEstablished) return facts.by === 'local' ? undefined : cause('connectionLost');
  return cause(facts.direction === 'outgoing' ? 'offline' : 'connectionLost');
}

function byLocalFailure(facts: EndFacts): Verdict | undefined {
  return facts.failure && cause(facts.failure);
}

function byPersonHere(facts: EndFacts): Verdict | undefined {
  if (facts.by !== 'local') return undefined;
  if (facts.wasEstablished) return cause('normal');
  return cause(facts.direction === 'outgoing' ? 'canceled' : 'rejected');
}

// RFC 4411, and Q.850 8 and 9 through the table.
function byPreemption(_facts: EndFacts, codes: Codes): Verdict | undefined {
  return codes.isPreempted ? cause('preempted') : undefined;
}

/** A CANCEL of a call that rang here; its `Reason` tells of the phones that rang beside this one. */
function byCaller(facts: EndFacts, { sip, q850 }: Codes): Verdict | undefined {
  const isCancel = facts.direction === 'incoming' && facts.by === 'remote' && !facts.wasEstablished;
  if (!isCancel) return undefined;
  if (isSuccess(sip) || fromQ850(q850) === 'answeredElsewhere') return cause('answeredElsewhere');
  return cause(sip !== undefined && personalRefusals.has(sip) ? 'declinedElsewhere' : 'canceled');
}

/** The 6xx with which a person, and not a missing address or codec, ends a call on every phone. */
const personalRefusals: ReadonlySet<number> = new Set([600, 603, 607]);

/** A BYE, or a request within the call that was refused in a way that ends the call. */
function byFarEndLater(facts: EndFacts, { sip, q850 }: Codes): Verdict | undefined {
  if (!facts.wasEstablished) return undefined;
  for (const code of [sip, facts.statusCode]) {
    const key = code === undefined ? undefined : endsOfEstablished[code];
    if (key) return cause(key);
    if (isFailure(code)) return response(code);
  }
  return telling(q850) ?? cause(facts.by === 'remote' ? 'normal' : 'failed');
}

/** Statuses that mean something else once a call is up. */
const endsOfEstablished: Readonly<Record<number, CauseKey>> = {
  408: 'connectionLost',
  415: 'mediaFailed',
  430: 'connectionLost',
  481: 'connectionLost',
  487: 'normal',
  488: 'mediaFailed',
  504: 'connectionLost',
  606: 'mediaFailed',
};

/** The final response to an INVITE. */
function byAnswerToCall({ statusCode }: EndFacts, { sip, q850 }: Codes): Verdict | undefined {
  const isVague = !isFailure(statusCode) || vagueStatuses.has(statusCode);
  if (isVague && isFailure(sip) && !vagueStatuses.has(sip)) return response(sip);
  const closer = isVague ? telling(q850) : undefined;
  return closer ?? (isFailure(statusCode) ? response(statusCode) : undefined);
}

/** Statuses that gateways give to many causes, so that a `Reason` value beside them tells more. */
const vagueStatuses: ReadonlySet<number> = new Set([
  400, 403, 408, 480, 487, 488, 500, 501, 502, 503, 504,
]);

function readCodes(reasons: readonly ReasonValue[]): Codes {
  const causeOf = (protocol: string): number | undefined =>
    reasons.find((reason) => reason.protocol === protocol && reason.cause !== undefined)?.cause;
  const q850 = causeOf('Q.850');
  const isPreempted =
    reasons.some((reason) => reason.protocol === 'Preemption') || fromQ850(q850) === 'preempted';
  return { sip: causeOf('SIP'), q850, isPreempted };
}

/** What a Q.850 value adds for a person: nothing when it is unspecific or meant for called phones. */
function telling(q850: number | undefined): Verdict | undefined {
  const key = fromQ850(q850);
  if (key === undefined || untelling.has(key)) return undefined;
  return key === 'busyHere' ? response(486) : cause(key);
}

const untelling: ReadonlySet<string> = new Set<CauseKey>(['answeredElsewhere', 'failed', 'normal']);

function fromQ850(q850: number | undefined): CauseKey | 'busyHere' | undefined {
  return q850 === undefined ? undefined : q850Causes[q850];
}

function isSuccess(code: number | undefined): boolean {
  return code !== undefined && code >= 200 && code < 300;
}

function isFailure(code: number | undefined): code is number {
  return code !== undefined && code >= 300 && code < 700;
}

function cause(key: CauseKey): Verdict {
  return { key, section: 'cause', retry: causes[key] };
}

function response(code: number): Verdict {
  const { key, retry } = responseFor(code);
  return { key, section: 'response', retry };
}
