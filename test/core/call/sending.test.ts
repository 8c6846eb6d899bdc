import { describe, expect, it } from 'vitest';
import { maySend } from '../../../src/core/call/sending.ts';
import { firstSnapshot } from '../../../src/core/call/snapshot.ts';
import type { ByKind, CallSnapshot } from '../../../src/core/index.ts';

const party = { name: '', user: '', uri: '' };
const call: CallSnapshot = {
  ...firstSnapshot({ id: 'c', direction: 'outgoing', remote: party, local: party, startedAt: 0 }),
  status: 'established',
  isPrimary: true,
};
const both: ByKind = { audio: true, video: true };
const none: ByKind = { audio: false, video: false };

const table: readonly (readonly [string, Partial<CallSnapshot>, ByKind, ByKind])[] = [
  ['in focus', {}, none, both],
  ['out of focus', { isPrimary: false }, none, none],
  ['held here', { hold: { local: true, remote: false } }, none, none],
  ['held there', { hold: { local: false, remote: true } }, none, none],
  ['muted', { muted: both }, none, none],
  ['muted in sound', { muted: { audio: true, video: false } }, none, { audio: false, video: true }],
  ['muted in picture', { muted: { audio: false, video: true } }, none, { audio: true, video: false }],
  ['in focus, the microphone muted', {}, { audio: true, video: false }, { audio: false, video: true }],
  ['in focus, all devices muted', {}, both, none],
  ['over', { status: 'ended' }, none, none],
  ['ringing in focus', { status: 'ringing' }, none, both],
  ['being repaired', { status: 'reconnecting' }, none, both],
];

describe('what a call may send', () => {
  it.each(table)('when it is %s', (_, patch, deviceMuted, expected) => {
    expect(maySend({ ...call, ...patch }, deviceMuted)).toEqual(expected);
  });
});
