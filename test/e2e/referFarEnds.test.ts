import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startUac } from './support/sipp.ts';
import type { Sipp } from './support/sipp.ts';
import type { UacScenario } from './support/sippScenarios.ts';

// Transfers with a scripted far end that says what a person would not.

const lab = useLab({ rtpengine: true });

let phone: TestPhone;

beforeAll(async () => {
  const { kamailio, party } = lab();
  phone = await makePhone(await party({ name: 'alice' }), {
    socket: kamailio.url,
    user: '1001',
    config: { userAgent: { user_agent: { refer_policy: 'follow' } } },
  });
});

afterEach(async () => {
  await phone.quiet();
  await phone.clear();
});

/** A call from the scripted far end that the phone has answered. */
async function talkWith(scenario: UacScenario): Promise<{ sipp: Sipp; callId: string }> {
  const sipp = await startUac(scenario, { kamailio: lab().kamailio, user: '1006', target: '1001' });
  return { sipp, callId: await phone.answerNext() };
}

const transfer = (callId: string): ReturnType<TestPhone['tryRun']> =>
  phone.tryRun('transfer', callId, '1003', { hold: false });

async function played(sipp: Sipp): Promise<readonly string[]> {
  const { passed, received, errors } = await sipp.result();
  expect({ passed, errors }).toEqual({ passed: true, errors: '' });
  return received;
}

describe('a transfer whose far end', () => {
  test.each([
    ['notifies404', 404],
    ['notifies486', 486],
    ['notifies503', 503],
    ['notifies603', 603],
  ] as const)('%s has failed, and the call goes on', async (scenario, statusCode) => {
    const { sipp, callId } = await talkWith(scenario);
    const { error } = await transfer(callId);
    expect(error).toMatchObject({ code: 'transfer.failed', statusCode });
    expect(await phone.snapshot(callId)).toMatchObject({ status: 'established' });
    await phone.run('hangup', callId);
    await played(sipp);
  });

  test('refuses the REFER is refused, and the call goes on', async () => {
    const { sipp, callId } = await talkWith('refusesRefer');
    const { error } = await transfer(callId);
    expect(error).toMatchObject({ code: 'transfer.refused', statusCode: 603 });
    expect(await phone.snapshot(callId)).toMatchObject({ status: 'established' });
    await phone.run('hangup', callId);
    await played(sipp);
  });

  test('tells 200 and stays is hung up on by the phone', async () => {
    const { sipp, callId } = await talkWith('notifies200');
    expect((await transfer(callId)).error).toBeUndefined();
    await played(sipp);
    expect(await phone.eventsOf(callId)).toContain('transfer.confirmed');
  });

  test('takes it and leaves is taken to have followed', async () => {
    const { sipp, callId } = await talkWith('takesReferAndLeaves');
    expect((await transfer(callId)).error).toBeUndefined();
    await played(sipp);
    const events = await phone.eventsOf(callId);
    expect(events).toContain('transfer.completed');
    expect(events).not.toContain('transfer.confirmed');
  });
});

test('who asks for a call to somebody who is busy hears that', async () => {
  await lab().kamailio.behave('1008', '486');
  const { sipp, callId } = await talkWith('refers');
  await phone.waitForEvent('call.refer.rejected', { callId });
  await phone.run('hangup', callId);
  const notices = (await played(sipp)).filter((text) => text.startsWith('NOTIFY'));
  const told = notices.map((text) => /^SIP\/2\.0 (\d+)/m.exec(text)?.[1]);
  expect(told).toEqual(['100', '486']);
  expect(notices[1]).toMatch(/^Subscription-State: terminated/m);
});

test('who asks for a call where that is not allowed is refused', async () => {
  const { party, kamailio } = lab();
  const closed = await makePhone(await party({ name: 'bob' }), {
    socket: kamailio.url,
    user: '1002',
    config: { userAgent: { user_agent: { refer_policy: 'deny' } } },
  });
  const sipp = await startUac('refersRefused', { kamailio, user: '1006', target: '1002' });
  const callId = await closed.answerNext();
  await until('the REFER to be refused', () =>
    Promise.resolve(sipp.received().some((text) => text.startsWith('SIP/2.0 603'))),
  );
  await closed.run('hangup', callId);
  await played(sipp);
});
