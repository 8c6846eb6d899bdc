import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type SipServer, startSipServer } from '../../examples/sandbox/server/sipServer.js';
import { RawPhone, unique } from './rawPhone.ts';

let server: SipServer;
const lines: string[] = [];

beforeEach(async () => {
  lines.length = 0;
  const users = { alice: 'alice-secret' };
  server = await startSipServer({ users, log: (line) => lines.push(line) });
});

afterEach(async () => {
  await server.close();
});

test('a WebSocket without the subprotocol sip, or on another path, is refused', async () => {
  const refusal = (url: string, protocol: string[]): Promise<string> =>
    new Promise((resolve) => {
      new WebSocket(url, protocol).once('error', (error) => {
        resolve(error.message);
      });
    });
  expect(await refusal(server.url, [])).toContain('400');
  expect(await refusal(server.url, ['xmpp'])).toContain('400');
  expect(await refusal(server.url.replace('/sip', '/other'), ['sip'])).toContain('404');
});

test('a page from another site may not connect, one from this machine may', async () => {
  const answer = (origin: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(server.url, 'sip', { origin });
      socket.once('open', () => {
        resolve('open');
      });
      socket.once('error', (error) => {
        resolve(error.message);
      });
    });
  expect(await answer('https://elsewhere.example')).toContain('403');
  expect(await answer('null')).toContain('403');
  expect(await answer('http://localhost:8080')).toBe('open');
});

test('a keep-alive ping is answered', async () => {
  const phone = await RawPhone.open(server.url, 'alice');
  const pong = new Promise((resolve) => {
    phone.socket.once('message', (data: Buffer) => {
      resolve(data.toString());
    });
  });
  phone.send('\r\n\r\n');
  expect(await pong).toBe('\r\n');
});

test.each([
  ['noise', 'hello'],
  ['a request line alone', 'INVITE sip:alice@sandbox.invalid SIP/2.0\r\n\r\n'],
  ['a header without colon', 'INVITE sip:a@b SIP/2.0\r\nFoo\r\n\r\n'],
  ['an unreadable Via', 'INVITE sip:a@b SIP/2.0\r\nVia: ;\r\nTo: x\r\nFrom: y\r\n\r\n'],
  ['a response to nothing', 'SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x;branch=z9hG4bK1\r\n\r\n'],
  ['bytes', Buffer.from([0, 1, 2, 255, 254])],
])('%s is dropped with a line in the log and the server goes on', async (_, frame) => {
  const phone = await RawPhone.open(server.url, 'alice');
  phone.socket.send(frame);
  expect((await phone.register()).start).toBe('SIP/2.0 200 OK');
  expect(lines.some((line) => line.startsWith('dropped'))).toBe(true);
});

const request = (changes: Record<string, string>): string => {
  const lines: Record<string, string> = {
    start: 'OPTIONS sip:sandbox.invalid SIP/2.0',
    Via: `SIP/2.0/WS alice.invalid;branch=z9hG4bK${unique()}`,
    From: '<sip:alice@sandbox.invalid>;tag=1',
    To: '<sip:sandbox.invalid>',
    'Call-ID': unique(),
    CSeq: '1 OPTIONS',
    'Max-Forwards': '70',
    'Content-Length': '0',
    ...changes,
  };
  const { start, ...headers } = lines;
  const text = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [start, ...text, '', ''].join('\r\n');
};

test.each([
  ['another method in CSeq', { CSeq: '1 INVITE' }, '400 CSeq Method Mismatch'],
  ['no From tag', { From: '<sip:alice@sandbox.invalid>' }, '400 Missing From Tag'],
  ['a body that is cut off', { 'Content-Length': '9' }, '400 Body Too Short'],
  ['Max-Forwards that is no number', { 'Max-Forwards': 'x' }, '400 Bad Max-Forwards'],
  ['no hops left', { 'Max-Forwards': '0' }, '483 Too Many Hops'],
  ['no credentials', {}, '407 Proxy Authentication Required'],
])('%s is answered with its reason', async (_, changes, answer) => {
  const phone = await RawPhone.open(server.url, 'alice');
  phone.send(request(changes));
  expect((await phone.next('SIP/2.0')).start).toBe(`SIP/2.0 ${answer}`);
});

test('a CANCEL of nothing is 481 and an ACK of nothing is not answered', async () => {
  const phone = await RawPhone.open(server.url, 'alice');
  phone.request('ACK');
  phone.request('CANCEL');
  expect((await phone.next('SIP/2.0')).start).toContain('481');
  expect(phone.pending()).toEqual([]);
});

test('page and SIP share one port, and the HTTP server outlives the SIP server', async () => {
  const http = createServer((_, response) => response.end('the page'));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const shared = await startSipServer({ http: { server: http }, users: { alice: 'alice-secret' } });
  expect(shared.url).toBe(`ws://127.0.0.1:${port}/sip`);
  await RawPhone.registered(shared.url, 'alice');
  await shared.close();
  const page = await fetch(`http://127.0.0.1:${port}/`);
  expect(await page.text()).toBe('the page');
  await new Promise((resolve) => {
    http.close(resolve);
    http.closeAllConnections();
  });
});

test('a taken port rejects', async () => {
  await expect(startSipServer({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('close() leaves no handle behind, calls and registrations included', async () => {
  // Vitest and happy sockets of the runner itself are there before and after.
  const handles = (): string[] =>
    process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|HTTP/.test(name));
  await server.close();
  const before = handles().length;
  const users = { alice: 'alice-secret', bob: 'bob-secret' };
  const own = await startSipServer({ users });
  const alice = await RawPhone.registered(own.url, 'alice');
  const bob = await RawPhone.registered(own.url, 'bob');
  await alice.call('sip:bob@sandbox.invalid');
  bob.respond(await bob.next('INVITE'), '180 Ringing');
  await alice.next('180');
  const gone = [alice, bob].map(
    ({ socket }) => new Promise((resolve) => socket.once('close', resolve)),
  );
  await own.close();
  await Promise.all(gone);
  expect(own.transactions()).toBe(0);
  await expect.poll(() => handles().length).toBeLessThanOrEqual(before);
});
