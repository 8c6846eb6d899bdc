import { afterEach, beforeEach, expect, vi } from 'vitest';
import { userAgent } from '../../plugins/userAgent/index.ts';
import type { Call, PhoneOptions } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import type { FakeMedia } from '../support/fakeMedia.ts';
import { settled } from '../support/fakeSession.ts';
import { anySdp, fakeConnections, farTag, scriptedServer } from '../support/scriptedSocket.ts';
import type {
  FakeConnection,
  ReplyOptions,
  ScriptedServer,
  WireMessage,
} from '../support/scriptedSocket.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

/** The password of the account. */
export const password = 'c0rrect-h0rse';
/** What a server that asks for a password says. */
export const challenge = 'WWW-Authenticate: Digest realm="example.com", nonce="n0nce", qop="auth"';

/** The server of the running test. */
export let server: ScriptedServer;
/** The devices of the running test. */
export let media: FakeMedia;
/** All peer connections of the running test. */
export let connections: readonly FakeConnection[];

beforeEach(() => {
  vi.useFakeTimers();
  server = scriptedServer();
  connections = fakeConnections();
  media = fakeMedia();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What the plugin is configured with. */
export type Options = Parameters<typeof userAgent>[0];

/** What the phone is made of besides this plugin. */
export type More = Partial<PhoneOptions>;

/** A phone with this plugin, time being the test’s. */
export function phoneWith(options: Options = {}, more: More = {}): TestPhone {
  return testPhone({
    ...more,
    plugins: [
      ...(more.plugins ?? []),
      userAgent({
        transport: { sockets: ['wss://sip.example.com'] },
        authentication: { username: '1001', password, realm: 'example.com' },
        ...options,
        user_agent: {
          instance_id: 'b8a9a2a0-1d0f-4b4f-9a38-7a6f1f0b3c11',
          session_timers: false,
          ...options.user_agent,
        },
      }),
    ],
  });
}

/** A phone that is connected and does not register. */
export async function connected(options: Options = {}, more: More = {}): Promise<TestPhone> {
  const user_agent = { register: false, ...options.user_agent };
  const test = phoneWith({ ...options, user_agent }, more);
  // Some options bring a part of the phone that is loaded first.
  await vi.dynamicImportSettled();
  await settled();
  expect(test.api('userAgent').isConnected()).toBe(true);
  return test;
}

/** A phone in a call. */
export interface Talk extends TestPhone {
  readonly call: Call;
  readonly invite: WireMessage;
  readonly connection: FakeConnection;
}

/** A phone that has called 2002, who has answered. */
export async function talking(
  options: Options = {},
  more: More = {},
  answer: ReplyOptions = ok,
): Promise<Talk> {
  const test = await connected(options, more);
  const calling = test.api('userAgent').call('2002');
  const invite = await server.next('INVITE');
  await server.reply(invite, 200, answer);
  const call = await calling;
  await server.next('ACK');
  await settled();
  expect(call.isEstablished()).toBe(true);
  const [connection] = connections;
  if (!connection) throw new Error('There is no connection.');
  return { ...test, call, invite, connection };
}

/** A phone that is registered, and the REGISTER that did it. */
export async function registered(
  options: Options = {},
  more: More = {},
): Promise<TestPhone & { readonly register: WireMessage }> {
  const test = phoneWith(options, more);
  const register = await server.next('REGISTER');
  await accept(register);
  return { ...test, register };
}

/** Answers a REGISTER with 200 and its own contact, which lasts for `expires` seconds. */
export async function accept(register: WireMessage, expires = 300): Promise<void> {
  const contact = `Contact: ${register.header('Contact')};expires=${String(expires)}`;
  await server.reply(register, 200, { headers: [contact] });
}

/** What a 200 to an INVITE carries. */
export const ok = { headers: ['Contact: <sip:2002@192.0.2.9>'], body: anySdp };

/** A request of the far end within the call. */
export function inDialog(
  invite: WireMessage,
  method: string,
  more: readonly string[] = [],
): string {
  const contact = /<([^>]+)>/.exec(invite.header('Contact'))?.[1] ?? '';
  return [
    `${method} ${contact} SIP/2.0`,
    'Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKfar',
    'Max-Forwards: 70',
    `From: ${invite.header('To')};tag=${farTag}`,
    `To: ${invite.header('From')}`,
    `Call-ID: ${invite.header('Call-ID')}`,
    `CSeq: 500 ${method}`,
    ...more,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

const via = 'Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKin1';
const caller = `From: "Bob" <sip:2002@example.com>;tag=${farTag}`;

/** Somebody calls. */
export function incomingInvite(user = '1001', headers: readonly string[] = []): string {
  return [
    `INVITE sip:${user}@example.com SIP/2.0`,
    via,
    'Max-Forwards: 70',
    caller,
    'To: <sip:1001@example.com>',
    'Call-ID: in1@192.0.2.9',
    'CSeq: 1 INVITE',
    'Contact: <sip:2002@192.0.2.9>',
    ...headers,
    'Content-Type: application/sdp',
    `Content-Length: ${String(anySdp.length)}`,
    '',
    anySdp,
  ].join('\r\n');
}

/** The caller gives up, because somebody else took the call. */
export const incomingCancel: string = [
  'CANCEL sip:1001@example.com SIP/2.0',
  via,
  caller,
  'To: <sip:1001@example.com>',
  'Call-ID: in1@192.0.2.9',
  'CSeq: 1 CANCEL',
  'Reason: SIP;cause=200;text="Call completed elsewhere"',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

/** The caller acknowledges our 200. */
export function ackOf(accepted: WireMessage): string {
  return [
    'ACK sip:1001@example.com SIP/2.0',
    'Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKin2',
    caller,
    `To: ${accepted.header('To')}`,
    'Call-ID: in1@192.0.2.9',
    'CSeq: 1 ACK',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** A request that belongs to no call, with a body. */
export function outOfDialog(method: string, headers: readonly string[], body: string): string {
  return [
    `${method} sip:1001@example.com SIP/2.0`,
    `Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bK${method}`,
    'Max-Forwards: 70',
    caller,
    'To: <sip:1001@example.com>',
    `Call-ID: ${method}@192.0.2.9`,
    `CSeq: 1 ${method}`,
    ...headers,
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}
