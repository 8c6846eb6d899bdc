import { afterAll, beforeAll, expect, test } from 'vitest';
import en from '../../locales/en.json' with { type: 'json' };
import type { Party, Tab } from '../e2e/support/browser.ts';
import { domain } from '../e2e/support/kamailio.ts';
import { useLab } from '../e2e/support/lab.ts';
import { isUp, makePhone } from '../e2e/support/phone.ts';
import type { TestPhone } from '../e2e/support/phone.ts';
import { until } from '../e2e/support/processes.ts';
import { rawPhonePath, serveRawPhone, startRawPhone } from '../e2e/support/rawPhone.ts';
import type { RawPhone } from '../e2e/support/rawPhone.ts';
import { startStunServer } from '../e2e/support/stunServer.ts';
import {
  bareLibraries,
  brotliSize,
  builtScript,
  pluginNames,
  scriptWithout,
  watchedScript,
} from './bundles.ts';
import { compareComposition } from './composition.ts';
import { compareFirstPaint } from './firstPaint.ts';
import { compareIdleCalls, compareMeter } from './idleCalls.ts';
import { pageFile } from './pageSide.ts';
import type { Drawn } from './pageSide.ts';
import { median, note, noteFigure, noteNone, publish } from './results.ts';

const lab = useLab();
const refusing = '1008';
const deadServer = 'stun:10.99.0.2:3478';
const ours = builtScript();
const theirs = await bareLibraries();

// The production build of 2600hz/libwebphone at fa35a7c9 (2024-03-25), after brotli.
const libwebphoneBytes = 123_400;

let alice: Party;
let deadReference: Promise<number>;

beforeAll(async () => {
  const { server, kamailio } = lab();
  await serveRawPhone(server);
  server.put('/blank.html', '<!doctype html><title>Bench</title><link rel="icon" href="data:,">');
  await kamailio.behave(refusing, '486');
  alice = await lab().party({ name: 'alice' });
  deadReference = slowestReference();
  // Whoever awaits it last is told; until then a failure must not end the run.
  deadReference.catch(() => undefined);
});

afterAll(() => {
  const missed = publish();
  expect(missed, 'limits that were missed').toEqual([]);
});

/** JsSIP with a STUN server that never answers, in a browser of its own: it takes some 40 s. */
async function slowestReference(): Promise<number> {
  const party = await lab().party({ name: 'slow', path: rawPhonePath });
  const raw = await startRawPhone(party.page, {
    user: '1012',
    socket: lab().kamailio.url,
    pcConfig: { iceServers: [{ urls: deadServer }] },
  });
  const place = await raw.call(`sip:${refusing}@${domain}`);
  await until('JsSIP to give up gathering', async () => (await raw.events(place)).at(0), {
    timeoutMs: 90_000,
  });
  const ms = await raw.sentInvite(place);
  await party.close();
  return ms;
}

async function blank(...scripts: readonly string[]): Promise<Tab> {
  const tab = await alice.open('/blank.html');
  for (const content of [pageFile('benchPage.js'), ...scripts]) {
    await tab.page.addScriptTag({ content });
  }
  return tab;
}

async function close(...tabs: readonly Tab[]): Promise<void> {
  for (const { page } of tabs) await page.close();
}

async function startOurs(tab: Tab, user: string, servers: RTCIceServer[]): Promise<TestPhone> {
  return makePhone(tab, {
    user,
    socket: lab().kamailio.url,
    config: { userAgent: { user_agent: { pc_config: { iceServers: servers } } } },
  });
}

test('size', () => {
  const sizes = [ours, theirs].map(brotliSize) as [number, number];
  note('script-tag file in bytes (brotli) : its libraries', [...sizes, 1.6]);
  const dropIn = brotliSize(builtScript('libwebphone.js'));
  note('drop-in in bytes (brotli) : libwebphone', [dropIn, libwebphoneBytes, 0.85]);
});

test('what each plugin adds to the size', { timeout: 600_000 }, async () => {
  const whole = brotliSize(ours);
  for (const plugin of pluginNames) {
    const without = brotliSize(await scriptWithout(plugin));
    expect(whole, `bytes with ${plugin}`).toBeGreaterThan(without);
    noteFigure(`bytes that ${plugin} adds : the whole script`, [whole - without, whole]);
  }
});

/** Milliseconds from `call()` to the INVITE on the wire. */
async function inviteOnce(phone: TestPhone): Promise<number> {
  const ms = await phone.page.evaluate(async (target) => {
    rec.clear();
    rec.add('asked');
    await globalThis.phone.userAgent.call(target);
    return (rec.named('invite')[0]?.at ?? NaN) - (rec.named('asked')[0]?.at ?? NaN);
  }, refusing);
  await phone.quiet();
  return ms;
}

