import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Bundle } from '../../src/core/index.ts';
import { foundByAxe } from './support/axe.ts';
import { clearStage, enter, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { durationsIn } from './support/durations.ts';
import { alikeIn } from './support/forcedColours.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';
import { makeWatcher, serveWatching } from './support/watching.ts';
import type { Watching } from './support/watching.ts';

// Every template in every state, theme and direction of writing, looked at by axe-core.

const lab = useLab({ blf: true });
const locales = new URL('../../locales/', import.meta.url);
const languages = readdirSync(locales)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''));
const themes = ['light', 'dark', 'contrast'] as const;

declare global {
  // What live regions got.
  var heard: string[];
  // A second phone, in a shadow root.
  var shadowed: { readonly destroy: () => void } | undefined;
}

let alice: Member;
let bob: Member;
let carol: Member;

beforeAll(async () => {
  const { server, kamailio, party } = lab();
  const stage = { party, socket: kamailio.url };
  const followed = { userAgent: { user_agent: { refer_policy: 'follow' } } };
  [bob, carol] = await Promise.all([
    enter('bob', { ...stage, config: followed }),
    enter('carol', stage),
  ]);
  await serveWatching(server);
  const tab = await party({ name: 'alice', hz: 440 });
  const options = {
    blf: { keys: [{ id: '1002', name: 'Bob' }] },
    presence: { buddies: [{ id: '1003', name: 'Carol' }] },
    voicemail: { mailbox: '*97' },
    messages: { storage: false },
    conference: {},
  };
  const account = { user: '1001', socket: kamailio.url };
  alice = { ...(await makeWatcher(tab, account, options)), tab, hz: 440 };
  for (const language of languages) await addLanguage(language);
  // A colour on its way to another one has no contrast of its own.
  await tab.page.emulateMedia({ reducedMotion: 'reduce' });
});

afterEach(async () => {
  await clearStage(alice, bob, carol);
  await speak('en');
});

async function addLanguage(language: string): Promise<void> {
  const bundle = JSON.parse(readFileSync(new URL(`${language}.json`, locales), 'utf8')) as Bundle;
  await alice.page.evaluate(
    ([name, texts]) => {
      for (const [section, strings] of Object.entries(texts)) {
        phone.i18n.addBundle(section, name, strings);
      }
    },
    [language, bundle] as const,
  );
}

/** Changes the language and waits until it is drawn. */
async function speak(language: string): Promise<void> {
  await alice.page.evaluate(async (name) => {
    await phone.i18n.changeLanguage(name);
    document.documentElement.lang = name;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }, language);
}

const look = (): Promise<readonly string[]> => foundByAxe(alice.page);

/** Looks at the present state in each theme, from left to right and from right to left. */
async function isAccessible(state: string): Promise<void> {
  const found: string[] = [];
  for (const language of ['en', 'ar']) {
    await speak(language);
    for (const theme of themes) {
      await alice.page.evaluate((name) => {
        document.body.dataset['theme'] = name;
      }, theme);
      found.push(...(await look()).map((line) => `${state}, ${language}, ${theme}: ${line}`));
    }
  }
  expect(found).toEqual([]);
}

