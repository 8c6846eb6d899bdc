import { beforeAll, expect, test } from 'vitest';
import { talk } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { blue, camerasOf, film, red, talkFilmed } from './support/pictures.ts';
import type { Filmed } from './support/pictures.ts';
import { until } from './support/processes.ts';

// A script that runs before the page's own remembers every track that was ever captured or cloned.

const lab = useLab();
const refusing = '1008';

let alice: Filmed;
let bob: Filmed;
let finishedCalls = 0;

beforeAll(async () => {
  const { kamailio, party } = lab();
  await kamailio.behave(refusing, '486');
  const stage = { party, socket: kamailio.url };
  [alice, bob] = await Promise.all([film('alice', red, stage), film('bob', blue, stage)]);
});

const isOver = ({ status }: { readonly status: string }): boolean => status === 'ended';

/** The ways a call may go; each leaves both phones without a call. */
const ways = [
  async function failed(): Promise<void> {
    const callId = await alice.callTo(refusing);
    await alice.waitForCall('the refusal', isOver, callId);
  },
  async function cancelled(): Promise<void> {
    const callId = await alice.callTo(bob.user);
    const atBob = await bob.nextIncoming();
    await alice.run('cancel', callId);
    await bob.waitForCall('the cancel', isOver, atBob);
  },
  async function rejected(): Promise<void> {
    const callId = await alice.callTo(bob.user);
    await bob.run('reject', await bob.nextIncoming());
    await alice.waitForCall('the refusal', isOver, callId);
  },
  async function finished(): Promise<void> {
    finishedCalls += 1;
    const hasPicture = finishedCalls % 2 === 0;
    const [callId, atBob] = await (hasPicture
      ? talkFilmed(alice, bob, { video: true })
      : talk(alice, bob));
    expect((await alice.tab.liveTracks()).length).toBeGreaterThan(0);
    for (const member of [alice, bob]) expect((await camerasOf(member)) > 0).toBe(hasPicture);
    await bob.run('hangup', atBob);
    await alice.waitForCall('the end', isOver, callId);
  },
];

// The shortest row that has each of the 24 orders of four somewhere in it.
const everyOrder = Array.from('123412314231243121342132413214321', (digit) => Number(digit) - 1);

test('after failed, cancelled, rejected and finished calls, in every order, nothing is captured', async () => {
  const seen = new Set<string>();
  for (const [place, way] of everyOrder.entries()) {
    await ways[way]?.();
    for (const { tab, user } of [alice, bob]) {
      const what = `the microphone and camera of ${user} to be free after ${ways[way]?.name ?? ''}`;
      await until(what, async () => (await tab.liveTracks()).length === 0, { timeoutMs: 1000 });
    }
    const last = everyOrder.slice(Math.max(0, place - 3), place + 1);
    if (new Set(last).size === 4) seen.add(last.join());
  }
  expect(seen.size).toBe(24);
});

declare const microphone: { readonly asked: () => number; readonly open: () => void };

// Simulated: no browser of these tests asks, or has a microphone that takes its time.
const slowMicrophone = `{
  const devices = navigator.mediaDevices;
  const original = devices.getUserMedia.bind(devices);
  let asked = 0;
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  devices.getUserMedia = async (...args) => {
    asked += 1;
    await opened;
    return original(...args);
  };
  globalThis.microphone = { asked: () => asked, open };
}`;

test('a call that its caller cancels while the microphone opens leaves nothing captured', async () => {
  await bob.page.evaluate(slowMicrophone);
  const callId = await alice.callTo(bob.user);
  const atBob = await bob.nextIncoming();
  const answer = bob.tryRun('answer', atBob);
  await until('bob to be asked', () => bob.page.evaluate(() => microphone.asked() > 0));
  await alice.run('cancel', callId);
  await bob.waitForCall('the cancel', isOver, atBob);
  await bob.page.evaluate(() => {
    microphone.open();
  });
  expect((await answer).error?.code).toBe('call.ended');
  // The page's own request is done by now, and one of ours after it.
  await bob.page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
  });
  await until('nothing to be captured', async () => (await bob.tab.liveTracks()).length === 0);
  expect(await alice.tab.liveTracks()).toEqual([]);
});
