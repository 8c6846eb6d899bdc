import { errorSentence, listed } from '../../src/core/index.ts';
import { freshIn } from './messageSummary.ts';
import type { VoicemailState } from './types.ts';

/** The model of `voicemail.mustache`. */
export interface VoicemailModel extends Readonly<Record<string, unknown>> {
  readonly status: 'unknown' | 'none' | 'waiting';
  /** In words. */
  readonly state: string;
  readonly isWaiting: boolean;
  readonly canCall: boolean;
  /** What the button says to a screen reader. */
  readonly label: string;
  readonly error: string;
}

type Translate = (key: string, variables?: Readonly<Record<string, unknown>>) => string;

/** What the view is made of. */
export interface VoicemailFacts {
  readonly mailbox: VoicemailState;
  readonly canCall: boolean;
  /** Why the last call to the mailbox was not made, or null. */
  readonly error: unknown;
  readonly t: Translate;
  /** As `Intl` takes it. */
  readonly language: string;
}

/** The model of `voicemail.mustache`. */
export function toModel(facts: VoicemailFacts): VoicemailModel {
  const { mailbox, canCall, error, t } = facts;
  const { isKnown, isWaiting } = mailbox;
  const state = stateOf(facts);
  return {
    status: isWaiting ? 'waiting' : isKnown ? 'none' : 'unknown',
    ...{ state, isWaiting, canCall },
    label: t('callNamed', { state }),
    error: error === null ? '' : errorSentence(error, t),
  };
}

function stateOf({ mailbox, t, language }: VoicemailFacts): string {
  if (!mailbox.isKnown) return t('unknown');
  const all = Object.values(mailbox.counts);
  const urgent = all.reduce((sum, { urgentFresh }) => sum + urgentFresh, 0);
  const old = all.reduce((sum, kind) => sum + kind.old, 0);
  const fresh = freshIn(mailbox);
  // A server that counts nothing still says whether there is something.
  const first = fresh > 0 ? t('some', { count: fresh }) : t(mailbox.isWaiting ? 'waiting' : 'none');
  const parts = [
    first,
    ...(urgent > 0 ? [t('urgent', { count: urgent })] : []),
    ...(old > 0 ? [t('old', { count: old })] : []),
  ];
  return listed(parts, language, 'narrow');
}
