import { errorSentence } from '../../src/core/index.ts';
import type { Buddy, OwnPresence, OwnStatus, PresenceStatus } from './types.ts';

/** One buddy as `_presenceBuddy.mustache` draws it. */
export interface BuddyRow {
  readonly id: string;
  readonly name: string;
  readonly status: PresenceStatus;
  /** In words. */
  readonly state: string;
  readonly note: string;
}

/** The model of `presence.mustache`. */
export interface PresenceModel extends Readonly<Record<string, unknown>> {
  readonly buddies: readonly BuddyRow[];
  readonly canPublish: boolean;
  readonly choices: readonly {
    readonly value: OwnStatus;
    readonly text: string;
    readonly isChosen: boolean;
  }[];
  readonly note: string;
  readonly error: string;
}

type Translate = (key: string, variables?: Readonly<Record<string, unknown>>) => string;

/** What the view is made of. */
export interface PresenceFacts {
  readonly buddies: readonly Buddy[];
  readonly own: OwnPresence;
  readonly canPublish: boolean;
  readonly t: Translate;
}

/** What a user can say of himself, in the order in which it is offered. */
export const ownStatuses: readonly OwnStatus[] = [
  ...(['available', 'away', 'busy', 'onThePhone', 'offline'] as const),
];

/** The model of `presence.mustache`. */
export function toModel({ buddies, own, canPublish, t }: PresenceFacts): PresenceModel {
  return {
    buddies: buddies.map(({ id, name, status, note }) => ({
      ...{ id, name, status, note },
      state: t(status),
    })),
    canPublish,
    choices: ownStatuses.map((value) => ({
      ...{ value, text: t(value) },
      isChosen: value === own.status,
    })),
    note: own.note,
    error: own.error ? t('failed', { reason: errorSentence(own.error, t) }) : '',
  };
}
