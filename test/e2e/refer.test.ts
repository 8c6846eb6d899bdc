import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clearStage, enterAll, hearsOf, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';

// What a phone does that is asked, by REFER, to call somebody: alice asks, bob is asked for carol.

const lab = useLab();

let alice: Member;
let bob: Member;
let carol: Member;
let atAlice: string;
let atBob: string;

beforeAll(async () => {
  const { kamailio, party } = lab();
  [alice, bob, carol] = await enterAll({ party, socket: kamailio.url });
});

afterEach(() => clearStage(alice, bob, carol));

const steps = async (phone: TestPhone): Promise<readonly string[]> =>
  (await phone.events())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('call.refer.'))
    .map((name) => name.slice('call.refer.'.length));

async function talkAgain(): Promise<void> {
  await alice.waitForCall('the resume', ({ hold }) => !hold.local, atAlice);
  await Promise.all([hearsOf(alice, bob, atAlice), hearsOf(bob, alice, atBob)]);
}

const press = (part: string): Promise<void> =>
  bob.page.locator(`#call-control [part="${part}"]`).click();

describe('a user who is asked', () => {
  beforeEach(async () => {
    [atAlice, atBob] = await talk(alice, bob);
  });

  test('and follows is connected, and the referrer hears each step', async () => {
    const transferred = alice.run('transfer', atAlice, carol.user);
    await bob.waitForEvent('call.refer.requested', { callId: atBob });
    expect(await bob.textOf('call-control', 'referQuestion')).toMatch(/1001.* .*1003/);
    expect(await bob.calls()).toEqual([atBob]);
    await press('followRefer');
    await carol.answerNext();
    await transferred;
    await Promise.all([hearsOf(bob, carol), hearsOf(carol, bob)]);
    await until('bob to have one call', async () => (await bob.calls()).length === 1);
    expect(await alice.calls()).toEqual([]);
    expect(await steps(bob)).toEqual([
      'requested',
      'requestAccepted',
      'inviteSent',
      'progress',
      'accepted',
    ]);
  });

  test('and declines stays where he is, and the referrer hears that', async () => {
    const transferring = alice.tryRun('transfer', atAlice, carol.user);
    await bob.waitForEvent('call.refer.requested', { callId: atBob });
    await press('declineRefer');
    expect((await transferring).error).toMatchObject({ code: 'transfer.failed', statusCode: 603 });
    await talkAgain();
    expect(await bob.textOf('call-control', 'referQuestion')).toBe('');
    expect(await steps(bob)).toEqual(['requested', 'rejected']);
  });

  test('and says nothing has declined after half a minute', async () => {
    const transferring = alice.tryRun('transfer', atAlice, carol.user);
    await bob.waitForEvent('call.refer.requested', { callId: atBob });
    await bob.waitForEvent('call.refer.rejected', { callId: atBob, timeoutMs: 32_000 });
    expect((await transferring).error).toMatchObject({ code: 'transfer.failed', statusCode: 603 });
    await talkAgain();
  }, 60_000);
});

test.each(['deny', 'ask'])('"%s", with nobody to ask, refuses the REFER itself', async (policy) => {
  const renderTargets: readonly string[] = [];
  const dave = await makePhone(await bob.tab.open('/'), {
    user: '1004',
    socket: lab().kamailio.url,
    config: {
      userAgent: { user_agent: { refer_policy: policy } },
      callControl: { renderTargets: policy === 'ask' ? renderTargets : ['call-control'] },
    },
  });
  const atAliceNow = await alice.callTo(dave.user);
  await dave.answerNext();
  const { error } = await alice.tryRun('transfer', atAliceNow, carol.user);
  expect(error).toMatchObject({ code: 'transfer.refused', statusCode: 603 });
  await alice.waitForCall('the resume', ({ hold }) => !hold.local, atAliceNow);
  expect(await steps(dave)).toEqual([]);
  await dave.quiet();
  await dave.page.close();
});
