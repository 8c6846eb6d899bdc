import type { CDPSession } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tab } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';

// After many calls a page holds what it held before them, and after `destroy` nothing at all.

const lab = useLab();
const refusing = '1008';
const rounds = 34;

interface Watched {
  readonly tab: Tab;
  readonly phone: TestPhone;
  readonly debugger: CDPSession;
}

/** What of a kind was ever made, held weakly, so that watching keeps nothing alive. */
interface Kept {
  readonly elements: readonly WeakRef<HTMLMediaElement>[];
  readonly connections: readonly WeakRef<RTCPeerConnection>[];
  readonly sockets: readonly WeakRef<WebSocket>[];
  readonly timers: Set<number>;
  /** Nodes of every audio graph: made by a constructor or by a method of the context. */
  readonly nodes: readonly WeakRef<AudioNode>[];
}

declare global {
  var kept: Kept;
}

async function watch(tab: Tab): Promise<void> {
  await tab.page.evaluate(() => {
    const weak = <Made extends object>(name: string): WeakRef<Made>[] => {
      const made: WeakRef<Made>[] = [];
      const page = globalThis as unknown as Record<string, new (...args: unknown[]) => Made>;
      const original = page[name];
      if (original === undefined) throw new Error(`no ${name} here`);
      page[name] = new Proxy(original, {
        construct: (target, args, newTarget) => {
          const thing = Reflect.construct(target, args, newTarget) as Made;
          made.push(new WeakRef(thing));
          return thing;
        },
      });
      return made;
    };
    const timers = new Set<number>();
    const { setInterval, clearInterval } = globalThis;
    globalThis.setInterval = ((run: () => void, ms: number) => {
      const timer = setInterval(run, ms) as unknown as number;
      timers.add(timer);
      return timer;
    }) as typeof setInterval;
    globalThis.clearInterval = (timer) => {
      timers.delete(timer as number);
      clearInterval(timer);
    };
    const nodes: WeakRef<AudioNode>[] = [];
    const makers = [BaseAudioContext.prototype, AudioContext.prototype] as object[];
    for (const maker of makers) {
      for (const name of Object.getOwnPropertyNames(maker)) {
        if (!name.startsWith('create')) continue;
        const original = Reflect.get(maker, name) as (...args: unknown[]) => unknown;
        Reflect.set(maker, name, function made(this: unknown, ...args: unknown[]) {
          const thing = original.apply(this, args);
          if (thing instanceof AudioNode) nodes.push(new WeakRef(thing));
          return thing;
        });
      }
    }
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (!/^[A-Z]\w+Node$/.test(name) || name === 'AudioNode') continue;
      const type = Reflect.get(globalThis, name) as { readonly prototype?: unknown };
      if (type.prototype instanceof AudioNode) nodesOf(name);
    }
    function nodesOf(name: string): void {
      const type = Reflect.get(globalThis, name) as new (...args: unknown[]) => AudioNode;
      const watched = new Proxy(type, {
        construct: (target, args, newTarget) => {
          const node = Reflect.construct(target, args, newTarget) as AudioNode;
          nodes.push(new WeakRef(node));
          return node;
        },
      });
      Reflect.set(globalThis, name, watched);
    }
    globalThis.kept = {
      timers,
      nodes,
      elements: weak<HTMLMediaElement>('Audio'),
      connections: weak<RTCPeerConnection>('RTCPeerConnection'),
      sockets: weak<WebSocket>('WebSocket'),
    };
  });
}

async function watched(user: string): Promise<Watched> {
  const tab = await (user === '1001' ? first : first.open('/'));
  await watch(tab);
  const phone = await makePhone(tab, { user, socket: lab().kamailio.url });
  const debug = await tab.page.context().newCDPSession(tab.page);
  await debug.send('HeapProfiler.enable');
  return { tab, phone, debugger: debug };
}

let first: Awaited<ReturnType<ReturnType<typeof lab>['party']>>;
let alice: Watched;
let bob: Watched;

beforeAll(async () => {
  first = await lab().party({ name: 'alice' });
  await lab().kamailio.behave(refusing, '486');
  alice = await watched('1001');
  bob = await watched('1002');
});

interface Left {
  readonly elements: number;
  readonly connections: number;
  readonly nodes: number;
}

/** What the garbage collector leaves. */
async function left({ tab, debugger: session }: Watched): Promise<Left> {
  await session.send('HeapProfiler.collectGarbage');
  return tab.page.evaluate(() => {
    const count = (refs: readonly WeakRef<object>[]): number =>
      refs.filter((ref) => ref.deref() !== undefined).length;
    return {
      elements: count(kept.elements),
      connections: count(kept.connections),
      nodes: count(kept.nodes),
    };
  });
}

/** How many listeners the page has: those of the DOM and of everything else that has any. */
async function listeners({ debugger: session }: Watched): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? NaN;
}

