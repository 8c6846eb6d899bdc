import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { isUp } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { traceSip } from './support/sipTrace.ts';
import { makeWatcher, serveWatching } from './support/watching.ts';
import type { Watching, WatchOptions } from './support/watching.ts';

// Lines, people and mailboxes by Kamailio's presence server: real browsers, real NOTIFYs.

const lab = useLab({ blf: true });

let tabs: Readonly<Record<'alice' | 'bob' | 'carol', Party>>;

beforeAll(async () => {
  const { server, party } = lab();
  await serveWatching(server);
  const [alice, bob, carol] = await Promise.all([
    party({ name: 'alice', hz: 440 }),
    party({ name: 'bob' }),
    party({ name: 'carol', hz: 700 }),
  ]);
  tabs = { alice, bob, carol };
});

afterEach(async () => {
  await Promise.all(Object.values(tabs).map(({ page }) => page.reload()));
});

const users = { alice: '1001', bob: '1002', carol: '1003' } as const;

const enter = (name: keyof typeof users, options: WatchOptions): Promise<TestPhone> =>
  makeWatcher(tabs[name], { user: users[name], socket: lab().kamailio.url }, options);

const shows = async ({ page }: TestPhone, part: string, text: string): Promise<void> => {
  await until(`${part} to say ${text}`, async () => {
    const texts = await page.locator(`[part~="${part}"]`).allTextContents();
    return texts.some((found) => found.replace(/\s+/g, ' ').trim() === text);
  });
};

const setStatus = (phone: TestPhone, status: 'busy' | 'away', note: string): Promise<void> =>
  phone.page.evaluate(
    ([word, words]) => {
      (globalThis.phone.plugins as Watching).presence.setStatus(word, words);
    },
    [status, note] as const,
  );

describe('a watched person', () => {
  test('is available, says something, loses the server, and goes', async () => {
    const bob = await enter('bob', { presence: {} });
    const alice = await enter('alice', { presence: { buddies: [{ id: '1002', name: 'Bob' }] } });
    await shows(alice, 'state', 'Available');
    await setStatus(bob, 'busy', 'In <court> & out');
    await shows(alice, 'state', 'Busy');
    await shows(alice, 'words', 'In <court> & out');
    expect(await alice.page.locator('court').count()).toBe(0);

    // The server comes back with an empty memory: both begin anew.
    await lab().kamailio.restart();
    await shows(alice, 'state', 'Unknown');
    await shows(alice, 'state', 'Busy');

    await bob.page.evaluate(() => phone.userAgent.stop());
    await shows(alice, 'state', 'Offline');
  });

  test('in a call is on the phone', async () => {
    const bob = await enter('bob', { presence: {} });
    const carol = await enter('carol', {});
    const alice = await enter('alice', { presence: { buddies: [{ id: '1002' }] } });
    await carol.callTo('1002');
    await bob.answerNext();
    await shows(alice, 'state', 'On the phone');
    await carol.quiet();
    await shows(alice, 'state', 'Available');
  });
});

describe('a watched line', () => {
  test('is free, rings, is busy and free again', async () => {
    const alice = await enter('alice', { blf: { keys: [{ id: '1002', name: 'Bob' }] } });
    const [bob, carol] = await Promise.all([enter('bob', {}), enter('carol', {})]);
    await shows(alice, 'state', 'Free');
    await carol.callTo('1002');
    await shows(alice, 'state', 'Ringing');
    await bob.answerNext();
    await shows(alice, 'state', 'Busy');
    await carol.quiet();
    await shows(alice, 'state', 'Free');
  });

  test('that rings is asked for from the caller, in the words of the very call', async () => {
    const alice = await enter('alice', { blf: { keys: [{ id: '1002', name: 'Bob' }] } });
    const trace = traceSip(tabs.carol.page);
    const [bob, carol] = await Promise.all([enter('bob', {}), enter('carol', {})]);
    const atCarol = await carol.callTo('1002');
    await shows(alice, 'state', 'Ringing');
    await alice.page.locator('#blf [part~="select"]').click();
    const asked = await until('carol to be asked', () =>
      Promise.resolve(trace.received('INVITE').find(({ text }) => /^Replaces:/im.test(text))),
    );
    const [own] = trace.sent('INVITE');
    const value = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '-';
    const replaces = value(asked.text, /^Replaces: *(.*)$/im);
    const callId = value(own?.text ?? '', /^Call-ID: *(\S+)/im);
    const tag = value(own?.text ?? '', /^From:.*;tag=([^;\s]+)/im);
    expect(replaces).toContain(`${callId};to-tag=${tag};from-tag=`);
    expect(replaces).toContain(';early-only');
    // Carol talks to alice, and nothing rings at bob any more.
    await alice.waitForCall('the call to be up', isUp);
    await carol.waitForCall('the call to be up', isUp);
    expect(await carol.calls()).not.toContain(atCarol);
    await until('bob to be free', async () => (await bob.calls()).length === 0);
    await hears(tabs.alice, { hz: 700, not: 440 });
    await Promise.all([alice.quiet(), carol.quiet()]);
  });

  test('is called by a press', async () => {
    const alice = await enter('alice', { blf: { keys: [{ id: '1002' }] } });
    const bob = await enter('bob', {});
    await shows(alice, 'state', 'Free');
    await alice.page.locator('#blf [part~="select"]').click();
    await bob.answerNext();
    await alice.quiet();
  });
});

describe('the mailbox', () => {
  test('tells of new messages', async () => {
    const alice = await enter('alice', { voicemail: { mailbox: '*97' } });
    await alice.waitForEvent('subscriptions.notified');
    const body = 'Messages-Waiting: yes\r\nVoice-Message: 2/5 (1/0)\r\n';
    const status = await alice.page.evaluate(async (summary) => {
      const response = await phone.userAgent.request('PUBLISH', '', {
        headers: ['Event: message-summary', 'Expires: 60'],
        contentType: 'application/simple-message-summary',
        body: summary,
      });
      return response.statusCode;
    }, body);
    expect(status).toBe(200);
    await shows(alice, 'state', '2 new, 1 urgent, 5 old');
  });
});