/** Notes each text that any live region of the page gets, with its urgency. */
async function listen(): Promise<void> {
  await alice.page.evaluate(() => {
    const live = '[aria-live], [role="status"], [role="alert"], [role="log"], output';
    globalThis.heard = [];
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const around = element?.closest(live);
        const inside = [...addedNodes].flatMap((node) =>
          node instanceof Element
            ? [...node.querySelectorAll(live), ...(node.matches(live) ? [node] : [])]
            : [],
        );
        const news = around ? [...addedNodes, ...(target instanceof Text ? [target] : [])] : inside;
        const how = around?.getAttribute('aria-live') ?? 'region';
        const texts = news.map(({ textContent }) => textContent?.replace(/[\u2066-\u2069]/g, ''));
        heard.push(...texts.filter(Boolean).map((text) => `${how}: ${text ?? ''}`));
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

/** Waits until the last that was heard is this, and nothing but what came before it. */
async function hears(...lines: readonly string[]): Promise<void> {
  const all = (): Promise<readonly string[]> => alice.page.evaluate(() => [...heard]);
  await until(lines.join(), async () => (await all()).length >= lines.length).catch(
    () => undefined,
  );
  expect(await all()).toEqual(lines);
  await alice.page.evaluate(() => heard.splice(0));
}

// As long as the far ends take for it, which may be too short for a word.
const passing = ['polite: 1003: Calling…', 'polite: 1002: Transferring to sip:1003@lab.test…'];

/** The same in any order: what belongs together comes by several messages of the far ends. */
async function hearsAll(...lines: readonly string[]): Promise<void> {
  const all = (): Promise<readonly string[]> => alice.page.evaluate(() => [...heard]);
  const isThere = async (): Promise<boolean> => {
    const found = await all();
    return lines.every((line) => found.includes(line));
  };
  await until(lines.join(), isThere).catch(() => undefined);
  const found = await all();
  const lasting = found.filter((line) => !passing.includes(line));
  expect(lasting.sort()).toEqual([...lines].sort());
  expect(new Set(found).size, 'said once').toBe(found.length);
  await alice.page.evaluate(() => heard.splice(0));
}

async function answersBob(): Promise<void> {
  await bob.callTo('1001');
  const withBob = await alice.nextIncoming();
  await hears('assertive: Incoming call from 1002');
  await alice.run('answer', withBob);
  await hears('polite: 1002: In call');
  await alice.page.locator('#call-control [part="transfer"]').click();
  await hears('polite: 1002: Waiting for a transfer target');
  await alice.page.locator('#dialpad [part="target"]').fill('1003');
}

/** A transfer at once, and one to somebody who is asked first. */
async function transfersAreSaid(): Promise<void> {
  const press = (part: string): Promise<void> =>
    alice.page.locator(`#call-control ${part}`).click();
  await answersBob();
  await press('form [part="transfer"]');
  await hears('polite: 1002: Transferring to 1003…');
  await carol.answerNext();
  await hearsAll('polite: 1002: The call has ended.', 'polite: Transferred to 1003.');
  await bob.quiet();
  await carol.quiet();
  await answersBob();
  await press('[part="transferAttended"]');
  await hearsAll('polite: 1002: Asking 1003 first', 'polite: 1003: Ringing…');
  await carol.answerNext();
  await hears('polite: 1003: In call');
  await press('[part="transferAttended"]');
  await hearsAll(
    'polite: 1002: The call has ended.',
    'polite: 1003: The call has ended.',
    'polite: Transferred to sip:1003@lab.test.',
  );
}

test('what matters is said once, by one region', async () => {
  await listen();
  const fromBob = await bob.callTo('1001');
  const withBob = await alice.nextIncoming();
  await hears('assertive: Incoming call from 1002');
  await alice.run('answer', withBob);
  await hears('polite: 1002: In call');
  await alice.page.locator('#call-control [part="mute"]').click();
  await hears('polite: 1002: In call · Muted');
  await alice.page.locator('#call-control [part="mute"]').click();
  await hears('polite: 1002: In call');
  await alice.page.locator('#call-control [part="hold"]').click();
  await hears('polite: 1002: On hold');
  await alice.page.locator('#call-control [part="unhold"]').click();
  await hears('polite: 1002: In call');
  await bob.run('hold', fromBob);
  await hears('polite: 1002: Held by the other side');
  await bob.run('unhold', fromBob);
  await hears('polite: 1002: In call');
  await carol.callTo('1001');
  const withCarol = await alice.nextIncoming();
  await hears('polite: Incoming call from 1003');
  await alice.run('reject', withCarol);
  await hears('polite: 1003: The call was declined.');
  await alice.page.evaluate(() => {
    void (phone.plugins as unknown as Watching).messages.send('1999', 'x').catch(() => undefined);
  });
  await hears('polite: Not delivered to 1999. This number was not found.');
  await alice.page.locator('#call-control [part="hangup"]').click();
  await hears('polite: 1002: The call has ended.');
  await alice.page.locator('#dialpad [part="target"]').fill('not a number at all');
  await alice.page.locator('#dialpad [part="call"]').click();
  await hears('assertive: This is not a number or address that can be called.');
  expect(await alice.page.locator('[aria-live]').count()).toBe(2);

  await transfersAreSaid();
});

describe('nothing is found by axe', () => {
  test('in a phone that has nothing to do', async () => {
    await isAccessible('ready');
  });

  test('in calls that ring, are up, on hold and muted', async () => {
    await bob.callTo('1001');
    await alice.nextIncoming();
    await isAccessible('incoming');
    await alice.answerNext();
    await isAccessible('established');
    await alice.run('hold');
    await alice.run('mute');
    await isAccessible('held and muted');
    expect(
      await alikeIn(alice.page, [
        '.cb-button[aria-pressed="true"]',
        '.cb-button[aria-pressed="false"]',
      ]),
    ).toEqual([]);
    await alice.callTo('1003');
    await carol.nextIncoming();
    await isAccessible('calling another');
    await carol.answerNext();
    await isAccessible('two calls');
    expect(
      await alikeIn(
        alice.page,
        [
          '#call-list [part="select"][aria-current]',
          '#call-list [part="select"]:not([aria-current])',
        ],
        ['.cb-button:disabled', '.cb-button:not(:disabled, .cb-quiet)'],
      ),
    ).toEqual([]);
    await alice.page.locator('#call-control [part~="transfer"]').click();
    await isAccessible('choosing whom to transfer to');
  });

  test('in what tells of trouble', async () => {
    await alice.callTo('1002');
    const id = await bob.nextIncoming();
    await bob.run('reject', id);
    await until('a notice', async () => (await alice.textOf('call-list', 'message')) !== '');
    await isAccessible('declined');
    await alice.tryCall('not a number at all');
    await isAccessible('not a number');
  });

  test('in a conference and in messages', async () => {
    await talk(alice, bob);
    await talk(alice, carol);
    await alice.page.locator('#conference [part~="merge"]').click();
    await alice.page.locator('#conference [part~="participant"]').nth(1).waitFor();
    await alice.waitForCall('the call to be up', isUp);
    await alice.page.evaluate(() => {
      (phone.plugins as unknown as Watching).messages.select('1002');
    });
    await isAccessible('conference');
    expect(
      await alikeIn(alice.page, [
        '[part="participant"][aria-current]',
        '[part="participant"]:not([aria-current])',
      ]),
    ).toEqual([]);
  });

  test('in a phone that waits for a log-in', async () => {
    await alice.page.evaluate(() => phone.userAgent.stop());
    await isAccessible('stopped');
    await alice.page.evaluate(() => phone.userAgent.start());
    await alice.waitUntilRegistered();
  });
});

test.each(languages)('nothing is found by axe in %s', async (language) => {
  await bob.callTo('1001');
  await alice.nextIncoming();
  await speak(language);
  expect(await look()).toEqual([]);
  expect(await alice.page.locator('[data-cordboard]').first().getAttribute('lang')).toBe(language);
});

test('a duration is said as the browser itself would, in every language', async () => {
  const spans = [0, 1, 2, 3, 5, 11, 21, 60, 61, 192, 3600, 3661, 7325, 18_300, 93_605];
  const said = await durationsIn(alice, languages, spans);
  expect(said.map(([ours]) => ours)).toEqual(said.map(([, right]) => right));
});

test('a number reads from left to right, whichever way the words around it go', async () => {
  await alice.page.evaluate(() => {
    phone.userAgent.setRedial('+49301234');
  });
  await speak('ar');
  // The plus stands where the number begins: left of its last digit.
  const order = await alice.page.locator('#call-control [part~="redialTarget"]').evaluate((bdi) => {
    const text = bdi.firstChild as Text;
    const place = (at: number): number => {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect().left;
    };
    return place(text.length - 1) - place(0);
  });
  expect(order).toBeGreaterThan(0);
});

test.each([
  ['en', 'right'],
  ['ar', 'left'],
] as const)('in %s the account stands at the %s end of its line', async (language, side) => {
  await speak(language);
  const account = alice.page.locator('.cb-account').first();
  const gap = await account.evaluate((one, end) => {
    const line = one.closest('.cb-status')?.getBoundingClientRect();
    return Math.abs(one.getBoundingClientRect()[end] - (line?.[end] ?? 0));
  }, side);
  expect(gap).toBeLessThan(1);
});

test('on a narrow screen nothing to press is smaller than 24 pixels', async () => {
  const { page } = alice.tab;
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  await bob.callTo('1001');
  await alice.nextIncoming();
  const small = async (): Promise<readonly string[]> =>
    page
      .locator('[data-cordboard] :is(button, input, select, textarea, summary)')
      .evaluateAll((all) =>
        all.flatMap((one) => {
          // Who misses a box hits its label.
          const { width, height } = (one.closest('label') ?? one).getBoundingClientRect();
          const isSmall = width > 0 && (width < 24 || height < 24);
          return isSmall ? `${one.outerHTML.slice(0, 120)}: ${width} x ${height}` : [];
        }),
      );
  const found = [...(await small())];
  await alice.answerNext();
  found.push(...(await small()), ...(await look()));
  await page.setViewportSize(before ?? { width: 1280, height: 720 });
  expect(found).toEqual([]);
});

test.each([
  ['the theme of that name', 'contrast', 'no-preference'],
  ['the wish of a person, whatever theme the page has', 'light', 'more'],
] as const)('with more contrast by %s every button has a border', async (_, theme, contrast) => {
  await alice.page.emulateMedia({ contrast });
  await alice.page.evaluate((name) => {
    document.body.dataset['theme'] = name;
  }, theme);
  const widths = await alice.page.locator('.cb-button, .cb-key').evaluateAll((all) =>
    all.map((button) => {
      const { borderTopColor, borderTopWidth } = getComputedStyle(button);
      return `${borderTopWidth} ${borderTopColor}`;
    }),
  );
  expect(widths.length).toBeGreaterThan(12);
  expect(widths.filter((one) => /^0|rgba\(0, 0, 0, 0\)/.test(one))).toEqual([]);
  expect(await look()).toEqual([]);
  await alice.page.emulateMedia({ contrast: null });
});

test('more contrast is had in a shadow root, too', async () => {
  const { page } = alice.tab;
  await page.evaluate(async () => {
    const host = document.body.appendChild(document.createElement('div'));
    host.id = 'shadow';
    const root = host.attachShadow({ mode: 'open' });
    const sheet = Object.assign(document.createElement('link'), {
      rel: 'stylesheet',
      href: '/dist/theme.css',
    });
    const place = document.createElement('div');
    root.append(sheet, place);
    await new Promise((resolve) => {
      sheet.onload = resolve;
    });
    const off = { enabled: false };
    globalThis.shadowed = Cordboard.createWebphone({
      ...{ mediaDevices: off, audioContext: off, videoCanvas: off, dialpad: off, callControl: off },
      callList: { renderTargets: [place] },
    });
  });
  const muted = (theme: string): Promise<string> =>
    page.evaluate(async (name) => {
      const host = document.querySelector<HTMLElement>('#shadow');
      if (!host) throw new Error('no host');
      host.dataset['theme'] = name;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const text = host.shadowRoot?.querySelector('.cb-title');
      return text ? getComputedStyle(text).color : 'nothing drawn';
    }, theme);
  await page.evaluate(() => {
    document.body.dataset['theme'] = 'light';
  });
  expect(await muted('light')).toBe('rgb(84, 94, 111)');
  expect(await muted('contrast')).toBe('rgb(31, 31, 31)');
  await page.emulateMedia({ contrast: 'more' });
  expect(await muted('light')).toBe('rgb(31, 31, 31)');
  await page.emulateMedia({ contrast: null });
  await page.evaluate(() => {
    shadowed?.destroy();
    document.querySelector('#shadow')?.remove();
  });
});
