import {
  clockTime,
  endSentence,
  errorSentence,
  isolated,
  spokenTime,
} from '../../src/core/index.ts';
import type { CallSnapshot, Fact, Party, TransferState } from '../../src/core/index.ts';
import { isWaiting } from './state.ts';
import type { CallListState } from './types.ts';

type Translate = (key: string, variables?: Readonly<Record<string, unknown>>) => string;

/** What the model is made of. */
export interface CallListSource {
  /** The calls that have not ended. */
  readonly calls: readonly CallSnapshot[];
  readonly state: CallListState;
  readonly t: Translate;
  /** As `Intl` takes it. */
  readonly language: string;
  /** By the clock that `establishedAt` is of. */
  readonly now: number;
  /** What `t` reads; another object after each change. Left out, all rows are made anew. */
  readonly texts?: object | undefined;
}

/** What is said is made of it. */
export interface FactSource extends Pick<CallListSource, 'calls' | 't'> {
  readonly state: Pick<CallListState, 'ended'>;
}

/** The data of `callList.mustache`. */
export interface CallListModel extends Readonly<Record<string, unknown>> {
  readonly isEmpty: boolean;
  /** Calls that wait for an answer come first, then the others, oldest first. */
  readonly calls: readonly CallRow[];
  readonly notices: readonly NoticeRow[];
  /** True while no call is in focus although there are calls: a new one can be dialled. */
  readonly isAside: boolean;
}

/** The data of `_callListRow.mustache`: one call. */
export interface CallRow {
  readonly callId: string;
  readonly status: CallSnapshot['status'];
  readonly direction: CallSnapshot['direction'];
  readonly isIncoming: boolean;
  /** The call in focus. */
  readonly isPrimary: boolean;
  /** An incoming call that waits for the user: it is drawn as a panel with two buttons. */
  readonly isWaiting: boolean;
  readonly isAnswering: boolean;
  readonly isHeld: boolean;
  readonly isMuted: boolean;
  /** True for a call that can be ended from its row, without taking the focus first. */
  readonly canHangup: boolean;
  readonly name: string;
  /** The number when `name` is another text, or ''. */
  readonly number: string;
  /** The account that it is made or received by when there are several, or ''. */
  readonly account: string;
  /** What the call is doing, in words. */
  readonly state: string;
  /** Such as `1:05`, in the digits of the language, or '' before the call is answered. */
  readonly duration: string;
  /** The same in words; while nothing else changes it is written every five seconds. */
  readonly spokenDuration: string;
  /** Why the last operation was refused, in words, or ''. */
  readonly error: string;
  readonly answerLabel: string;
  readonly declineLabel: string;
  readonly hangupLabel: string;
}

/** The data of `_callListNotice.mustache`: one call that ended in a way worth telling. */
export interface NoticeRow {
  readonly callId: string;
  readonly kind: 'missed' | 'failed' | 'info';
  readonly title: string;
  readonly name: string;
  readonly reason: string;
  readonly dismissLabel: string;
}

/** The model of the call list. Pure. */
export function toModel(source: CallListSource): CallListModel {
  const { calls, state, t } = source;
  const waiting = calls.filter(isWaiting);
  const others = calls.filter((call) => !isWaiting(call));
  return {
    isEmpty: calls.length === 0,
    isAside: calls.length > 0 && !calls.some(({ isPrimary }) => isPrimary),
    calls: [...waiting, ...others].map((call) => rowOf(call, source)),
    notices: state.notices.map((call) => toNotice(call, t)),
  };
}

/**
 * What is said of the calls: one sentence for each, another one whenever it does something else. Who calls is
 * not cried into a talk. Pure.
 */
export function toFacts({ calls, state, t }: FactSource): readonly Fact[] {
  const isBusy = calls.some(({ status }) => /^(established|reconnecting)$/.test(status));
  const facts = calls.map((call): Fact => {
    const name = spoken(call.remote, t);
    const key = keyOf(call);
    if (isWaiting(call)) return { key, text: t('announceIncoming', { name }), isUrgent: !isBusy };
    const muted = call.muted.audio ? ` · ${t('muted')}` : '';
    return { key, text: `${name}: ${doing({ ...call, pending: null }, t)}${muted}` };
  });
  return [...facts, ...state.ended.map((call) => ({ key: keyOf(call), text: farewell(call, t) }))];
}

// Another one with each sentence, in whatever language that is.
const keyOf = (call: CallSnapshot): string =>
  call.id + stateKey({ ...call, pending: null }) + String(call.muted.audio);

interface KeptRow {
  readonly texts: object;
  readonly seconds: number;
  readonly error: unknown;
  readonly row: CallRow;
}

