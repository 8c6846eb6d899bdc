import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Party, Tab } from './support/browser.ts';
import { startKamailio } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { isUp, makePhone } from './support/phone.ts';
import type { PhoneAccount, Settings, TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startUac } from './support/sipp.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';

const lab = useLab({ guests: true });
const hz = { alice: 440, bob: 1000 };
const opened: Tab[] = [];

let alice: Party;
let bob: Party;

beforeAll(async () => {
  [alice, bob] = await Promise.all([
    lab().party({ name: 'alice', hz: hz.alice }),
    lab().party({ name: 'bob', hz: hz.bob }),
  ]);
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ page }) => page.close()));
});

interface Traced extends TestPhone {
  readonly trace: SipTrace;
}

/** A phone in a tab of its own, closed after the test; `before` runs in the page first. */
async function enter(party: Party, account: Partial<PhoneAccount> = {}): Promise<Traced> {
  const tab = await party.open('/');
  opened.push(tab);
  const trace = traceSip(tab.page);
  const user = party === alice ? '1001' : '1002';
  const phone = await makePhone(tab, { user, socket: lab().kamailio.url, ...account });
  return { ...phone, trace };
}

const configured = (transport: Settings, user_agent: Settings = {}): Settings => ({
  userAgent: { transport, user_agent },
});

/** Calls, and checks that both hear each other; the target is who answers. */
async function talk(from: Traced, to: Traced, target: string = to.user): Promise<void> {
  const atCaller = await from.callTo(target);
  await to.answerNext();
  await from.waitForCall('the call to be up', isUp, atCaller);
  const [ours, theirs] = [hzOf(from), hzOf(to)];
  await Promise.all([
    hears(from.tab, { hz: theirs, not: ours, connection: -1 }),
    hears(to.tab, { hz: ours, not: theirs, connection: -1 }),
  ]);
  await from.run('hangup', atCaller);
  await until('both to have no call', async () => {
    const calls = await Promise.all([from.calls(), to.calls()]);
    return calls.flat().length === 0;
  });
}

const hzOf = ({ page }: TestPhone): number =>
  page.context() === alice.context ? hz.alice : hz.bob;

/** The first request of a method that a phone has sent. */
const first = ({ trace }: Traced, method: string): string => trace.sent(method)[0]?.text ?? '';

describe('with what a server may want otherwise, a phone registers, calls and is called', () => {
  const server = /<sip:127\.0\.0\.1:\d+;transport=ws;lr>/;
  test.each<readonly [string, readonly [Settings, Settings?], RegExp]>([
    ['TCP in Via', [{ hack_via_tcp: true }], /^Via: SIP\/2\.0\/TCP /m],
    [
      'an address in Contact',
      [{ hack_ip_in_contact: true }],
      /^Contact: <sip:\w+@192\.0\.2\.\d+;/m,
    ],
    ['wss in Contact', [{ hack_wss_in_transport: true }], /^Contact: <[^>]*;transport=wss[;>]/m],
    [
      'a preloaded Route',
      [{ use_preloaded_route: true }],
      new RegExp(`^Route: ${server.source}`, 'm'),
    ],
    ['a display name', [{}, { display_name: 'Alice ¶€ĸøĸø' }], /^From: "Alice ¶€ĸøĸø" </m],
    [
      'a word in User-Agent',
      [{}, { user_agent_string: 'desk' }],
      /^User-Agent: cordboard\/\S+ desk\r/m,
    ],
  ])('%s', async (_, options, visible) => {
    const one = await enter(alice, { config: configured(...options) });
    const other = await enter(bob);
    expect(first(one, 'REGISTER')).toMatch(visible);
    await talk(one, other);
    expect(first(one, 'INVITE')).toMatch(visible);
    await talk(other, one);
  });

  test('another registrar', async () => {
    const config = configured({}, { registrar_server: 'sip:localhost' });
    const one = await enter(alice, { config });
    expect(first(one, 'REGISTER')).toMatch(/^REGISTER sip:localhost SIP/);
    await talk(await enter(bob), one);
  });
});

test('a server that wants a Route takes a phone with one, and no other', async () => {
  const proxy = await startKamailio({ outboundProxy: true });
  const refused = await enter(bob, { socket: proxy.url, isAwaited: false });
  expect(await refused.waitForEvent('userAgent.registration.failed')).toMatchObject({
    statusCode: 403,
  });
  const account = { socket: proxy.url, config: configured({ use_preloaded_route: true }) };
  const [one, other] = [await enter(alice, account), await enter(bob, account)];
  await talk(one, other);
  await proxy.stop();
});

test('a phone without an account calls through the server, and registers nowhere', async () => {
  const guest = await enter(alice, {
    user: '',
    password: '',
    realm: '',
    isAwaited: false,
    config: { userAgent: { renderTargets: [] } },
  });
  await guest.page.evaluate(() => phone.userAgent.start());
  await guest.waitForEvent('userAgent.connected');
  const other = await enter(bob);
  await talk(guest, other, 'sip:1002@lab.test');
  expect(first(guest, 'INVITE')).toMatch(/^From: <sip:anonymous\.\w+@anonymous\.invalid>/m);
  expect(guest.trace.sent('REGISTER')).toEqual([]);
  expect(await other.events()).toContainEqual(
    expect.objectContaining({ name: 'call.ringing.started' }),
  );
});

