import { describe, expect, it } from 'vitest';
import { maySend } from '../../../src/core/call/sending.ts';
import { reduce } from '../../../src/core/call/reduce.ts';
import type { CallChange } from '../../../src/core/call/reduce.ts';
import { firstSnapshot } from '../../../src/core/call/snapshot.ts';
import type { CallEnd, CallSnapshot, CallStatus, TransferState } from '../../../src/core/index.ts';
import { deepFreeze } from '../../support/eventRecorder.ts';

const party = { name: 'Bob', user: '2002', uri: 'sip:2002@example.com' };
const end: CallEnd = {
  by: 'remote',
  failed: false,
  statusCode: null,
  key: 'normal',
  section: 'cause',
  q850: null,
  isMissed: false,
  retry: 'later',
};
const transfer: TransferState = {
  status: 'started',
  kind: 'blind',
  target: '3003',
  statusCode: null,
  consultationId: null,
  error: null,
};

const first = deepFreeze(
  firstSnapshot({ id: 'c1', direction: 'outgoing', remote: party, local: party, startedAt: 1 }),
);
const at: Readonly<Record<CallStatus, CallSnapshot>> = deepFreeze({
  connecting: first,
  ringing: { ...first, status: 'ringing' },
  established: { ...first, status: 'established', establishedAt: 5 },
  reconnecting: { ...first, status: 'reconnecting', establishedAt: 5 },
  ended: { ...first, status: 'ended', establishedAt: 5, endedAt: 9, end },
});
const statuses = Object.keys(at) as CallStatus[];

const early: readonly CallStatus[] = ['connecting', 'ringing'];
const up: readonly CallStatus[] = ['established', 'reconnecting'];
const live: readonly CallStatus[] = [...early, ...up];

/** Every change, where it can happen, and what it makes of the snapshot. */
const table: readonly (readonly [CallChange, readonly CallStatus[], Partial<CallSnapshot>])[] = [
  [{ type: 'ringing' }, ['connecting'], { status: 'ringing' }],
  [{ type: 'earlyMedia' }, early, { hasEarlyMedia: true }],
  [
    { type: 'established', at: 7 },
    early,
    { status: 'established', establishedAt: 7, hasEarlyMedia: false, pending: null },
  ],
  [{ type: 'held', side: 'local', on: true }, up, { hold: { local: true, remote: false } }],
  [{ type: 'held', side: 'remote', on: true }, up, { hold: { local: false, remote: true } }],
  [
    { type: 'muted', muted: { audio: true, video: false } },
    live,
    { muted: { audio: true, video: false } },
  ],
  [
    {
      type: 'media',
      media: { audio: true, video: true },
      receiving: { audio: true, video: false },
    },
    live,
    { media: { audio: true, video: true }, receiving: { audio: true, video: false } },
  ],
  [{ type: 'pending', operation: 'hold' }, live, { pending: 'hold' }],
  [{ type: 'transfer', transfer }, up, { transfer }],
  [
    { type: 'identity', remote: { ...party, name: 'Carol' } },
    live,
    { remote: { ...party, name: 'Carol' } },
  ],
  [{ type: 'focus', isPrimary: true }, statuses, { isPrimary: true }],
  [{ type: 'reconnecting' }, ['established'], { status: 'reconnecting' }],
  [{ type: 'reconnected' }, ['reconnecting'], { status: 'established' }],
  [
    { type: 'ended', at: 8, end },
    live,
    { status: 'ended', endedAt: 8, end, pending: null, hasEarlyMedia: false },
  ],
];

const cases = table.flatMap(([change, from, patch]) =>
  statuses.map((status) => ({ change, status, isLegal: from.includes(status), patch })),
);

describe('the next snapshot of a call', () => {
  it.each(cases.filter(({ isLegal }) => isLegal))(
    'while $status after $change.type is a new, frozen one',
    ({ change, status, patch }) => {
      const next = reduce(at[status], change);
      expect(next).toEqual({ ...at[status], ...patch, sending: maySend(next) });
      expect(next).not.toBe(at[status]);
      expect(Object.isFrozen(next)).toBe(true);
    },
  );

  it.each(cases.filter(({ isLegal }) => !isLegal))(
    'while $status after $change.type is the very same, for that cannot happen',
    ({ change, status }) => {
      expect(reduce(at[status], change)).toBe(at[status]);
    },
  );

  it.each(cases.filter(({ isLegal }) => isLegal))(
    'while $status after a second $change.type is the very same',
    ({ change, status }) => {
      const next = reduce(at[status], change);
      expect(reduce(next, structuredClone(change))).toBe(next);
    },
  );

  it('forgets what waits when the call is answered or over', () => {
    const waiting = { ...at.ringing, pending: 'answer', hasEarlyMedia: true } as const;
    for (const change of [
      { type: 'established', at: 7 },
      { type: 'ended', at: 7, end },
    ] as const) {
      expect(reduce(waiting, change)).toMatchObject({ pending: null, hasEarlyMedia: false });
    }
  });

  it('keeps the other side’s hold apart from ours', () => {
    const held = reduce(at.established, { type: 'held', side: 'remote', on: true });
    const both = reduce(held, { type: 'held', side: 'local', on: true });
    expect(both.hold).toEqual({ local: true, remote: true });
    expect(reduce(both, { type: 'held', side: 'remote', on: false }).hold).toEqual({
      local: true,
      remote: false,
    });
  });
});
