import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clearStage, enter, hearsOf } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { Outcome, TestPhone } from './support/phone.ts';
import { startUac, startUas } from './support/sipp.ts';
import type { Sipp } from './support/sipp.ts';

// REFER outside of any call: between three phones, and with scripted far ends.

const lab = useLab();

let alice: Member;
let bob: Member;
let carol: Member;

beforeAll(async () => {
  const { kamailio, party } = lab();
  const stage = { party, socket: kamailio.url };
  const config = { userAgent: { user_agent: { allow_out_of_dialog_refers: true } } };
  [alice, bob, carol] = await Promise.all([
    enter('alice', stage),
    enter('bob', { ...stage, config }),
    enter('carol', stage),
  ]);
  await kamailio.behave('1008', '486');
});

afterEach(async () => {
  await clearStage(alice, bob, carol);
});

interface Referred extends Outcome {
  /** The final response to the REFER, then what the target told. */
  readonly heard: readonly number[];
}

const refer = (by: TestPhone, target: string, referTo: string): Promise<Referred> =>
  by.page.evaluate(
    async ([to, wanted]) => {
      const heard: number[] = [];
      const hear = ({ statusCode }: { readonly statusCode: number }): void => {
        heard.push(statusCode);
      };
      const { error } = await rec.settle(
        phone.userAgent.refer(to, wanted, { receiveResponse: hear, receiveProgress: hear }),
      );
      return error === undefined ? { heard } : { heard, error: error as never };
    },
    [target, referTo] as const,
  );

/** From now on bob accepts what somebody asks him; the returned function ends that. */
async function bobAccepts(): Promise<() => Promise<void>> {
  await bob.page.evaluate(() => {
    const off = phone.on('userAgent.refer.requested', ({ request }) => void request.accept());
    Object.assign(globalThis, { bobIsQuiet: off });
  });
  return () =>
    bob.page.evaluate(() => {
      (globalThis as unknown as { bobIsQuiet: () => void }).bobIsQuiet();
    });
}

/** A phone that would take REFERs from outside, with nobody to ask. */
async function startSilent(): Promise<TestPhone> {
  const nowhere: readonly string[] = [];
  return makePhone(await bob.tab.open('/'), {
    user: '1004',
    socket: lab().kamailio.url,
    config: {
      userAgent: { user_agent: { allow_out_of_dialog_refers: true, refer_policy: 'follow' } },
      callControl: { renderTargets: nowhere },
    },
  });
}

const steps = async (): Promise<readonly string[]> =>
  (await bob.events())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('userAgent.refer.'))
    .map((name) => name.slice('userAgent.refer.'.length));

async function played(sipp: Sipp): Promise<readonly string[]> {
  const { passed, received, errors } = await sipp.result();
  expect({ passed, errors }).toEqual({ passed: true, errors: '' });
  return received;
}

const ask = (scenario: Parameters<typeof startUac>[0], target: string): Promise<Sipp> =>
  startUac(scenario, { kamailio: lab().kamailio, user: '1006', target });

describe('a phone that is asked by another one, which it is in no call with,', () => {
  test('calls whom it is asked to call, and the other one hears that', async () => {
    const quiet = await bobAccepts();
    const referring = refer(alice, bob.user, carol.user);
    await carol.answerNext();
    const { error, heard } = await referring;
    expect(error).toBeUndefined();
    expect([...heard].sort()).toEqual([100, 180, 202]);
    await Promise.all([hearsOf(bob, carol), hearsOf(carol, bob)]);
    expect(await alice.calls()).toEqual([]);
    expect(await steps()).toEqual([
      'requested',
      'requestAccepted',
      'inviteSent',
      'progress',
      'accepted',
    ]);
    await quiet();
  });

  test('asks its user, who follows', async () => {
    const referring = refer(alice, bob.user, carol.user);
    await bob.waitForEvent('userAgent.refer.requested');
    expect(await bob.textOf('call-control', 'referQuestion')).toMatch(/1001.*1003/);
    expect(await bob.calls()).toEqual([]);
    await bob.page.locator('#call-control [part="followRefer"]').click();
    await carol.answerNext();
    expect((await referring).error).toBeUndefined();
    expect(await bob.textOf('call-control', 'referQuestion')).toBe('');
  });

  test('asks its user, who declines', async () => {
    const referring = refer(alice, bob.user, carol.user);
    await bob.waitForEvent('userAgent.refer.requested');
    await bob.page.locator('#call-control [part="declineRefer"]').click();
    expect((await referring).error).toMatchObject({ code: 'transfer.failed', statusCode: 603 });
    expect(await steps()).toEqual(['requested', 'rejected']);
    expect(await bob.textOf('call-control', 'referQuestion')).toBe('');
  });

  test('calls somebody who is busy', async () => {
    const quiet = await bobAccepts();
    const { error } = await refer(alice, bob.user, '1008');
    expect(error).toMatchObject({ code: 'transfer.failed', statusCode: 486 });
    await quiet();
  });

  test('refuses when there is nobody to ask', async () => {
    const silent = await startSilent();
    const { error } = await refer(alice, silent.user, carol.user);
    expect(error).toMatchObject({ code: 'transfer.refused', statusCode: 603 });
    await played(await ask('asksAndIsDeclined', silent.user));
    expect(await silent.calls()).toEqual([]);
    await silent.page.close();
  });

  test('does not allow it', async () => {
    const { error } = await refer(alice, carol.user, bob.user);
    expect(error).toMatchObject({ code: 'transfer.refused', statusCode: 405 });
  });
});

describe('a far end that', () => {
  test.each([
    ['takesRefer200', undefined, undefined],
    ['takesRefer404', 'transfer.failed', 404],
    ['takesRefer486', 'transfer.failed', 486],
    ['takesRefer503', 'transfer.failed', 503],
    ['takesRefer603', 'transfer.failed', 603],
    ['refusesReferOutside', 'transfer.refused', 603],
  ] as const)('%s', async (scenario, code, statusCode) => {
    const sipp = await startUas(scenario, { kamailio: lab().kamailio, user: '1006' });
    const { error } = await refer(alice, '1006', carol.user);
    if (code === undefined) expect(error).toBeUndefined();
    else expect(error).toMatchObject({ code, statusCode });
    const [request = ''] = await played(sipp);
    expect(request).toMatch(/^Refer-To: <sip:1003@lab\.test>/m);
  });

  test('takes it and says no more is waited for half a minute', async () => {
    const sipp = await startUas('takesReferAndIsSilent', {
      kamailio: lab().kamailio,
      user: '1006',
    });
    const { error } = await refer(alice, '1006', carol.user);
    expect(error).toMatchObject({ code: 'transfer.failed', statusCode: 408 });
    await played(sipp);
  }, 60_000);
});

describe('who asks a phone from outside', () => {
  test('hears what became of the call, to its end', async () => {
    const quiet = await bobAccepts();
    const notices = (await played(await ask('asksAndHearsTwice', bob.user))).filter((text) =>
      text.startsWith('NOTIFY'),
    );
    expect(notices.map((text) => /^SIP\/2\.0 (\d+)/m.exec(text)?.[1])).toEqual(['100', '486']);
    expect(notices[1]).toMatch(/^Subscription-State: terminated/m);
    await quiet();
  });

  test('is told that it is not allowed', async () => {
    await played(await ask('asksAndIsToldNotAllowed', carol.user));
  });
});
