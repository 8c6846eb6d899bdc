import { describe, expect, it, vi } from 'vitest';
import { fieldOf, hashBy, isDigestOf, isRight } from '../support/digest.ts';
import { settled } from '../support/fakeSession.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import {
  accept,
  connected,
  ok,
  password,
  phoneWith,
  registered,
  server,
} from './userAgentScene.ts';
import type { Options } from './userAgentScene.ts';

const account = { username: '1001', password, realm: 'example.com' };

/** A challenge of a registrar, or of a proxy. */
const asks = (parameters: string, by: 'WWW' | 'Proxy' = 'WWW'): string =>
  `${by}-Authenticate: Digest realm="example.com", nonce="n0nce", ${parameters}`;
const by = (algorithm: string): string => asks(`algorithm=${algorithm}, qop="auth"`);

/** Refuses a request, and waits until what it takes to answer has been loaded. */
async function refuse(
  request: WireMessage,
  headers: readonly string[],
  status = 401,
): Promise<void> {
  await server.reply(request, status, { headers });
  await vi.dynamicImportSettled();
  await settled();
}

async function challengedRegister(...headers: readonly string[]): Promise<WireMessage> {
  phoneWith();
  await refuse(await server.next('REGISTER'), headers);
  return server.next('REGISTER');
}

describe('a challenge', () => {
  it.each([
    ['SHA-256'],
    ['SHA-512-256'],
    ['MD5'],
    ['SHA-256-sess'],
    ['SHA-512-256-sess'],
    ['MD5-sess'],
    ['sha-256'],
    ['md5'],
    ['"SHA-256"'],
    ['"MD5"'],
  ])('by %s is answered by it', async (algorithm) => {
    const register = await challengedRegister(by(algorithm));
    expect(fieldOf(register.header('Authorization'), 'algorithm')).toBe(
      algorithm.replace(/"/g, ''),
    );
    expect(isDigestOf(register, password)).toBe(true);
    await accept(register);
  });

  it.each([
    ['SHA-256 before MD5', ['SHA-256', 'MD5'], 'SHA-256'],
    ['MD5 before SHA-256', ['MD5', 'SHA-256'], 'SHA-256'],
    ['all three', ['MD5', 'SHA-256', 'SHA-512-256'], 'SHA-512-256'],
    ['one that nobody knows, and MD5', ['SHA3-999', 'MD5'], 'MD5'],
  ])('of several, %s, is answered by the strongest', async (_, algorithms, chosen) => {
    const register = await challengedRegister(...algorithms.map(by));
    expect(register.all('Authorization')).toHaveLength(1);
    expect(fieldOf(register.header('Authorization'), 'algorithm')).toBe(chosen);
    expect(isDigestOf(register, password)).toBe(true);
  });

  it('with both kinds of qop gets auth, which survives a proxy that changes the body', async () => {
    const register = await challengedRegister(asks('algorithm=SHA-256, qop="auth-int,auth"'));
    expect(fieldOf(register.header('Authorization'), 'qop')).toBe('auth');
  });

  it('with auth-int alone gets a digest of the body too', async () => {
    const { api } = await connected();
    void api('userAgent').request('MESSAGE', '2002', { body: 'Hello' });
    await refuse(await server.next('MESSAGE'), [asks('algorithm=SHA-256, qop="auth-int"')]);
    const message = await server.next('MESSAGE');
    expect(fieldOf(message.header('Authorization'), 'qop')).toBe('auth-int');
    expect(isDigestOf(message, password)).toBe(true);
    await server.reply(message, 200);
  });

  it('that nobody can answer is told as that, once, and not tried again', async () => {
    const { events } = phoneWith();
    await refuse(await server.next('REGISTER'), [by('SHA3-999')]);
    expect(events.last('userAgent.authentication.failed')).toMatchObject({
      error: { code: 'userAgent.challengeUnsupported' },
      realm: 'example.com',
      method: 'REGISTER',
      statusCode: 401,
    });
    expect(events.last('userAgent.registration.failed')).toMatchObject({
      error: { code: 'userAgent.challengeUnsupported' },
      statusCode: 401,
      retryIn: null,
    });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.requests('REGISTER')).toHaveLength(1);
  });

  it('of a call that is hung up meanwhile is left alone', async () => {
    let answer: (given: null) => void = () => undefined;
    const authentication_factory = (): Promise<null> =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const { api, phone } = await connected({
      authentication: { ...account, authentication_factory },
    });
    const calling = api('userAgent').call('2002');
    const invite = await server.next('INVITE');
    await calling;
    await server.reply(invite, 100);
    await refuse(invite, [by('SHA-256').replace('WWW', 'Proxy')], 407);
    await phone.calls.list()[0]?.terminate();
    answer(null);
    await vi.dynamicImportSettled();
    await settled();
    expect(server.requests('INVITE')).toHaveLength(1);
  });
});

