import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { party } from './support/browser.ts';
import type { Party, Tab } from './support/browser.ts';
import { useHarness } from './support/lab.ts';
import { scratchDirectory, until } from './support/processes.ts';
import {
  addressOf,
  desk,
  hears,
  hearsSound,
  idle,
  near,
  npmStart,
  registered,
  testToneHz,
} from './support/sandbox.ts';
import { startPageServer } from './support/server.ts';
import type { PageServer } from './support/server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const microphoneHz = 440;

let printed = '';
let sandbox = '';
let visitor: Party;

useHarness();

/** The sandbox, and its page in a browser, for the examples to call. */
beforeAll(async () => {
  const running = npmStart(['--port', '0']);
  sandbox = (await addressOf(running)).replace(/\/$/, '');
  printed = running.log();
  visitor = await party({ url: sandbox, hz: microphoneHz });
  await registered(visitor);
});

async function ready({ page }: Tab): Promise<void> {
  await page.locator('[part="status"]').getByText('Ready').waitFor();
}

test('the sandbox serves each example that is said to be there, logged in', async () => {
  const readme = readFileSync(join(root, 'examples/README.md'), 'utf8');
  const pages = [...readme.matchAll(/<http:\/\/127\.0\.0\.1:5780(\S+)>/g)].map(
    ([, path = '']) => path,
  );
  const folders = readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'sandbox')
    .map(({ name }) => `/examples/${name}/`);
  expect(pages).toEqual(expect.arrayContaining(folders));
  for (const path of pages) {
    const page = await fetch(`${sandbox}${path}`);
    expect([path, page.status]).toEqual([path, 200]);
    expect(await page.text()).toContain('<!doctype html>');
  }
  for (const name of ['contacts', 'module', 'react', 'screen-pop']) {
    const script = await (await fetch(`${sandbox}/examples/${name}/main.js`)).text();
    expect(script).toContain("from 'cordboard'");
    expect(script).not.toContain('PASSWORD-OF-');
  }
});

test.each([
  ['by one script tag', '/examples/script-tag/'],
  ['configured in the page', '/examples/script-tag/inline.html'],
])('a phone %s registers and calls', async (_, path) => {
  const tab = await visitor.open(path);
  await ready(tab);
  const two = desk(visitor.page, 'two');
  await tab.page.locator('[part="target"]').fill(await two.number());
  await tab.page.locator('[data-cordboard="dialpad"] [part="call"]').click();
  await two.part('call-list', 'answer').click();
  expect(near(testToneHz)).toContain(await hearsSound(tab, 0));
  expect(near(microphoneHz)).toContain(await hears(visitor, 'two'));
  await tab.page.locator('[part="hangup"]').last().click();
  await idle(visitor);
  expect(tab.console).toEqual([]);
  await tab.page.close();
});

test('links and numbers of a page call, and no number that is left alone', async () => {
  const tab = await visitor.open('/examples/click-to-call/');
  await ready(tab);
  await tab.page.evaluate(
    'Cordboard.phone.then((phone) => phone.on("clickToCall.started", (event) => (document.title = event.target)))',
  );
  await tab.page.getByRole('link', { name: 'the echo' }).click();
  await tab.page.locator('[part="duration"]').waitFor();
  expect(near(microphoneHz)).toContain(await hearsSound(tab, 0));
  await tab.page.locator('[part="hangup"]').last().click();
  await tab.page.locator('[part="duration"]').waitFor({ state: 'detached' });
  const numbers = tab.page.locator('a[data-cordboard-number]');
  expect(await numbers.allInnerTexts()).toEqual(['(030) 23125 001', '+49 30 23125 002']);
  await numbers.first().click();
  await until('the number', async () => (await tab.page.title()) === '+493023125001');
  expect(tab.console).toEqual([]);
  await tab.page.close();
});

/** The folder that `npm install && npm run build` makes of an example. */
function buildExample(example: string): string {
  const app = scratchDirectory(example);
  cpSync(join(root, 'examples', example), app, {
    recursive: true,
    filter: (name) => !/[\\/]examples[\\/][\w-]+[\\/](dist|node_modules)/.test(name),
  });
  mkdirSync(join(app, 'node_modules'));
  symlinkSync(root, join(app, 'node_modules/cordboard'));
  for (const name of ['.bin', '@rollup']) {
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
  }
  execFileSync('npm', ['run', 'build'], { cwd: app, stdio: ['ignore', 'ignore', 'pipe'] });
  return join(app, 'dist');
}

/** Builds an example and serves it under its name, logged in as user 202, under a strict policy. */
async function serveExample(example: string): Promise<PageServer> {
  const password = /user 202 {2}password (\S+)/.exec(printed)?.[1] ?? '';
  const socket = /ws:\S+\/sip/.exec(printed)?.[0] ?? '';
  const server = await startPageServer();
  const page = readFileSync(join(root, 'examples', example, 'index.html'), 'utf8');
  const policy = "script-src 'self'; style-src 'self'; require-trusted-types-for 'script'";
  server.put(`/${example}/index.html`, page, policy);
  const built = buildExample(example);
  for (const name of readdirSync(built)) {
    const text = readFileSync(join(built, name), 'utf8')
      .replace('ws://127.0.0.1:5780/sip', socket)
      .replace('PASSWORD-OF-202', password);
    server.put(`/${example}/dist/${name}`, text);
  }
  return server;
}

