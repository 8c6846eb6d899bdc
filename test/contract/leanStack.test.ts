import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { lean } from './lean.ts';

const require = createRequire(import.meta.url);
const published = (path: string): unknown => require(path);
const both = [lean, published];

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

describe('the MD5 of the script-tag file', () => {
  interface Digests {
    readonly calculateMD5: (text: string) => string;
  }
  const [ours, theirs] = both.map((load) => load('jssip/lib/Utils.js') as Digests);

  it('is that of the published one', () => {
    // Of every length around that of a block.
    for (let length = 0; length < 140; length++) {
      const text = 'pä$s €w'.repeat(20).slice(0, length);
      const md5 = ours?.calculateMD5(text);
      expect(md5).toBe(theirs?.calculateMD5(text));
      expect(md5).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('takes a password of signs beyond the basic plane as UTF-8, which the published one does not', () => {
    const md5 = createHash('md5').update('😀').digest('hex');
    expect(ours?.calculateMD5('😀')).toBe(md5);
    expect(theirs?.calculateMD5('😀')).not.toBe(md5);
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
