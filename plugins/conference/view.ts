import { errorSentence, isolated, listed } from '../../src/core/index.ts';
import type { CallSnapshot } from '../../src/core/index.ts';
import type { ConferenceState, News } from './types.ts';

/** One call as `_conferenceParticipant.mustache` draws it. */
export interface ParticipantRow {
  readonly callId: string;
  readonly name: string;
  /** What the call is doing, in words. */
  readonly state: string;
  /** The call in focus. */
  readonly isPrimary: boolean;
  readonly isHeld: boolean;
  /** Nobody hears this caller. */
  readonly isMuted: boolean;
  /** An operation waits for the far end. */
  readonly isPending: boolean;
  readonly muteLabel: string;
  readonly holdLabel: string;
  readonly splitLabel: string;
  readonly dropLabel: string;
  /** Why the last operation was refused, in words, or ''. */
  readonly error: string;
}

/** One call as `_conferenceCandidate.mustache` draws it. */
export interface CandidateRow {
  readonly callId: string;
  readonly name: string;
  /** True where it can be taken into a conference that there is. */
  readonly canAdd: boolean;
  readonly addLabel: string;
}

/** The model of `conference.mustache`. */
export interface ConferenceModel extends Readonly<Record<string, unknown>> {
  readonly status: 'none' | 'ready' | 'active';
  /** In words. */
  readonly state: string;
  readonly isActive: boolean;
  /** True for a conference of this browser's own, which can be split. */
  readonly isLocal: boolean;
  readonly participants: readonly ParticipantRow[];
  readonly candidates: readonly CandidateRow[];
  readonly canMerge: boolean;
  readonly isBusy: boolean;
  /** What the button says: that it merges, or that it does. */
  readonly mergeText: string;
  /** Why the last command came to nothing, in words, or ''. */
  readonly error: string;
  /** What a screen reader says, or ''. */
  readonly announcement: string;
}

type Translate = (key: string, variables?: Readonly<Record<string, unknown>>) => string;

/** What the view is made of. */
export interface ConferenceFacts {
  readonly state: ConferenceState;
  readonly legs: readonly CallSnapshot[];
  readonly candidates: readonly CallSnapshot[];
  /** How many more calls there is room for. */
  readonly room: number;
  readonly canMerge: boolean;
  readonly isBridge: boolean;
  readonly t: Translate;
  /** As `Intl` takes it. */
  readonly language: string;
}

/** The model of the conference. Pure. */
export function toModel(facts: ConferenceFacts): ConferenceModel {
  const { state, legs, candidates, canMerge, isBridge, t } = facts;
  const isActive = state.id !== null;
  return {
    status: isActive ? 'active' : canMerge || state.isBusy ? 'ready' : 'none',
    state: sentence(facts),
    isActive,
    isLocal: isActive && !isBridge,
    participants: isBridge ? [] : legs.map((call) => participant(call, facts)),
    candidates: candidates.map((call) => ({
      callId: call.id,
      name: nameOf(call, t),
      canAdd: isActive && facts.room > 0 && !state.isBusy,
      addLabel: t('addNamed', { name: isolated(nameOf(call, t)) }),
    })),
    canMerge: !isActive && (canMerge || state.isBusy),
    isBusy: state.isBusy,
    mergeText: t(state.isBusy ? 'merging' : 'merge'),
    error: state.error === null ? '' : errorSentence(state.error, t),
    announcement: announcementOf(facts),
  };
}

function sentence({
  state,
  legs,
  candidates,
  room,
  canMerge,
  isBridge,
  t,
}: ConferenceFacts): string {
  if (state.id === null) {
    if (state.isBusy) return t('merging');
    if (!canMerge) return t(isBridge ? 'emptyBridge' : 'empty');
    return t('ready', { count: Math.min(candidates.length, room) });
  }
  if (isBridge) return t('bridged');
  const people = t('people', { count: legs.length });
  return room < 1 && candidates.length > 0 ? `${people}. ${t('full')}` : people;
}

function participant(call: CallSnapshot, { state, t }: ConferenceFacts): ParticipantRow {
  const name = nameOf(call, t);
  const named = { name: isolated(name) };
  const error = state.errors[call.id];
  const isMuted = state.silenced.includes(call.id);
  return {
    ...{ callId: call.id, name, isMuted },
    state: t(stateOf(call, isMuted)),
    isPrimary: call.isPrimary,
    isHeld: call.hold.local,
    isPending: call.pending !== null,
    muteLabel: t('muteNamed', named),
    holdLabel: t('holdNamed', named),
    splitLabel: t('splitNamed', named),
    dropLabel: t('dropNamed', named),
    error: error === undefined ? '' : errorSentence(error, t),
  };
}

function stateOf({ pending, hold }: CallSnapshot, isMuted: boolean): string {
  if (pending === 'hold') return 'holding';
  if (pending === 'unhold') return 'resuming';
  if (hold.local) return 'held';
  if (hold.remote) return 'heldRemotely';
  return isMuted ? 'muted' : 'inConference';
}

function announcementOf({ state: { news }, t, language }: ConferenceFacts): string {
  if (!news) return '';
  // Whatever their direction, names do not turn the words around them.
  const spoken = { name: listed(news.names.map(isolated), language) };
  // A screen reader says what has changed: the same words again are others by a space.
  return `${t(newsKeys[news.kind], spoken)}${news.isAgain ? '\u00a0' : ''}`;
}

const newsKeys: Readonly<Record<News['kind'], string>> = {
  joined: 'announceJoined',
  left: 'announceLeft',
  over: 'announceOver',
};

function nameOf({ remote }: CallSnapshot, t: Translate): string {
  return remote.name || remote.user || t('unknown');
}
