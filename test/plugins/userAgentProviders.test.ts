import { describe, expect, it, vi } from 'vitest';
import type { Mock } from 'vitest';
import { replacedAfter } from '../../plugins/userAgent/fresh.ts';
import type {
  IceServersProvider,
  ProvidedIceServers,
  TokenProvider,
} from '../../plugins/userAgent/index.ts';
import { secondsLeft } from '../../plugins/userAgent/providers.part.ts';
import { settled } from '../support/fakeSession.ts';
import type { FakeConnection } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { accept, connections, incomingInvite, ok, phoneWith, server } from './userAgentScene.ts';
import type { Options } from './userAgentScene.ts';

/** A token with this payload, which nobody has signed. */
const tokenOf = (payload: object): string =>
  `eyJhbGciOiJub25lIn0.${btoa(JSON.stringify(payload)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')}.s1gnature`;
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** What the application gives the first time it is asked, the second time, and so on. */
function counted<Given>(give: (time: number) => Given): Mock<() => Given> {
  let time = 0;
  return vi.fn(() => {
    time += 1;
    return give(time);
  });
}

async function loaded(): Promise<void> {
  await vi.dynamicImportSettled();
  await settled();
}

async function withTokens(provider: TokenProvider, options: Options = {}): Promise<TestPhone> {
  const account = { username: '1001', realm: 'example.com' };
  const test = phoneWith({ ...options, authentication: { ...account, jwt: provider } });
  await loaded();
  return test;
}

const bearer = (token: string): string => `Bearer ${token}`;

describe('a provider of tokens', () => {
  it('is asked before the phone registers', async () => {
    const { api } = await withTokens(() => Promise.resolve('Bearer first'));
    const register = await server.next('REGISTER');
    expect(register.header('Authorization')).toBe('Bearer first');
    await accept(register);
    expect(api('userAgent').isReady()).toBe(true);
  });

  it('is asked again before the token expires; the phone then registers anew, and a call goes on', async () => {
    const tokens = [tokenOf({ exp: inSeconds(100) }), tokenOf({ exp: inSeconds(1000), n: 2 })];
    const provider = counted((time) => tokens[time - 1] ?? '');
    const { api, events, phone } = await withTokens(provider);
    await accept(await server.next('REGISTER'));
    const calling = api('userAgent').call('2002');
    await server.reply(await server.next('INVITE'), 200, ok);
    const call = await calling;
    await vi.advanceTimersByTimeAsync(79_000);
    expect(provider).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1000);
    const register = await server.next('REGISTER');
    expect(register.header('Authorization')).toBe(bearer(tokens[1] ?? ''));
    await accept(register);
    expect(events.of('userAgent.token.renewed')).toHaveLength(1);
    expect([call.isEstablished(), phone.calls.list().length]).toEqual([true, 1]);
    expect(events.names('userAgent.registration.unregistered')).toEqual([]);
  });

  it('is asked for another one when the server refuses one, once', async () => {
    const provider = counted((time) => `token-${String(time)}`);
    const { events } = await withTokens(provider);
    await server.reply(await server.next('REGISTER'), 401);
    await loaded();
    const again = await server.next('REGISTER');
    expect(again.header('Authorization')).toBe('Bearer token-2');
    await server.reply(again, 401);
    await settled();
    expect(provider).toHaveBeenCalledTimes(2);
    expect(events.last('userAgent.registration.failed')).toMatchObject({
      statusCode: 401,
      retryIn: null,
    });
  });

  it('that fails is asked again with growing pauses, and nothing goes out without a token', async () => {
    const provider = counted<string | Promise<string>>((time) =>
      time < 4 ? Promise.reject(new Error('s3cret')) : 'good',
    );
    const { events, log, api, part, root } = await withTokens(provider);
    await vi.advanceTimersByTimeAsync(2000 + 4000 + 7999);
    expect(server.sent).toEqual([]);
    const failures = events.of('userAgent.token.failed');
    expect(failures.map(({ retryIn }) => retryIn)).toEqual([2000, 4000, 8000]);
    expect(failures.map(({ error }) => error.code)).toEqual(
      failures.map(() => 'userAgent.credentialsFailed'),
    );
    expect(
      JSON.stringify([failures.map(({ error }) => [error.stack, error.cause]), log]),
    ).not.toContain('s3cret');
    expect(part('userAgent', 'error').textContent).toContain('credentials');
    await vi.advanceTimersByTimeAsync(1);
    await accept(await server.next('REGISTER'));
    expect(api('userAgent').isReady()).toBe(true);
    await settled();
    expect(root('userAgent').textContent).not.toContain('credentials');
  });

  it('that says nothing has failed after ten seconds', async () => {
    const { events } = await withTokens(() => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(9999);
    expect(events.of('userAgent.token.failed')).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(events.of('userAgent.token.failed')).toHaveLength(1);
  });

  it('that fails once is forgotten with the next token, on a phone that does not register too', async () => {
    const tokens = [tokenOf({ exp: inSeconds(100) }), null, 'renewed'];
    const provider = counted((time) => {
      const token = tokens[time - 1];
      return token ? Promise.resolve(token) : Promise.reject(new Error('down'));
    });
    const { part, root } = await withTokens(provider, { user_agent: { register: false } });
    await vi.advanceTimersByTimeAsync(80_000);
    await settled();
    expect(part('userAgent', 'error').textContent).toContain('credentials');
    await vi.advanceTimersByTimeAsync(2000);
    await settled();
    expect(root('userAgent').querySelector('[part~="error"]')).toBeNull();
  });

  it('that fails for a renewal leaves the phone registered, and is asked again', async () => {
    const tokens = [tokenOf({ exp: inSeconds(100) }), null, 'renewed'];
    const provider = counted((time) => {
      const token = tokens[time - 1];
      return token ? Promise.resolve(token) : Promise.reject(new Error('down'));
    });
    const { api, events } = await withTokens(provider);
    await accept(await server.next('REGISTER'));
    await vi.advanceTimersByTimeAsync(80_000);
    expect(events.last('userAgent.token.failed').retryIn).toBe(2000);
    expect(api('userAgent').isRegistered()).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect((await server.next('REGISTER')).header('Authorization')).toBe('Bearer renewed');
  });

  it('is asked no more when the phone is stopped or destroyed', async () => {
    const provider = vi.fn<TokenProvider>(() => tokenOf({ exp: inSeconds(100) }));
    const { api, phone } = await withTokens(provider);
    await accept(await server.next('REGISTER'));
    await api('userAgent').stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(provider).toHaveBeenCalledTimes(1);
    phone.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may be given up while the phone waits for its first token', async () => {
    const { api } = await withTokens(() => Promise.reject(new Error('down')));
    expect(api('userAgent').isStarted()).toBe(true);
    await api('userAgent').stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect([api('userAgent').isStarted(), server.sent.length, server.open()]).toEqual([
      false,
      0,
      0,
    ]);
  });
});

