import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { openFrame } from '../../src/entry/host.ts';
import { foundByAxe } from './support/axe.ts';
import { clearStage, enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { party } from './support/browser.ts';
import type { Party } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { until } from './support/processes.ts';
import { startPageServer } from './support/server.ts';
import type { PageServer } from './support/server.ts';
import { expectNoReports, strictPolicy } from './support/strict.ts';

// The frame is of one origin, the page that may command it of another, a page that may not of a third.

const lab = useLab();
const hz = 440;
const root = fileURLToPath(new URL('../..', import.meta.url));

let host: PageServer;
let stranger: PageServer;
let alice: Party;
let bob: Member;
let phoneOf: (user: string) => object;

declare global {
  var CordboardHost: { readonly openFrame: typeof openFrame };
  var frame: ReturnType<typeof openFrame>;
  var said: unknown[];
}

const app = (address: string): string => `
  globalThis.said = [];
  globalThis.frame = CordboardHost.openFrame({ src: '${address}', target: 'place' });
  frame.on('call.established', (payload) => said.push(['established', payload]));
  frame.on('call.ended', ({ call }) => said.push(['ended', call.end.by]));
  addEventListener('message', ({ data }) => said.push(['message', data.cordboard, data.name]));
`;

function servePage(server: PageServer, address: string): void {
  const page =
    '<!doctype html><meta charset="utf-8"><title>Host</title><link rel="icon" href="/i.svg"><div id="place"></div>';
  const scripts = '<script src="/dist/cordboard-host.js"></script><script src="/app.js"></script>';
  server.put('/app.js', app(address));
  server.put('/host.html', page + scripts, `${strictPolicy}; frame-src ${new URL(address).origin}`);
}

beforeAll(async () => {
  const { server, kamailio } = lab();
  [host, stranger] = await Promise.all([startPageServer(), startPageServer()]);
  const address = `${server.url}/dist/frame/index.html`;
  server.put(
    '/dist/frame/index.html',
    readFileSync(join(root, 'src/frame/index.html')),
    strictPolicy,
  );
  phoneOf = (user) => ({
    frame: { origins: [host.url] },
    preset: 'kamailio',
    provisioning: { refresh: 300 },
    userAgent: {
      transport: { sockets: [kamailio.url] },
      authentication: { username: user, password: `pw${user}`, realm: domain },
    },
  });
  server.putTagged('/dist/frame/phone.json', phoneOf('1001'));
  servePage(host, address);
  servePage(stranger, address);
  [alice, bob] = await Promise.all([
    party({ name: 'alice', hz, url: host.url, path: '/host.html' }),
    enter('bob', { party: lab().party, socket: kamailio.url }),
  ]);
  await alice.page.frameLocator('iframe').locator('[part="status"]').getByText('Ready').waitFor();
});

afterEach(() => clearStage(bob));

const said = (): Promise<readonly (readonly unknown[])[]> =>
  alice.page.evaluate(() => globalThis.said as unknown[][]);

test('the page calls, mutes, sends tones and hangs up, and hears what it asked for, and nothing else', async () => {
  const id = await alice.page.evaluate(() => frame.command('call', '1002'));
  await bob.answerNext();
  await hears(bob.tab, { hz, not: bob.hz });
  await until('the event', async () => (await said()).some(([name]) => name === 'established'));
  const [, payload] = (await said()).find(([name]) => name === 'established') ?? [];
  expect(payload).toMatchObject({ callId: id, call: { status: 'established' } });
  await alice.page.evaluate(async () => {
    await frame.command('mute');
    await frame.command('unmute');
    await frame.command('dtmf', '1');
  });
  expect(await alice.page.evaluate(() => frame.command('calls'))).toMatchObject([{ id }]);
  await alice.page.evaluate((callId) => frame.command('hangup', callId), id);
  await until('the end', async () => (await said()).some(([name]) => name === 'ended'));
  const events = (await said()).filter(([, kind]) => kind === 'event').map(([, , name]) => name);
  expect(new Set(events)).toEqual(new Set(['call.established', 'call.ended']));
});

test('the settings of the server that the configuration names are used', async () => {
  const found = JSON.stringify(await lab().kamailio.rpc('ul.lookup', ['location', '1001']));
  const left = Number(/"Expires":"?(\d+)/.exec(found)?.[1]);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(120);
});

test('a call comes in, is answered by the page, and both hear each other', async () => {
  await bob.callTo('1001');
  await until('the call', () =>
    alice.page.evaluate(async () => (await frame.command('calls')).length === 1),
  );
  await alice.page.evaluate(() => frame.command('answer'));
  await hears(bob.tab, { hz, not: bob.hz });
});

test('nothing is found by axe in the frame, at rest, when it rings and in a call', async () => {
  const inside = alice.page.frames().find((frame) => frame.url().endsWith('/frame/index.html'));
  if (!inside) throw new Error('there is no frame');
  expect(await foundByAxe(inside)).toEqual([]);
  await bob.callTo('1001');
  await inside.locator('[part="answer"]').first().waitFor();
  expect(await foundByAxe(inside)).toEqual([]);
  await inside.locator('[part="answer"]').first().click();
  await inside.locator('[part="hold"]').waitFor();
  expect(await foundByAxe(inside)).toEqual([]);
});

test('what goes wrong comes back as an error with a code', async () => {
  const failures = await alice.page.evaluate(async () => {
    const code = (error: unknown): unknown => (error as { readonly code: unknown }).code;
    return [
      await frame.command('hangup', 'no-such-call').catch(code),
      await frame.command('eval' as 'hangup', 'alert(1)').catch(code),
      await frame.command('constructor' as 'hangup').catch(code),
    ];
  });
  expect(failures).toEqual(['call.ended', 'call.stateInvalid', 'call.stateInvalid']);
});

test('a page of another origin gets no answer and no event, and the log of the frame says why', async () => {
  const tab = await alice.open();
  await tab.page.goto(`${stranger.url}/host.html`);
  await tab.page.frameLocator('iframe').locator('[part="status"]').getByText('Ready').waitFor();
  await until('the word in the log', () =>
    Promise.resolve(
      tab.console.some((line) => line.includes(`Messages of ${stranger.url} are refused`)),
    ),
  );
  await tab.page.evaluate((address) => {
    const { contentWindow } = frame.element;
    const command = { cordboard: 'command', id: 1, name: 'call', given: ['1002'] };
    contentWindow?.postMessage(command, new URL(address).origin);
    contentWindow?.postMessage({ cordboard: 'listen', name: '**', isOn: true }, '*');
  }, lab().server.url);
  const id = await bob.callTo('1001');
  await tab.page.frameLocator('iframe').locator('[part="answer"]').first().waitFor();
  expect(await tab.page.evaluate(() => globalThis.said)).toEqual([]);
  expect(await bob.calls()).toEqual([id]);
  expect(tab.console.filter((line) => line.includes('refused'))).not.toHaveLength(0);
  await tab.page.close();
});

test('the page takes no word from another frame or from itself for the phone’s', async () => {
  const before = (await said()).length;
  const reach = (): Promise<unknown> =>
    alice.page.evaluate(async () => {
      const event = {
        cordboard: 'event',
        name: 'call.ended',
        payload: { call: { end: { by: 'nobody' } } },
      };
      window.postMessage(event, '*');
      await new Promise((resolve) => setTimeout(resolve));
      await frame.command('calls');
      return globalThis.said;
    });
  const list = (await reach()) as readonly (readonly unknown[])[];
  expect(list.slice(before).map(([name]) => name)).not.toContain('ended');
  expect(list.length).toBeGreaterThan(before);
});

test('another phone.json is another phone in the frame, which the page commands and hears', async () => {
  const { server } = lab();
  const inside = alice.page.frames().find((frame) => frame.url().endsWith('/frame/index.html'));
  if (!inside) throw new Error('there is no frame');
  await alice.page.evaluate(() =>
    frame.on('phone.created', () => globalThis.said.push(['created'])),
  );
  const before = server.requests.length;
  server.putTagged('/dist/frame/phone.json', phoneOf('1003'));
  await inside.evaluate(async () => {
    await document.querySelector('cordboard-phone')?.phone?.plugins.provisioning?.refresh();
  });
  await inside.locator('[part="account"]').getByText('1003').waitFor();
  await inside.locator('[part="status"]').getByText('Ready').waitFor();
  const asked = server.requests.slice(before).filter((path) => path.endsWith('.json'));
  expect(asked).toEqual(['/dist/frame/phone.json']);
  await until('the new phone', async () => (await said()).some(([name]) => name === 'created'));
  const established = async (): Promise<number> =>
    (await said()).filter(([name]) => name === 'established').length;
  const count = await established();
  await bob.callTo('1003');
  await until('the call', () =>
    alice.page.evaluate(async () => (await frame.command('calls')).length === 1),
  );
  await alice.page.evaluate(() => frame.command('answer'));
  await until('the event', async () => (await established()) === count + 1);
});

test('destroyed, it is gone from the page and from the server, and refuses commands', async () => {
  const code = await alice.page.evaluate(async () => {
    frame.destroy();
    return frame.command('calls').catch((error: unknown) => (error as { code: unknown }).code);
  });
  expect(code).toBe('phone.destroyed');
  expect(await alice.page.locator('iframe').count()).toBe(0);
  for (const server of [lab().server, host, stranger]) expectNoReports(server);
});
