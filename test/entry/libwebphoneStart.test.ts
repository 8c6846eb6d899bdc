import { afterEach, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { settled } from '../support/fakeSession.ts';

const account = {
  transport: { sockets: ['wss://sip.example.com/ws'] },
  authentication: { username: 'anna', password: 'secret', realm: 'example.com' },
};

let phone: Libwebphone | undefined;

afterEach(() => {
  phone?.destroy();
  phone = undefined;
});

/** A phone, and with what the native agent is started as long as it lives. */
function phoneWith(userAgent: object): { made: Libwebphone; starts: unknown[]; engine: Engine } {
  const made = new Libwebphone({ storage: false, log: { level: 'off' }, userAgent });
  phone = made;
  const { engine } = Reflect.get(made.getUserAgent() ?? {}, 'kit') as { readonly engine: Engine };
  const starts: unknown[] = [];
  const start = (...login: unknown[]): Promise<void> => {
    starts.push(login);
    return Promise.resolve();
  };
  Object.assign(engine.plugins.userAgent ?? {}, { start });
  return { made, starts, engine };
}

test('a phone that starts by itself asks the initAgent that the page has put there', async () => {
  const { made, starts, engine } = phoneWith({ ...account, autostart: true });
  const told: string[] = [];
  made.onAny((name) => told.push(String(name)));
  const agent = made.getUserAgent();
  if (!agent) throw new Error('no agent');
  agent.initAgent = (config) => {
    told.push('initAgent');
    return { ...config, username: 'bob', password: 'his', register_expires: 90 };
  };
  await settled();
  expect(starts).toEqual([['bob', 'his', 'example.com']]);
  expect(engine.agent?.options.user_agent['register_expires']).toBe(90);
  expect(told.indexOf('created')).toBeLessThan(told.indexOf('initAgent'));
});

test('an initAgent that throws at such a start is told, and nothing is started', async () => {
  const { made, starts } = phoneWith({ ...account, autostart: true });
  const error = new Error('no agent today');
  const told = vi.fn();
  made.on('userAgent.configuration.error', told);
  Object.assign(made.getUserAgent() ?? {}, {
    initAgent: () => {
      throw error;
    },
  });
  await settled();
  expect(told).toHaveBeenCalledExactlyOnceWith(made, made.getUserAgent(), error);
  expect(starts).toEqual([]);
});

test('a token that says who it is is enough for a start by itself', async () => {
  const claims = { 'SIP-Info': { 'User-Agent': { Username: 'tina', Realm: 'k.example' } } };
  const authentication = { jwt: `e30.${btoa(JSON.stringify(claims))}.sig` };
  const { starts } = phoneWith({ ...account, authentication, autostart: true });
  await settled();
  expect(starts).toEqual([['tina', undefined, 'k.example']]);
});

test.each([
  ['is not asked to', {}],
  ['is asked not to', { autostart: false }],
  ['has no password yet', { autostart: true, authentication: { username: 'anna', password: '' } }],
])('a phone that %s waits for `start()`', async (_, more) => {
  const { starts } = phoneWith({ ...account, ...more });
  await settled();
  expect(starts).toEqual([]);
});

test('a phone that is gone in the turn in which it was made starts no more', async () => {
  const { made, starts } = phoneWith({ ...account, autostart: true });
  made.destroy();
  await settled();
  expect(starts).toEqual([]);
});

test('where only other accounts are complete, the native agent starts those', () => {
  const accounts = [{ id: 'work', ...account }];
  const { engine } = phoneWith({ transport: account.transport, accounts, autostart: true });
  expect(engine.agent).toMatchObject({ startsWithPhone: false, options: { autostart: true } });
});