/** Takes the next of the fake microphones in the middle of a call. */
async function changeMicrophone(): Promise<void> {
  const { audioinput } = phone.mediaDevices.getDevices();
  const others = audioinput.filter(({ id, selected }) => !selected && id !== 'default');
  await phone.mediaDevices.changeDevice('audioinput', others[0]?.id ?? '');
}

async function threeCalls(): Promise<void> {
  const refused = await alice.phone.callTo(refusing);
  await alice.phone.waitForCall('the refusal', ({ status }) => status === 'ended', refused);
  const cancelled = await alice.phone.callTo('1002');
  const missed = await bob.phone.nextIncoming();
  await alice.phone.run('cancel', cancelled);
  await bob.phone.waitForCall('the cancel', ({ status }) => status === 'ended', missed);
  const talk = await alice.phone.callTo('1002');
  await bob.phone.answerNext();
  await alice.phone.waitForCall('the answer', ({ status }) => status === 'established', talk);
  await alice.tab.page.evaluate(changeMicrophone);
  await bob.phone.quiet();
  await alice.phone.waitForCall('the end', ({ status }) => status === 'ended', talk);
}

/** What the test itself has kept of the calls so far. */
async function letGo({ tab, phone }: Watched): Promise<void> {
  await phone.quiet();
  await phone.clear();
  await tab.page.evaluate(() => {
    harness.forget();
    globalThis.seenCalls = {};
  });
}

describe('after a hundred calls, the microphone changed in every third of them', () => {
  let before: readonly number[];
  let nodes: readonly number[];

  beforeAll(async () => {
    await threeCalls();
    await Promise.all([alice, bob].map(letGo));
    before = await Promise.all([alice, bob].map(listeners));
    nodes = await Promise.all([alice, bob].map(async (side) => (await left(side)).nodes));
    for (let round = 1; round < rounds; round += 1) await threeCalls();
    await Promise.all([alice, bob].map(letGo));
  });

  test('no microphone is open and no peer connection either', async () => {
    for (const { tab } of [alice, bob]) {
      expect(await tab.liveTracks()).toEqual([]);
      const open = await tab.page.evaluate(
        () =>
          kept.connections.filter((ref) => (ref.deref()?.connectionState ?? 'closed') !== 'closed')
            .length,
      );
      expect(open).toBe(0);
    }
  });

  test('no media element and no peer connection is kept', async () => {
    for (const side of [alice, bob]) {
      await until('all to be collected', async () => {
        const { elements, connections } = await left(side);
        return elements + connections === 0;
      });
    }
  });

  test('there are no more nodes of sound than after the first three', async () => {
    for (const [place, side] of [alice, bob].entries()) {
      const most = nodes[place] ?? NaN;
      await until('the nodes to go', async () => (await left(side)).nodes <= most);
    }
    // Ringback and rings have sounded meanwhile, so that there was something to leave behind.
    const made = await alice.tab.page.evaluate(() => kept.nodes.length);
    expect(made).toBeGreaterThan(rounds);
  });

  test('the page has as many listeners and timers as after the first three', async () => {
    for (const [place, side] of [alice, bob].entries()) {
      const most = before[place] ?? NaN;
      await until('the listeners to go', async () => (await listeners(side)) <= most);
      expect(await side.tab.page.evaluate(() => kept.timers.size)).toBe(0);
    }
  });
});

test('after destroy() nothing is left: contact, socket, microphone, elements, listeners', async () => {
  const { kamailio } = lab();
  const call = await alice.phone.callTo('1002');
  const answered = await bob.phone.answerNext();
  await alice.phone.waitForCall('the answer', ({ status }) => status === 'established', call);
  const sockets = (await kamailio.webSockets()).length;
  await alice.tab.page.evaluate(() => {
    phone.destroy();
  });
  await bob.phone.waitForCall('the goodbye', ({ status }) => status === 'ended', answered);
  await until('the contact to go', async () => (await kamailio.contacts('1001')).length === 0);
  await until('the socket to go', async () => (await kamailio.webSockets()).length === sockets - 1);
  expect(await alice.tab.liveTracks()).toEqual([]);
  const page = await alice.tab.page.evaluate(() => ({
    drawn: [...document.body.querySelectorAll('body > div')].map(({ innerHTML }) => innerHTML),
    intervals: kept.timers.size,
    sockets: kept.sockets.filter((ref) => (ref.deref()?.readyState ?? 3) !== 3).length,
    connections: kept.connections.filter(
      (ref) => (ref.deref()?.connectionState ?? 'closed') !== 'closed',
    ).length,
  }));
  expect(page).toEqual({
    drawn: ['', '', '', '', '', '', ''],
    intervals: 0,
    sockets: 0,
    connections: 0,
  });
  await until('the elements to be collected', async () => (await left(alice)).elements === 0);
});