describe('the life of a token', () => {
  const now = 1_000_000_000;
  it.each([
    ['that says when it expires', tokenOf({ exp: 1_000_600 }), 600],
    ['issued by a clock that is ahead', tokenOf({ iat: 1_005_000, exp: 1_005_600 }), 600],
    ['issued by a clock that is late', tokenOf({ iat: 990_000, exp: 990_600 }), -9400],
    ['that does not say', tokenOf({ sub: '1001' }), null],
    ['that nobody can read', 'opaque-token', null],
    ['with another kind of time', tokenOf({ exp: 'tomorrow' }), null],
  ])('%s is %s', (_, token, seconds) => {
    expect(secondsLeft(token, now)).toBe(seconds);
  });

  it.each(['', 'two words', 'line\r\nX: 1'])('is none for %j, which is no token', (token) => {
    expect(() => secondsLeft(token, now)).toThrow(TypeError);
  });

  it.each([
    [600, 480_000],
    [1, 1000],
    [-5, 30_000],
    [10_000_000, 86_400_000],
  ])('of %i seconds is followed by another after %i milliseconds', (seconds, milliseconds) => {
    expect(replacedAfter(seconds)).toBe(milliseconds);
  });
});

describe('a provider of ICE servers', () => {
  const turn = (credential: string): RTCIceServer => ({
    urls: 'turn:turn.example.com',
    username: 'u',
    credential,
  });
  const stun = { urls: 'stun:stun.example.com' };
  const given = (credential: string, ttl?: number): ProvidedIceServers => ({
    iceServers: [turn(credential)],
    ...(ttl === undefined ? {} : { ttl }),
  });

  async function withServers(provider: IceServersProvider): Promise<TestPhone> {
    const user_agent = {
      register: false,
      ice_servers: provider,
      pc_config: { iceServers: [stun] },
    };
    const test = phoneWith({ user_agent });
    await loaded();
    expect(test.api('userAgent').isConnected()).toBe(true);
    return test;
  }
  const serversOf = (connection: FakeConnection | undefined): unknown =>
    connection?.getConfiguration().iceServers;

  it('is asked at the start, and its servers come after those of pc_config', async () => {
    const provider = vi.fn<IceServersProvider>(() => Promise.resolve(given('pw-1')));
    const { api, events } = await withServers(provider);
    expect(provider).toHaveBeenCalledTimes(1);
    void api('userAgent')
      .call('2002')
      .catch(() => undefined);
    await server.next('INVITE');
    expect(serversOf(connections[0])).toEqual([stun, turn('pw-1')]);
    expect(provider).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(events.of('userAgent.iceServers.updated'))).toBe(
      '[{"account":"default"}]',
    );
  });

  it('is asked again before the password runs out, for calls to come and for those that are up', async () => {
    const provider = counted((time) => given(`pw-${String(time)}`, 100));
    const { api } = await withServers(provider);
    const calling = api('userAgent').call('2002');
    await server.reply(await server.next('INVITE'), 200, ok);
    const call = await calling;
    await vi.advanceTimersByTimeAsync(80_000);
    expect(provider).toHaveBeenCalledTimes(2);
    expect(serversOf(connections[0])).toEqual([stun, turn('pw-2')]);
    expect(call.isEstablished()).toBe(true);
    void api('userAgent')
      .call('3003')
      .catch(() => undefined);
    await server.next('INVITE');
    expect(serversOf(connections[1])).toEqual([stun, turn('pw-2')]);
  });

  it('that takes its time holds a call up for three seconds, not longer', async () => {
    const { api, events } = await withServers(() => new Promise(() => undefined));
    void api('userAgent')
      .call('2002')
      .catch(() => undefined);
    await vi.advanceTimersByTimeAsync(2999);
    expect(server.requests('INVITE')).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await server.next('INVITE');
    expect(serversOf(connections[0])).toEqual([stun]);
    expect(events.of('userAgent.iceServers.missing')).toHaveLength(1);
  });

  it('that answers in time is waited for', async () => {
    let answer: (servers: ProvidedIceServers) => void = () => undefined;
    const { api } = await withServers(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    void api('userAgent')
      .call('2002')
      .catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1000);
    answer(given('pw'));
    await server.next('INVITE');
    expect(serversOf(connections[0])).toEqual([stun, turn('pw')]);
  });

  it('that fails lets a call go out without, says so, and is asked again', async () => {
    const provider = vi.fn<IceServersProvider>(() => Promise.reject(new Error('down')));
    const { api, events } = await withServers(provider);
    expect(events.last('userAgent.iceServers.failed')).toMatchObject({
      error: { code: 'userAgent.credentialsFailed' },
      retryIn: 2000,
    });
    void api('userAgent')
      .call('2002')
      .catch(() => undefined);
    await server.next('INVITE');
    expect(serversOf(connections[0])).toEqual([stun]);
    expect(events.of('userAgent.iceServers.missing')).toHaveLength(1);
    const asked = provider.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(provider.mock.calls.length).toBeGreaterThan(asked);
  });

  it('whose servers have run out is not believed any longer', async () => {
    const provider = counted<ProvidedIceServers | Promise<ProvidedIceServers>>((time) =>
      time === 1 ? given('old', 100) : Promise.reject(new Error('down')),
    );
    const { api } = await withServers(provider);
    await vi.advanceTimersByTimeAsync(100_000);
    void api('userAgent')
      .call('2002')
      .catch(() => undefined);
    await server.next('INVITE');
    expect(serversOf(connections[0])).toEqual([stun]);
  });

  it('is waited for by an answer too', async () => {
    let answer: (servers: ProvidedIceServers) => void = () => undefined;
    const { phone } = await withServers(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    await server.say(incomingInvite());
    const answering = phone.calls.list()[0]?.answer();
    await vi.advanceTimersByTimeAsync(500);
    expect(connections).toHaveLength(0);
    answer(given('pw'));
    await answering;
    expect(serversOf(connections[0])).toEqual([stun, turn('pw')]);
  });

  it.each([{ servers: [] }, null, [turn('pw')]])('that gives %j has failed', async (servers) => {
    const { events } = await withServers(() => servers as never);
    expect(events.of('userAgent.iceServers.failed')).toHaveLength(1);
  });
});
