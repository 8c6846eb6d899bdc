import { get } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { party } from './support/browser.ts';
import type { Party, Tab } from './support/browser.ts';
import { useHarness } from './support/lab.ts';
import { freePort } from './support/network.ts';
import { until } from './support/processes.ts';
import type { RunningProcess } from './support/processes.ts';
import {
  addressOf,
  desk,
  hears,
  idle,
  isSilent,
  near,
  npmStart,
  registered,
  testToneHz,
} from './support/sandbox.ts';
import type { Desk } from './support/sandbox.ts';

const microphoneHz = 440;

useHarness();

async function hangUp(tab: Tab, phone: Desk): Promise<void> {
  await phone.part('call-control', 'hangup').click();
  await idle(tab);
}

describe('npm start', () => {
  let running: RunningProcess;
  let address: string;
  let visitor: Party;

  beforeAll(async () => {
    running = npmStart(['--port', '0']);
    address = await addressOf(running);
    visitor = await party({
      name: 'visitor',
      url: address.replace(/\/$/, ''),
      hz: microphoneHz,
      // As browsers are set up: no sound before a gesture.
      args: ['--autoplay-policy=document-user-activation-required'],
    });
    await registered(visitor);
  });

  test('prints where to go and the log-ins of two users, and what it is', () => {
    const text = running.log();
    expect(text).toMatch(/ws:\/\/127\.0\.0\.1:\d+\/sip/);
    expect(text.match(/user 20[12] {2}password \S{12}/g)).toHaveLength(2);
    expect(text).toContain('development server');
  });

  test('the page shows both numbers, and both phones are ready', async () => {
    const [one, two] = [desk(visitor.page, 'one'), desk(visitor.page, 'two')];
    expect(await one.number()).toMatch(/^1\d{3}$/);
    expect(await two.number()).not.toBe(await one.number());
    await one.part('user-agent', 'status').getByText('Ready').waitFor();
    await two.part('user-agent', 'status').getByText('Ready').waitFor();
  });

  test('phone one calls phone two by clicking: each hears the other', async () => {
    const [one, two] = [desk(visitor.page, 'one'), desk(visitor.page, 'two')];
    await one.dial(await two.number());
    await two.part('call-list', 'answer').click();
    await one.part('call-list', 'duration').waitFor();
    await two.part('call-list', 'duration').waitFor();
    expect(near(testToneHz)).toContain(await hears(visitor, 'one'));
    expect(near(microphoneHz)).toContain(await hears(visitor, 'two'));
    expect(await isSilent(visitor, 'one')).toBe(false);
    expect(await isSilent(visitor, 'two')).toBe(true);
    await until('the meters to move', () =>
      visitor.page.evaluate(() =>
        [...document.querySelectorAll<HTMLMeterElement>('.meter meter')].every(
          ({ value }) => value > 0.05,
        ),
      ),
    );
    await hangUp(visitor, one);
    expect(await visitor.liveTracks()).toEqual([]);
  });

  test('phone two takes the real microphone when it is told to, in a running call', async () => {
    const [one, two] = [desk(visitor.page, 'one'), desk(visitor.page, 'two')];
    await two.dial(await one.number());
    await one.part('call-list', 'answer').click();
    await two.part('call-list', 'duration').waitFor();
    const oneHears = async (hz: number): Promise<boolean> =>
      near(hz).includes(await hears(visitor, 'one'));
    await until('the tone', () => oneHears(testToneHz));
    const real = visitor.page.locator('#two-real');
    await real.check();
    await until('the microphone', () => oneHears(microphoneHz));
    expect(await isSilent(visitor, 'two')).toBe(false);
    await real.uncheck();
    await until('the tone again', () => oneHears(testToneHz));
    expect(await isSilent(visitor, 'two')).toBe(true);
    await hangUp(visitor, two);
    expect(await visitor.liveTracks()).toEqual([]);
  });

  test('the keyboard alone calls and answers', async () => {
    const { page } = visitor;
    const [one, two] = [desk(page, 'one'), desk(page, 'two')];
    await one.part('dialpad', 'target').focus();
    await page.keyboard.type(await two.number());
    await page.keyboard.press('Enter');
    await two.part('call-list', 'answer').focus();
    await page.keyboard.press('Enter');
    await one.part('call-list', 'duration').waitFor();
    await one.part('call-control', 'hangup').focus();
    await page.keyboard.press('Enter');
    await idle(visitor);
  });

  test('*43 sends the caller back what it says', async () => {
    const one = desk(visitor.page, 'one');
    await one.dial('*43');
    await one.part('call-list', 'duration').waitFor();
    expect(near(microphoneHz)).toContain(await hears(visitor, 'one'));
    expect(await isSilent(visitor, 'echo')).toBe(true);
    await hangUp(visitor, one);
  });

  test('another tab has other users, calls this one, and has an echo of its own', async () => {
    const other = await visitor.open('/');
    await registered(other);
    const [here, there] = [desk(visitor.page, 'two'), desk(other.page, 'one')];
    const numbers = await Promise.all(
      [visitor, other].flatMap(({ page }) => [
        desk(page, 'one').number(),
        desk(page, 'two').number(),
      ]),
    );
    expect(new Set(numbers).size).toBe(4);

    await there.dial(await here.number());
    await here.part('call-list', 'answer').click();
    await there.part('call-list', 'duration').waitFor();
    expect(near(testToneHz)).toContain(await hears(other, 'one'));
    expect(near(microphoneHz)).toContain(await hears(visitor, 'two'));
    await hangUp(other, there);

    const connections = await visitor.connections();
    await there.dial('*43');
    await there.part('call-list', 'duration').waitFor();
    expect(near(microphoneHz)).toContain(await hears(other, 'one'));
    expect(await visitor.connections()).toBe(connections);
    await hangUp(other, there);
    await other.page.close();
  });

  test('the page fits 320 pixels and has one heading and a region for each phone', async () => {
    const { page } = visitor;
    const size = page.viewportSize();
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    if (size) await page.setViewportSize(size);
    for (const role of ['banner', 'main', 'contentinfo'] as const) {
      expect(await page.getByRole(role).count()).toBe(1);
    }
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Cordboard sandbox');
    for (const name of ['Phone one', 'Phone two']) {
      expect(await page.getByRole('region', { name, exact: true }).count()).toBe(1);
    }
  });

  test('nothing of all that is a word on the console: no warning, no breach of the policy', () => {
    expect(visitor.console).toEqual([]);
  });

  test('it serves under a policy that allows neither inline script nor style', async () => {
    const { headers } = await fetch(address);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
  });

  test('a web site whose name points to this machine gets no log-in', async () => {
    const { hostname, port } = new URL(address);
    const status = await new Promise((resolve, reject) => {
      const headers = { host: `evil.example:${port}` };
      get({ hostname, port, path: '/session', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(403);
  });

  test('nothing outside of its own pages can be read', async () => {
    const paths = [
      '/..%2f..%2fpackage.json',
      '/../package.json',
      '/%2e%2e/package.json',
      '/start.mjs',
    ];
    for (const path of paths) expect((await fetch(`${address}${path.slice(1)}`)).status).toBe(404);
  });

  test('a taken port is told in one sentence, with what to do', async () => {
    const { port } = new URL(address);
    const second = npmStart([], { PORT: port });
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.log()).toBe(
      `Port ${port} is taken: choose another one, such as PORT=${Number(port) + 1} npm start.\n`,
    );
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it within a second', async (signal) => {
    const port = await freePort();
    const own = npmStart([], { PORT: String(port) });
    const url = await addressOf(own);
    expect(new URL(url).port).toBe(String(port));
    const { page } = await visitor.open();
    await page.goto(url);
    await page.waitForFunction(() => window.phones?.echo.userAgent.isRegistered());
    const since = performance.now();
    own.signal(signal);
    expect(await own.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - since).toBeLessThan(1000);
    await page.close();
  });
});

test.each([
  ['words', 'The port must be a number from 0 to 65535, not "words".'],
  ['70000', 'The port must be a number from 0 to 65535, not "70000".'],
])('the port %s is refused in one sentence', async (port, sentence) => {
  const refused = npmStart(['--port', port]);
  expect(await refused.exited).toEqual({ code: 1, signal: null });
  expect(refused.log()).toBe(`${sentence}\n`);
});