// In a long list one row changes and the others are as they were: these are not made anew.
const kept = new WeakMap<CallSnapshot, KeptRow>();

function rowOf(call: CallSnapshot, source: CallListSource): CallRow {
  const { state, texts = {}, now } = source;
  const known = kept.get(call);
  const seconds = Math.floor((now - (call.establishedAt ?? now)) / 1000);
  const error = state.errors[call.id];
  if (known?.texts === texts && known.seconds === seconds && known.error === error)
    return known.row;
  const row = toRow(call, source);
  kept.set(call, { texts, seconds, error, row });
  return row;
}

function toRow(call: CallSnapshot, { state, t, language, now }: CallListSource): CallRow {
  const error = state.errors[call.id];
  const name = spoken(call.remote, t);
  const { remote, establishedAt } = call;
  return {
    callId: call.id,
    status: call.status,
    direction: call.direction,
    isIncoming: call.direction === 'incoming',
    isPrimary: call.isPrimary,
    isWaiting: isWaiting(call),
    isAnswering: call.pending === 'answer',
    isHeld: call.hold.local || call.hold.remote,
    isMuted: call.muted.audio && !isWaiting(call),
    canHangup: !call.isPrimary && !isWaiting(call),
    name: nameOf(remote, t),
    number: remote.name !== '' && remote.name !== remote.user ? remote.user : '',
    account: call.accountName,
    state: doing(call, t),
    ...(establishedAt === null
      ? { duration: '', spokenDuration: '' }
      : timesOf(now - establishedAt, language)),
    error: error === undefined ? '' : errorSentence(error, t),
    answerLabel: t('answerNamed', { name }),
    declineLabel: t('declineNamed', { name }),
    hangupLabel: t('hangupNamed', { name }),
  };
}

/** The fields of a row that count. */
export function timesOf(
  duration: number,
  language: string,
): Pick<CallRow, 'duration' | 'spokenDuration'> {
  return {
    duration: clockTime(duration, language),
    spokenDuration: spokenTime(duration, language),
  };
}

const pendingKeys = {
  answer: 'answering',
  end: 'ending',
  hold: 'holding',
  unhold: 'resuming',
  transfer: 'transferring',
  renegotiate: null,
  video: null,
} as const;

/** What a call is doing, in words. */
function doing(call: CallSnapshot, t: Translate): string {
  return t(stateKey(call), { target: isolated(call.transfer?.target ?? '') });
}

/** The key of the word for what a call is doing: what is on its way before what is. */
function stateKey(call: CallSnapshot): string {
  const pending = call.pending === null ? null : pendingKeys[call.pending];
  if (pending !== null) return pending;
  if (call.status === 'established') return talkingKey(call);
  if (call.status === 'ringing') return isWaiting(call) ? 'incoming' : 'ringing';
  return call.status;
}

const transferKeys: Partial<Readonly<Record<TransferState['status'], string>>> = {
  collecting: 'collecting',
  consulting: 'consulting',
  started: 'transferring',
  accepted: 'transferring',
};

function talkingKey({ hold, transfer }: CallSnapshot): string {
  const transferring = transfer && transferKeys[transfer.status];
  if (transferring) return transferring;
  if (hold.local) return 'held';
  return hold.remote ? 'heldRemotely' : 'established';
}

function toNotice(call: CallSnapshot, t: Translate): NoticeRow {
  const kind = noticeKind(call);
  return {
    callId: call.id,
    kind,
    title: t(kind === 'missed' ? 'missed' : call.direction === 'incoming' ? 'callFrom' : 'callTo'),
    name: nameOf(call.remote, t),
    reason: call.end ? endSentence(call.end, t) : '',
    dismissLabel: t('dismissNamed', { name: spoken(call.remote, t) }),
  };
}

const elsewhere: readonly string[] = ['answeredElsewhere', 'declinedElsewhere'];

function noticeKind({ end }: CallSnapshot): NoticeRow['kind'] {
  if (end?.isMissed) return 'missed';
  return elsewhere.includes(end?.key ?? '') ? 'info' : 'failed';
}

function farewell({ end, remote }: CallSnapshot, t: Translate): string {
  const title = end?.isMissed ? `${t('missed')}: ` : '';
  return `${title}${spoken(remote, t)}: ${end ? endSentence(end, t) : ''}`;
}

function nameOf(party: Party, t: Translate): string {
  return party.name || party.user || party.uri || t('unknown');
}

/** A name inside a sentence: whatever its direction, it does not turn the words around it. */
function spoken(party: Party, t: Translate): string {
  return isolated(nameOf(party, t));
}
