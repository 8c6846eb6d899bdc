import { beforeAll, describe, expect, test } from 'vitest';
import { startBaresip } from './support/baresip.ts';
import { takePageErrors } from './support/browser.ts';
import type { Party } from './support/browser.ts';
import { domain, startKamailio } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { startPlainRtpPeer } from './support/plainRtpPeer.ts';
import type { PlainRtpPeerOptions } from './support/plainRtpPeer.ts';
import { until } from './support/processes.ts';
import { rawPhonePath, serveRawPhone, startRawPhone } from './support/rawPhone.ts';
import type { RawPhone } from './support/rawPhone.ts';
import { sippHz, startUac, startUas } from './support/sipp.ts';
import type { UasScenario } from './support/sippScenarios.ts';

// The harness is trusted by every other end-to-end test: here it is tried against JsSIP alone.

const lab = useLab({ rtpengine: true });
const near = (hz: number): readonly number[] => Array.from({ length: 21 }, (_, i) => hz - 10 + i);
const at = (user: string): string => `sip:${user}@${domain}`;

let alice: Party;
let bob: Party;
let alicePhone: RawPhone;
let bobPhone: RawPhone;

beforeAll(async () => {
  const { server, kamailio, party } = lab();
  await serveRawPhone(server);
  [alice, bob] = await Promise.all([
    party({ name: 'alice', hz: 440, path: rawPhonePath }),
    party({ name: 'bob', hz: 1000, path: rawPhonePath }),
  ]);
  const socket = kamailio.url;
  alicePhone = await startRawPhone(alice.page, { user: '1001', socket });
  bobPhone = await startRawPhone(bob.page, { user: '1002', socket, autoAnswer: true });
});

async function connected(party: Party): Promise<void> {
  await until(
    `${party.name} to be connected`,
    async () => (await party.stats()).state === 'connected',
  );
}

test('two browsers hear each other, and counters, tracks and the console are seen', async () => {
  await alicePhone.call(at('1002'));
  await alicePhone.waitFor('confirmed');
  expect(await alicePhone.sentInvite()).toBeGreaterThan(0);
  await connected(alice);
  const before = await alice.stats();
  const [aliceHears, bobHears] = await Promise.all([alice.hear(), bob.hear()]);
  const after = await alice.stats();
  expect(near(1000)).toContain(aliceHears.hz);
  expect(near(440)).toContain(bobHears.hz);
  expect(aliceHears.rms).toBeGreaterThan(0.05);
  expect(after.audio.inbound?.packets).toBeGreaterThan((before.audio.inbound?.packets ?? 0) + 10);
  expect(after.audio.inbound?.energy).toBeGreaterThan(before.audio.inbound?.energy ?? 0);
  expect(await alice.liveTracks()).toHaveLength(1);
  await alice.page.evaluate(() => {
    // eslint-disable-next-line no-console -- that the console is watched is what is tried here
    console.log('a secret', { deep: { within: ['s3cret'] } });
  });
  expect(alice.console.join('\n')).toContain('s3cret');

  await alicePhone.hangUp();
  await bobPhone.waitFor('ended');
  await until('the microphone to be free', async () => (await alice.liveTracks()).length === 0);
  expect(await lab().kamailio.webSockets()).toHaveLength(2);
  expect(await lab().kamailio.contacts('1001')).toHaveLength(1);
});

test('a browser hears DTMF digits that another one sends', async () => {
  await alicePhone.call(at('1002'));
  await alicePhone.waitFor('confirmed');
  await connected(bob);
  await bob.hear({ ms: 50 });
  await alice.page.evaluate(() => {
    // Chromium shortens events with opus to a sixth; this is about the listener, not about that.
    rawPhone.sendDtmf(-1, '5#', { transportType: 'RFC2833', duration: 1500, interToneGap: 300 });
  });
  await bob.listen();
  await until('two digits', async () => (await bob.listened()).digits.length >= 2);
  const { digits } = await bob.listened();
  expect(digits.map(({ digit }) => digit).join('')).toBe('5#');
  await bob.stopListening();
  await alicePhone.hangUp();
  await bobPhone.waitFor('ended');
});

