import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clearStage, enterAll, hearEachOther, hearsOf, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
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

/** The steps of the transfer so far, in order, with the SIP status of each. */
async function steps(): Promise<readonly string[]> {
  const events = await alice.events();
  return events
    .filter(({ name }) => /^call\.(transfer\.\w+|ended|operation\.failed)$/.test(name))
    .map(({ name, payload }) => {
      const { statusCode } = payload as { readonly statusCode?: number | null };
      return `${name.slice('call.'.length)} ${String(statusCode ?? '')}`.trim();
    });
}

/** Bob and carol talk; alice is out of it. */
async function isTransferred(): Promise<void> {
  await Promise.all([hearsOf(bob, carol), hearsOf(carol, bob)]);
  expect(await alice.calls()).toEqual([]);
  expect((await alice.snapshot(atAlice)).end).toMatchObject({ failed: false });
  // Bob's leg to alice ended, his leg to carol is the only one left.
  await until('bob to have one call', async () => (await bob.calls()).length === 1);
  expect(await bob.calls()).not.toContain(atBob);
  await alice.quiet();
}

test('a blind transfer connects the other two and takes the first one out', async () => {
  await hearEachOther(alice, bob);
  const transferred = alice.run('transfer', atAlice, carol.user);
  await carol.answerNext();
  await transferred;
  await isTransferred();
  const seen = await steps();
  expect(seen[0]).toBe('transfer.started');
  expect(seen[1]).toBe('transfer.accepted 202');
  expect(seen.at(-2)).toMatch(/^transfer\.completed 200$/);
  expect(seen.at(-1)).toBe('ended');
  expect(seen).not.toContain('transfer.failed');
});

test('a transfer by hand: the button, the number on the dialpad, the button', async () => {
  const { page } = alice;
  await page.locator('#call-control [part="transfer"]').click();
  await alice.waitForEvent('call.transfer.collecting');
  await page.locator('#dialpad [part="target"]').fill(carol.user);
  await page.locator('#dialpad [part="transfer"]').click();
  await carol.answerNext();
  await alice.waitForEvent('call.transfer.completed');
  await isTransferred();
});

test('a transfer that was given up before it had a target resumes the call', async () => {
  await alice.run('transfer', atAlice);
  await alice.waitForCall('the hold', ({ hold }) => hold.local, atAlice);
  await alice.run('cancelTransfer', atAlice);
  await alice.waitForCall('the resume', ({ hold }) => !hold.local, atAlice);
  await hearEachOther(alice, bob);
});

describe('a transfer that fails brings the call back', () => {
  const cases = [
    { name: 'a busy target', target: '1008', statusCode: 486 },
    { name: 'an unknown target', target: '7777', statusCode: 404 },
    { name: 'a target that is not there', target: '1015', statusCode: 480 },
  ];

  test.each(cases)('$name: $statusCode', async ({ target, statusCode }) => {
    await lab().kamailio.behave('1008', '486');
    await hearEachOther(alice, bob);
    const { error } = await alice.tryRun('transfer', atAlice, target);
    expect(error).toMatchObject({ name: 'PhoneError', code: 'transfer.failed', statusCode });
    const failed = await alice.waitForEvent('call.transfer.failed', { callId: atAlice });
    expect(failed).toMatchObject({ statusCode, call: { transfer: { status: 'failed' } } });
    await alice.waitForCall('the resume', ({ hold }) => !hold.local, atAlice);
    await Promise.all([hearsOf(alice, bob, atAlice), hearsOf(bob, alice, atBob)]);
    expect(await steps()).not.toContain('ended');
    expect(await bob.calls()).toEqual([atBob]);
  });

  test('a target that declines', async () => {
    const transferring = alice.tryRun('transfer', atAlice, carol.user);
    const atCarol = await carol.nextIncoming();
    await carol.run('reject', atCarol, { statusCode: 603 });
    expect((await transferring).error).toMatchObject({ code: 'transfer.failed', statusCode: 603 });
    await alice.waitForCall('the resume', ({ hold }) => !hold.local, atAlice);
    await Promise.all([hearsOf(alice, bob, atAlice), hearsOf(bob, alice, atBob)]);
  });
});
