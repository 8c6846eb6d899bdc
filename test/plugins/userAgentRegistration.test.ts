import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import {
  challenge,
  inDialog,
  incomingCancel,
  incomingInvite,
  ok,
  password,
  phoneWith,
  server,
} from './userAgentScene.ts';

describe('registering', () => {
  it('sends the configured account, headers and parameters, and is registered after the 200', async () => {
    const { events, api } = phoneWith({
      user_agent: { register_expires: 120 },
      custom_headers: { register: ['X-Site: 7'] },
      custom_parameters: { contact_uri: { 'pn-provider': 'acme' } },
    });
    const register = await server.next('REGISTER');
    expect(register.start).toBe('REGISTER sip:example.com SIP/2.0');
    expect(register.header('X-Site')).toBe('7');
    expect(register.header('Contact')).toContain('pn-provider=acme');
    expect(register.header('Contact')).toContain('b8a9a2a0-1d0f-4b4f-9a38-7a6f1f0b3c11');
    expect(register.header('Expires')).toBe('120');
    expect(register.header('User-Agent')).toMatch(/^cordboard\/\d+\.\d+\.\d+/);
    expect(events.names('userAgent.registration')).toEqual([]);
    await server.reply(register, 200, {
      headers: [`Contact: ${register.header('Contact')};expires=120`],
    });
    expect(events.names('userAgent.registration')).toEqual(['userAgent.registration.registered']);
    expect([api('userAgent').isRegistered(), api('userAgent').isReady()]).toEqual([true, true]);
  });

  it('answers the challenge with a digest of the password, which itself goes nowhere', async () => {
    const { events, log } = phoneWith();
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    const register = await server.next('REGISTER');
    const field = (name: string): string =>
      new RegExp(`\\b${name}="?([^",]+)`).exec(register.header('Authorization'))?.[1] ?? '';
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const ha1 = md5(`1001:example.com:${password}`);
    const ha2 = md5('REGISTER:sip:example.com');
    expect(field('response')).toBe(
      md5([ha1, 'n0nce', field('nc'), field('cnonce'), 'auth', ha2].join(':')),
    );
    await server.reply(register, 200, {
      headers: [`Contact: ${register.header('Contact')};expires=300`],
    });
    expect(events.names('userAgent.registration')).toEqual(['userAgent.registration.registered']);
    expect(JSON.stringify(server.sent)).not.toContain(password);
    expect(JSON.stringify(log)).not.toContain(password);
  });

  it('stops at a wrong password, and says so', async () => {
    const { events, api } = phoneWith();
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    expect(events.last('userAgent.registration.failed')).toMatchObject({
      statusCode: 401,
      retryIn: null,
      error: { code: 'userAgent.registrationFailed', statusCode: 401 },
    });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.requests('REGISTER')).toHaveLength(2);
    expect(api('userAgent').isRegistered()).toBe(false);
  });

  it('waits as long as the server asks for', async () => {
    const { events } = phoneWith();
    await server.reply(await server.next('REGISTER'), 503, { headers: ['Retry-After: 17'] });
    expect(events.last('userAgent.registration.failed').retryIn).toBe(17_000);
    await vi.advanceTimersByTimeAsync(16_999);
    expect(server.requests('REGISTER')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.requests('REGISTER')).toHaveLength(2);
  });

  it('removes only its own contact when it stops, and closes the connection', async () => {
    const { events, api } = phoneWith();
    const register = await server.next('REGISTER');
    await server.reply(register, 200, {
      headers: [`Contact: ${register.header('Contact')};expires=300`],
    });
    await api('userAgent').stop();
    const farewell = await server.next('REGISTER');
    expect(farewell.header('Contact')).toContain('expires=0');
    expect(farewell.header('Contact')).not.toContain('*');
    await server.reply(farewell, 200);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(server.open()).toBe(0);
    expect(events.names('userAgent.stopped')).toHaveLength(1);
  });
});

const elsewhere = 'Proxy-Authenticate: Digest realm="proxy.example.net", nonce="n1", qop="auth"';

describe('the password', () => {
  const secrets = [
    password,
    ...['example.com', 'proxy.example.net'].map((realm) =>
      createHash('md5').update(`1001:${realm}:${password}`).digest('hex'),
    ),
  ];

  it.each([
    ['is never asked for', false],
    ['was used', true],
  ])('cannot be found by walking what an event carries when it %s', async (_, isAsked) => {
    const found: string[] = [];
    const walked = new Set<string>();
    const { phone, api } = phoneWith();
    phone.onPattern('**', (name, payload) => {
      if (search(payload, 'server_transaction') !== null) walked.add(name);
      for (const secret of secrets) {
        const where = search(payload, secret);
        if (where !== null) found.push(`${name} at ${where}`);
      }
    });
    if (isAsked) {
      await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    }
    const register = await server.next('REGISTER');
    const contact = `Contact: ${register.header('Contact')};expires=300`;
    await server.reply(register, 200, { headers: [contact] });
    const calling = api('userAgent').call('2002');
    if (isAsked) await server.reply(await server.next('INVITE'), 407, { headers: [elsewhere] });
    const invite = await server.next('INVITE');
    await server.reply(invite, 180);
    await server.reply(invite, 200, ok);
    const call = await calling;
    await server.say(inDialog(invite, 'BYE'));
    expect(call.isEnded()).toBe(true);
    // The event of a request leads to the stack's own objects: the walk has really been there.
    expect([...walked]).toContain('call.ended');
    expect(found).toEqual([]);
  });
});

describe('the token', () => {
  it('cannot be found by walking what an event of the connection carries', async () => {
    const found: string[] = [];
    const { phone } = phoneWith({
      authentication: { username: '1001', realm: 'example.com', jwt: 't0ken' },
    });
    phone.onPattern('**', (name, payload) => {
      const where = search(payload, 't0ken');
      if (where !== null) found.push(`${name} at ${where}`);
    });
    const register = await server.next('REGISTER');
    expect(register.header('Authorization')).toBe('Bearer t0ken');
    const contact = `Contact: ${register.header('Contact')};expires=300`;
    await server.reply(register, 200, { headers: [contact] });
    await server.say(incomingInvite());
    await server.say(incomingCancel);
    await server.drop();
    expect(found).toEqual([]);
  });
});

/** The path to a text or key by enumerable properties, or null. */
function search(start: unknown, wanted: string): string | null {
  const seen = new Set<unknown>();
  const queue: (readonly [unknown, string])[] = [[start, 'payload']];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [value, path] = next;
    if (typeof value === 'string' && value.includes(wanted)) return path;
    if (seen.has(value) || value instanceof Node || value === globalThis) continue;
    seen.add(value);
    for (const [key, inner] of entriesOf(value)) {
      if (key === wanted) return `${path}.${key}`;
      queue.push([inner, `${path}.${key}`]);
    }
  }
  return null;
}

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

describe('debugging', () => {
  it('prints what passes the wire without a credential in it', async () => {
    const { log, api } = phoneWith({ debug: true });
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    const register = await server.next('REGISTER');
    const text = log.map(({ message, data }) => `${message} ${JSON.stringify(data)}`).join('\n');
    expect(text).toContain('REGISTER sip:example.com');
    expect(text).toContain('Authorization: [redacted]');
    const digest = /response="([^"]+)"/.exec(register.text)?.[1] ?? 'none';
    expect(text).not.toContain(digest);
    expect(text).not.toContain(password);
    const lines = log.length;
    api('userAgent').stopDebug();
    await server.reply(register, 200);
    expect(log.slice(lines).some(({ message }) => message.startsWith('SIP '))).toBe(false);
  });
});
