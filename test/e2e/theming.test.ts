import { existsSync, readFileSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { beforeAll, expect, test } from 'vitest';
import { party } from './support/browser.ts';
import type { Party } from './support/browser.ts';
import { bundled } from './support/bundle.ts';
import { useHarness } from './support/lab.ts';
import { startPageServer } from './support/server.ts';

// The theming guide is true: each block that says what it shows is applied to a phone, and looked at.
// `npm run pictures` makes the guide's pictures on the way.

useHarness();

const templates = new URL('../../templates/', import.meta.url);
const guide = readFileSync(new URL('THEMING.md', templates), 'utf8');
const arabic: unknown = JSON.parse(
  readFileSync(new URL('../../locales/ar.json', import.meta.url), 'utf8'),
);
const isDrawing = process.env['PICTURES'] !== undefined;

interface Shown {
  readonly selector: string;
  /** A property of CSS, or `text`. */
  readonly what: string;
  readonly value: string;
}

interface Block {
  readonly title: string;
  readonly kind: string;
  readonly text: string;
  readonly theme: string;
  readonly shows: readonly Shown[];
  /** The picture below the block. */
  readonly picture: string | undefined;
}

const pattern =
  /((?:<!-- \w+: .* -->\n)+)\n```(\w+)\n([^]*?)```\n(?:\n!\[[^\]]*\]\((pictures\/\w+\.png)\))?/g;

const blocks: readonly Block[] = [...guide.matchAll(pattern)].map((found) => {
  const [, marks = '', kind = '', text = '', picture] = found;
  const shows = [...marks.matchAll(/<!-- shows: (.*) -->/g)].map(([, mark = '']) => {
    const [selector = '', what = '', value = ''] = mark.split(' | ');
    return { selector, what, value };
  });
  const title = guide.slice(0, found.index).split('\n## ').at(-1)?.split('\n')[0] ?? '';
  const theme = /<!-- theme: (\w+) -->/.exec(marks)?.[1] ?? 'light';
  return { title, kind, text, theme, shows, picture };
});

const pictureUrls = [...guide.matchAll(/\((pictures\/\w+\.png)\)/g)].map(([, path = '']) => path);

const places = ['calls', 'controls', 'dialpad', 'wall'];
const body =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Guide</title>' +
  '<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/layout.css">' +
  `<body><main id="phone">${places.map((id) => `<div id="${id}"></div>`).join('')}</main>` +
  '<cordboard-phone></cordboard-phone><script src="/phone.js"></script><script src="/guide.js"></script>';
const layout =
  'body { margin: 0; } main { display: grid; grid-template-columns: 20rem 20rem; gap: 0 1rem;' +
  ' padding: 1rem; width: 41rem; background: light-dark(#e9edf2, #0c0e12); } main[data-theme=dark] { color-scheme: dark; }' +
  '#dialpad { grid-area: 1 / 2 / 4; } #calls { margin-bottom: 1rem; } main { grid-template-rows: auto auto 1fr; }';
const script = `
  Whole.defineElement();
  const off = { enabled: false };
  const rest = { storage: false, mediaDevices: off, audioContext: off, videoCanvas: off };
  let phone;
  globalThis.show = async (given) => {
    phone?.destroy();
    phone = Whole.createWebphone({
      ...rest,
      callControl: { renderTargets: ['controls'] },
      dialpad: { renderTargets: ['dialpad'], dialed: { convert: { show: false }, filter: { show: false } } },
      ...given,
      callList: { renderTargets: ['calls'], ...given.callList },
    });
    const name = given.i18n?.lng === 'ar' ? 'ليلى حداد' : 'Bob Baker';
    phone.calls.add(Whole.incoming({ remote: { user: '1002', name } }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  };
  const element = document.querySelector('cordboard-phone');
  element.config = rest;
  globalThis.ready = element.ready.then(({ calls }) => {
    calls.add(Whole.incoming({ remote: { user: '1002', name: 'Bob Baker' } }));
  });
`;

declare global {
  var show: (config: object) => Promise<void>;
  var ready: Promise<void>;
}

