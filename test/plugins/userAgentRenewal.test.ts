import { describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import { digestField, isDigestOf } from '../support/digest.ts';
import {
  accept,
  challenge,
  connected,
  ok,
  password,
  phoneWith,
  registered,
  server,
} from './userAgentScene.ts';

const registers = (): number => server.requests('REGISTER').length;
/** JsSIP connects again after some seconds. */
const reconnected = async (): Promise<void> => {
  await server.drop();
  expect(server.open()).toBe(0);
  for (let second = 0; second < 60 && server.open() === 0; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(server.open()).toBe(1);
};

describe('a renewal', () => {
  it('that succeeds is the last word until half of the time is over again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { events, api } = await registered();
    await vi.advanceTimersByTimeAsync(149_999);
    expect([registers(), events.of('userAgent.registration.expiring').length]).toEqual([1, 0]);
    await vi.advanceTimersByTimeAsync(1);
    expect(events.of('userAgent.registration.expiring')).toHaveLength(1);
    await accept(await server.next('REGISTER'));
    await vi.advanceTimersByTimeAsync(149_999);
    expect(registers()).toBe(2);
    expect(api('userAgent').isRegistered()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(registers()).toBe(3);
    expect(events.of('userAgent.registration.registered')).toHaveLength(1);
  });

  it('asked for by hand settles', async () => {
    const { api } = await registered();
    const renewing = api('userAgent').register();
    await accept(await server.next('REGISTER'));
    await renewing;
    await vi.advanceTimersByTimeAsync(100_000);
    expect(registers()).toBe(2);
  });

  it('that the server refuses is told, and the phone is not registered any more', async () => {
    const { api, events, part } = await registered();
    const renewing = expect(api('userAgent').register()).rejects.toMatchObject({
      code: 'userAgent.registrationFailed',
      statusCode: 503,
    });
    await server.reply(await server.next('REGISTER'), 503);
    await renewing;
    await settled();
    expect(api('userAgent').isRegistered()).toBe(false);
    expect(events.last('userAgent.registration.failed').retryIn).toBeGreaterThan(0);
    expect(part('userAgent', 'userAgent').dataset['status']).toBe('registering');
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 1000, 2000],
    ['3155760000', 3_600_000, 3_600_000],
    ['soon', 1000, 2000],
  ])('of %s seconds is obeyed within reason', async (asked, least, most) => {
    const { events } = phoneWith();
    await server.reply(await server.next('REGISTER'), 503, { headers: [`Retry-After: ${asked}`] });
    const { retryIn } = events.last('userAgent.registration.failed');
    expect(retryIn).toBeGreaterThanOrEqual(least);
    expect(retryIn).toBeLessThanOrEqual(most);
    await vi.advanceTimersByTimeAsync(least - 1);
    expect(registers()).toBe(1);
    await vi.advanceTimersByTimeAsync(most - least + 1);
    expect(registers()).toBe(2);
  });
});

describe('a connection that breaks just after the server has answered', () => {
  it('is no failure of the registration, which follows at the next one', async () => {
    const { events } = await registered();
    await reconnected();
    expect(events.names('userAgent.registration.failed')).toEqual([]);
    expect(registers()).toBe(2);
  });
});

describe('credentials that the server has refused', () => {
  it.each([401, 403, 407])('with %i are not tried again at a new connection', async (status) => {
    const { api } = phoneWith();
    await server.reply(await server.next('REGISTER'), status);
    await reconnected();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(registers()).toBe(1);
    const again = api('userAgent').register();
    await accept(await server.next('REGISTER'));
    await again;
    expect(api('userAgent').isRegistered()).toBe(true);
    await reconnected();
    expect(registers()).toBe(3);
  });

  it('are forgotten at a start with others', async () => {
    const { api } = phoneWith();
    await server.reply(await server.next('REGISTER'), 403);
    await api('userAgent').stop();
    await api('userAgent').start('1001', 'an0ther');
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    const register = await server.next('REGISTER');
    expect([isDigestOf(register, 'an0ther'), isDigestOf(register, password)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('unregistering', () => {
  it.each([
    ['is stopped', 'stop'],
    ['loses its connection', 'drop'],
  ] as const)('settles when the phone %s before the server has answered', async (_, how) => {
    const { api } = await registered();
    const leaving = api('userAgent').unregister();
    await server.next('REGISTER');
    if (how === 'stop') await api('userAgent').stop();
    else await server.drop();
    await leaving;
    expect(api('userAgent').isRegistered()).toBe(false);
  });

  it('while a REGISTER is on its way ends unregistered', async () => {
    const { api } = phoneWith();
    const register = await server.next('REGISTER');
    await api('userAgent').unregister();
    await accept(register);
    const farewell = await server.next('REGISTER');
    expect(farewell.header('Contact')).toContain('expires=0');
    await server.reply(farewell, 200);
    expect(api('userAgent').isRegistered()).toBe(false);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(registers()).toBe(2);
  });

  it('is remembered over a new connection, and forgotten at a new start', async () => {
    const { api } = await registered();
    const leaving = api('userAgent').unregister();
    await server.reply(await server.next('REGISTER'), 200);
    await leaving;
    await reconnected();
    expect(registers()).toBe(2);
    await api('userAgent').stop();
    await api('userAgent').start();
    await settled();
    expect(registers()).toBe(3);
  });
});

describe('a proxy with a realm of its own', () => {
  it('gets the digest for it, after the registrar had one for another', async () => {
    const { api } = phoneWith();
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    const register = await server.next('REGISTER');
    expect(digestField(register, 'realm')).toBe('example.com');
    await accept(register);
    const calling = api('userAgent').call('2002');
    await server.reply(await server.next('INVITE'), 407, {
      headers: ['Proxy-Authenticate: Digest realm="proxy.example.net", nonce="n1", qop="auth"'],
    });
    const invite = await server.next('INVITE');
    expect(digestField(invite, 'realm')).toBe('proxy.example.net');
    expect(isDigestOf(invite, password)).toBe(true);
    await server.reply(invite, 200, ok);
    expect((await calling).isEstablished()).toBe(true);
    const renewing = api('userAgent').register();
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    const again = await server.next('REGISTER');
    expect([digestField(again, 'realm'), isDigestOf(again, password)]).toEqual([
      'example.com',
      true,
    ]);
    await accept(again);
    await renewing;
  });
});

describe('a registration that nobody answers', () => {
  it('fails after the time of the RFC and is tried again', async () => {
    const { api, events } = await connected();
    const registering = expect(api('userAgent').register()).rejects.toMatchObject({
      code: 'userAgent.registrationUnanswered',
    });
    await server.next('REGISTER');
    await vi.advanceTimersByTimeAsync(32_000);
    await registering;
    expect(events.last('userAgent.registration.failed')).toMatchObject({ statusCode: null });
    await vi.advanceTimersByTimeAsync(2000);
    await accept(await server.next('REGISTER'));
    expect(api('userAgent').isRegistered()).toBe(true);
  });
});
