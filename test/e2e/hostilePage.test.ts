import { beforeAll, expect, test } from 'vitest';
import { party } from './support/browser.ts';
import type { Party } from './support/browser.ts';
import { useHarness } from './support/lab.ts';
import { startPageServer } from './support/server.ts';
import type { PageServer } from './support/server.ts';
import { serveStrict } from './support/strict.ts';

// A page whose rules reach for everything: nothing inside of a shadow root may look any different.

useHarness();

const hostile = `
  * { all: unset !important; }
  *, *::before, *::after {
    color: lime !important; background: yellow !important; border: 9px dotted red !important;
    font: italic 900 31px/3 fantasy !important; letter-spacing: 9px !important;
    text-transform: uppercase !important; text-align: right !important; text-indent: 40px !important;
    word-spacing: 20px !important; white-space: pre !important; cursor: wait !important;
    list-style: square !important; text-shadow: 1px 1px red !important;
  }
  button, input, select, label, svg, p, h2, ul, li { display: none !important; }
  section { transform: rotate(9deg) !important; position: fixed !important; }
  [part] { opacity: 0.1 !important; }
  .cb-panel, .cb-button { display: none !important; }
  /* What 1rem is has a page of its own. */
  html { font-size: 16px !important; }
`;

const targets = `
  const sheet = new CSSStyleSheet();
  fetch('/dist/theme.css').then((response) => response.text()).then((text) => {
    sheet.replaceSync(text);
    const root = document.getElementById('target').attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    Cordboard.createWebphone({ storage: false, dialpad: { renderTargets: [root] } });
  });
`;

const body =
  '<main><cordboard-phone config="#config"></cordboard-phone><div id="target"></div></main>' +
  '<script type="application/json" id="config">{"storage":false}</script>' +
  '<script src="/targets.js"></script>';

let server: PageServer;
let visitor: Party;

beforeAll(async () => {
  server = await startPageServer();
  server.put('/hostile.css', hostile);
  server.put('/small.css', 'html { font-size: 62.5%; }');
  server.put('/targets.js', targets);
  const script = '<script src="/dist/cordboard-phone.js"></script>';
  serveStrict(server, '/clean.html', { head: script, body });
  for (const name of ['hostile', 'small']) {
    const head = `<link rel="stylesheet" href="/${name}.css">${script}`;
    serveStrict(server, `/${name}.html`, { head, body });
  }
  visitor = await party({ url: server.url, path: '/clean.html' });
});

/** Everything within a shadow root: what it is, where it is, and each of its computed styles. */
async function looks(path: string, host: string): Promise<Readonly<Record<string, string>>> {
  const { page } = await visitor.open(path);
  await page.locator(`${host} [part~="key"]`).first().waitFor({ state: 'attached' });
  const found = await page.evaluate((selector) => {
    const root = document.querySelector(selector)?.shadowRoot;
    const panels = [...(root?.querySelectorAll('.cb-panel') ?? [])];
    const all = panels.flatMap((panel, at) => {
      const origin = panel.getBoundingClientRect();
      return [panel, ...panel.querySelectorAll('*')].flatMap((element, place) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const isShown = width > 1;
        const box = isShown ? [left - origin.left, top - origin.top, width, height] : [];
        const name = `${at}/${place} ${element.localName} ${element.getAttribute('part') ?? ''}`;
        const style = getComputedStyle(element);
        return [
          [`${name} box`, box.map(Math.round).join()] as const,
          ...[...style].map((key) => [`${name} ${key}`, style.getPropertyValue(key)] as const),
        ];
      });
    });
    return Object.fromEntries(all);
  }, host);
  await page.close();
  return found;
}

// Where text for screen readers stands in the page, and light or dark: that is the page's to say.
const theirs = / (--.*|color-scheme|top|bottom|left|right|inset-.*)$/;

const differences = (
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): readonly string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((key) => !theirs.test(key) && one[key] !== other[key])
    .map((key) => `${key}: ${String(one[key])} / ${String(other[key])}`);

test.each([
  ['cordboard-phone', 'hostile'],
  ['cordboard-phone', 'small'],
  ['#target', 'hostile'],
])('%s looks in a page that is %s as it does in any', async (host, page) => {
  const clean = await looks('/clean.html', host);
  expect(Object.keys(clean).length).toBeGreaterThan(5000);
  expect(differences(clean, await looks(`/${page}.html`, host)).slice(0, 20)).toEqual([]);
});

test('a page that hides the element, or chooses its colours, has its way', async () => {
  const { page } = await visitor.open('/clean.html');
  const panel = page.locator('cordboard-phone [part="dialpad"] [part="panel"]');
  await panel.waitFor();
  const element = page.locator('cordboard-phone');
  const set = (name: string, value: string): Promise<void> =>
    element.evaluate(
      (host, [key, text]) => {
        (host as HTMLElement).style.setProperty(key, text);
      },
      [name, value] as const,
    );
  await set('--cb-surface', 'rgb(1, 2, 3)');
  expect(await panel.evaluate((one) => getComputedStyle(one).backgroundColor)).toBe('rgb(1, 2, 3)');
  await set('visibility', 'hidden');
  expect(await panel.isVisible()).toBe(false);
  await page.close();
});