async function rawOnce(raw: RawPhone): Promise<number> {
  const place = await raw.call(`sip:${refusing}@${domain}`);
  await raw.waitFor('failed', place);
  return raw.sentInvite(place);
}

async function watched(servers: RTCIceServer[]): Promise<TestPhone> {
  const tab = await alice.open('/');
  await tab.page.addScriptTag({ content: pageFile('benchPage.js') });
  await tab.page.evaluate(() => {
    bench.watchInvites();
  });
  return startOurs(tab, '1001', servers);
}

async function compareInvites(servers: RTCIceServer[], rounds: number): Promise<[number, number]> {
  const phone = await watched(servers);
  const tab = await alice.open(rawPhonePath);
  const raw = await startRawPhone(tab.page, {
    user: '1002',
    socket: lab().kamailio.url,
    pcConfig: { iceServers: servers },
  });
  // The first of each starts what later ones find running.
  await inviteOnce(phone);
  await rawOnce(raw);
  const [our, their]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    our.push(await inviteOnce(phone));
    their.push(await rawOnce(raw));
  }
  await close(phone.tab, tab);
  return [median(our), median(their)];
}

test('from call() to the INVITE', async () => {
  const name = 'ms from call() to INVITE : JsSIP, ';
  note(`${name}host candidates`, [...(await compareInvites([], 9)), 0.4]);
  const stun = await startStunServer('203.0.113.7');
  note(`${name}a STUN server`, [...(await compareInvites([{ urls: stun.url }], 7)), 0.7]);
  const phone = await watched([{ urls: deadServer }]);
  await inviteOnce(phone);
  const dead = [await inviteOnce(phone), await inviteOnce(phone), await inviteOnce(phone)];
  await close(phone.tab);
  note(`${name}a dead STUN server`, [median(dead), await deadReference, 0.02]);
});

test('draws', async () => {
  const phone = await startOurs(await alice.open('/'), '1001', []);
  const tab = await alice.open(rawPhonePath);
  await startRawPhone(tab.page, { user: '1002', socket: lab().kamailio.url, autoAnswer: true });
  await phone.page.addScriptTag({ content: pageFile('benchPage.js') });
  await phone.page.evaluate(() => {
    const roots = [...document.querySelectorAll('[data-cordboard]')];
    globalThis.draws = bench.watchDraws(globalThis.phone, roots);
  });
  const id = await phone.callTo('1002');
  await phone.waitForCall('the answer', isUp, id);
  for (const command of ['mute', 'unmute', 'hold', 'unhold', 'hangup'] as const) {
    await phone.run(command, id);
  }
  await phone.quiet();
  const { html, batches, changes } = await phone.page.evaluate(() => globalThis.draws);
  await close(phone.tab, tab);
  const busiest = Math.max(...batches);
  // A drawing that the counters cannot see must not pass for none.
  expect(Math.min(html, busiest)).toBeGreaterThan(0);
  note('draws of the busiest mount : changes of a call', [busiest, changes, 1]);
  note('draws of all mounts : changes x mounts', [html, changes * batches.length, 1]);
});

test('a mute with 50 calls listed', async () => {
  const { page, ...tab } = await alice.open('/');
  await page.addScriptTag({ content: pageFile('benchPage.js') });
  const rounds = await page.evaluate(async () => {
    const root = document.getElementById('call-list');
    if (root === null) throw new Error('there is no place for the list');
    const phone = Cordboard.createWebphone({ callList: { renderTargets: [root] } });
    return bench.muteRounds(phone, root, { calls: 50, rounds: 21 });
  });
  await close({ ...tab, page });
  expect(rounds.isDrawn, 'every row shows its mute').toBe(true);
  note('ms for 50 mutes in a list of 50 : by hand', [
    median(rounds.ours),
    median(rounds.byHand),
    5,
  ]);
  noteNone('nodes touched outside of the muted row', rounds.elsewhere);
});

/** What each plugin draws at first, and the section of the texts it takes its words from. */
async function firstDraws(): Promise<readonly Drawn[]> {
  const tab = await blank(await watchedScript());
  const drawn = await tab.page.evaluate(async () => {
    const { phone } = await bench.create(Bare);
    phone.destroy();
    return [...new Map(globalThis.drawn?.map((one) => [one.template, one])).values()];
  });
  await close(tab);
  return drawn.map((one) => {
    const words = Object.keys(one.view.t);
    const section = Object.entries(en).find(([, texts]) => words.every((word) => word in texts));
    return { ...one, section: section?.[0] ?? '' };
  });
}

