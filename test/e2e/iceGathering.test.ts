import { beforeAll, expect, test } from 'vitest';
import type { Party, Tab } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { isUp, makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { rawPhonePath, serveRawPhone, startRawPhone } from './support/rawPhone.ts';
import type { RawPhone } from './support/rawPhone.ts';
import { sippHz, startUas } from './support/sipp.ts';
import { startStunServer } from './support/stunServer.ts';

// How long a caller waits for ICE candidates before the INVITE leaves, beside bare JsSIP.

const lab = useLab({ rtpengine: true });
const refusing = '1008';
const farEnd = '1009';
const ownHz = 440;
// In the namespace of the tests, and nobody is there to answer.
const deadServer = 'stun:10.99.0.2:3478';
const mappedAddress = '203.0.113.7';

let alice: Party;

beforeAll(async () => {
  const { server, kamailio } = lab();
  await serveRawPhone(server);
  alice = await lab().party({ name: 'alice', hz: ownHz });
  await kamailio.behave(refusing, '486');
});

interface Watched {
  readonly tab: Tab;
  readonly phone: TestPhone;
  /** Milliseconds from `call` to the INVITE on the wire. */
  readonly once: () => Promise<number>;
}

interface Gathering {
  readonly user: string;
  readonly iceServers?: readonly RTCIceServer[];
  readonly timeout?: number;
}

async function ours({ user, iceServers = [], timeout }: Gathering): Promise<Watched> {
  const tab = await alice.open('/');
  await tab.page.evaluate(() => {
    const Original = WebSocket;
    globalThis.WebSocket = class extends Original {
      override send(data: string): void {
        if (data.startsWith('INVITE ')) rec.add('invite', data);
        super.send(data);
      }
    };
  });
  const cap = timeout === undefined ? {} : { ice_gathering_timeout: timeout };
  const phone = await makePhone(tab, {
    user,
    socket: lab().kamailio.url,
    config: { userAgent: { user_agent: { pc_config: { iceServers }, ...cap } } },
  });
  const once = async (): Promise<number> => {
    const ms = await tab.page.evaluate(async (target) => {
      rec.clear();
      rec.add('asked');
      await globalThis.phone.userAgent.call(target);
      const [asked, invite] = [rec.named('asked')[0], rec.named('invite')[0]];
      return (invite?.at ?? NaN) - (asked?.at ?? NaN);
    }, refusing);
    await phone.quiet();
    return ms;
  };
  return { tab, phone, once };
}

async function theirs(iceServers: RTCIceServer[]): Promise<[Tab, () => Promise<number>]> {
  const tab = await alice.open(rawPhonePath);
  const raw: RawPhone = await startRawPhone(tab.page, {
    user: '1002',
    socket: lab().kamailio.url,
    pcConfig: { iceServers },
  });
  const once = async (): Promise<number> => {
    const place = await raw.call(`sip:${refusing}@${domain}`);
    await raw.waitFor('failed', place);
    return raw.sentInvite(place);
  };
  return [tab, once];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Medians of calls in turn, the first of each left out: it starts what later ones have running. */
async function compare(
  rounds: number,
  ...sides: readonly (() => Promise<number>)[]
): Promise<readonly number[]> {
  for (const side of sides) await side();
  const times = sides.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, side] of sides.entries()) times[place]?.push(await side());
  }
  return times.map(median);
}

const offered = (tab: Tab): Promise<string> =>
  tab.page.evaluate(() => String(rec.named('invite').at(-1)?.payload));

async function hasSound({ tab, phone }: Watched): Promise<void> {
  const sipp = await startUas('answers', { kamailio: lab().kamailio, user: farEnd });
  const id = await phone.callTo(farEnd);
  await phone.waitForCall('the answer', isUp, id);
  await hears(tab, { hz: sippHz, not: ownHz });
  await phone.run('hangup', id);
  expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
}

test('host candidates only: at most 0.4 of what JsSIP takes', async () => {
  const watched = await ours({ user: '1001' });
  const [rawTab, once] = await theirs([]);
  const [our = NaN, their = NaN] = await compare(7, watched.once, once);
  expect(our / their, `${our.toFixed(1)} ms to ${their.toFixed(1)} ms`).toBeLessThan(0.4);
  expect(await offered(watched.tab)).toMatch(/^a=candidate:.* typ host/m);
  await Promise.all([watched.tab, rawTab].map(({ page }) => page.close()));
});

test('a STUN server that answers: its candidate is in, at most 0.7 of what JsSIP takes', async () => {
  const stun = await startStunServer(mappedAddress);
  const iceServers = [{ urls: stun.url }];
  const watched = await ours({ user: '1001', iceServers });
  const [rawTab, once] = await theirs(iceServers);
  const [our = NaN, their = NaN] = await compare(5, watched.once, once);
  expect(our / their, `${our.toFixed(1)} ms to ${their.toFixed(1)} ms`).toBeLessThan(0.7);
  expect(await offered(watched.tab)).toMatch(
    new RegExp(`^a=candidate:.* ${mappedAddress.replaceAll('.', '\\.')} .* typ srflx`, 'm'),
  );
  expect(stun.requests()).toBeGreaterThan(0);
  await Promise.all([watched.tab, rawTab].map(({ page }) => page.close()));
});

test.each([
  [undefined, 500],
  [50, 50],
])(
  'a STUN server that is dead delays no longer than ice_gathering_timeout (%s)',
  async (timeout, cap) => {
    const iceServers = [{ urls: deadServer }];
    const watched = await ours({
      user: '1001',
      iceServers,
      ...(timeout !== undefined && { timeout }),
    });
    const [our = NaN] = await compare(3, watched.once);
    // It is the cap that ended the wait, and a slow machine that adds to it.
    expect(our).toBeGreaterThan(cap * 0.9);
    expect(our).toBeLessThan(cap + 150);
    expect(await offered(watched.tab)).toMatch(/^a=candidate:.* typ host/m);
    await hasSound(watched);
    await watched.tab.page.close();
  },
);
