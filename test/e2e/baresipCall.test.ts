import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startBaresip } from './support/baresip.ts';
import type { Baresip } from './support/baresip.ts';
import { enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { hears, isNear } from './support/measure.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';

// A real phone that is no browser: with ICE and DTLS-SRTP by itself, and with plain RTP.

const lab = useLab({ rtpengine: true });
const baresipHz = 700;

let alice: Member;

beforeAll(async () => {
  alice = await enter('alice', { party: lab().party, socket: lab().kamailio.url });
});

afterEach(() => alice.quiet());

const hearsBaresip = (): Promise<unknown> => hears(alice.tab, { hz: baresipHz, not: alice.hz });

/** The recording ends with the call; what it holds lastly is what baresip heard of us. */
async function heardUs(baresip: Baresip): Promise<void> {
  const heard = await until('the recording', () => {
    const { hz, rms } = baresip.recorded();
    return rms > 0.02 && { hz };
  });
  expect(isNear(heard.hz, alice.hz)).toBe(true);
}

const digitsOf = (baresip: Baresip): string =>
  baresip
    .events()
    .filter(({ type }) => type === 'CALL_DTMF_START')
    .map(({ param }) => param ?? '')
    .join('');

describe('with WebRTC', () => {
  test('we call, digits arrive complete and in order, we hang up', async () => {
    const { kamailio } = lab();
    const baresip = await startBaresip({ kamailio, user: '1005', hz: baresipHz });
    const id = await alice.callTo('1005');
    await alice.waitForCall('the answer', isUp, id);
    await hearsBaresip();
    await alice.run('sendDTMF', id, '15*#');
    await until('four digits', () => digitsOf(baresip).length >= 4);
    expect(digitsOf(baresip)).toBe('15*#');
    await hearsBaresip();
    await alice.run('hangup', id);
    await baresip.waitFor('CALL_CLOSED');
    await heardUs(baresip);
    await baresip.stop();
  });

  test('it calls, holds, resumes and hangs up', async () => {
    const { kamailio } = lab();
    const baresip = await startBaresip({ kamailio, user: '1005', hz: baresipHz });
    await baresip.command('dial', `sip:1001@${domain}`);
    const id = await alice.answerNext();
    await hearsBaresip();
    await baresip.command('hold');
    await alice.waitForCall('the hold', ({ hold }) => hold.remote && !hold.local, id);
    await until('the words', async () => {
      const state = await alice.textOf('call-list', 'state');
      return state === 'Held by the other side';
    });
    await baresip.command('resume');
    await alice.waitForCall('the resume', ({ hold }) => !hold.remote, id);
    await hearsBaresip();
    const names = await alice.eventsOf(id);
    expect(names.filter((name) => name === 'hold' || name === 'unhold')).toEqual([
      'hold',
      'unhold',
    ]);
    await baresip.command('hangup');
    const { end } = await alice.waitForCall('the end', ({ status }) => status === 'ended', id);
    expect(end).toMatchObject({ by: 'remote', failed: false, key: 'normal' });
    await heardUs(baresip);
    await baresip.stop();
  });
});

test('with plain RTP behind rtpengine: we call, hold and resume, it hangs up', async () => {
  const { kamailio } = lab();
  const options = { kamailio, user: '1007', hz: baresipHz, isWebRtc: false };
  const baresip = await startBaresip(options);
  const id = await alice.callTo('1007');
  await alice.waitForCall('the answer', isUp, id);
  await hearsBaresip();
  await alice.run('hold', id);
  expect((await alice.snapshot(id)).hold).toEqual({ local: true, remote: false });
  await alice.run('unhold', id);
  await hearsBaresip();
  await alice.run('sendDTMF', id, '42');
  await until('two digits', () => digitsOf(baresip).length >= 2);
  expect(digitsOf(baresip)).toBe('42');
  await baresip.command('hangup');
  const { end } = await alice.waitForCall('the end', ({ status }) => status === 'ended', id);
  expect(end).toMatchObject({ by: 'remote', failed: false, key: 'normal' });
  await heardUs(baresip);
  expect(await alice.tab.liveTracks()).toEqual([]);
  await baresip.stop();
});