it('of a server that names another realm each time is given up', async () => {
  const { events } = phoneWith();
  for (let turn = 0; turn < 7; turn += 1) {
    const asked = `WWW-Authenticate: Digest realm="r${String(turn)}", nonce="n", qop="auth"`;
    await refuse(await server.next('REGISTER'), [asked]);
  }
  expect(server.requests('REGISTER')).toHaveLength(7);
  expect(events.of('userAgent.registration.failed')).toMatchObject([
    { statusCode: 401, retryIn: null },
  ]);
});

describe('two realms', () => {
  const first = 'WWW-Authenticate: Digest realm="example.com", nonce="one", qop="auth"';
  const second =
    'Proxy-Authenticate: Digest realm="proxy", nonce="two", algorithm=SHA-256, qop="auth"';

  it.each([
    ['the server, then a proxy', [first, 401, second, 407]],
    ['a proxy, then the server', [second, 407, first, 401]],
  ] as const)('of %s get both credentials in one request, and in the call', async (_, order) => {
    const [one, oneStatus, other, otherStatus] = order;
    const { api } = await connected();
    const calling = api('userAgent').call('2002');
    await refuse(await server.next('INVITE'), [one], oneStatus);
    await refuse(await server.next('INVITE'), [other], otherStatus);
    const invite = await server.next('INVITE');
    const both = (request: WireMessage): readonly string[] => [
      request.header('Authorization'),
      request.header('Proxy-Authorization'),
    ];
    expect(both(invite).map((value) => isRight(value, invite, password))).toEqual([true, true]);
    // The nonce of the first has been used twice by now.
    const counts = both(invite).map((value) => Number(fieldOf(value, 'nc')));
    expect(counts).toEqual(oneStatus === 401 ? [2, 1] : [1, 2]);
    await server.reply(invite, 200, ok);
    const call = await calling;
    const ack = await server.next('ACK');
    while (server.requests('ACK').length < 3) await server.next('ACK');
    const last = server.requests('ACK').at(-1) ?? ack;
    expect([both(last), last.cseq]).toEqual([both(invite), invite.cseq]);
    void call.terminate();
    const bye = await server.next('BYE');
    expect(both(bye).map((value) => isRight(value, bye, password))).toEqual([true, true]);
    expect(both(bye).map((value) => Number(fieldOf(value, 'nc')))).toEqual(
      counts.map((count) => count + 1),
    );
    expect(bye.cseq).toBe(invite.cseq + 1);
    await server.reply(bye, 200);
  });

  it('of two proxies get two headers of one kind', async () => {
    const { api } = await connected();
    const asking = api('userAgent').request('OPTIONS', '2002');
    const proxy = second.replace('"proxy"', '"other proxy"');
    await refuse(await server.next('OPTIONS'), [second], 407);
    await refuse(await server.next('OPTIONS'), [proxy], 407);
    const options = await server.next('OPTIONS');
    const values = options.all('Proxy-Authorization');
    expect(values.map((value) => fieldOf(value, 'realm'))).toEqual(['proxy', 'other proxy']);
    expect(values.every((value) => isRight(value, options, password))).toBe(true);
    await server.reply(options, 200);
    await expect(asking).resolves.toMatchObject({ statusCode: 200, cseq: options.cseq });
  });

  it('in one response get both at once', async () => {
    const { api } = await connected();
    void api('userAgent').request('OPTIONS', '2002');
    const proxies = [second, second.replace('"proxy"', '"other proxy"')];
    await refuse(await server.next('OPTIONS'), proxies, 407);
    const options = await server.next('OPTIONS');
    expect(options.all('Proxy-Authorization')).toHaveLength(2);
    await server.reply(options, 200);
  });

  it('are each tried once: a password that is refused is not sent again', async () => {
    const { api } = await connected();
    const asking = api('userAgent').request('OPTIONS', '2002');
    await refuse(await server.next('OPTIONS'), [first], 401);
    await refuse(await server.next('OPTIONS'), [second], 407);
    await refuse(await server.next('OPTIONS'), [first], 401);
    await expect(asking).resolves.toMatchObject({ statusCode: 401 });
    expect(server.requests('OPTIONS')).toHaveLength(3);
  });
});

