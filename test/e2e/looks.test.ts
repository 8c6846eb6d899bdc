import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Webphone } from '../../src/entry/create.ts';
import type * as Sessions from '../../src/testing/fakeSession.ts';
import { party } from './support/browser.ts';
import type { Party, Tab } from './support/browser.ts';
import { bundled } from './support/bundle.ts';
import { alikeIn } from './support/forcedColours.ts';
import { useHarness } from './support/lab.ts';
import { comparePicture, pageInArabic, wrongs } from './support/looks.ts';
import { addressOf, desk, idle, npmStart, registered } from './support/sandbox.ts';

// The three looks of examples/looks, as the sandbox serves them: with a real registration, and calls that
// are real in one test and played in the others, where nothing may tick.

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const widths = [320, 768, 1280] as const;
const states = [
  ...(['idle', 'ringing', 'calling', 'up', 'held', 'two', 'waiting'] as const),
  ...(['transfer', 'refused', 'failed', 'aside', 'many'] as const),
];
const looks = { docked: '.dock', full: 'body', toolbar: '.bar' } as const;
const fonts = ['Noto Sans', 'Noto Sans Arabic'].map((name) => `'${name}'`).join();

type State = (typeof states)[number];
type Look = keyof typeof looks;

interface Stage {
  readonly Sessions: typeof Sessions;
  readonly Cordboard: { readonly phone: Promise<Webphone> };
  readonly axe: { readonly run: (root: Document, options: RunOptions) => Promise<AxeResults> };
}

let visitor: Party;

useHarness();

beforeAll(async () => {
  const running = npmStart(['--port', '0']);
  visitor = await party({
    url: (await addressOf(running)).replace(/\/$/, ''),
    args: ['--font-render-hinting=none', '--disable-lcd-text'],
  });
  const { context } = visitor;
  const sessions = await bundled('Sessions', ['src/testing/fakeSession.ts']);
  // The policy of the pages takes scripts of the server only. A page that is put in another's place may
  // not connect to this machine, a script may.
  await context.route('**/dist/cordboard.js', async (route) => {
    const response = await route.fetch();
    const added = [sessions, readFileSync(axeFile, 'utf8')];
    await route.fulfill({ response, body: [await response.text(), ...added].join('\n') });
  });
  // Another machine has another font for the page, and other pictures with it.
  await context.route('**/look.css', async (route) => {
    const response = await route.fetch();
    const own = `:root { --cb-font: ${fonts}; } body { font-family: ${fonts}; }`;
    await route.fulfill({ response, body: `${await response.text()}\n${own}` });
  });
  await registered(visitor);
});

async function open(look: Look): Promise<Tab> {
  const tab = await visitor.open(`/examples/looks/${look}/`);
  await tab.page.emulateMedia({ reducedMotion: 'reduce' });
  // The announcer may say the same beside it.
  await tab.page.locator('#status [part="status"]', { hasText: 'Ready' }).waitFor();
  return tab;
}

/** Plays a state of the phone, after whatever state there was. */
async function play({ page }: Tab, state: State): Promise<void> {
  await page.evaluate(async (wanted) => {
    const { Cordboard, Sessions: played } = globalThis as unknown as Stage;
    const phone = await Cordboard.phone;
    const drawn = (): Promise<unknown> => new Promise((done) => setTimeout(done, 30));
    const add = <T extends Sessions.FakeSession>(session: T): T => {
      phone.calls.add(session);
      return session;
    };
    const call = (isObliging = true): Sessions.FakeSession => {
      const session = add(
        played.outgoing({ isObliging, remote: { name: 'Ada Winter', user: '1002' } }),
      );
      session.ring();
      return session;
    };
    const talk = async (isObliging = true): Promise<Sessions.FakeSession> => {
      const session = call(isObliging);
      session.establish();
      await drawn();
      return session;
    };
    const ring = (): void => {
      const name = 'Bernhardine Friederike Wolkenstein-Hohenfels';
      add(played.incoming({ isObliging: true, remote: { name, user: '+493012345678901' } }));
    };
    const scenes: Record<State, () => unknown> = {
      idle: () => undefined,
      ringing: ring,
      calling: () => call(),
      up: () => talk(),
      held: async () => {
        await talk();
        await phone.callControl.hold();
      },
      two: () => {
        call();
        ring();
      },
      waiting: async () => {
        await talk();
        ring();
      },
      transfer: async () => {
        await talk();
        await phone.callControl.transfer();
      },
      // The far end takes the hold and not its end, which the page of its own accord asks for.
      refused: async () => {
        const session = await talk(false);
        const asked = phone.callControl.transfer();
        await drawn();
        void session.settle('hold');
        await asked;
        const resumed = phone.calls
          .list()[0]
          ?.unhold()
          .catch(() => undefined);
        await drawn();
        void session.refuse('unhold', 488);
        await resumed;
      },
      failed: () => {
        call().end({ statusCode: 486 });
      },
      // Somebody else is to be called besides those two.
      aside: async () => {
        await talk();
        await talk();
        document.querySelector<HTMLElement>('#calls [data-value="new"]')?.click();
      },
      many: async () => {
        await talk();
        await talk();
        ring();
      },
    };
    for (const one of phone.calls.list()) await one.hangup().catch(() => undefined);
    await drawn();
    await scenes[wanted]();
    await drawn();
  }, state);
}

