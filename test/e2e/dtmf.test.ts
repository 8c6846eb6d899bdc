import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clearStage, enter, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { isUp } from './support/phone.ts';
import { startPlainRtpPeer } from './support/plainRtpPeer.ts';
import type { PlainRtpPeer, PlainRtpPeerOptions } from './support/plainRtpPeer.ts';
import { until } from './support/processes.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';
import { findTones } from './support/toneFinder.ts';
import type { Tone } from './support/toneFinder.ts';

const lab = useLab({ rtpengine: true });
const leastMs = 100;

let alice: Member;
let bob: Member;
let trace: SipTrace;

beforeAll(async () => {
  const { kamailio, party } = lab();
  const stage = { party, socket: kamailio.url };
  const tracedParty: typeof party = async (options) => {
    const tab = await party(options);
    trace = traceSip(tab.page);
    return tab;
  };
  bob = await enter('bob', stage);
  alice = await enter('alice', { ...stage, party: tracedParty });
});

afterEach(() => clearStage(alice, bob));

/** Presses keys of alice's dialpad one after another, as fast as a page can. */
async function press(digits: string): Promise<void> {
  await alice.page.evaluate((keys) => {
    for (const key of keys) {
      document.querySelector<HTMLElement>(`#dialpad [data-value="${key}"]`)?.click();
    }
  }, digits);
}

/** Waits for as many tones as there are digits, and checks them. */
async function isTold(digits: string, tones: () => Promise<readonly Tone[]>): Promise<void> {
  await until('all digits', async () => (await tones()).length >= digits.length);
  const heard = await tones();
  expect(heard.map(({ digit }) => digit).join('')).toBe(digits);
  for (const { ms } of heard) expect(ms).toBeGreaterThanOrEqual(leastMs);
}

describe('with opus from browser to browser', () => {
  test('digits sent in one go are complete, in order and long enough', async () => {
    await talk(alice, bob);
    const tones = await findTones(bob.page);
    await alice.run('sendDTMF', '', '159#0*');
    await alice.waitForEvent('call.send.dtmf');
    await isTold('159#0*', tones);
  });

  test('keys pressed as fast as can be arrive in order, the same one twice as two', async () => {
    await talk(alice, bob);
    const tones = await findTones(bob.page);
    await press('1223');
    await isTold('1223', tones);
    expect(await alice.page.locator('#dialpad [part="target"]').inputValue()).toBe('1223');
  });
});

describe('with plain RTP behind rtpengine', () => {
  const cases: readonly Pick<PlainRtpPeerOptions, 'codec' | 'eventClock'>[] = [
    { codec: 'PCMU' },
    { codec: 'opus' },
    { codec: 'opus', eventClock: 8000 },
  ];

  test.each(cases)('digits are complete, in order and long enough: %o', async (options) => {
    const peer = await startPlainRtpPeer({ kamailio: lab().kamailio, user: '1010', ...options });
    await alice.waitForCall('the call to be up', isUp, await alice.callTo('1010'));
    await until('sound to arrive', () => peer.packets() > 10);
    await alice.run('sendDTMF', '', '159#');
    await press('07');
    await isTold('159#07', () => Promise.resolve(ended(peer)));
    // One packet may reach us late on a busy machine; the middle of all is not moved by that.
    const durations = peer.dtmf().map(({ durationMs }) => durationMs);
    expect(durations.sort((a, b) => a - b)[2]).toBeGreaterThanOrEqual(leastMs);
    peer.bye();
    await alice.waitForEvent('call.ended');
    peer.close();
  });
});

/** The events that are over, measured by their packets: there is one every 20 ms. */
function ended(peer: PlainRtpPeer): readonly Tone[] {
  return peer
    .dtmf()
    .filter(({ hasEnd }) => hasEnd)
    .map(({ digit, packets }) => ({ digit, ms: (packets - 1) * 20 }));
}

test('by INFO, when that is asked for', async () => {
  const [, atBob] = await talk(alice, bob);
  await alice.run('sendDTMF', '', '7*D', { transport: 'INFO', duration: 120 });
  await bob.waitForEvent('call.receive.dtmf', { callId: atBob });
  const got = async (): Promise<readonly unknown[]> =>
    (await bob.events()).filter(({ name }) => name === 'call.receive.dtmf');
  await until('three digits', async () => (await got()).length === 3);
  expect(await got()).toMatchObject(
    ['7', '*', 'D'].map((tone) => ({ payload: { tone, duration: 120 } })),
  );
  const infos = trace.sent('INFO').map(({ text }) => text);
  expect(infos).toHaveLength(3);
  expect(infos.join()).toMatch(/Content-Type: application\/dtmf-relay/i);
});

test('what is no tone is refused, and nothing is sent of it', async () => {
  await talk(alice, bob);
  const { error } = await alice.tryRun('sendDTMF', '', '12x');
  expect(error?.code).toBe('dtmf.invalid');
});
