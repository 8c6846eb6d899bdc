import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clearStage, enterAll, hearsOf, isCutOffFrom, isSilentFor, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { isUp } from './support/phone.ts';

const lab = useLab();

let alice: Member;
let bob: Member;
let carol: Member;

beforeAll(async () => {
  const { kamailio, party } = lab();
  [alice, bob, carol] = await enterAll({ party, socket: kamailio.url });
});

afterEach(() => clearStage(alice, bob, carol));

/** Alice's two calls: the first one, to bob, is held by the second one, to carol. */
async function talkToBoth(): Promise<readonly [string, string]> {
  const [toBob] = await talk(alice, bob);
  const [toCarol] = await talk(alice, carol);
  await isHeld(toBob);
  return [toBob, toCarol];
}

async function isHeld(callId: string): Promise<void> {
  await alice.waitForCall('the hold', (call) => call.hold.local && isUp(call), callId);
}

async function isResumed(callId: string): Promise<void> {
  await alice.waitForCall('the resume', (call) => !call.hold.local && isUp(call), callId);
}

async function switchTo(callId: string): Promise<void> {
  await alice.page.evaluate((id) => globalThis.phone.callList.switchCall(id), callId);
}

/** Alice and one of the others hear each other. */
async function talksTo(other: Member, callId: string): Promise<void> {
  await Promise.all([hearsOf(alice, other, callId), hearsOf(other, alice)]);
}

/** Alice and one of the others hear each other; the third one hears nothing. */
async function talksWith(other: Member, callId: string, third: Member): Promise<void> {
  await Promise.all([talksTo(other, callId), isSilentFor(third)]);
  expect((await alice.snapshot(callId)).isPrimary).toBe(true);
}

describe('two calls at once', () => {
  test('the one in focus talks, the other is held; a switch turns them round', async () => {
    const [toBob, toCarol] = await talkToBoth();
    await talksWith(carol, toCarol, bob);
    await isCutOffFrom(alice, toBob);
    await switchTo(toBob);
    expect((await alice.snapshot(toBob)).hold.local).toBe(false);
    expect((await alice.snapshot(toCarol)).hold.local).toBe(true);
    await talksWith(bob, toBob, carol);
    // And by hand, with the row of the list.
    await alice.page.locator('#call-list [part="select"]:not([aria-current])').first().click();
    await isResumed(toCarol);
    await isHeld(toBob);
    await talksWith(carol, toCarol, bob);
  });

  test('each can be held, resumed and ended while the other goes on', async () => {
    const [toBob, toCarol] = await talkToBoth();
    await alice.run('hold', toCarol);
    await Promise.all([isSilentFor(bob), isSilentFor(carol)]);
    await alice.run('unhold', toCarol);
    await talksWith(carol, toCarol, bob);
    await alice.run('hangup', toBob);
    await bob.waitForEvent('call.ended');
    await talksTo(carol, toCarol);
    expect(await alice.calls()).toEqual([toCarol]);
  });

  test('when the one in focus ends, the other comes back with a press of resume', async () => {
    const [toBob, toCarol] = await talkToBoth();
    await carol.run('hangup');
    await alice.waitForEvent('call.ended', { callId: toCarol });
    expect(await alice.snapshot(toBob)).toMatchObject({ isPrimary: true, hold: { local: true } });
    await alice.page.locator('#call-control [part="unhold"]').click();
    await isResumed(toBob);
    await talksTo(bob, toBob);
  });

  test('the one put aside for a new call is held', async () => {
    const [toBob] = await talk(alice, bob);
    await alice.page.locator('#call-list [part="new"]').click();
    await isHeld(toBob);
    await isSilentFor(bob);
    await switchTo(toBob);
    await talksTo(bob, toBob);
  });
});

test('a muted call is still muted after a switch away and back, and the other one never was', async () => {
  const [toBob, toCarol] = await talkToBoth();
  await switchTo(toBob);
  await talksWith(bob, toBob, carol);
  await alice.run('mute', toBob);
  await isSilentFor(bob);
  await switchTo(toCarol);
  await talksWith(carol, toCarol, bob);
  await switchTo(toBob);
  await hearsOf(alice, bob, toBob);
  await Promise.all([isSilentFor(bob), isSilentFor(carol)]);
  expect((await alice.snapshot(toBob)).muted.audio).toBe(true);
  await alice.run('unmute', toBob);
  await talksWith(bob, toBob, carol);
});

test('a second call comes in during a talk: answered from the list, it holds the first', async () => {
  const [toBob, atBob] = await talk(alice, bob);
  await hearsOf(alice, bob);
  await carol.callTo(alice.user);
  const fromCarol = await alice.nextIncoming();
  // Ringing takes nothing away from who is talking.
  await talksTo(bob, toBob);
  expect((await alice.snapshot(toBob)).isPrimary).toBe(true);
  await alice.page.locator('#call-list [part="answer"]').click();
  await isHeld(toBob);
  await alice.waitForCall('the call to be up', isUp, fromCarol);
  expect((await bob.snapshot(atBob)).hold.remote).toBe(true);
  await talksWith(carol, fromCarol, bob);
});

test('a second call declined during a talk is told that the line is busy; the talk goes on', async () => {
  const [toBob] = await talk(alice, bob);
  const toAlice = await carol.callTo(alice.user);
  await alice.nextIncoming();
  await alice.page.locator('#call-list [part="decline"]').click();
  const { call } = await carol.waitForEvent('call.failed', { callId: toAlice });
  expect(call.end).toMatchObject({ statusCode: 486, key: 'busyHere' });
  await talksTo(bob, toBob);
  expect((await alice.snapshot(toBob)).hold).toEqual({ local: false, remote: false });
});

test('each call has its own clone of the microphone: what one does never silences the other', async () => {
  const [toBob, toCarol] = await talkToBoth();
  const sent = await alice.page.evaluate(
    ([one, other]) =>
      [one, other].map((id) => {
        const connection = globalThis.phone.calls.get(id)?.getPeerConnection();
        return connection?.getSenders().find(({ track }) => track?.kind === 'audio')?.track?.id;
      }),
    [toBob, toCarol] as const,
  );
  expect(new Set(sent).size).toBe(2);
  await talksWith(carol, toCarol, bob);
  await alice.run('mute', toBob);
  await hearsOf(carol, alice);
  await alice.run('unmute', toBob);
  await isSilentFor(bob);
  await alice.run('unhold', toBob);
  // Resumed without the focus: the microphone belongs to the call in focus alone.
  await Promise.all([isSilentFor(bob), hearsOf(carol, alice)]);
  await alice.run('hold', toBob);
  await hearsOf(carol, alice);
  await alice.run('hangup', toBob);
  await hearsOf(carol, alice);
});