describe('of several servers', () => {
  test('the heaviest is taken, and the next when it is gone', async () => {
    const heavy = await startKamailio();
    const sockets = [
      { socket: lab().kamailio.url, weight: 1 },
      { socket: heavy.url, weight: 10 },
    ];
    const one = await enter(alice, { config: configured({ sockets }) });
    expect(await heavy.contacts('1001')).toHaveLength(1);
    expect(await lab().kamailio.contacts('1001')).toHaveLength(0);
    await heavy.stop();
    await until('the other server to have it', async () => {
      const { length } = await lab().kamailio.contacts('1001');
      return length === 1;
    });
    await one.waitUntilRegistered();
    await talk(await enter(bob), one);
  });
});

describe('a server that is gone', () => {
  test('is tried as often as is allowed, at the pace that is set, and again after a start', async () => {
    const shaky = await startKamailio();
    const config = configured({
      ws_server_max_reconnection: 3,
      ws_server_reconnection_timeout: 0.5,
    });
    const one = await enter(alice, { socket: shaky.url, config });
    await one.clear();
    await shaky.stop();
    expect(await one.waitForEvent('userAgent.reconnection.ended')).toMatchObject({ attempts: 3 });
    const events = await one.events();
    const tries = events.filter(({ name }) => name === 'userAgent.connecting');
    expect(tries).toHaveLength(3);
    expect(await one.textOf('user-agent', 'status')).not.toBe('');

    await shaky.restart();
    await one.page.evaluate(async () => {
      await phone.userAgent.stop();
      await phone.userAgent.start();
    });
    await one.waitUntilRegistered();
    await shaky.stop();
  });
});

test('the trace of SIP is on the console, both ways, without credentials', async () => {
  const one = await enter(alice, { config: configured({ trace_sip: true }) });
  const text = one.tab.console.join('\n');
  expect(text).toContain('SIP sent\nREGISTER sip:lab.test');
  expect(text).toContain('SIP received\nSIP/2.0 200');
  expect(text).toContain('Authorization: [redacted]');
  expect(text).not.toMatch(/response="[0-9a-f]{32}"/);
});

describe('a NOTIFY without a subscription', () => {
  test('is refused', async () => {
    const one = await enter(alice);
    const sipp = await startUac('notifiesUnaskedRefused', {
      kamailio: lab().kamailio,
      user: '1006',
      target: '1001',
    });
    expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
    expect((await one.events()).map(({ name }) => name)).not.toContain('userAgent.received.notify');
  });

  test('is told where it is allowed', async () => {
    const config = configured({}, { allow_legacy_notifications: true });
    const one = await enter(alice, { config });
    const sipp = await startUac('notifiesUnasked', {
      kamailio: lab().kamailio,
      user: '1006',
      target: '1001',
    });
    expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
    expect(await one.waitForEvent('userAgent.received.notify')).toMatchObject({
      package: 'message-summary',
      body: expect.stringContaining('Messages-Waiting: yes') as string,
    });
  });
});

test('connections and descriptions of the application’s making carry sound', async () => {
  const one = await enter(alice, { config: { userAgent: { autostart: false } }, isAwaited: false });
  await one.page.evaluate(
    (account) => {
      const made: RTCConfiguration[] = [];
      Object.assign(globalThis, { made });
      phone.destroy();
      globalThis.phone = Cordboard.createWebphone({
        userAgent: {
          transport: { sockets: account.socket },
          authentication: {
            username: account.user,
            password: `pw${account.user}`,
            realm: 'lab.test',
          },
          user_agent: {
            media: {
              peerConnection: (config) => {
                made.push(config);
                return new RTCPeerConnection(config);
              },
              modifiers: [
                ({ type, sdp = '' }, { originator }) => {
                  const lean = sdp
                    .replace(/^(m=audio .*) 9( .*)/m, '$1$2')
                    .replace(/^a=rtpmap:9 .*\r\n/m, '');
                  const named = lean.replace(/^s=-/m, 's=Cordboard');
                  return Promise.resolve({ type, sdp: originator === 'local' ? named : sdp });
                },
              ],
            },
          },
        },
      }) as typeof globalThis.phone;
    },
    { user: one.user, socket: lab().kamailio.url },
  );
  await one.waitUntilRegistered();
  const other = await enter(bob);
  await talk(one, other);
  expect(first(one, 'INVITE')).toContain('s=Cordboard');
  expect(first(one, 'INVITE')).not.toContain('G722');
  await talk(other, one);
  const count = await one.page.evaluate(
    () => (globalThis as unknown as { made: unknown[] }).made.length,
  );
  expect(count).toBe(2);
});
