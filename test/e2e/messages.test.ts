import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type * as MessagesPlugin from '../../plugins/messages/index.ts';
import type * as UserAgentPlugin from '../../plugins/userAgent/index.ts';
import type * as Core from '../../src/core/index.ts';
import type { Party } from './support/browser.ts';
import { bundled } from './support/bundle.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { until } from './support/processes.ts';

// The plugin is in no script-tag file: its page has a script of its own, under a strict policy.

type Chat = typeof Core & typeof UserAgentPlugin & typeof MessagesPlugin;

declare global {
  // What the script of the page brings.
  var Chat: Chat;
  // The phone on the page, and the names of the events it has told.
  var chat: { readonly phone: Core.Phone & Core.PhoneCore; readonly told: string[] };
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src ws:; img-src 'self' data:; " +
  "require-trusted-types-for 'script'; trusted-types cordboard";
const html =
  '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">' +
  '<title>Messages</title><link rel="stylesheet" href="/chat.css"><link rel="icon" href="data:,">' +
  '<div id="chat"></div><script src="/chat.js"></script></html>';
const rootFile = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const lab = useLab();
let alice: Party;
let bob: Party;

beforeAll(async () => {
  const { server, party } = lab();
  const modules = ['src/core', 'plugins/userAgent', 'plugins/messages'];
  const script = await bundled(
    'Chat',
    modules.map((path) => `${path}/index.ts`),
  );
  server.put('/chat.js', script);
  server.put('/chat.css', await readFile(rootFile('templates/theme.css')));
  server.put('/chat.html', html, policy);
  [alice, bob] = await Promise.all([
    party({ name: 'alice', path: '/chat.html' }),
    party({ name: 'bob', path: '/chat.html' }),
  ]);
});

afterEach(async () => {
  for (const { page } of [alice, bob]) {
    // Without a phone nothing holds the database.
    await page.reload();
    await page.evaluate(async () => {
      const deleting = indexedDB.deleteDatabase('cordboard.messages');
      await new Promise((resolve) => {
        deleting.onsuccess = resolve;
      });
    });
  }
});

/** Puts a phone on the page and waits until it is registered. */
async function enter({ page }: Party, user: string, isAwaited = true): Promise<void> {
  await page.evaluate(
    ([username, realm, socket]) => {
      const told: string[] = [];
      const phone = Chat.createPhone({
        plugins: [
          Chat.userAgent({
            transport: { sockets: [socket], recovery_min_interval: 2, recovery_max_interval: 3 },
            authentication: { username, password: `pw${username}`, realm },
          }),
          Chat.messages({ renderTargets: ['chat'] }),
        ],
      });
      phone.onPattern('**', (name) => told.push(name));
      globalThis.chat = { phone, told };
    },
    [user, domain, lab().kamailio.url] as const,
  );
  if (isAwaited) await registered(page);
}

async function registered(page: Page): Promise<void> {
  await until('the phone to be registered', () =>
    page.evaluate(() => chat.phone.plugins.userAgent?.isRegistered()),
  );
}

const part = ({ page }: Party, name: string): Locator => page.locator(`#chat [part~="${name}"]`);

/** Opens a thread by hand. */
async function open(party: Party, to: string): Promise<void> {
  await part(party, 'to').fill(to);
  await part(party, 'write').click();
  await part(party, 'draft').waitFor();
}

async function shows(party: Party, name: string, text: string | RegExp): Promise<void> {
  await until(`${name}: ${String(text)}`, async () => {
    const found = await part(party, name).allTextContents();
    return found.some((one) => (typeof text === 'string' ? one === text : text.test(one)));
  });
}

async function isGone(party: Party, name: string): Promise<void> {
  await until(`no ${name}`, async () => (await part(party, name).count()) === 0);
}

test('a message arrives as text, is unread, is answered, and both see who types', async () => {
  await enter(alice, '1001');
  await enter(bob, '1002');
  const text = 'Grüße 👋 <b onclick="x()">&amp;</b>\nשלום';
  await open(alice, '1002');
  await part(alice, 'draft').fill(text);
  await alice.page.keyboard.press('Enter');
  await shows(alice, 'state', 'Delivered');

  await shows(bob, 'unread', '1');
  await shows(bob, 'announcement', /1001.* writes: .*Grüße/);
  await part(bob, 'select').press('Enter');
  await shows(bob, 'text', text);
  expect(await bob.page.locator('#chat b, #chat [onclick]').count()).toBe(0);
  expect(await part(bob, 'draft').evaluate((field) => field === document.activeElement)).toBe(true);

  await bob.page.keyboard.type('Yes');
  await shows(alice, 'composing', /1002.* is typing/);
  await part(bob, 'send').click();
  await shows(alice, 'text', 'Yes');
  await isGone(alice, 'composing');
  await shows(bob, 'state', 'Delivered');
  await bob.page.keyboard.press('Escape');
  await isGone(bob, 'unread');

  // What somebody takes back is told too.
  await alice.page.locator('#chat [part~="draft"]').pressSequentially('No');
  await shows(bob, 'last', /1001.* is typing/);
  await part(alice, 'draft').fill('');
  await shows(bob, 'last', 'Yes');
  const told = await bob.page.evaluate(() => chat.told);
  expect(told).toContain('userAgent.received.message');
  expect(told.filter((name) => name === 'messages.received')).toHaveLength(1);
});

test('a message to nobody and one to somebody who is not there say why, and go when they can', async () => {
  await enter(alice, '1001');
  await open(alice, '7777');
  await part(alice, 'draft').fill('Anybody?');
  await part(alice, 'send').click();
  await shows(alice, 'state', /^Not delivered\. .*\w/);
  await part(alice, 'back').click();
  await open(alice, '1002');
  await part(alice, 'draft').fill('There?');
  await part(alice, 'send').click();
  await shows(alice, 'state', /^Not delivered\. .*\w/);
  const { statuses } = await alice.page.evaluate(() => ({
    statuses: chat.phone.plugins.messages
      ?.getThreads()
      .flatMap(({ messages }) => messages.map(({ statusCode }) => statusCode)),
  }));
  expect(statuses).toEqual([480, 404]);
  await enter(bob, '1002');
  await part(alice, 'retry').click();
  await shows(alice, 'state', 'Delivered');
  await shows(bob, 'last', 'There?');
});

test('what is written without a connection waits, over a reload too, and arrives once', async () => {
  const { kamailio } = lab();
  await enter(bob, '1002');
  const known = new Set((await kamailio.webSockets()).map(({ id }) => id));
  await enter(alice, '1001');
  await open(alice, '1002');
  const own = (await kamailio.webSockets()).find(({ id }) => !known.has(id));
  if (own === undefined) throw new Error('alice has no connection');
  await kamailio.closeWebSocket(own.id);
  await part(alice, 'offline').waitFor();
  await part(alice, 'draft').fill('first');
  await part(alice, 'send').click();
  await shows(alice, 'state', 'Waits for the connection');
  await shows(alice, 'state', 'Delivered');
  await shows(bob, 'last', 'first');

  await kamailio.stop();
  await part(alice, 'offline').waitFor();
  await part(alice, 'draft').fill('second');
  await part(alice, 'send').click();
  await shows(alice, 'state', 'Waits for the connection');
  await alice.page.reload();
  await kamailio.restart();
  await registered(bob.page);
  await enter(alice, '1001', false);
  await part(alice, 'select').click();
  await shows(alice, 'text', 'first');
  await shows(alice, 'text', 'second');
  await registered(alice.page);
  await until('both to be delivered', async () => {
    const states = await part(alice, 'state').allTextContents();
    return states.length === 2 && states.every((state) => state === 'Delivered');
  });
  await shows(bob, 'unread', '2');
});
