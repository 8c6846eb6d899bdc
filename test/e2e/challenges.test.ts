import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { party } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useHarness } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { startScriptedServer } from './support/scriptedServer.ts';
import type { ScriptedSipServer } from './support/scriptedServer.ts';
import { startPageServer } from './support/server.ts';
import { headerOf, headersOf, methodOf, respond } from './support/sipMessage.ts';
import type { SipMessage } from './support/sipMessage.ts';

// Challenges that Kamailio does not make: SHA-512-256, a stale nonce, and those of a stranger.

useHarness();

let server: ScriptedSipServer;
let alice: Party;
let phone: TestPhone;

beforeAll(async () => {
  server = await startScriptedServer();
  const pages = await startPageServer();
  alice = await party({ name: 'alice', url: pages.url });
  const config = { userAgent: { user_agent: { redirect_policy: 'follow' } } };
  phone = await makePhone(alice, { socket: server.url, user: '1001', config });
});

beforeEach(() => {
  server.listen(() => undefined);
});

const toTag = 'scripted';
const parameter = (header: string, name: string): string =>
  new RegExp(`(?:[ ,])${name}=(?:"([^"]*)"|([^,\\s]+))`).exec(header)?.slice(1).join('') ?? '';

/** What the header should answer, reckoned here (RFC 7616 section 3.4). */
function answerTo(header: string, method: string): string {
  const hash = (text: string): string => createHash('sha512-256').update(text).digest('hex');
  const [uri, nonce, nc, cnonce] = ['uri', 'nonce', 'nc', 'cnonce'].map((name) =>
    parameter(header, name),
  );
  const [one, two] = [hash(`1001:${domain}:pw1001`), hash(`${method}:${String(uri)}`)];
  return hash([one, nonce, nc, cnonce, 'auth', two].join(':'));
}

const challenge = (nonce: string, more = ''): readonly [string, string] => [
  'WWW-Authenticate',
  `Digest realm="${domain}", nonce="${nonce}", algorithm=SHA-512-256, qop="auth"${more}`,
];

test('SHA-512-256 is answered, and once more where only the nonce was stale', async () => {
  const asked: SipMessage[] = [];
  server.listen((message) => {
    if (methodOf(message) !== 'MESSAGE') return undefined;
    asked.push(message);
    const header = headerOf(message, 'Authorization');
    if (header === '')
      return respond(message, '401 Unauthorized', { toTag, extra: [challenge('one')] });
    if (parameter(header, 'response') !== answerTo(header, 'MESSAGE'))
      return respond(message, '403 Wrong', { toTag });
    if (parameter(header, 'nonce') === 'two') return respond(message, '200 OK', { toTag });
    const extra = [challenge('two', ', stale=true')];
    return respond(message, '401 Unauthorized', { toTag, extra });
  });
  const status = await phone.page.evaluate(async () => {
    const { statusCode } = await globalThis.phone.userAgent.request('MESSAGE', '1002', {
      body: 'x',
    });
    return statusCode;
  });
  expect(status).toBe(200);
  const nonces = asked.map((message) => parameter(headerOf(message, 'Authorization'), 'nonce'));
  expect(nonces).toEqual(['', 'one', 'two']);
});

test('a nonce that is refused without being stale is not answered again', async () => {
  let count = 0;
  server.listen((message) => {
    if (methodOf(message) !== 'MESSAGE') return undefined;
    count += 1;
    return respond(message, '401 Unauthorized', { toTag, extra: [challenge(`n${String(count)}`)] });
  });
  const status = await phone.page.evaluate(async () => {
    const { statusCode } = await globalThis.phone.userAgent.request('MESSAGE', '1002', {
      body: 'x',
    });
    return statusCode;
  });
  expect([status, count]).toEqual([401, 2]);
});

const unauthorized = { status: '401 Unauthorized', name: 'WWW-Authenticate' };
const asProxy = { status: '407 Proxy Authentication Required', name: 'Proxy-Authenticate' };

test.each([
  { ...unauthorized, who: 'by a realm of its own', realm: 'elsewhere.test' },
  { ...unauthorized, who: 'by our realm', realm: domain },
  { ...asProxy, who: 'as a proxy', realm: 'elsewhere.test' },
])(
  'who is called by a redirection to another domain gets no credentials: $who',
  async ({ status, name, realm }) => {
    const invites: SipMessage[] = [];
    server.listen((message) => {
      if (methodOf(message) === 'ACK') return '';
      if (methodOf(message) !== 'INVITE') return undefined;
      invites.push(message);
      const target = message.startLine.split(' ')[1] ?? '';
      if (!target.includes('elsewhere.test')) {
        const extra = [['Contact', '<sip:eve@elsewhere.test>']] as const;
        return respond(message, '302 Moved Temporarily', { toTag, extra });
      }
      const extra = [
        [name, `Digest realm="${realm}", nonce="x", algorithm=MD5, qop="auth"`],
      ] as const;
      return respond(message, status, { toTag, extra });
    });
    const callId = await phone.callTo('1002');
    await phone.waitForCall('the end', (call) => call.status === 'ended', callId);
    expect(invites.length).toBeGreaterThanOrEqual(2);
    const shown = invites.flatMap((invite) =>
      ['Authorization', 'Proxy-Authorization'].flatMap((header) => headersOf(invite, header)),
    );
    expect(shown).toEqual([]);
    await phone.quiet();
  },
);
