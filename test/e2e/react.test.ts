import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { scratchDirectory, until } from './support/processes.ts';
import { expectNoReports, serveStrict } from './support/strict.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lab = useLab();

let visitor: Party;

declare global {
  // Every socket that the page has opened.
  var sockets: WebSocket[];
}

/** What `npm install && npm run build` makes of the example, its files told of this server. */
function buildExample(): string {
  const app = scratchDirectory('react');
  cpSync(join(root, 'examples/react'), app, {
    recursive: true,
    filter: (name) => !/[\\/]react[\\/](dist|node_modules)/.test(name),
  });
  mkdirSync(join(app, 'node_modules'));
  symlinkSync(root, join(app, 'node_modules/cordboard'));
  for (const name of ['.bin', '@rollup', 'react', 'react-dom', 'scheduler']) {
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
  }
  execFileSync('npm', ['run', 'build'], { cwd: app, stdio: ['ignore', 'ignore', 'pipe'] });
  return join(app, 'dist');
}

beforeAll(async () => {
  const { server, kamailio, party } = lab();
  const built = buildExample();
  for (const name of readdirSync(built)) {
    const text = readFileSync(join(built, name), 'utf8')
      .replace('ws://127.0.0.1:5780/sip', kamailio.url)
      .replaceAll('sandbox.invalid', domain)
      .replace(/'201', 'PASSWORD-OF-201'/, "'1001', 'pw1001'")
      .replace(/'202'/, "'1002'")
      .replace(/'PASSWORD-OF-202'/, "'pw1002'");
    server.put(`/dist/${name}`, text);
  }
  const head =
    '<link rel="stylesheet" href="/dist/theme.css"><script type="module" src="/dist/main.js"></script>';
  serveStrict(server, '/react.html', { head, body: '<main id="app"></main>' });
  visitor = await party({ name: 'visitor' });
  await visitor.page.addInitScript(() => {
    globalThis.sockets = [];
    globalThis.WebSocket = class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols);
        sockets.push(this);
      }
    };
  });
  await visitor.page.goto(`${server.url}/react.html`);
});

const ready = async (): Promise<void> => {
  const states = visitor.page.locator('[part="status"]').getByText('Ready');
  await until('both phones', async () => (await states.count()) === 2);
};

const open = (): Promise<number> =>
  visitor.page.evaluate(() => sockets.filter(({ readyState }) => readyState < 2).length);

test('in StrictMode, which mounts all twice, there is one phone of each kind', async () => {
  await ready();
  await until('two sockets', async () => (await open()) === 2);
  expect(await visitor.page.locator('[part="dialpad"] [part="panel"]').count()).toBe(1);
  expect(await visitor.page.locator('[data-cordboard="dialpad"] [part="panel"]').count()).toBe(2);
});

async function talk(): Promise<void> {
  const { page } = visitor;
  await page.locator('main > [data-cordboard="dialpad"] [part="target"]').fill('1002');
  await page.locator('main > [data-cordboard="dialpad"] [part="call"]').click();
  await page.locator('cordboard-phone [part="answer"]').first().click();
  // What is said here is drawn by React, which sets an equal configuration then.
  await page.getByText('Talking to 1002').waitFor();
}

test('one calls the other, and a draw of React ends no call', async () => {
  const { page } = visitor;
  await talk();
  expect(await page.locator('cordboard-phone [part="duration"]').count()).toBeGreaterThan(0);
  expect(await open()).toBe(2);
});

const lineGone = async (): Promise<void> => {
  const line = visitor.page.locator('main > [role="status"]');
  await until('the line to be gone', async () => (await line.textContent()) === '');
};

test('whoever hangs up talks to nobody any more', async () => {
  const { page } = visitor;
  await page.locator('main > [data-cordboard="callControl"] [part="hangup"]').click();
  await lineGone();
});

test('taken away they leave no socket, no track and nothing drawn, and they can come back', async () => {
  const { page } = visitor;
  await talk();
  await page.getByRole('button', { name: 'Take the phones away' }).click();
  await lineGone();
  await until('the sockets to be closed', async () => (await open()) === 0);
  await until('the microphones to be free', async () => (await visitor.liveTracks()).length === 0);
  expect(await page.locator('[data-cordboard], cordboard-phone').count()).toBe(0);
  await page.getByRole('button', { name: 'Bring them back' }).click();
  await ready();
  expect(await open()).toBe(2);
  expectNoReports(lab().server);
});