async function dress({ page }: Tab, theme: string, language: string): Promise<void> {
  await page.evaluate(
    async ([chosen, name, words]) => {
      const { Cordboard } = globalThis as unknown as Stage;
      const { documentElement: html } = document;
      html.dataset['theme'] = chosen;
      html.dir = name === 'ar' ? 'rtl' : 'ltr';
      html.lang = name;
      const texts = document.createTreeWalker(document.querySelector('main') ?? html, 4);
      while (texts.nextNode()) {
        const text = texts.currentNode as Text;
        const there = text.data.replace(/\s+/g, ' ').trim();
        const pair = Object.entries(words).find((one) => one.includes(there));
        if (pair) text.data = `${pair[name === 'ar' ? 1 : 0]} `;
      }
      await (await Cordboard.phone).i18n.changeLanguage(name);
      await new Promise((resolve) => setTimeout(resolve, 30));
    },
    [theme, language, pageInArabic] as const,
  );
}

/** What axe finds in the page as it is. */
function look({ page }: Tab): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as Stage;
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join()}: ${failureSummary ?? ''}`),
    );
  });
}

const names = Object.keys(looks) as Look[];

describe.each(names)('the look "%s"', (name) => {
  let tab: Tab;

  beforeAll(async () => {
    tab = await open(name);
  });

  test('has its controls in their places in each state, at each width, in four languages', async () => {
    const found: string[] = [];
    for (const state of states) {
      await play(tab, state);
      for (const language of ['en', 'ar', 'de', 'ru']) {
        await dress(tab, 'light', language);
        for (const width of widths) {
          await tab.page.setViewportSize({ width, height: 720 });
          const wrong = await tab.page.evaluate(wrongs, looks[name]);
          found.push(...wrong.map((line) => `${language}, ${state}, ${String(width)}: ${line}`));
        }
      }
    }
    expect(found).toEqual([]);
  });

  test('tells once what the far end has refused', async () => {
    const { page } = tab;
    await play(tab, 'idle');
    await page.evaluate(async () => {
      const { Cordboard, Sessions: played } = globalThis as unknown as Stage;
      const session = played.outgoing();
      (await Cordboard.phone).calls.add(session);
      session.establish();
      const wait = (): Promise<unknown> => new Promise((done) => setTimeout(done, 30));
      await wait();
      document.querySelector<HTMLElement>('#controls [part="hold"]')?.click();
      await wait();
      void session.refuse('hold', 488);
    });
    await page.locator('#controls [part="error"]').waitFor();
    expect(await page.locator('[data-kind="error"]:visible').count()).toBe(1);
  });

  test.each([
    ['light', 'en'],
    ['dark', 'en'],
    ['light', 'ar'],
  ] as const)('is as it was, and nothing is found by axe, %s, %s', async (theme, language) => {
    await play(tab, 'two');
    await dress(tab, theme, language);
    const different: string[] = [];
    for (const width of widths) {
      await tab.page.setViewportSize({ width, height: 640 });
      const picture = `${name}-${theme}-${language}-${String(width)}`;
      different.push(await comparePicture(tab.page, picture));
    }
    expect(different.filter(Boolean)).toEqual([]);
    expect(await look(tab)).toEqual([]);
    await play(tab, 'transfer');
    expect(await look(tab)).toEqual([]);
  });
});

test.each(names)(
  'with forced colours what is chosen or pressed is seen in the look "%s"',
  async (name) => {
    const tab = await open(name);
    const { page } = tab;
    await page.setViewportSize({ width: 1280, height: 720 });
    const chips = ['[part="chip"][aria-current]', '[part="chip"]:not([aria-current])'] as const;
    await play(tab, 'two');
    const rows = name === 'toolbar' ? await alikeIn(page, chips) : [];
    await play(tab, 'up');
    await page.locator('[part="mute"]').first().click();
    await page.locator('[aria-pressed="true"]').first().waitFor();
    const button = '#controls .cb-button';
    const off = `${button}:not([aria-pressed="true"], .cb-danger)`;
    const buttons = await alikeIn(page, [`${button}[aria-pressed="true"]`, off]);
    expect([...rows, ...buttons]).toEqual([]);
    await page.close();
  },
);

test('the docked look is in its corner, in the other one from right to left, and takes no focus', async () => {
  const tab = await open('docked');
  const { page } = tab;
  await page.setViewportSize({ width: 1280, height: 720 });
  const place = (): Promise<readonly number[]> =>
    page.locator('.dock').evaluate((dock) => {
      const { left, right, bottom } = dock.getBoundingClientRect();
      return [left, 1280 - right, bottom];
    });
  expect((await place()).slice(1)).toEqual([24, 720]);
  await dress(tab, 'light', 'ar');
  expect([(await place())[0], (await place())[2]]).toEqual([24, 720]);
  await page.locator('h1').evaluate((heading) => {
    heading.tabIndex = -1;
    heading.focus();
  });
  await play(tab, 'ringing');
  await page.locator('.dock [part="answer"]').waitFor();
  expect(await page.locator('.dock-more').getAttribute('open')).toBeNull();
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe('h1');
  await page.close();
});

test('the toolbar is one row where there is room', async () => {
  const tab = await open('toolbar');
  await tab.page.setViewportSize({ width: 1280, height: 720 });
  for (const state of states) {
    await play(tab, state);
    const middles = await tab.page.locator('.bar-row :is(button, input)').evaluateAll((all) =>
      all
        .filter((one) => !one.closest('form') && one.checkVisibility())
        .map((one) => one.getBoundingClientRect())
        .map(({ top, height }) => Math.round(top + height / 2)),
    );
    expect([state, Math.max(...middles) - Math.min(...middles)]).toEqual([state, 0]);
    const cut = await tab.page
      .locator('.bar-row [part="name"]')
      .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).length);
    expect([state, cut]).toEqual([state, 0]);
  }
  await tab.page.close();
});

test('where the toolbar has little room, buttons are with their call, and the state is in words', async () => {
  const tab = await open('toolbar');
  const { page } = tab;
  await page.setViewportSize({ width: 320, height: 640 });
  const boxOf = (selector: string): Promise<DOMRect> =>
    page
      .locator(selector)
      .evaluate((one) => one.getBoundingClientRect().toJSON() as unknown as DOMRect);
  for (const language of ['en', 'ar']) {
    await dress(tab, 'light', language);
    await play(tab, 'two');
    const own = await boxOf('[part="chip"][aria-current="true"]');
    const buttons = await boxOf('#controls');
    expect(Math.abs(buttons.top - own.bottom)).toBeLessThan(1);
    expect([buttons.left, buttons.right]).toEqual([own.left, own.right]);
    const other = await boxOf('[data-rings="true"]');
    expect(other.bottom).toBeLessThan(own.top);
    const answer = await boxOf('[data-rings="true"] [part="answer"]');
    expect(answer.top > other.top && answer.bottom < other.bottom).toBe(true);
    await page.locator('.bar-button').click();
    expect((await boxOf('#menu')).top).toBeGreaterThan((await boxOf('.bar')).bottom);
    await page.keyboard.press('Escape');
    await play(tab, 'up');
    const words = await boxOf('#status [part="status"]');
    expect(Math.min(words.width, words.height)).toBeGreaterThan(12);
    // Words that are longer than the room do not move the buttons of the call.
    await page.locator('#status [part="status"]').evaluate((state) => {
      state.textContent = 'Registering with the server…';
    });
    expect((await boxOf('#controls')).top).toBe((await boxOf('.bar-button')).top);
    expect((await boxOf('#status [part="status"]')).width).toBeGreaterThan(40);
  }
  await play(tab, 'failed');
  await page.locator('#dial [part="target"]').fill('not a number at all');
  await page.locator('#dial [part="call"]').click();
  await page.locator('#dial-error .cb-notice').waitFor();
  expect(await page.evaluate(wrongs, looks.toolbar)).toEqual([]);
  await page.close();
});

test.each(names)(
  'the look "%s" keeps its keys in a call when the phone is stopped',
  async (name) => {
    const { page } = await open(name);
    const keys = page.locator('#dialpad');
    const shown = (): Promise<string> => keys.evaluate((one) => getComputedStyle(one).display);
    await play({ page } as Tab, 'up');
    await page.evaluate(async () => {
      await (await (globalThis as unknown as Stage).Cordboard.phone).userAgent.stop();
    });
    await page.locator('#account [part="form"]').waitFor({ state: 'attached' });
    expect(await shown()).toBe('block');
    await play({ page } as Tab, 'idle');
    expect(await shown()).toBe('none');
    await page.close();
  },
);

test('a call is made, answered and ended in the docked look', async () => {
  const tab = await open('docked');
  const two = desk(visitor.page, 'two');
  await tab.page.locator('.dock summary').click();
  await tab.page.locator('#dialpad [part="target"]').fill(await two.number());
  await tab.page.locator('#dialpad [part="call"]').click();
  await two.part('call-list', 'answer').click();
  await tab.page.locator('#calls [part="duration"]').waitFor();
  await tab.page.locator('#controls [part="hangup"]').click();
  await idle(visitor);
  expect(tab.console).toEqual([]);
  await tab.page.close();
});

test.each([
  { name: 'full', place: '#controls', before: 'up', part: 'hangup', after: 'idle' },
  { name: 'toolbar', place: '#dial', before: 'idle', part: 'target', after: 'calling' },
] as const)(
  'the $name look keeps the focus in $place when what has it goes',
  async ({ name, place, before, part, after }) => {
    const tab = await open(name);
    const { page } = tab;
    await play(tab, before);
    const focused = page.locator(`${place} [part="${part}"]`);
    await focused.focus();
    await play(tab, after);
    await focused.waitFor({ state: 'detached' });
    const isThere = (root: string): boolean => Boolean(document.activeElement?.closest(root));
    expect(await page.evaluate(isThere, place)).toBe(true);
    await page.close();
  },
);

test('the full look answers a call with a picture, too', async () => {
  const { page } = await open('full');
  await page.evaluate(async () => {
    const { Cordboard, Sessions: played } = globalThis as unknown as Stage;
    const offered = { audio: true, video: true };
    (await Cordboard.phone).calls.add(played.incoming({ isObliging: true, offered }));
  });
  await page.locator('#controls [part="answerVideo"]').click();
  await page.locator('#video [part="localVideo"]').waitFor();
  await page.close();
});

test('the docked look tells of a call that was answered by itself', async () => {
  await visitor.context.route('**/docked/phone.json', async (route) => {
    const response = await route.fetch();
    const config = (await response.json()) as { userAgent: { user_agent: object } };
    Object.assign(config.userAgent.user_agent, { auto_answer: 'idle' });
    await route.fulfill({ response, json: config });
  });
  const { page } = await open('docked');
  // Nobody after this one is answered for.
  await visitor.context.unroute('**/docked/phone.json');
  await visitor.page.evaluate(() => {
    const { two } = (globalThis as unknown as { readonly phones: Record<string, Webphone> }).phones;
    return two?.userAgent.call('201', ['Call-Info: <sip:intercom>;answer-after=0']).then(() => 0);
  });
  await page.locator('.dock [part="autoAnswered"]').waitFor();
  await page.locator('#controls [part="hangup"]').click();
  await page.locator('.dock [part="autoAnswered"]').waitFor({ state: 'detached' });
  await idle(visitor);
  await page.close();
});