describe('a plain RTP far end behind rtpengine', () => {
  const cases: readonly Pick<PlainRtpPeerOptions, 'codec' | 'eventClock'>[] = [
    { codec: 'PCMU' },
    { codec: 'opus' },
    { codec: 'opus', eventClock: 8000 },
  ];
  test.each(cases)('measures DTMF digits with %o', async (options) => {
    const peer = await startPlainRtpPeer({ kamailio: lab().kamailio, user: '1010', ...options });
    await alicePhone.call(at('1010'));
    await alicePhone.waitFor('confirmed');
    await until('sound to arrive', () => peer.packets() > 30);
    if (options.codec === 'PCMU') {
      expect(near(440)).toContain(peer.hears().hz);
      expect(near(1500)).toContain((await alice.hear()).hz);
    }
    await alicePhone.sendDtmf('159#', {
      transportType: 'RFC2833',
      duration: 200,
      interToneGap: 100,
    });
    await until('four digits', () => peer.dtmf().filter((event) => event.hasEnd).length === 4);
    expect(
      peer
        .dtmf()
        .map(({ digit }) => digit)
        .join(''),
    ).toBe('159#');
    const shortest = Math.min(...peer.dtmf().map(({ durationMs }) => durationMs));
    if (options.codec === 'PCMU') expect(shortest).toBeGreaterThan(100);
    peer.bye();
    await alicePhone.waitFor('ended');
    peer.close();
  });
});

describe('SIPp as far end', () => {
  const finals: readonly (readonly [UasScenario, number])[] = [
    ['busy486', 486],
    ['decline603', 603],
    ['notFound404', 404],
    ['moved302', 302],
    ['unavailable480AfterRinging', 480],
  ];
  test.each(finals)('%s gives %i', async (scenario, code) => {
    const { kamailio } = lab();
    const uas = await startUas(scenario, { kamailio, user: '1009' });
    await alicePhone.call(at('1009'));
    expect((await alicePhone.waitFor('failed')).code).toBe(code);
    const result = await uas.result();
    expect(result).toMatchObject({ passed: true, errors: '' });
    expect(result.received[0]).toMatch(/^INVITE /);
  });

  test('early media is heard before the answer', async () => {
    const { kamailio } = lab();
    const uas = await startUas('earlyMedia', { kamailio, user: '1009' });
    await alicePhone.call(at('1009'));
    await alicePhone.waitFor('progress');
    await connected(alice);
    expect(near(sippHz)).toContain((await alice.hear()).hz);
    expect((await alicePhone.events()).some(({ name }) => name === 'accepted')).toBe(false);
    await alicePhone.waitFor('confirmed');
    await alicePhone.hangUp();
    expect(await uas.result()).toMatchObject({ passed: true });
  });

  test('a ringing phone is cancelled', async () => {
    const { kamailio } = lab();
    const uas = await startUas('ringsForEver', { kamailio, user: '1009' });
    await alicePhone.call(at('1009'));
    await alicePhone.waitFor('progress');
    await alicePhone.hangUp();
    expect(await uas.result()).toMatchObject({ passed: true });
  });

  // JsSIP asks once more after a 491 and ends the call at any other refusal.
  const refusals: readonly (readonly [UasScenario, number, 'stays' | 'ends'])[] = [
    ['reinvite488', 2, 'ends'],
    ['reinvite491Once', 3, 'stays'],
    ['reinvite491Always', 3, 'ends'],
    ['reinvite408', 2, 'ends'],
    ['reinvite481', 2, 'ends'],
  ];
  test.each(refusals)('%s gets %i INVITEs and the call %s', async (scenario, invites, call) => {
    const { kamailio } = lab();
    const uas = await startUas(scenario, { kamailio, user: '1009' });
    await alicePhone.call(at('1009'));
    await alicePhone.waitFor('confirmed');
    await connected(alice);
    await alicePhone.hold();
    const count = (start: string): number =>
      uas.received().filter((text) => text.startsWith(start)).length;
    // One ACK for the answer to each INVITE: then the last refusal or success is complete.
    await until('the INVITEs', () => count('INVITE ') === invites && count('ACK ') >= invites);
    if (call === 'stays') await alicePhone.hangUp();
    await alicePhone.waitFor('ended');
    expect(await uas.result()).toMatchObject({ passed: true, errors: '' });
  });
});

