import { UA, WebSocketInterface } from 'jssip';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type SipServer, startSipServer } from '../../examples/sandbox/server/sipServer.js';
import { RawPhone } from './rawPhone.ts';

let server: SipServer;
const lines: string[] = [];

beforeEach(async () => {
  lines.length = 0;
  vi.stubGlobal('WebSocket', WebSocket);
  const users = { alice: 'alice-secret', bob: 'bob-secret' };
  server = await startSipServer({ users, log: (line) => lines.push(line) });
});

afterEach(async () => {
  await server.close();
  vi.unstubAllGlobals();
});

function jssip(user: string, password = `${user}-secret`): UA {
  const sockets = [new WebSocketInterface(server.url)];
  return new UA({ sockets, uri: `sip:${user}@${server.realm}`, password });
}

const once = (
  ua: UA,
  event: 'registered' | 'unregistered' | 'registrationFailed',
): Promise<unknown> =>
  new Promise((resolve) => {
    (ua.once as (name: string, listener: (value: unknown) => void) => void)(event, resolve);
  });

test('a JsSIP phone registers, is listed with its instance, and leaves', async () => {
  const ua = jssip('alice');
  const registered = once(ua, 'registered');
  ua.start();
  await registered;
  expect(server.registrations()).toMatchObject([{ user: 'alice', expiresIn: 600 }]);
  expect(server.registrations()[0]?.instance).toContain('urn:uuid:');
  const unregistered = once(ua, 'unregistered');
  ua.unregister();
  await unregistered;
  expect(server.registrations()).toEqual([]);
  ua.stop();
});

test('a JsSIP phone can remove all contacts of its user with Contact: *', async () => {
  const other = await RawPhone.registered(server.url, 'alice');
  const ua = jssip('alice');
  const registered = once(ua, 'registered');
  ua.start();
  await registered;
  expect(server.registrations()).toHaveLength(2);
  const unregistered = once(ua, 'unregistered');
  ua.unregister({ all: true });
  await unregistered;
  expect(server.registrations()).toEqual([]);
  other.socket.terminate();
  ua.stop();
});

test('a wrong password is refused with 401 again, and nothing is registered or logged of it', async () => {
  const ua = jssip('alice', 'not-the-word');
  const failed = once(ua, 'registrationFailed');
  ua.start();
  expect(await failed).toMatchObject({ cause: 'Authentication Error' });
  expect(lines.filter((line) => line.includes('REGISTER 401'))).toHaveLength(2);
  expect(server.registrations()).toEqual([]);
  expect(lines.join('\n')).not.toMatch(/not-the-word|alice-secret|nonce/);
  ua.stop();
});

test('a nonce is good for one use of each count, then the client is told that it is stale', async () => {
  const phone = await RawPhone.open(server.url, 'alice');
  const used = await phone.authenticated('OPTIONS', { uri: 'sip:sandbox.invalid' });
  expect((await phone.next('SIP/2.0')).start).toBe('SIP/2.0 200 OK');
  phone.send(used.replace(/branch=\S+/, 'branch=z9hG4bKagain'));
  expect((await phone.next('SIP/2.0')).header('Proxy-Authenticate')).toContain('stale=true');
});

test('too short a registration is refused with Min-Expires', async () => {
  const phone = await RawPhone.open(server.url, 'alice');
  const response = await phone.register({ expires: 5 });
  expect(response.start).toContain('423');
  expect(response.header('Min-Expires')).toBe('10');
});

test('a registration ends when its time is over', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    const phone = await RawPhone.open(server.url, 'alice');
    await phone.register({ expires: 20 });
    vi.advanceTimersByTime(19_000);
    expect(server.registrations()).toMatchObject([{ expiresIn: 1 }]);
    vi.advanceTimersByTime(1_001);
    expect(server.registrations()).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test('the same instance replaces its contact, another one is added beside it', async () => {
  const first = await RawPhone.registered(server.url, 'alice', 'one');
  const back = await RawPhone.registered(server.url, 'alice', 'one');
  expect(server.registrations().map(({ contact }) => contact)).toEqual([back.contact]);
  const other = await RawPhone.open(server.url, 'alice');
  const response = await other.register({ instance: 'two' });
  expect(response.header('Contact')).toContain(back.contact);
  expect(response.header('Contact')).toContain(other.contact);
  first.socket.close();
  other.socket.close();
  await vi.waitFor(() => {
    expect(server.registrations()).toHaveLength(1);
  });
});

test('nobody registers in the name of another', async () => {
  const phone = await RawPhone.open(server.url, 'alice');
  const uri = 'sip:sandbox.invalid';
  await phone.authenticated('REGISTER', { uri, to: '<sip:bob@sandbox.invalid>' });
  expect((await phone.next('SIP/2.0')).start).toContain('403');
});

test('a user added later can log in', async () => {
  server.addUser('carol', 'carol-secret');
  await RawPhone.registered(server.url, 'carol');
  expect(server.registrations()).toMatchObject([{ user: 'carol' }]);
});

test('a MESSAGE from one JsSIP phone arrives at the other, letters and all', async () => {
  const [alice, bob] = [jssip('alice'), jssip('bob')];
  const ready = [once(alice, 'registered'), once(bob, 'registered')];
  alice.start();
  bob.start();
  await Promise.all(ready);
  const arrived = new Promise<string>((resolve) => {
    bob.on('newMessage', ({ request }: { request: { body: string } }) => {
      resolve(request.body);
    });
  });
  const sent = new Promise((resolve, reject) => {
    const eventHandlers = { succeeded: resolve, failed: reject };
    alice.sendMessage('sip:bob@sandbox.invalid', 'Grüße ☎', { eventHandlers });
  });
  expect(await arrived).toBe('Grüße ☎');
  await sent;
  alice.stop();
  bob.stop();
});
