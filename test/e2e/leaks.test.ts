import type { CDPSession } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tab } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { isUp, makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { red } from './support/pictures.ts';
import { until } from './support/processes.ts';

// After many calls a page holds what it held before them, and after `destroy` nothing at all.

const lab = useLab();
const rounds = 34;

interface Watched {
  readonly tab: Tab;
  readonly phone: TestPhone;
  readonly debugger: CDPSession;
}

/** What of a kind was ever made, held weakly, so that watching keeps nothing alive. */
interface Kept {
  /** Made by a script, or drawn by a template. */
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
    const elements = weak<HTMLMediaElement>('Audio');
    const note = (thing: unknown): void => {
      if (thing instanceof HTMLMediaElement) elements.push(new WeakRef(thing));
    };
    const create = Reflect.get(Document.prototype, 'createElement') as (name: string) => Element;
    Reflect.set(Document.prototype, 'createElement', function made(this: Document, name: string) {
      const element = create.call(this, name);
      note(element);
      return element;
    });
    // What a template draws is made by the parser.
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        note(node);
        if (node instanceof Element) for (const each of node.querySelectorAll('*')) note(each);
      }
    }).observe(document, { childList: true, subtree: true });
    globalThis.kept = {
      timers,
      nodes,
      elements,
      connections: weak<RTCPeerConnection>('RTCPeerConnection'),
      sockets: weak<WebSocket>('WebSocket'),
    };
  });
}

async function watched(user: string): Promise<Watched> {
  const tab = await (user === '1001' ? first : first.open('/'));
  await watch(tab);
  const phone = await makePhone(tab, { user, socket: lab().kamailio.url });
  // Levels are measured while somebody can see them.
  await tab.page.evaluate(() => {
    document.body.prepend(document.querySelector('#audio-context') ?? '');
  });
  const debug = await tab.page.context().newCDPSession(tab.page);
  await debug.send('HeapProfiler.enable');
  return { tab, phone, debugger: debug };
}

let first: Awaited<ReturnType<ReturnType<typeof lab>['party']>>;
let alice: Watched;
let bob: Watched;

beforeAll(async () => {
  first = await lab().party({ name: 'alice', colour: red });
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

/** What Chromium itself counts in a page. */
interface Counted {
  /** Those of the DOM and of everything else that has any. */
  readonly listeners: number;
  /** Nodes of the DOM, in the page or not. */
  readonly drawn: number;
}

async function counted({ debugger: session }: Watched): Promise<Counted> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (wanted: string): number =>
    metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return { listeners: value('JSEventListeners'), drawn: value('Nodes') };
}

/** How many tracks the page holds, whoever made them, ended ones too. */
async function tracks({ debugger: session }: Watched): Promise<number> {
  const objectGroup = 'tracks';
  const { result } = await session.send('Runtime.evaluate', {
    expression: 'MediaStreamTrack.prototype',
    objectGroup,
  });
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId ?? '',
    objectGroup,
  });
  const { result: length } = await session.send('Runtime.callFunctionOn', {
    functionDeclaration: 'function length() { return this.length; }',
    objectId: objects.objectId ?? '',
    returnByValue: true,
  });
  await session.send('Runtime.releaseObjectGroup', { objectGroup });
  return length.value as number;
}

/** Takes the next of the fake microphones in the middle of a call. */
async function changeMicrophone(): Promise<void> {
  const { audioinput } = phone.mediaDevices.getDevices();
  const others = audioinput.filter(({ id, selected }) => !selected && id !== 'default');
  await phone.mediaDevices.changeDevice('audioinput', others[0]?.id ?? '');
}

/** Waits until a page draws the far end's picture and moves the meter of its sound. */
async function seesAndMeters({ tab }: Watched): Promise<void> {
  await until('a picture and a level', () =>
    tab.page.evaluate(() => {
      const picture = document.querySelector<HTMLVideoElement>('[part="remoteVideo"]');
      const meter = document.querySelector<HTMLMeterElement>('[part="remoteLevel"]');
      return (picture?.videoWidth ?? 0) > 0 && (meter?.value ?? 0) > 0;
    }),
  );
}

/** Both show themselves, Alice her screen in the camera's stead too. */
async function showPictures(): Promise<void> {
  await alice.phone.run('startVideo');
  await bob.phone.waitForCall('the picture', (call) => isUp(call) && call.receiving.video);
  await bob.phone.run('startVideo');
  await Promise.all([alice, bob].map(seesAndMeters));
  await alice.tab.page.evaluate(() => phone.mediaDevices.startScreenCapture());
  await alice.phone.waitForCall('the screen', ({ localVideo }) => localVideo === 'screen');
}