let visitor: Party;

beforeAll(async () => {
  const server = await startPageServer();
  const modules = ['src/entry/index.ts', 'src/entry/element.ts', 'src/testing/index.ts'];
  server.put('/phone.js', await bundled('Whole', modules));
  server.put('/theme.css', readFileSync(new URL('theme.css', templates), 'utf8'));
  server.put('/layout.css', layout);
  server.put('/guide.js', script);
  server.put('/guide.html', body);
  visitor = await party({ url: server.url, path: '/guide.html' });
  await visitor.page.emulateMedia({ colorScheme: 'light' });
  await visitor.page.evaluate(() => ready);
});

/** The phone of this configuration, under this sheet. */
async function show(css: string, config: object, theme = 'light'): Promise<void> {
  await visitor.page.evaluate(
    async ([sheetText, given, name]) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(sheetText);
      document.adoptedStyleSheets = [sheet];
      const main = document.querySelector<HTMLElement>('#phone');
      if (main) main.dataset['theme'] = name;
      await globalThis.show(given);
    },
    [css, config, theme] as const,
  );
}

async function draw(picture: string): Promise<void> {
  const path = new URL(picture, templates).pathname;
  const box = await visitor.page.locator('#phone').boundingBox();
  // Whole pixels of the phone alone.
  const [width, height] = [box?.width ?? 0, box?.height ?? 0].map(Math.floor);
  const clip = { x: 0, y: 0, width: width ?? 0, height: height ?? 0 };
  await visitor.page.screenshot({ path, animations: 'disabled', clip });
}

/** What is there, now; a colour on its way to another is waited for. */
function seen({ selector, what }: Shown): Promise<string> {
  const place = visitor.page.locator(selector).first();
  if (what === 'text') {
    return place.innerText().then((text) => text.replace(/\s+/g, ' ').trim());
  }
  return place.evaluate((element, name) => {
    for (const animation of element.getAnimations()) {
      if (animation instanceof CSSTransition) animation.finish();
    }
    return getComputedStyle(element).getPropertyValue(name);
  }, what);
}

test.each(blocks)('$title: $kind', async (block) => {
  const { kind, text, theme, shows, picture } = block;
  const given = kind === 'json' ? (JSON.parse(text) as Record<string, object>) : {};
  const config = given['i18n'] ? { i18n: { ...given['i18n'], resources: { ar: arabic } } } : given;
  if (kind === 'html') expect(text).toContain(`data-theme="${theme}"`);
  expect(shows.length).toBeGreaterThan(0);
  // Nothing is shown that was there without the block.
  await show('', {});
  const before = await Promise.all(
    shows.map(async (shown) => (shown.selector === '#wall' ? '' : await seen(shown))),
  );
  expect(before.filter((value, at) => value === shows[at]?.value)).toEqual([]);
  await show(kind === 'css' ? text : '', config, theme);
  for (const shown of shows) expect(await seen(shown), shown.selector).toBe(shown.value);
  if (isDrawing && picture !== undefined) await draw(picture);
});

test('on a page of 320 pixels the number and what clears it are in one row, in a wide font, too', async () => {
  await show("#phone { --cb-font: 'DejaVu Sans'; grid-template-columns: 18rem 18rem; }", {});
  const bottoms = await visitor.page
    .locator('#dialpad [part="fieldRow"] :is(input, button)')
    .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().bottom)));
  expect(bottoms).toHaveLength(3);
  expect(new Set(bottoms).size).toBe(1);
});

test('the guide has all its blocks and pictures, and no picture is without a place in it', async () => {
  expect(blocks.length).toBeGreaterThan(9);
  if (isDrawing) {
    await show('', {});
    await draw('pictures/plain.png');
  }
  const made = readdirSync(new URL('pictures/', templates)).map((name) => `pictures/${name}`);
  expect(made.sort()).toEqual([...new Set(pictureUrls)].sort());
  expect(pictureUrls.filter((path) => !existsSync(new URL(path, templates)))).toEqual([]);
});
