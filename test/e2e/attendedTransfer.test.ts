import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { clearStage, enterAll, hearEachOther, hearsOf, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';

const lab = useLab();

let alice: Member;
let bob: Member;
let carol: Member;
let atAlice: string;
let atBob: string;

beforeAll(async () => {
  const { kamailio, party } = lab();
  const followed = { userAgent: { user_agent: { refer_policy: 'follow' } } };
  [alice, bob, carol] = await enterAll({ party, socket: kamailio.url }, { bob: followed });
});

beforeEach(async () => {
  [atAlice, atBob] = await talk(alice, bob);
});

afterEach(() => clearStage(alice, bob, carol));

/** Bob and carol talk, each in one call; alice is out of it. */
async function isTransferred(): Promise<void> {
  await Promise.all([hearsOf(bob, carol), hearsOf(carol, bob)]);
  for (const one of [bob, carol]) {
    await until(`${one.user} to have one call`, async () => (await one.calls()).length === 1);
    expect((await one.snapshot()).isPrimary).toBe(true);
  }
  expect(await bob.calls()).not.toContain(atBob);
  expect(await alice.calls()).toEqual([]);
  await alice.quiet();
}

/** Alice and bob talk as before. */
async function talkAgain(): Promise<void> {
  await Promise.all([hearsOf(alice, bob, atAlice), hearsOf(bob, alice, atBob)]);
}

/** Alice asks carol, who answers; the ids of their call at either end. */
async function askCarol(): Promise<readonly [string, string]> {
  await alice.run('attendedTransferStart', atAlice, carol.user);
  const atCarol = await carol.answerNext();
  const { transfer } = await alice.snapshot(atAlice);
  const consultation = transfer?.consultationId ?? '';
  await alice.waitForCall('carol to be on the line', isUp, consultation);
  return [consultation, atCarol];
}

test('by hand: ask first, talk to the target, and connect the two', async () => {
  const { page } = alice;
  await page.locator('#call-control [part="transfer"]').click();
  await page.locator('#dialpad [part="target"]').fill(carol.user);
  await page.locator('#call-control [part="transferAttended"]').click();
  const atCarol = await carol.answerNext();
  await alice.waitForCall('carol to be on the line', isUp);
  await hearEachOther(alice, carol);
  expect((await alice.snapshot(atAlice)).hold.local).toBe(true);
  await page.locator('#call-control [part="transferAttended"]').click();
  await alice.waitForEvent('call.transfer.completed', { callId: atAlice });
  await isTransferred();
  // What carol sees of it: one call became another, without ringing.
  expect((await carol.snapshot(atCarol)).end).toMatchObject({ key: 'transferred', by: 'remote' });
  expect(await alice.textOf('call-control', 'completed')).toContain(carol.user);
});

test('with a target that called by itself', async () => {
  const [, atAliceToo] = await talk(carol, alice);
  await hearEachOther(alice, carol);
  await alice.page.evaluate(
    async ([first = '', second = '']) => {
      await globalThis.phone.calls.get(first)?.transfer(globalThis.phone.calls.get(second));
    },
    [atAlice, atAliceToo],
  );
  await isTransferred();
});

test('of a call that came in, to a target that called by itself', async () => {
  await alice.quiet();
  await until('bob to be free', async () => (await bob.calls()).length === 0);
  [atBob, atAlice] = await talk(bob, alice);
  const [, atAliceToo] = await talk(carol, alice);
  await alice.page.evaluate(
    async ([first = '', second = '']) => {
      await globalThis.phone.calls.get(first)?.transfer(globalThis.phone.calls.get(second));
    },
    [atAlice, atAliceToo],
  );
  await isTransferred();
});

test('to a target that still rings: it rings anew for the other one', async () => {
  await alice.run('attendedTransferStart', atAlice, carol.user);
  const first = await carol.nextIncoming();
  const transferred = alice.run('attendedTransfer', atAlice);
  const second = await until('carol to ring anew', async () => {
    const ringing = await carol.nextIncoming();
    return ringing === first ? undefined : ringing;
  });
  await carol.run('answer', second);
  await transferred;
  await isTransferred();
});

test('to a target that is busy: the call comes back', async () => {
  await lab().kamailio.behave('1008', '486');
  await alice.run('attendedTransferStart', atAlice, '1008');
  const failed = await alice.waitForEvent('call.transfer.failed', { callId: atAlice });
  expect(failed).toMatchObject({ statusCode: 486, call: { transfer: { kind: 'attended' } } });
  await alice.waitForCall('the resume', ({ hold }) => !hold.local, atAlice);
  await talkAgain();
  expect(await alice.textOf('call-control', 'error')).toContain('busy');
});

test('that is given up resumes the call and hangs up on the target', async () => {
  await askCarol();
  await alice.page.locator('#call-control [part="cancelTransfer"]').click();
  await alice.waitForCall('the resume', ({ hold }) => !hold.local, atAlice);
  await talkAgain();
  await until('carol to be free', async () => (await carol.calls()).length === 0);
});

test('to a target that has no microphone for it: accepted, then failed, and the call comes back', async () => {
  const [, atCarol] = await askCarol();
  // Carol refuses whatever takes the place of this call.
  await carol.page.evaluate(() => {
    globalThis.phone.calls.useMedia({
      ...globalThis.phone.calls.media(),
      open: () => Promise.reject(new DOMException('none', 'NotAllowedError')),
    });
  });
  const { error } = await alice.tryRun('attendedTransfer', atAlice);
  expect(error).toMatchObject({ code: 'transfer.failed', statusCode: 480 });
  await alice.waitForCall('the resume', ({ hold }) => !hold.local, atAlice);
  await talkAgain();
  expect(await carol.calls()).toEqual([atCarol]);
});
