import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type {
  AuthenticationFactory,
  AuthenticationRequest,
} from '../../plugins/userAgent/index.ts';
import { fieldOf, hashBy, isDigestOf, isRight } from '../support/digest.ts';
import { settled } from '../support/fakeSession.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { accept, connected, password, phoneWith, server } from './userAgentScene.ts';

const account = { username: '1001', realm: 'example.com' };
const challenge = (realm: string, algorithm = 'MD5'): string =>
  `Digest realm="${realm}", nonce="n0nce", opaque="0paque", algorithm=${algorithm}, qop="auth"`;
const registrar = `WWW-Authenticate: ${challenge('example.com', 'SHA-256')}`;
const proxy = `Proxy-Authenticate: ${challenge('proxy')}`;

async function refuse(request: WireMessage, header: string): Promise<void> {
  const status = header.startsWith('WWW') ? 401 : 407;
  await server.reply(request, status, { headers: [header] });
  await vi.dynamicImportSettled();
  await settled();
}

const withFactory = (authentication_factory: AuthenticationFactory, secret = '') => ({
  authentication: { ...account, password: secret, authentication_factory },
});

/** Whether anything that the phone has said or logged holds one of these words. */
function isTold({ events, log }: TestPhone, words: readonly string[]): boolean {
  const told = inspect([events.all, log], { depth: Infinity, maxStringLength: Infinity });
  return words.some((word) => told.includes(word));
}