describe('SIPp as caller', () => {
  test('calls a browser, plays a tone and hangs up', async () => {
    const { kamailio } = lab();
    const calls = await bob.connections();
    const uac = await startUac('hangsUp', { kamailio, user: '1006', target: '1002', talkMs: 1500 });
    await until('the call', async () => (await bob.connections()) > calls);
    await connected(bob);
    expect(near(sippHz)).toContain((await bob.hear()).hz);
    expect((await bobPhone.waitFor('ended')).originator).toBe('remote');
    expect(await uac.result()).toMatchObject({ passed: true });
  });

  test('cancels because somebody else has answered', async () => {
    const { kamailio } = lab();
    const options = { kamailio, user: '1006', target: '1001' };
    const uac = await startUac('cancelsAnsweredElsewhere', options);
    const failed = await alicePhone.waitFor('failed');
    expect(failed.originator).toBe('remote');
    expect(failed.reason).toContain('Call completed elsewhere');
    expect(await uac.result()).toMatchObject({ passed: true });
  });
});

describe('Kamailio', () => {
  test('answers in the stead of a user until told otherwise', async () => {
    const { kamailio } = lab();
    await kamailio.behave('1008', '486');
    await alicePhone.call(at('1008'));
    expect((await alicePhone.waitFor('failed')).code).toBe(486);
    await kamailio.behave('1008', null);
    await alicePhone.call(at('1008'));
    expect((await alicePhone.waitFor('failed')).code).toBe(480);
  });

  test('starts with every option, closes a connection and restarts on its ports', async () => {
    const kamailio = await startKamailio({ blf: true, fallback: true });
    const [{ page }, before] = [await alice.open(rawPhonePath), kamailio.process().pid];
    await kamailio.addUser('2001', 'pw2001');
    await startRawPhone(page, { user: '2001', socket: kamailio.url });
    const [connection] = await kamailio.webSockets();
    await kamailio.closeWebSocket(connection?.id ?? -1);
    await until('the contact to go', async () => (await kamailio.contacts('2001')).length === 0);
    await kamailio.restart();
    expect(kamailio.process().pid).not.toBe(before);
    await kamailio.addUser('2001', 'pw2001');
    await until('JsSIP to be back', async () => (await kamailio.contacts('2001')).length === 1);
    await page.close();
    await kamailio.stop();
  });
});

test.each([
  ['denied', 'NotAllowedError'],
  ['none', 'NotFoundError'],
] as const)('a microphone can be %s: %s', async (microphone, error) => {
  const carol = await lab().party({ microphone, path: rawPhonePath });
  const name = await carol.page.evaluate(() =>
    navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'none',
      (reason: unknown) => (reason as Error).name,
    ),
  );
  expect(name).toBe(error);
  await carol.close();
});

test('the test page records what something with on() says', async () => {
  const { page } = await alice.open('/');
  const recorded = await page.evaluate(() => {
    const on = (name: string, listener: (payload: unknown) => void): void => {
      listener({ name, element: document.body, inner: { list: [1, 2] } });
    };
    rec.watch({ on }, ['call.created']);
    return rec.named('call.created');
  });
  expect(recorded).toMatchObject([
    {
      name: 'call.created',
      payload: { name: 'call.created', element: '[HTMLBodyElement]', inner: { list: [1, 2] } },
    },
  ]);
  await page.close();
});

test('an error no page caught is reported', async () => {
  const { page, pageErrors } = await alice.open(rawPhonePath);
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error('nobody caught this');
    });
  });
  await until('the error', () => pageErrors.length === 1);
  expect(takePageErrors().join()).toContain('nobody caught this');
  await page.close();
});

const baresips = [
  { user: '1005', isWebRtc: true },
  { user: '1007', isWebRtc: false },
];
test.each(baresips)('a browser and baresip call each other: %o', async (options) => {
  const baresip = await startBaresip({ kamailio: lab().kamailio, hz: 700, ...options });
  await alicePhone.call(at(options.user));
  await alicePhone.waitFor('confirmed');
  await connected(alice);
  expect(near(700)).toContain((await alice.hear()).hz);
  await alicePhone.hangUp();
  await baresip.waitFor('CALL_CLOSED');
  expect(near(440)).toContain(baresip.recorded().hz);

  const calls = await bob.connections();
  await baresip.command('dial', at('1002'));
  await until('the call', async () => (await bob.connections()) > calls);
  await connected(bob);
  expect(near(700)).toContain((await bob.hear()).hz);
  await baresip.command('hangup');
  await bobPhone.waitFor('ended');
  await baresip.stop();
});
