import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

interface Grammar {
  readonly parse: (text: string, rule: string) => unknown;
}

interface Lean {
  readonly foldGrammar: (code: string) => string;
  readonly startRules: readonly string[];
}

const require = createRequire(import.meta.url);
const grammarFile = require.resolve('jssip/lib/Grammar.js');
const library = dirname(grammarFile);
const published = require(grammarFile) as Grammar;
const leanFile = join(import.meta.dirname, '../../.config/leanGrammar.mjs');
const { foldGrammar, startRules } = (await import(leanFile)) as Lean;

function load(code: string): Grammar {
  const run = runInThisContext(`(function (module, require) {${code}\n})`) as (
    module: { exports: unknown },
    requireIt: typeof require,
  ) => void;
  const module: { exports: unknown } = { exports: {} };
  run(module, createRequire(grammarFile));
  return module.exports as Grammar;
}

const lean = load(foldGrammar(readFileSync(grammarFile, 'utf8')));

const texts: Readonly<Record<string, readonly string[]>> = {
  absoluteURI: ['ws://127.0.0.1:8080/', 'wss://sip.example.org/ws?x=1', 'not an address'],
  Call_ID: ['a84b4c76e66710@pc33.example.org', 'one two'],
  Contact: [
    '<sip:1001@10.0.0.1:5060;transport=ws>;expires=60;q=0.7',
    '"A \\"B\\" C" <sips:a%20b@[2001:db8::9:1]:5061>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-0000dEADbEEF>", <sip:x@y>',
    '*',
    '<sip:',
  ],
  Content_Length: ['0', '1234', '-1'],
  Content_Type: [
    'application/sdp',
    'multipart/mixed;boundary="a b"',
    'message/sipfrag;version=2.0',
  ],
  CSeq: ['4711 INVITE', '1 REGISTER', '99999999999 x', 'INVITE'],
  Event: ['refer;id=93809824', 'dialog', 'message-summary', 'presence.winfo;id=1'],
  From: [
    '"Ä Ö" <sip:+49@example.org;user=phone>;tag=88sja8x',
    'sip:a@b;tag=1',
    '<tel:+1>;tag=3',
    ';',
  ],
  host: [
    'example.org',
    '192.0.2.10',
    '[2001:db8::1]',
    '::1',
    '[::ffff:192.0.2.128]',
    'a_b',
    '300.1.1.1',
  ],
  Max_Forwards: ['70', 'x'],
  Name_Addr_Header: [
    'Bob <sip:bob@example.org>',
    '<sip:a:secret@b?subject=x&priority=urgent>',
    '<>',
  ],
  quoted_string: ['"one"', '"with \\" and \\\\"', '"open', '""'],
  Record_Route: ['<sip:10.0.0.1;transport=ws;lr;ob>, <sip:10.0.0.2;r2=on;lr=on>', '<sip:p>;x=y'],
  Request_Response: [
    'SIP/2.0 200 OK',
    'SIP/2.0 486 Besetzt – später',
    'SIP/2.0 99 x',
    'INVITE sip:a@b;transport=ws SIP/2.0',
    'PUBLISH sip:a@b?x=y SIP/2.0',
    'BYE sip:[2001:db8::7]:5062 SIP/2.0',
    'HELLO',
  ],
  Session_Expires: ['1800;refresher=uas', '90', '90;refresher=who;x=y'],
  SIP_URI: [
    'sip:alice@example.org',
    'SIPS:%61lice:pw@[::1]:5061;transport=TCP;lr;maddr=239.1.1.1;ttl=15;user=ip;method=INVITE?a=b&c=',
    'sip:*43@lab.test',
    'sip:#21#@lab.test',
    'sip:a b@c',
    'tel:1',
  ],
  Status_Line: ['SIP/2.0 100 Trying', 'SIP/2.0 603 Decline\r\n', 'SIP/1.0 200 OK'],
  To: ['<sip:b@c>;tag=as5', 'sip:b@c', '"x" <b>'],
  uuid: ['00000000-0000-1000-8000-0000dEADbEEF', '00000000'],
  Via: [
    'SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK776;rport=5060;received=192.0.2.1',
    'SIP / 2.0 / UDP [2001:db8::9]:5060 ;branch=z9;ttl=16;maddr=224.2.0.1;x="y"',
    'SIP/2.0/TLS',
  ],
};

function parsed(grammar: Grammar, text: string, rule: string): string {
  try {
    return JSON.stringify(grammar.parse(text, rule));
  } catch (error) {
    return String(error);
  }
}

describe('the grammar of the script-tag file', () => {
  it('is asked here for every rule it begins with', () => {
    expect(Object.keys(texts).sort()).toEqual([...startRules].sort());
  });

  it.each(startRules)('parses and refuses %s as the published one does', (rule) => {
    const given = texts[rule] ?? [];
    // Cut anywhere, a text meets the refusals in the middle of a rule too.
    const cut = given.flatMap((text) => Array.from(text, (_, at) => text.slice(0, at)));
    for (const text of [...given, ...cut, ...given.map((text) => text.toUpperCase())]) {
      expect(parsed(lean, text, rule), text).toBe(parsed(published, text, rule));
    }
    expect(given.some((text) => parsed(lean, text, rule) !== '-1')).toBe(true);
  });

  // The adapter keeps the first two from the parser, and nothing here subscribes by the library.
  it('has every rule that the library asks for', () => {
    const files = readdirSync(library, { recursive: true, encoding: 'utf8' });
    const sources = files
      .filter((file) => file.endsWith('.js') && file !== 'Grammar.js')
      .map((file) => readFileSync(join(library, file), 'utf8'));
    const asked = sources.flatMap((source) =>
      [...source.matchAll(/Grammar\.parse\(.*, '(\w\w+)'\)|\.parseHeader\('([\w-]+)'/g)].map(
        ([, rule, header]) => (rule ?? header ?? '').replaceAll('-', '_').toLowerCase(),
      ),
    );
    const known = new Set(startRules.map((rule) => rule.toLowerCase()));
    expect(asked.length).toBeGreaterThan(30);
    const unknown = new Set(asked.filter((rule) => !known.has(rule)));
    // The adapter keeps challenges from the library, and reads what belongs to REFERs itself.
    expect([...unknown].sort()).toEqual([
      ...['proxy_authenticate', 'refer_to', 'replaces', 'subscription_state'],
      'www_authenticate',
    ]);
  });
});
