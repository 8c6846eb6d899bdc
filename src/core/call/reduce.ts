import type {
  ByKind,
  CallEnd,
  CallSnapshot,
  CallStatus,
  LocalVideo,
  Party,
  PendingOperation,
  ReferState,
  TransferState,
} from './snapshot.ts';
import { maySend } from './sending.ts';

/** Everything that can happen to a call. `at` is in milliseconds since 1970. */
export type CallChange =
  | { readonly type: 'ringing' }
  | { readonly type: 'earlyMedia' }
  | { readonly type: 'established'; readonly at: number }
  | { readonly type: 'held'; readonly side: 'local' | 'remote'; readonly on: boolean }
  | { readonly type: 'muted'; readonly muted: ByKind }
  | { readonly type: 'deviceMuted'; readonly muted: ByKind }
  | { readonly type: 'systemMuted'; readonly muted: ByKind }
  | { readonly type: 'missing'; readonly missing: ByKind }
  | { readonly type: 'media'; readonly media: ByKind; readonly receiving: ByKind }
  | { readonly type: 'localVideo'; readonly source: LocalVideo }
  | { readonly type: 'pending'; readonly operation: PendingOperation | null }
  | { readonly type: 'transfer'; readonly transfer: TransferState | null }
  | { readonly type: 'refer'; readonly refer: ReferState }
  | { readonly type: 'identity'; readonly remote: Party }
  | { readonly type: 'focus'; readonly isPrimary: boolean }
  | { readonly type: 'joined'; readonly isJoined: boolean }
  | { readonly type: 'reconnecting' }
  | { readonly type: 'reconnected' }
  | { readonly type: 'ended'; readonly at: number; readonly end: CallEnd };

type ChangeType = CallChange['type'];
type ChangeOf<Type extends ChangeType> = Extract<CallChange, { readonly type: Type }>;

interface Rule<Type extends ChangeType> {
  /** The states in which the change can happen; elsewhere it is ignored. */
  readonly from: readonly CallStatus[];
  readonly apply: (snapshot: CallSnapshot, change: ChangeOf<Type>) => Partial<CallSnapshot>;
}

const early: readonly CallStatus[] = ['connecting', 'ringing'];
const up: readonly CallStatus[] = ['established', 'reconnecting'];
const live: readonly CallStatus[] = [...early, ...up];

const rules: { readonly [Type in ChangeType]: Rule<Type> } = {
  ringing: { from: early, apply: () => ({ status: 'ringing' }) },
  earlyMedia: { from: early, apply: () => ({ hasEarlyMedia: true }) },
  established: {
    from: early,
    apply: (_, { at }) => ({
      status: 'established',
      establishedAt: at,
      hasEarlyMedia: false,
      pending: null,
    }),
  },
  held: {
    from: up,
    apply: ({ hold }, { side, on }) => ({ hold: { ...hold, [side]: on } }),
  },
  muted: { from: live, apply: (_, { muted }) => ({ muted }) },
  deviceMuted: { from: live, apply: (_, { muted }) => ({ deviceMuted: muted }) },
  systemMuted: { from: live, apply: (_, { muted }) => ({ systemMuted: muted }) },
  missing: { from: live, apply: (_, { missing }) => ({ missing }) },
  media: { from: live, apply: (_, { media, receiving }) => ({ media, receiving }) },
  localVideo: { from: live, apply: (_, { source }) => ({ localVideo: source }) },
  pending: { from: live, apply: (_, { operation }) => ({ pending: operation }) },
  transfer: { from: up, apply: (_, { transfer }) => ({ transfer }) },
  refer: { from: up, apply: (_, { refer }) => ({ refer }) },
  identity: { from: live, apply: (_, { remote }) => ({ remote }) },
  focus: { from: [...live, 'ended'], apply: (_, { isPrimary }) => ({ isPrimary }) },
  joined: { from: live, apply: (_, { isJoined }) => ({ isJoined }) },
  reconnecting: { from: ['established'], apply: () => ({ status: 'reconnecting' }) },
  reconnected: { from: ['reconnecting'], apply: () => ({ status: 'established' }) },
  ended: {
    from: live,
    apply: (_, { at, end }) => ({
      status: 'ended',
      endedAt: at,
      end,
      pending: null,
      hasEarlyMedia: false,
    }),
  },
};

/**
 * The snapshot after `change`. An impossible change gives back the very same snapshot, because the
 * network may say anything at any time; so does one that changes nothing.
 */
export function reduce(snapshot: CallSnapshot, change: CallChange): CallSnapshot {
  // One table row per type: the index and the argument always belong together.
  const rule = rules[change.type] as Rule<ChangeType>;
  if (!rule.from.includes(snapshot.status)) return snapshot;
  const applied = rule.apply(snapshot, change);
  const patch = { ...applied, sending: maySend({ ...snapshot, ...applied }) };
  const keys = Object.keys(patch) as (keyof CallSnapshot)[];
  if (keys.every((key) => isEqual(snapshot[key], patch[key]))) return snapshot;
  return Object.freeze({ ...snapshot, ...patch });
}

function isEqual(before: unknown, after: unknown): boolean {
  if (Object.is(before, after)) return true;
  // Fields are flat records of plain values, so their text says all.
  return typeof before === 'object' && JSON.stringify(before) === JSON.stringify(after);
}
