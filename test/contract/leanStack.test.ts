import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { lean } from './lean.ts';

const require = createRequire(import.meta.url);
const published = (path: string): unknown => require(path);
const both = [lean, published];

interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly qop?: readonly string[];
}

interface Digest {
  readonly authenticate: (request: object, challenge: Challenge, cnonce: string) => boolean;
  readonly toString: () => string;
}

interface Agent {
  readonly on: (name: string, run: (event: unknown) => void) => void;
  readonly start: () => void;
  readonly stop: () => void;
}

interface Socket {
  readonly sent: string[];
  onconnect: () => void;
  ondata: (text: string) => void;
}

describe('the digest of the script-tag file', () => {
  type Make = new (credentials: object) => Digest;
  const classes = both.map((load) => load('jssip/lib/DigestAuthentication.js') as Make);

  function header(Make: Make, password: string, qop?: readonly string[]): string {
    const digest = new Make({ username: '1001', password, realm: 'lab.test' });
    const request = { method: 'REGISTER', ruri: 'sip:lab.test', body: 'a body' };
    const challenge = { algorithm: 'MD5', realm: 'lab.test', nonce: 'n0nce', ...(qop && { qop }) };
    expect(digest.authenticate(request, challenge, 'c0nce')).toBe(true);
    return digest.toString();
  }

  it.each([undefined, ['auth'], ['auth-int']])(
    'with qop %j is that of the published one',
    (qop) => {
      // Of every length around that of a block.
      for (let length = 1; length < 140; length++) {
        const password = 'pä$s €w'.repeat(20).slice(0, length);
        const [ours, theirs] = classes.map((Make) => header(Make, password, qop));
        expect(ours).toBe(theirs);
        expect(ours).toMatch(/response="[0-9a-f]{32}"/);
      }
    },
  );

  it('takes a password of signs beyond the basic plane as UTF-8, which the published one does not', () => {
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const response = md5(`${md5('1001:lab.test:😀')}:n0nce:${md5('REGISTER:sip:lab.test')}`);
    const [ours, theirs] = classes.map((Make) => header(Make, '😀'));
    expect(ours).toContain(response);
    expect(theirs).not.toContain(response);
  });
});

describe('the agent of the script-tag file', () => {
  const request = (method: string, more = ''): string =>
    [
      `${method} sip:1001@lab.test SIP/2.0`,
      'Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKfar',
      'Max-Forwards: 70',
      'From: <sip:2002@lab.test>;tag=far',
      'To: <sip:1001@lab.test>',
      `Call-ID: ${method}@far`,
      `CSeq: 7 ${method}`,
      `${more}Content-Type: text/plain`,
      'Content-Length: 2',
      '',
      'hi',
    ].join('\r\n');

  /** What an agent answers and tells when this comes in. */
  function story(load: typeof lean, text: string): readonly string[] {
    const UA = load('jssip/lib/UA.js') as new (settings: object) => Agent;
    const socket = {
      ...{ via_transport: 'WSS', url: 'wss://lab.test', sip_uri: 'sip:lab.test;transport=ws' },
      sent: [] as string[],
      connect: () => undefined,
      disconnect: () => undefined,
      isConnected: () => true,
      send: (message: string) => Boolean(socket.sent.push(message)),
    };
    const wire = socket as unknown as Socket;
    const ua = new UA({ sockets: [socket], uri: 'sip:1001@lab.test', register: false });
    const told: string[] = [];
    for (const name of ['newMessage', 'newRTCSession', 'sipEvent']) {
      ua.on(name, () => told.push(name));
    }
    ua.start();
    wire.onconnect();
    wire.ondata(text);
    ua.stop();
    return [...told, ...wire.sent].map((line) => line.replace(/tag=(?!far)\w+/g, 'tag=ours'));
  }

  it.each([
    ['OPTIONS', /^SIP\/2.0 200 OK/],
    ['MESSAGE', /^SIP\/2.0 200 OK/],
    ['SUBSCRIBE', /^SIP\/2.0 405 /],
    ['PUBLISH', /^SIP\/2.0 405 /],
    ['BYE', /^SIP\/2.0 481 /],
  ])('answers %s as the published one', (method, answer) => {
    const [ours, theirs] = both.map((load) => story(load, request(method)));
    expect(ours).toEqual(theirs);
    expect(ours?.at(-1)).toMatch(answer);
  });

  it('tells of a message', () => {
    expect(story(lean, request('MESSAGE'))[0]).toBe('newMessage');
  });
});