test('a phone by modules registers, calls the echo and tells it in the title', async () => {
  const server = await serveExample('module');
  const tab = await visitor.open();
  await tab.page.goto(`${server.url}/module/index.html`);
  await ready(tab);
  await tab.page.getByRole('button', { name: 'Call the echo' }).click();
  await until('the title', async () => (await tab.page.title()) === 'In a call with *43');
  expect(near(microphoneHz)).toContain(await hearsSound(tab, 0));
  await tab.page.locator('[part="hangup"]').last().click();
  await until('the old title', async () => (await tab.page.title()) === 'A phone by modules');
  await idle(visitor);
  await tab.page.close();
});

test('a page written for libwebphone runs unchanged, its texts, targets and handlers its own', async () => {
  const tab = await visitor.open('/examples/libwebphone/');
  const { page } = tab;
  const sees = (selector: string, text: string): Promise<void> =>
    page.locator(selector).getByText(text).first().waitFor();
  await sees('#state', 'ready');
  await sees('#account', 'Good day 201 (north)');
  await sees('#log', '201 logs in');
  expect(await page.locator('#dialpad button').allInnerTexts()).toEqual([
    ...['<-', 'Clear', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#', 'Call'],
  ]);
  await page.locator('#dialpad').getByText('7', { exact: true }).click();
  expect(await page.locator('#dialpad input').inputValue()).toBe('7');
  await page.keyboard.press('Escape');
  await sees('#log', 'Escape clears 7');
  await page.locator('#dialpad').getByText('8', { exact: true }).click();
  await page.locator('#my-clear').click();
  await sees('#log', 'click on dialpad');
  expect(await page.locator('#dialpad input').inputValue()).toBe('');
  const two = desk(visitor.page, 'two');
  const field = page.locator('#dialpad input');
  await field.pressSequentially(await two.number());
  expect(await field.inputValue()).toBe(await two.number());
  await page.locator('#dialpad').getByText('Call', { exact: true }).click();
  await two.part('call-list', 'answer').click();
  await sees('#calls', await two.number());
  await sees('#banner', 'Take it');
  await sees('#calls-so-far', '1');
  expect(near(testToneHz)).toContain(await hearsSound(tab, 0));
  expect(near(microphoneHz)).toContain(await hears(visitor, 'two'));
  await page.locator('#controls').getByText('Hold').click();
  await sees('#calls', '(on hold)');
  await page.locator('#language').click();
  await sees('#calls', '(gehalten)');
  await sees('#account', 'Abmelden');
  // What the page has no word for is said by the texts beside the script.
  await page.locator('#controls').getByText('Fortsetzen', { exact: true }).click();
  await page.locator('#controls').getByText('Auflegen').click();
  await idle(visitor);
  await page.locator('#language').click();
  await page.locator('#shortcuts').getByText('Echo').click();
  await sees('#controls', 'Hold');
  expect(near(microphoneHz)).toContain(await hearsSound(tab, 1));
  await page.locator('[name="my-calls"]').first().click();
  await sees('#calls', '(on hold)');
  await page.locator('[name="my-calls"]').last().click();
  // Who hangs up while it comes back is told in the console that it did not.
  await page.locator('#calls').getByText('(on hold)').waitFor({ state: 'detached' });
  await page.locator('#controls').getByText('Hang Up').click();
  await page.getByText('Log out').click();
  await sees('#state', 'stopped');
  expect(tab.console).toEqual([]);
  await page.close();
});

test('a click on a contact calls it, and the list shows how far the call is', async () => {
  const server = await serveExample('contacts');
  const tab = await visitor.open();
  await tab.page.goto(`${server.url}/contacts/index.html`);
  await ready(tab);
  await tab.page.getByLabel('Search').fill('echo');
  await tab.page.getByRole('button', { name: 'Call Echo, *43' }).click();
  await tab.page.locator('[part="state"]').getByText('Talking').waitFor();
  expect(near(microphoneHz)).toContain(await hearsSound(tab, 0));
  await tab.page.getByRole('button', { name: 'Favourite: Echo' }).click();
  await tab.page.reload();
  await tab.page.locator('[part="favourite"][aria-pressed="true"]').waitFor();
  expect(tab.console.filter((line) => line.includes('Security Policy'))).toEqual([]);
  await tab.page.close();
});

test('a caller is looked up while the phone rings, and gone from sight when it is answered', async () => {
  const server = await serveExample('screen-pop');
  const tab = await visitor.open();
  await tab.page.goto(`${server.url}/screen-pop/index.html`);
  await ready(tab);
  const two = desk(visitor.page, 'two');
  const customer = { name: 'Ann Example', company: 'Acme', link: 'https://crm.example.com/7' };
  const path = `/screen-pop/directory/${await two.number()}.json`;
  server.put(path, JSON.stringify(customer));
  await two.dial('202');
  await tab.page.locator('[part="name"]').getByText('Ann Example').waitFor();
  expect(server.requests).toContain(path);
  const link = tab.page.getByRole('link', { name: 'Open the customer' });
  expect(await link.getAttribute('href')).toBe(customer.link);
  await tab.page.locator('[part="answer"]').first().click();
  await link.waitFor({ state: 'detached' });
  await tab.page.locator('[part="hangup"]').last().click();
  await idle(visitor);
  expect(tab.console.filter((line) => line.includes('Security Policy'))).toEqual([]);
  await tab.page.close();
});