async function hidePictures(): Promise<void> {
  await alice.tab.page.evaluate(() => phone.mediaDevices.stopScreenCapture());
  await alice.phone.run('stopVideo');
  await bob.phone.waitForCall('no picture', (call) => isUp(call) && !call.receiving.video);
  await bob.phone.run('stopVideo');
}

/**
 * Calls Bob, and waits until the candidates are there: Chromium keeps every connection that is
 * closed while it is about to tell of them, for as long as the page.
 */
async function callBob(): Promise<string> {
  const callId = await alice.phone.callTo('1002');
  await until('the candidates', () =>
    alice.tab.page.evaluate(
      (id) => phone.calls.get(id)?.getPeerConnection()?.iceGatheringState === 'complete',
      callId,
    ),
  );
  return callId;
}

async function talkToBob(): Promise<string> {
  const talk = await callBob();
  await bob.phone.answerNext();
  await alice.phone.waitForCall('the answer', ({ status }) => status === 'established', talk);
  return talk;
}

/** In a call with pictures they are taken back before its end, or are there to the end. */
type Pictures = 'none' | 'for a while' | 'to the end';

async function threeCalls(pictures: Pictures): Promise<void> {
  const refused = await callBob();
  await bob.phone.run('reject', await bob.phone.nextIncoming());
  await alice.phone.waitForCall('the refusal', ({ status }) => status === 'ended', refused);
  const cancelled = await callBob();
  const missed = await bob.phone.nextIncoming();
  await alice.phone.run('cancel', cancelled);
  await bob.phone.waitForCall('the cancel', ({ status }) => status === 'ended', missed);
  const talk = await talkToBob();
  await alice.tab.page.evaluate(changeMicrophone);
  if (pictures !== 'none') await showPictures();
  if (pictures === 'for a while') await hidePictures();
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

/** Waits until nothing of the calls is left that somebody would notice. */
async function collected(side: Watched): Promise<void> {
  await until('all to be collected', async () => {
    const { elements, connections } = await left(side);
    return elements + connections === 0;
  });
}

describe('after a hundred calls, a third with another microphone, a ninth with pictures', () => {
  const sides = (): readonly Watched[] => [alice, bob];
  const each = <Found>(look: (side: Watched) => Promise<Found>): Promise<Found[]> =>
    Promise.all(sides().map(look));
  let unused: readonly number[];
  let before: readonly Counted[];
  let nodes: readonly number[];

  beforeAll(async () => {
    unused = await each(tracks);
    await threeCalls('to the end');
    await each(letGo);
    await each(collected);
    before = await each(counted);
    nodes = await each(async (side) => (await left(side)).nodes);
    for (let round = 1; round < rounds; round += 1) {
      const shown = round % 2 === 0 ? 'to the end' : 'for a while';
      await threeCalls(round % 3 === 0 ? shown : 'none');
    }
    await each(letGo);
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
    await each(collected);
  });

  test('there are no more nodes of sound than after the first three', async () => {
    for (const [place, side] of sides().entries()) {
      const most = nodes[place] ?? NaN;
      await until('the nodes to go', async () => (await left(side)).nodes <= most);
    }
    // Ringback and rings have sounded meanwhile, so that there was something to leave behind.
    const made = await alice.tab.page.evaluate(() => kept.nodes.length);
    expect(made).toBeGreaterThan(rounds);
  });

  test('the page has as many nodes, listeners and timers as after the first three', async () => {
    for (const [place, side] of sides().entries()) {
      const most = before[place] ?? { listeners: NaN, drawn: NaN };
      await until('nodes and listeners to go', async () => {
        const { listeners, drawn } = await counted(side);
        return listeners <= most.listeners && drawn <= most.drawn;
      });
      expect(await side.tab.page.evaluate(() => kept.timers.size)).toBe(0);
    }
  });

  test('the page has as many tracks as before the first call', async () => {
    for (const [place, side] of sides().entries()) {
      const most = unused[place] ?? NaN;
      // SIP keeps a transaction, and with it a call, for 32 s (RFC 3261 section 17).
      const timeoutMs = 40_000;
      await until('the tracks to go', async () => (await tracks(side)) <= most, {
        timeoutMs,
        intervalMs: 500,
      });
    }
  });
});

test('after destroy() nothing is left: contact, socket, microphone, elements, listeners', async () => {
  const { kamailio } = lab();
  await talkToBob();
  await showPictures();
  const sockets = (await kamailio.webSockets()).length;
  await alice.tab.page.evaluate(() => {
    phone.destroy();
    harness.forget();
  });
  await until('the goodbye', async () => (await bob.phone.calls()).length === 0);
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
  await collected(alice);
});