test('parse, run and first paint', async () => {
  const drawn = await firstDraws();
  // Every plugin that there is has its part in this: one that draws nothing at first does so on both sides.
  expect(drawn.map(({ section }) => section).sort()).toEqual([...pluginNames].sort());
  const parse: [number[], number[]] = [[], []];
  const paint: [number[], number[]] = [[], []];
  for (let round = 0; round < 15; round += 1) {
    const our = await blank();
    parse[0].push(await our.page.evaluate((code) => bench.run(code), ours));
    paint[0].push(await our.page.evaluate(async () => (await bench.create(Cordboard)).ms));
    await close(our);
    const their = await blank();
    parse[1].push(await their.page.evaluate((code) => bench.run(code), theirs));
    paint[1].push(
      await their.page.evaluate((given) => bench.drawBare(Bare, given), { texts: en, drawn }),
    );
    await close(their);
  }
  note('ms to parse and run the script : its libraries', [median(parse[0]), median(parse[1]), 1.4]);
  note('ms from create to all targets painted : bare libraries', [
    median(paint[0]),
    median(paint[1]),
    1.5,
  ]);
});

test('first paint of the element', () => compareFirstPaint(lab(), alice, theirs));

test('emit', async () => {
  const tab = await blank(ours, theirs);
  const rounds = await tab.page.evaluate(() => bench.emitRounds(Cordboard, Bare, 15));
  await close(tab);
  note(
    'events per ms with 10 listeners : eventemitter2',
    [median(rounds.ours), median(rounds.theirs), 0.7],
    { atLeast: true },
  );
});

test('an idle call', () => compareIdleCalls(lab(), alice));

test('a level meter', () => compareMeter(lab()));

test('video composition', () => compareComposition(lab()));

const fakes = 180;
const real = 20;

/** Everything that a page still has, after its garbage is collected. */
async function leftovers({ page }: Tab): Promise<Readonly<Record<string, number>>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.evaluate(() => globalThis.leaks());
  for (let turn = 0; turn < 3; turn += 1) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const listeners = metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? Number.NaN;
  await session.detach();
  return { listeners, ...(await page.evaluate(() => globalThis.leaks())) };
}

/** What is there more than at first, once that is nothing or `ms` have passed. */
async function more(
  tab: Tab,
  first: Readonly<Record<string, number>>,
  ms: number,
): Promise<Readonly<Record<string, number>>> {
  const deadline = Date.now() + ms;
  for (;;) {
    const now = Object.entries(await leftovers(tab));
    const left = now.map(
      ([what, count]) => [what, Math.max(0, count - (first[what] ?? 0))] as const,
    );
    if (left.every(([, count]) => count === 0) || Date.now() > deadline)
      return Object.fromEntries(left);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

// RFC 3261 section 17: a transaction outlives its call by 64 times 500 ms.
const transactions = 36_000;

test('what is left', async () => {
  await alice.context.addInitScript({ content: pageFile('leakHooks.js') });
  const tab = await alice.open('/');
  await tab.page.addScriptTag({ content: pageFile('benchPage.js') });
  const untouched = await leftovers(tab);
  const phone = await startOurs(tab, '1001', []);
  const far = await alice.open(rawPhonePath);
  await startRawPhone(far.page, { user: '1002', socket: lab().kamailio.url, autoAnswer: true });
  const callOnce = async (): Promise<void> => {
    const id = await phone.callTo('1002');
    await phone.waitForCall('the answer', isUp, id);
    // Chromium never frees a connection that is closed while the end of the gathering is on its way.
    await tab.page.waitForFunction(
      (call) =>
        globalThis.phone.calls.get(call)?.getPeerConnection()?.iceGatheringState === 'complete',
      id,
    );
    await phone.run('hangup', id);
    await phone.quiet();
  };
  // The first call opens what every later one uses again.
  await callOnce();
  await phone.clear();
  const before = await leftovers(tab);
  for (let turn = 0; turn < real; turn += 1) await callOnce();
  await tab.page.evaluate((count) => bench.fakeCalls(globalThis.phone, count), fakes);
  await phone.clear();
  await tab.page.evaluate(() => {
    globalThis.seenCalls = {};
  });
  for (const [what, count] of Object.entries(await more(tab, before, transactions))) {
    noteNone(`${what} left by 200 calls (${real} real)`, count);
  }
  await tab.page.evaluate(() => {
    globalThis.phone.destroy();
  });
  // The server answers the REGISTER that takes our contact away.
  for (const [what, count] of Object.entries(await more(tab, untouched, 5000))) {
    noteNone(`${what} left by destroy()`, count);
  }
  await close(tab, far);
});
