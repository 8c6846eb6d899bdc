import { describe, expect, it } from 'vitest';
import { mayRelay, maySend } from '../../../src/core/call/sending.ts';
import { firstSnapshot } from '../../../src/core/call/snapshot.ts';
import type { ByKind, CallSnapshot } from '../../../src/core/index.ts';

const party = { name: '', user: '', uri: '' };
const call: CallSnapshot = {
  ...firstSnapshot({ id: 'c', direction: 'outgoing', remote: party, local: party, startedAt: 0 }),
  status: 'established',
  isPrimary: true,
  localVideo: 'camera',
};
const both: ByKind = { audio: true, video: true };
const none: ByKind = { audio: false, video: false };

interface Row {
  readonly when: string;
  readonly call?: Partial<CallSnapshot>;
  readonly devices?: ByKind;
  readonly sends: ByKind;
}

const table: readonly Row[] = [
  { when: 'in focus', sends: both },
  { when: 'out of focus', call: { isPrimary: false }, sends: none },
  {
    when: 'out of focus, in a conference that has it',
    call: { isPrimary: false, isJoined: true },
    sends: both,
  },
  {
    when: 'held in a conference',
    call: { isPrimary: false, isJoined: true, hold: { local: true, remote: false } },
    sends: none,
  },
  { when: 'held here', call: { hold: { local: true, remote: false } }, sends: none },
  { when: 'held there', call: { hold: { local: false, remote: true } }, sends: none },
  { when: 'muted', call: { muted: both }, sends: none },
  {
    when: 'muted in sound',
    call: { muted: { audio: true, video: false } },
    sends: { audio: false, video: true },
  },
  {
    when: 'muted in picture',
    call: { muted: { audio: false, video: true } },
    sends: { audio: true, video: false },
  },
  {
    when: 'in focus, the microphone muted',
    devices: { audio: true, video: false },
    sends: { audio: false, video: true },
  },
  { when: 'in focus, all devices muted', devices: both, sends: none },
  {
    when: 'in focus, the microphone muted by the headset',
    call: { systemMuted: { audio: true, video: false } },
    sends: { audio: false, video: true },
  },
  {
    when: 'without a microphone any more',
    call: { missing: { audio: true, video: false } },
    sends: { audio: false, video: true },
  },
  { when: 'without a picture', call: { localVideo: 'none' }, sends: { audio: true, video: false } },
  {
    when: 'showing a screen, the camera muted',
    call: { localVideo: 'screen', muted: both },
    devices: both,
    sends: { audio: false, video: true },
  },
  {
    when: 'showing a screen, held',
    call: { localVideo: 'screen', hold: { local: true, remote: false } },
    sends: none,
  },
  { when: 'over', call: { status: 'ended' }, sends: none },
  { when: 'ringing in focus', call: { status: 'ringing' }, sends: both },
  { when: 'being repaired', call: { status: 'reconnecting' }, sends: both },
];

describe('what a call may send', () => {
  it.each(table)('when it is $when', ({ call: patch, devices = none, sends }) => {
    expect(maySend({ ...call, deviceMuted: devices, ...patch })).toEqual(sends);
  });
});

describe('the other voices of a conference', () => {
  it.each(table)('when the call is $when: silenced by hold and by its end alone', (row) => {
    const now = { ...call, deviceMuted: row.devices ?? none, ...row.call };
    const isHeld = now.hold.local || now.hold.remote;
    expect(mayRelay(now)).toBe(!isHeld && now.status !== 'ended');
  });
});
