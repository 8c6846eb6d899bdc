import { afterEach, beforeAll, expect, test } from 'vitest';
import { clearStage, enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { isNear } from './support/measure.ts';
import { ownSound } from './support/ownSound.ts';
import { until } from './support/processes.ts';
import { startPageServer } from './support/server.ts';
import type { PageServer } from './support/server.ts';
import { encodedSine } from './support/wav.ts';

// What a caller asks for by Alert-Info (RFC 3261 section 20.4) comes through Kamailio to the phone.

const lab = useLab();

const vipHz = 880;
const exchangeHz = 1320;
/** Of the generated ring. */
const ringHz = 440;

/** The page trusts one of these with ringtones. */
let exchange: PageServer;
let stranger: PageServer;
let alice: Member;
let bob: Member;

beforeAll(async () => {
  [exchange, stranger] = await Promise.all([startPageServer(), startPageServer()]);
  const { kamailio, party, server } = lab();
  server.put('/vip.wav', encodedSine(vipHz));
  exchange.put('/bell.wav', encodedSine(exchangeHz));
  stranger.put('/bell.wav', encodedSine(exchangeHz));
  const ringtones = { alertInfo: { 'info=vip': '/vip.wav' }, alertInfoOrigins: [exchange.url] };
  const stage = { party, socket: kamailio.url };
  [alice, bob] = await Promise.all([
    enter('alice', { ...stage, config: { audioContext: { ringtones } } }),
    enter('bob', stage),
  ]);
});

afterEach(() => clearStage(alice, bob));

/** Bob calls with a header, until Alice's phone rings with a frequency. */
async function ringsWith(hz: number, alertInfo: string): Promise<void> {
  await bob.callTo(alice.user, [`Alert-Info: ${alertInfo}`]);
  const id = await alice.nextIncoming();
  expect((await alice.snapshot(id)).alertInfo).toEqual([alertInfo]);
  await until(`a ring of ${String(hz)} Hz`, async () => {
    const ring = await ownSound(alice, { channel: 'ringer', ms: 300 });
    return ring.rms > 0.02 && isNear(ring.hz[0] ?? 0, hz);
  });
}

test('a word in the header rings with the file that is configured for it', async () => {
  const { requests } = lab().server;
  expect(requests).not.toContain('/vip.wav');
  await ringsWith(vipHz, `<${stranger.url}/bell.wav>;info=vip`);
  expect(requests).toContain('/vip.wav');
  await alice.answerNext();
  const after = await ownSound(alice, { channel: 'ringer', ms: 300 });
  expect(after.rms).toBeLessThan(0.001);
  expect(stranger.requests).toEqual([]);
});

test('an address of an origin that is trusted is what rings', async () => {
  await ringsWith(exchangeHz, `<${exchange.url}/bell.wav>`);
  expect(exchange.requests).toEqual(['/bell.wav']);
});

test('a stranger’s address is never asked for, and the phone rings as always', async () => {
  const asked: string[] = [];
  alice.page.on('request', (request) => asked.push(request.url()));
  await ringsWith(ringHz, `<${stranger.url}/bell.wav>`);
  await alice.answerNext();
  expect(stranger.requests).toEqual([]);
  expect(asked.filter((url) => url.startsWith(stranger.url))).toEqual([]);
});