describe('a factory of credentials', () => {
  it('is asked for each realm, and has all that a digest is made of', async () => {
    const asked: AuthenticationRequest[] = [];
    const passwords: Readonly<Record<string, string>> = {
      'example.com': 'one-pw',
      proxy: 'two-pw',
    };
    const test = await connected(
      withFactory((request) => {
        asked.push(request);
        return Promise.resolve({ password: passwords[request.realm] ?? '' });
      }),
    );
    const sent = test.api('userAgent').request('MESSAGE', '2002', { body: 'Hello' });
    await refuse(await server.next('MESSAGE'), registrar);
    await refuse(await server.next('MESSAGE'), proxy);
    const message = await server.next('MESSAGE');
    expect(isRight(message.header('Authorization'), message, 'one-pw')).toBe(true);
    expect(isRight(message.header('Proxy-Authorization'), message, 'two-pw')).toBe(true);
    await server.reply(message, 202);
    await expect(sent).resolves.toMatchObject({ statusCode: 202 });
    expect(asked).toEqual([
      {
        statusCode: 401,
        scheme: 'digest',
        realm: 'example.com',
        algorithm: 'SHA-256',
        method: 'MESSAGE',
        uri: 'sip:2002@example.com',
        body: 'Hello',
        challenge: expect.objectContaining({ nonce: 'n0nce', opaque: '0paque' }) as object,
      },
      expect.objectContaining({ statusCode: 407, realm: 'proxy', algorithm: 'MD5' }),
    ]);
    expect(isTold(test, ['one-pw', 'two-pw'])).toBe(false);
  });

  it('starts the phone without a password, and may name another user', async () => {
    phoneWith(withFactory(() => ({ username: 'other', password: 'pw' })));
    await refuse(await server.next('REGISTER'), registrar);
    const register = await server.next('REGISTER');
    expect(fieldOf(register.header('Authorization'), 'username')).toBe('other');
    expect(isDigestOf(register, 'pw')).toBe(true);
    await accept(register);
  });

  it('may give a hash by the algorithm that is asked for', async () => {
    phoneWith(
      withFactory(({ realm, algorithm }) => ({
        ha1: hashBy(algorithm, `1001:${realm}:${password}`),
      })),
    );
    await refuse(await server.next('REGISTER'), registrar);
    expect(isDigestOf(await server.next('REGISTER'), password)).toBe(true);
  });

  it('may give the whole header, which is then good for that request only', async () => {
    const factory = vi.fn<AuthenticationFactory>(({ method, challenge: { nonce = '' } }) => ({
      authorization: `Digest signed="${method}-${nonce}"`,
    }));
    const { api } = phoneWith(withFactory(factory));
    await refuse(await server.next('REGISTER'), registrar.replace('SHA-256', 'SHA3-999'));
    const register = await server.next('REGISTER');
    expect(register.header('Authorization')).toBe('Digest signed="REGISTER-n0nce"');
    await accept(register);
    void api('userAgent').register();
    const renewal = await server.next('REGISTER');
    expect(renewal.header('Authorization')).toBe('');
    await refuse(renewal, registrar.replace('n0nce', 'next'));
    const signed = await server.next('REGISTER');
    expect(signed.header('Authorization')).toBe('Digest signed="REGISTER-next"');
    await accept(signed);
    expect(factory).toHaveBeenCalledTimes(2);
  });

  it('that has nothing for a realm leaves it to the password', async () => {
    phoneWith(withFactory(() => null, password));
    await refuse(await server.next('REGISTER'), registrar);
    expect(isDigestOf(await server.next('REGISTER'), password)).toBe(true);
  });

  it('whose answer is refused is not asked again for the same request', async () => {
    const factory = vi.fn<AuthenticationFactory>(() => ({ password: 'wrong' }));
    const { events } = phoneWith(withFactory(factory));
    await refuse(await server.next('REGISTER'), registrar);
    await refuse(await server.next('REGISTER'), registrar);
    expect(factory).toHaveBeenCalledTimes(1);
    expect(events.last('userAgent.registration.failed')).toMatchObject({
      error: { code: 'userAgent.registrationFailed' },
      retryIn: null,
    });
  });

  it.each<[string, AuthenticationFactory]>([
    ['rejects', () => Promise.reject(new Error('t0ken-of-the-application'))],
    [
      'throws',
      () => {
        throw new Error('t0ken-of-the-application');
      },
    ],
    ['gives what is no answer', () => ({ token: 't0ken-of-the-application' }) as never],
    [
      'gives what cannot stand in a header',
      () => ({ authorization: 'Digest x\r\nX-Evil: t0ken-of-the-application' }),
    ],
    ['gives a user that cannot stand in one', () => ({ username: 'a"\r\nX: 1', password: 'pw' })],
  ])('that %s fails the request, which is tried again later', async (_, factory) => {
    const test = phoneWith(withFactory(factory));
    await refuse(await server.next('REGISTER'), registrar);
    const failed = test.events.last('userAgent.registration.failed');
    expect(failed).toMatchObject({ statusCode: 401, retryIn: expect.any(Number) as number });
    expect(test.events.last('userAgent.authentication.failed')).toMatchObject({
      error: failed.error,
      realm: 'example.com',
      method: 'REGISTER',
    });
    expect(isTold(test, ['t0ken-of-the-application'])).toBe(false);
    await vi.advanceTimersByTimeAsync(failed.retryIn ?? 0);
    expect(server.requests('REGISTER')).toHaveLength(2);
  });

  it('that says nothing is waited for ten seconds, and its late answer is not used', async () => {
    let answer: (given: { password: string }) => void = () => undefined;
    const { api, events } = await connected(
      withFactory(
        () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      ),
    );
    const asking = api('userAgent').request('OPTIONS', '2002');
    await refuse(await server.next('OPTIONS'), registrar);
    await vi.advanceTimersByTimeAsync(9999);
    expect(events.of('userAgent.authentication.failed')).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await expect(asking).resolves.toMatchObject({ statusCode: 401 });
    expect(events.last('userAgent.authentication.failed').error.code).toBe(
      'userAgent.credentialsFailed',
    );
    answer({ password });
    await settled();
    expect(server.requests('OPTIONS')).toHaveLength(1);
  });

  it('is of no use to a request whose connection is lost meanwhile', async () => {
    let answer: (given: { password: string }) => void = () => undefined;
    const { api } = phoneWith({
      ...withFactory(
        () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      ),
    });
    await refuse(await server.next('REGISTER'), registrar);
    const refused = answer;
    const asking = api('userAgent').request('OPTIONS', '2002');
    await refuse(await server.next('OPTIONS'), registrar);
    await Promise.all([
      expect(asking).rejects.toMatchObject({ code: 'userAgent.notConnected' }),
      server.drop(),
    ]);
    refused({ password });
    await vi.advanceTimersByTimeAsync(3000);
    const register = await server.next('REGISTER');
    expect(server.requests('REGISTER')).toHaveLength(2);
    await refuse(register, registrar);
    answer({ password });
    await settled();
    const last = await server.next('REGISTER');
    expect(last.cseq).toBe(register.cseq + 1);
    await accept(last);
    expect(api('userAgent').isRegistered()).toBe(true);
  });
});