describe('a nonce', () => {
  const stale = asks('qop="auth", stale=true').replace('n0nce', 'later');

  it('that has become too old is replaced, but not for ever', async () => {
    const { api } = await connected();
    const asking = api('userAgent').request('OPTIONS', '2002');
    await refuse(await server.next('OPTIONS'), [by('MD5')]);
    await refuse(await server.next('OPTIONS'), [stale]);
    const again = await server.next('OPTIONS');
    expect(fieldOf(again.header('Authorization'), 'nonce')).toBe('later');
    await refuse(again, [stale]);
    await expect(asking).resolves.toMatchObject({ statusCode: 401 });
    expect(server.requests('OPTIONS')).toHaveLength(3);
  });

  it('is used again for the renewal of a registration, and given up when it is refused', async () => {
    const { api } = phoneWith();
    await refuse(await server.next('REGISTER'), [by('SHA-256')]);
    await accept(await server.next('REGISTER'));
    void api('userAgent').register();
    const renewal = await server.next('REGISTER');
    expect(fieldOf(renewal.header('Authorization'), 'nc')).toBe('00000002');
    expect(isDigestOf(renewal, password)).toBe(true);
    await refuse(renewal, [by('SHA-256').replace('n0nce', 'once only')]);
    const register = await server.next('REGISTER');
    expect(fieldOf(register.header('Authorization'), 'nonce')).toBe('once only');
    expect(fieldOf(register.header('Authorization'), 'nc')).toBe('00000001');
    await accept(register);
    expect(api('userAgent').isRegistered()).toBe(true);
  });

  it('of one call is of no use to another one', async () => {
    const { api } = await registered();
    void api('userAgent').request('OPTIONS', '2002');
    await refuse(await server.next('OPTIONS'), [by('MD5')]);
    await server.reply(await server.next('OPTIONS'), 200);
    void api('userAgent').request('OPTIONS', '2002');
    const other = await server.next('OPTIONS');
    expect(other.header('Authorization')).toBe('');
    await server.reply(other, 200);
  });
});

describe('a hash in place of the password', () => {
  const hash = (algorithm: string, realm = 'example.com'): string =>
    hashBy(algorithm, `1001:${realm}:${password}`);
  const withHash = (ha1: string, more: { readonly ha1_realm?: string } = {}): Options => ({
    authentication: { username: '1001', realm: 'example.com', ha1, ...more },
  });

  it.each([
    ['MD5', ['SHA-256', 'MD5']],
    ['SHA-256', ['MD5', 'SHA-256']],
    ['SHA-512-256', ['MD5', 'SHA-512-256']],
  ])('by %s answers a challenge of its kind', async (algorithm, asked) => {
    phoneWith(withHash(hash(algorithm)));
    await refuse(await server.next('REGISTER'), asked.map(by));
    const register = await server.next('REGISTER');
    expect(fieldOf(register.header('Authorization'), 'algorithm')).toBe(algorithm);
    expect(isDigestOf(register, password)).toBe(true);
  });

  it('is for its own realm only, which may be another than the domain', async () => {
    const { events } = phoneWith(withHash(hash('MD5', 'asterisk'), { ha1_realm: 'asterisk' }));
    await refuse(await server.next('REGISTER'), [by('MD5').replace('example.com', 'asterisk')]);
    const register = await server.next('REGISTER');
    expect(isDigestOf(register, password)).toBe(true);
    await refuse(register, [by('MD5')]);
    expect(server.requests('REGISTER')).toHaveLength(2);
    expect(events.last('userAgent.registration.failed').statusCode).toBe(401);
  });

  it('of no use for the algorithm is told as that', async () => {
    const { events } = phoneWith(withHash(hash('MD5')));
    await refuse(await server.next('REGISTER'), [by('SHA-256')]);
    expect(events.last('userAgent.authentication.failed').error.code).toBe(
      'userAgent.challengeUnsupported',
    );
  });

  it('gives way to a password that is typed', async () => {
    const { api } = phoneWith({ ...withHash(hash('MD5')), autostart: false });
    await api('userAgent').start('1001', 'typed');
    await refuse(await server.next('REGISTER'), [by('MD5')]);
    expect(isDigestOf(await server.next('REGISTER'), 'typed')).toBe(true);
  });
});

it('a user of its own may stand in the digest', async () => {
  phoneWith({ authentication: { ...account, authorization_user: 'auth-1001' } });
  await refuse(await server.next('REGISTER'), [by('MD5')]);
  const register = await server.next('REGISTER');
  expect(fieldOf(register.header('Authorization'), 'username')).toBe('auth-1001');
  expect(register.header('From')).toContain('sip:1001@example.com');
  expect(isDigestOf(register, password)).toBe(true);
});
