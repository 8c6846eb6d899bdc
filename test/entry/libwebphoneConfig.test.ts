import { afterEach, expect, test } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';

let phone: Libwebphone | undefined;

function phoneWith(config: object): Libwebphone {
  phone = new Libwebphone({ storage: false, log: { level: 'off' }, ...config });
  return phone;
}

/** Every string that can be reached from a value, whatever stands in between. */
function reachable(value: unknown, seen = new Set<unknown>()): readonly unknown[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Reflect.ownKeys(value).flatMap((key) => reachable(Reflect.get(value, key), seen));
}

afterEach(() => {
  phone?.destroy();
  phone = undefined;
});

test('what the classes and the calls hold of the configuration has no secret in it', () => {
  const authentication = { username: 'anna', password: 'secret', jwt: 'secret', ha1: 'secret' };
  const made = phoneWith({ userAgent: { authentication }, conference: {}, blf: {} });
  const holders = [
    ...[made.getUserAgent(), made.getCallList(), made.getCallControl(), made.getDialpad()],
    ...[made.getMediaDevices(), made.getAudioContext(), made.getVideoCanvas()],
    ...[made.getConference(), made.getBlf(), made.getCallList()?.getCalls()[0]],
  ];
  for (const holder of holders) {
    const { config } = Reflect.get(holder ?? {}, 'kit') as { readonly config: object };
    expect(reachable(config)).toContain('anna');
    expect(reachable(config)).not.toContain('secret');
  }
});

test('no secret is shown of other accounts and of TURN servers', () => {
  const iceServers = [{ urls: 'turn:turn.example.com', username: 'anna', credential: 'secret' }];
  const made = phoneWith({
    userAgent: {
      authentication: { username: 'anna', password: '' },
      accounts: [{ id: 'work', authentication: { username: 'ann', ha1: 'secret' } }],
      user_agent: { pc_config: { iceServers }, authorization_jwt: 'secret', password: 'secret' },
    },
  });
  const shown = [made._config, made.getUserAgent()?._config];
  expect(reachable(shown)).not.toContain('secret');
  expect(made._config['userAgent']).toMatchObject({
    authentication: { username: 'anna', password: '' },
    accounts: [{ id: 'work', authentication: { username: 'ann', ha1: '********' } }],
    user_agent: { pc_config: { iceServers: [{ ...iceServers[0], credential: '********' }] } },
  });
  const given: unknown[] = [];
  const agent = made.getUserAgent();
  if (!agent) throw new Error('no agent');
  agent.initAgent = (config) => given.push({ ...config });
  void agent.start();
  expect(given).toHaveLength(1);
  expect(reachable(given)).not.toContain('secret');
});

test('the configuration that is shown is frozen to its ends, and the page’s own is left alone', () => {
  const sockets = ['wss://sip.example.com/ws'];
  const target = { root: 'place', data: { shop: 'north' } };
  const userAgent = { transport: { sockets }, renderTargets: [target] };
  const made = phoneWith({ userAgent, dialpad: { dialed: { show: true } } });
  for (const shown of [made._config['userAgent'], made.getUserAgent()?._config]) {
    expect(shown).toMatchObject(userAgent);
    expect(() => {
      (shown as typeof userAgent).transport.sockets.push('wss://evil.example');
    }).toThrow(TypeError);
  }
  expect(() => {
    (made._config as { dialpad: { dialed: { show: boolean } } }).dialpad.dialed.show = false;
  }).toThrow(TypeError);
  target.data.shop = 'south';
  sockets.push('wss://other.example.com/ws');
  expect(made._config['userAgent']).toMatchObject({
    ...{ transport: { sockets: ['wss://sip.example.com/ws'] } },
    renderTargets: [{ data: { shop: 'north' } }],
  });
});
