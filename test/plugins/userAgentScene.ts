import { afterEach, beforeEach, expect, vi } from 'vitest';
import { userAgent } from '../../plugins/userAgent/index.ts';
import type { Call } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import type { FakeMedia } from '../support/fakeMedia.ts';
import { settled } from '../support/fakeSession.ts';
import { anySdp, fakeConnections, farTag, scriptedServer } from '../support/scriptedSocket.ts';
import type { FakeConnection, ScriptedServer, WireMessage } from '../support/scriptedSocket.ts';
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

/** A phone with this plugin, time being the test’s. */
export function phoneWith(options: Options = {}): TestPhone {
  return testPhone({
    plugins: [
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
export async function connected(options: Options = {}): Promise<TestPhone> {
  const test = phoneWith({ ...options, user_agent: { register: false, ...options.user_agent } });
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
export async function talking(options: Options = {}): Promise<Talk> {
  const test = await connected(options);
  const calling = test.api('userAgent').call('2002');
  const invite = await server.next('INVITE');
  await server.reply(invite, 200, { headers: [`Contact: <sip:2002@192.0.2.9>`], body: anySdp });
  const call = await calling;
  await server.next('ACK');
  await settled();
  expect(call.isEstablished()).toBe(true);
  const [connection] = connections;
  if (!connection) throw new Error('There is no connection.');
  return { ...test, call, invite, connection };
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
