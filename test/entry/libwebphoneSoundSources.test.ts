import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { fakeAudio } from '../support/fakeAudio.ts';
import type { FakeAudio, FakeNode } from '../support/fakeAudio.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';

let audio: FakeAudio;
let phone: Libwebphone;

const engine = (): Engine =>
  (Reflect.get(phone.getCallList() ?? {}, 'kit') as { readonly engine: Engine }).engine;

/** What is told of a side from now on: the nodes that are new, and those that were there. */
function toldOf(side: 'local' | 'remote'): unknown[][] {
  const told: unknown[][] = [];
  phone.on(`audioContext.stream.${side}.changed`, (...args: unknown[]) => told.push(args));
  return told;
}

/** A call that is up, with a sound of the far end. */
function callWith(track: string): { readonly session: FakeSession; readonly id: string } {
  const session = incoming({ isObliging: true });
  const { id } = engine().calls.add(session);
  const arrived = Object.assign(new EventTarget(), {
    ...{ id: track, kind: 'audio', readyState: 'live' },
  });
  const connection = Object.assign(new EventTarget(), {
    getReceivers: () => [{ track: arrived }],
  }) as unknown as RTCPeerConnection;
  session.report({ type: 'connection', connection });
  session.establish();
  session.report({
    type: 'media',
    media: { audio: true, video: false },
    receiving: { audio: true, video: false },
  });
  return { session, id };
}

/** The track that a node sounds of. */
const trackIn = (node: unknown): unknown =>
  ((node as FakeNode).options['mediaStream'] as MediaStream).getAudioTracks()[0]?.id;

beforeEach(async () => {
  audio = fakeAudio();
  fakeMedia();
  phone = new Libwebphone({ storage: false, log: { level: 'off' } });
  await settled();
});

afterEach(() => {
  phone.destroy();
  vi.unstubAllGlobals();
});

describe('audioContext.stream.remote.changed', () => {
  test('gives a node of the far end of the call in focus, and then null', () => {
    const told = toldOf('remote');
    const { session } = callWith('voice');
    const [[first, face, node, before] = []] = told;
    expect([first, face, before]).toEqual([phone, phone.getAudioContext(), null]);
    expect(trackIn(node)).toBe('voice');
    session.end();
    expect(told.slice(1)).toEqual([[phone, face, null, node]]);
  });

  test('follows the focus from call to call, and takes the former node apart', async () => {
    const first = callWith('one');
    const told = toldOf('remote');
    const second = callWith('two');
    await engine().calls.focus(second.id);
    // Nobody listened when the first one came.
    const [[, , node, before] = []] = told;
    expect([trackIn(node), before]).toEqual(['two', null]);
    (node as FakeNode).connect('speaker');
    await engine().calls.focus(first.id);
    const [now, former] = told.at(-1)?.slice(2) ?? [];
    expect([trackIn(now), former]).toEqual(['one', node]);
    expect((node as FakeNode).outputs.size).toBe(0);
  });
});

describe('audioContext.stream.local.changed', () => {
  test('gives a node of the microphone while it is open, and of another one', async () => {
    const told = toldOf('local');
    const devices = phone.getMediaDevices();
    await devices?.startStreams('mine');
    await devices?.changeDevice('audioinput', 'mic2');
    devices?.stopStreams('mine');
    const nodes = told.map(([, , node]) => node);
    expect(told.map((args) => args.slice(3))).toEqual([[null], [nodes[0]], [nodes[1]]]);
    expect(nodes[2]).toBeNull();
    expect(trackIn(nodes[0])).not.toBe(trackIn(nodes[1]));
  });
});

test('a page that begins to listen in a call is told of both sides, once', async () => {
  const { session } = callWith('voice');
  await phone.getMediaDevices()?.startStreams('mine');
  const [local, remote] = [toldOf('local'), toldOf('remote')];
  void phone.getAudioContext()?.startAudioContext();
  expect(trackIn(remote[0]?.[2])).toBe('voice');
  expect([local.length, remote.length]).toEqual([1, 1]);
  void phone.getAudioContext()?.startAudioContext();
  session.end();
  expect(remote.slice(1)).toEqual([[phone, phone.getAudioContext(), null, remote[0]?.[2]]]);
});

test('a page that waits for them is told within a second', async () => {
  vi.useFakeTimers();
  callWith('voice');
  const told = toldOf('remote');
  await vi.advanceTimersByTimeAsync(2500);
  vi.useRealTimers();
  expect(told.map(([, , node]) => trackIn(node))).toEqual(['voice']);
});

test('nothing is made for a page that does not listen', async () => {
  callWith('voice');
  await phone.getMediaDevices()?.startStreams('mine');
  const kinds = audio.contexts.flatMap(({ nodes }) => [...nodes].map(({ kind }) => kind));
  expect(kinds).not.toContain('MediaStreamAudioSourceNode');
});

test('their context runs while there is a node, waits for a gesture if need be, and is closed', () => {
  audio.isBlocked = true;
  const told = toldOf('remote');
  const { session } = callWith('voice');
  const { context } = told[0]?.[2] as FakeNode;
  expect(context.state).toBe('suspended');
  audio.isBlocked = false;
  void phone.getAudioContext()?.startAudioContext();
  expect(context.state).toBe('running');
  session.end();
  expect(context.state).toBe('suspended');
  phone.destroy();
  expect(context.state).toBe('closed');
});

test('without Web Audio there is nothing to tell', () => {
  vi.stubGlobal('AudioContext', undefined);
  const told = toldOf('remote');
  callWith('voice').session.end();
  expect(told).toEqual([]);
});
