import { afterEach, beforeAll, expect, test } from 'vitest';
import { party, unasked } from './support/browser.ts';
import type { PageSeen, Party, PartyOptions, Tab } from './support/browser.ts';
import { useHarness } from './support/lab.ts';
import { isNear } from './support/measure.ts';
import { until } from './support/processes.ts';
import { startPulse } from './support/pulse.ts';
import { startPageServer } from './support/server.ts';
import type { PageServer } from './support/server.ts';
import type { Colour } from './support/y4m.ts';

// Cameras, screens, permission and autoplay as the harness offers them, tried without the phone.

useHarness();

let server: PageServer;
let alice: Party;

declare const loopBack: (track: MediaStreamTrack) => Promise<void>;
declare const seen: readonly string[];
declare const tracks: readonly MediaStreamTrack[];
declare const take: (kind: 'user' | 'display', constraints: object) => Promise<string>;

// It asks as the page itself does, so that an answer never depends on how a test calls it.
const script = `
const [seen, tracks] = [[], []];
navigator.mediaDevices.addEventListener('devicechange', () => seen.push('devicechange'));
globalThis.take = async (kind, constraints) => {
  try {
    const name = kind === 'user' ? 'getUserMedia' : 'getDisplayMedia';
    const stream = await navigator.mediaDevices[name](constraints);
    for (const track of stream.getTracks()) {
      tracks.push(track);
      track.addEventListener('ended', () => seen.push(track.kind + ' ended'));
    }
    return tracks.map((track) => track.kind).join();
  } catch (error) {
    return error.name;
  }
};`;

beforeAll(async () => {
  server = await startPageServer();
  const head = '<!doctype html><script src="/support/loopBack.js"></script>';
  server.put('/try.html', `${head}<title>Try</title><script>${script}</script>`);
  server.put('/shared.html', '<!doctype html><title>Shared</title><body bgcolor="#28a03c">');
});

afterEach(() => alice.close());

async function start(options: Omit<PartyOptions, 'url'>): Promise<void> {
  alice = await party({ name: 'alice', url: server.url, path: '/try.html', ...options });
}

/** Waits until a tab sees a colour; encoders and screens change every part of it by a little. */
async function sees(tab: Tab, colour: Colour): Promise<PageSeen> {
  return until(`the colour ${colour.join()}`, async () => {
    const picture = await tab.look();
    const isSame = picture?.colour.every((part, i) => Math.abs(part - (colour[i] ?? 0)) < 16);
    return isSame === true && picture;
  });
}

test('a camera has the colour that was asked for, and black when its track is disabled', async () => {
  await start({ colour: [220, 40, 40] });
  expect(await alice.page.evaluate(() => take('user', { video: true }))).toBe('video');
  await alice.page.evaluate(() => tracks[0] && loopBack(tracks[0]));
  expect(await sees(alice, [220, 40, 40])).toMatchObject({ width: 320, height: 240 });
  expect((await alice.stats()).video.inbound?.frames).toBeGreaterThan(0);
  await alice.page.evaluate(() => {
    if (tracks[0] !== undefined) tracks[0].enabled = false;
  });
  await sees(alice, [0, 0, 0]);
});

test('a camera is unplugged and plugged in again', async () => {
  await start({ colour: [40, 60, 220] });
  expect(await alice.page.evaluate(() => take('user', { video: true }))).toBe('video');
  await alice.camera.unplug();
  await until('the end', () => alice.page.evaluate(() => seen.length === 2));
  expect(await alice.page.evaluate(() => seen)).toEqual(['video ended', 'devicechange']);
  expect(await alice.page.evaluate(() => take('user', { video: true }))).toBe('NotFoundError');
  await alice.camera.plug();
  await until('devicechange', () => alice.page.evaluate(() => seen.length === 3));
  expect(await alice.page.evaluate(() => take('user', { video: true }))).toBe('video,video');
});

