import { beforeAll, describe, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { party } from './support/browser.ts';
import { useHarness } from './support/lab.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startScriptedServer } from './support/scriptedServer.ts';
import type { ScriptedSipServer } from './support/scriptedServer.ts';
import { startPageServer } from './support/server.ts';
import { makeWatcher, serveWatching } from './support/watching.ts';
import type { Watching } from './support/watching.ts';

// What a NOTIFY may hold, said by a far end of the test's own, to a page under a strict policy.

useHarness();

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; " +
  "require-trusted-types-for 'script'; trusted-types cordboard";
const page =
  '<!doctype html><meta charset="utf-8"><title>Strict</title>' +
  '<link rel="stylesheet" href="/dist/theme.css"><body>' +
  '<script src="/dist/cordboard.js"></script><script src="/support/record.js"></script>';
const drawn = [
  'userAgent',
  'callList',
  'callControl',
  'dialpad',
  'mediaDevices',
  'audioContext',
  'videoCanvas',
];

let server: ScriptedSipServer;
let tab: Party;
let alice: TestPhone;

beforeAll(async () => {
  server = await startScriptedServer();
  const pages = await startPageServer();
  await serveWatching(pages);
  pages.put('/strict.html', page, policy);
  tab = await party({ name: 'alice', url: pages.url, path: '/strict.html' });
  alice = await makeWatcher(
    tab,
    {
      ...{ user: '1001', socket: server.url },
      config: {
        ...Object.fromEntries(drawn.map((name) => [name, { renderTargets: [] }])),
        userAgent: { renderTargets: [], user_agent: { allow_legacy_notifications: true } },
      },
    },
    {
      blf: { keys: [{ id: '1002', name: 'Bob' }] },
      presence: { publish: false, buddies: [{ id: '1002', name: 'Bob' }] },
      voicemail: {},
    },
  );
});

const known = (): Promise<{
  readonly line: string;
  readonly buddy: string;
  readonly note: string;
  readonly mailbox: boolean;
}> =>
  alice.page.evaluate(() => {
    const { blf, presence, voicemail } = phone.plugins as Watching;
    const buddy = presence.getBuddy('1002');
    return {
      line: blf.getKey('1002')?.status ?? '',
      buddy: buddy?.status ?? '',
      note: buddy?.note ?? '',
      mailbox: voicemail.getState().isWaiting,
    };
  });

const dialogInfo = (version: number, inner: string): string =>
  `<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${String(version)}" state="full" entity="sip:1002@lab.test">${inner}</dialog-info>`;
const ringing =
  '<dialog id="a" call-id="c" local-tag="l" remote-tag="r" direction="recipient"><state>early</state></dialog>';
const pidf = (inner: string): string =>
  `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1002@lab.test">${inner}</presence>`;
const open = '<tuple id="t"><status><basic>open</basic></status></tuple>';
const entities =
  '<!DOCTYPE dialog-info [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';

describe('a NOTIFY', () => {
  test('that says what it should is understood under trusted types, CDATA and all', async () => {
    expect(await server.notify('dialog', { body: dialogInfo(1, ringing) })).toBe(200);
    const note = '<note><![CDATA[<img src=x onerror="window.hacked=1">]]></note>';
    expect(await server.notify('presence', { body: pidf(open + note) })).toBe(200);
    expect(await server.notify('message-summary', { body: 'Messages-Waiting: yes\r\n' })).toBe(200);
    expect(await known()).toEqual({
      ...{ line: 'ringing', buddy: 'available', mailbox: true },
      note: '<img src=x onerror="window.hacked=1">',
    });
    expect(await alice.page.locator('img').count()).toBe(0);
    expect(await alice.page.evaluate(() => 'hacked' in window)).toBe(false);
  });

  test.each<readonly [string, string]>([
    ['nothing of XML', 'not xml at all'],
    ['half a document', dialogInfo(9, ringing).slice(0, 200)],
    ['an unclosed element', dialogInfo(9, '<dialog id="a">')],
    [
      'a document type with entities',
      entities + dialogInfo(9, '<dialog id="a"><state>&b;</state></dialog>'),
    ],
    [
      'an outer entity',
      `<!DOCTYPE a [<!ENTITY x SYSTEM "/support/record.js">]>${dialogInfo(9, '&x;')}`,
    ],
    [
      'a style sheet',
      `<?xml-stylesheet href="/x.xsl"?>${dialogInfo(9, '<dialog/>').replace('dialog-info"', 'else"')}`,
    ],
    [
      'a page with a script',
      '<html xmlns="http://www.w3.org/1999/xhtml"><script>window.hacked=1</script></html>',
    ],
    [
      'a script among dialogs',
      dialogInfo(0, '<script xmlns="http://www.w3.org/1999/xhtml">window.hacked=1</script>'),
    ],
    ['the root of another namespace', dialogInfo(9, '').replace('dialog-info"', 'else"')],
    ['a thousand levels', dialogInfo(9, '<a>'.repeat(1000) + '</a>'.repeat(1000))],
    ['ten thousand dialogs', dialogInfo(9, '<dialog/>'.repeat(10_000))],
    ['zeros', `\u0000${dialogInfo(9, '')}`],
    ['a megabyte', dialogInfo(9, ' '.repeat(1_000_000))],
    ['a parser error of its own', dialogInfo(9, '<parsererror/>')],
  ])('with %s is answered and changes nothing', async (_, body) => {
    const before = await known();
    for (const event of ['dialog', 'presence', 'message-summary']) {
      expect([200, 400]).toContain(await server.notify(event, { body }));
    }
    expect(await known()).toEqual(before);
    expect(await alice.page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(tab.pageErrors).toEqual([]);
  });

  test('that nobody asked for tells the mailbox', async () => {
    const body = 'Messages-Waiting: no\r\n';
    await server.notify('message-summary', { body: 'Messages-Waiting: yes\r\n' });
    const status = await server.notify('message-summary', { body, isUnasked: true });
    expect(status).toBe(200);
    expect((await known()).mailbox).toBe(false);
  });

  test('that ends a subscription is followed by a new one, after the pause that was asked for', async () => {
    const count = server.subscribes.length;
    await server.notify('dialog', { state: 'terminated;reason=probation;retry-after=1' });
    await until('a new SUBSCRIBE', () => Promise.resolve(server.subscribes.length > count));
    await server.notify('dialog', { body: dialogInfo(0, ringing) });
    expect((await known()).line).toBe('ringing');
    expect(await alice.page.evaluate(() => phone.userAgent.isRegistered())).toBe(true);
  });
});

test('a refused subscription is tried again after Retry-After', async () => {
  const before = server.subscribes.length;
  server.refuseNext('503 Busy', [['Retry-After', '1']]);
  await alice.page.evaluate(() => {
    (phone.plugins as Watching).blf.addKey('1004');
  });
  await until('the second attempt', () => Promise.resolve(server.subscribes.length >= before + 2));
  await server.notify('dialog', { body: dialogInfo(0, ringing) });
  const status = await alice.page.evaluate(
    () => (phone.plugins as Watching).blf.getKey('1004')?.status,
  );
  expect(status).toBe('ringing');
});
