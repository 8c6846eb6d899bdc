import { errorSentence, isolated } from '../../src/core/index.ts';
import type { BlfKey } from './types.ts';

/** One key as `_blfKey.mustache` draws it. */
export interface BlfRow {
  readonly id: string;
  readonly name: string;
  readonly status: BlfKey['status'];
  /** In words. */
  readonly state: string;
  /** Who is on the line with it, '' when nobody is or the server does not say. */
  readonly other: string;
  /** What a press does. */
  readonly label: string;
  /** Why the last press did nothing, in words, or ''. */
  readonly error: string;
}

/** The model of `blf.mustache`. */
export interface BlfModel extends Readonly<Record<string, unknown>> {
  readonly keys: readonly BlfRow[];
}

type Translate = (key: string, variables?: Readonly<Record<string, unknown>>) => string;

/** What the view is made of. */
export interface BlfFacts {
  readonly keys: readonly BlfKey[];
  /** By id. */
  readonly errors: ReadonlyMap<string, unknown>;
  readonly canPickup: boolean;
  readonly t: Translate;
}

/** The model of `blf.mustache`. */
export function toModel({ keys, errors, canPickup, t }: BlfFacts): BlfModel {
  return {
    keys: keys.map((key) => {
      const { id, name, status, callInfo } = key;
      const state = t(status);
      const isRinging = status === 'ringing' && canPickup;
      const error = errors.get(id);
      return {
        ...{ id, name, status, state },
        other: callInfo ? nameOf(callInfo.remote) : '',
        label: t(isRinging ? 'pickupNamed' : 'dialNamed', { name: isolated(name), state }),
        error: error === undefined ? '' : errorSentence(error, t),
      };
    }),
  };
}

function nameOf({ display, identity }: { display: string; identity: string }): string {
  return display || (/^(?:sips?:|tel:)?([^@;]+)/i.exec(identity)?.[1] ?? '');
}