test('a camera goes with real microphones', async () => {
  const pulse = await startPulse();
  await pulse.addSpeaker({ name: 'Desk speaker' });
  await pulse.addMicrophone({ name: 'Desk microphone', hz: 700 });
  await start({ colour: [230, 200, 30], pulse });
  const audio = { noiseSuppression: false };
  const both = (constraints: object): Promise<string> =>
    take('user', { video: true, ...constraints });
  expect(await alice.page.evaluate(both, { audio })).toBe('audio,video');
  await alice.page.evaluate(() => tracks[0] && loopBack(tracks[0]));
  await until('the tone', async () => isNear((await alice.hear({ ms: 200 })).hz, 700));
  await alice.page.evaluate(() => tracks[1] && loopBack(tracks[1]));
  await sees(alice, [230, 200, 30]);
});

test('a tab is shared with its sound, and closing it ends that', async () => {
  await start({ display: { tab: 'Shared' } });
  const shared = await alice.open('/shared.html');
  await shared.page.evaluate(() => {
    const context = new AudioContext();
    const tone = new OscillatorNode(context, { frequency: 610 });
    tone.connect(context.destination);
    tone.start();
  });
  const display = (): Promise<string> => take('display', { video: true, audio: true });
  expect(await alice.page.evaluate(display)).toBe('audio,video');
  await alice.page.evaluate(() => tracks[0] && loopBack(tracks[0]));
  await until('the tone', async () => isNear((await alice.hear({ ms: 200 })).hz, 610));
  await alice.page.evaluate(() => tracks[1] && loopBack(tracks[1]));
  await sees(alice, [40, 160, 60]);
  await shared.page.close();
  await until('the end', () => alice.page.evaluate(() => seen.length === 2));
  expect(await alice.page.evaluate(() => seen)).toEqual(['audio ended', 'video ended']);
  expect(await alice.liveTracks()).toEqual([]);
  // The microphone is granted beside it.
  expect(await alice.page.evaluate(() => take('user', { audio: true }))).toBe('audio,video,audio');
});

test('the screen can be refused, and the question left open', async () => {
  await start({ display: 'refused' });
  const ask = (): Promise<string> => take('display', { video: true });
  expect(await alice.page.evaluate(ask)).toBe('NotAllowedError');
  await alice.close();
  await start({ display: 'unanswered' });
  const answer = alice.page.evaluate(() =>
    Promise.race([
      take('display', { video: true }),
      new Promise((resolve) => setTimeout(resolve, 1000, 'nothing')),
    ]),
  );
  expect(await answer).toBe('nothing');
});

test('permission is given and taken back while the page stays', async () => {
  await start({ microphone: 'denied' });
  const ask = (): Promise<string> => take('user', { audio: true });
  expect(await alice.page.evaluate(ask)).toBe('NotAllowedError');
  await alice.context.grantPermissions(['microphone']);
  expect(await alice.page.evaluate(ask)).toBe('audio');
  await alice.context.clearPermissions();
  await until('the end', () => alice.page.evaluate(() => seen.includes('audio ended')));
  expect(await alice.page.evaluate(ask)).toBe('NotAllowedError');
});

test('sound is blocked until the page is touched', async () => {
  await start({ autoplay: 'blocked' });
  const state = async (): Promise<string> => {
    const context = new AudioContext();
    const resumed = context.resume().then(() => context.state);
    return Promise.race([
      resumed,
      new Promise<string>((resolve) => setTimeout(resolve, 500, context.state)),
    ]);
  };
  const play = (): Promise<string> => {
    const audio = new Audio();
    const output = new MediaStreamAudioDestinationNode(new AudioContext());
    audio.srcObject = output.stream;
    return audio.play().then(
      () => 'plays',
      (error: unknown) => (error as Error).name,
    );
  };
  expect(await unasked(alice.page, state)).toBe('suspended');
  expect(await unasked(alice.page, play)).toBe('NotAllowedError');
  await alice.page.mouse.click(10, 10);
  expect(await unasked(alice.page, state)).toBe('running');
  expect(await unasked(alice.page, play)).toBe('plays');
});
