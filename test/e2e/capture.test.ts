import { beforeAll, expect, test } from 'vitest';
import { enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';

// A script that runs before the page's own remembers every track that was ever captured or cloned.

const lab = useLab();
const refusing = '1008';

let alice: Member;
let bob: Member;

beforeAll(async () => {
  const { kamailio, party } = lab();
  await kamailio.behave(refusing, '486');
  const stage = { party, socket: kamailio.url };
  [alice, bob] = await Promise.all([enter('alice', stage), enter('bob', stage)]);
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
    const callId = await alice.callTo(bob.user);
    const atBob = await bob.answerNext();
    await alice.waitForCall('the answer', isUp, callId);
    expect((await alice.tab.liveTracks()).length).toBeGreaterThan(0);
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
      const what = `the microphone of ${user} to be free after ${ways[way]?.name ?? ''}`;
      await until(what, async () => (await tab.liveTracks()).length === 0, { timeoutMs: 1000 });
    }
    const last = everyOrder.slice(Math.max(0, place - 3), place + 1);
    if (new Set(last).size === 4) seen.add(last.join());
  }
  expect(seen.size).toBe(24);
});
