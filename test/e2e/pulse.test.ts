import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { party } from './support/browser.ts';
import type { Party } from './support/browser.ts';
import { useHarness } from './support/lab.ts';
import { isNear } from './support/measure.ts';
import { until } from './support/processes.ts';
import { startPulse } from './support/pulse.ts';
import type { Microphone, Pulse, Speaker } from './support/pulse.ts';
import { startPageServer } from './support/server.ts';
import type { PageServer } from './support/server.ts';

// Real devices: what a browser takes from PulseAudio comes, goes and sounds as hardware does.

useHarness();

let server: PageServer;
let pulse: Pulse;
let desk: Microphone;
let desktop: Speaker;
let alice: Party;

beforeAll(async () => {
  [server, pulse] = await Promise.all([startPageServer(), startPulse()]);
  server.put(
    '/empty.html',
    '<!doctype html><title>Devices</title><script src="/support/loopBack.js"></script>',
  );
  desktop = await pulse.addSpeaker({ name: 'Desk speaker' });
  desk = await pulse.addMicrophone({ name: 'Desk microphone', hz: 700 });
});

beforeEach(async () => {
  alice = await party({ name: 'alice', url: server.url, path: '/empty.html', pulse });
  await alice.page.evaluate(() => {
    const { mediaDevices } = navigator;
    const seen: string[] = [];
    mediaDevices.addEventListener('devicechange', () => seen.push('devicechange'));
    const idOf = async (label: string): Promise<string> => {
      const device = (await mediaDevices.enumerateDevices()).find((one) => one.label === label);
      if (device === undefined) throw new Error(`there is no ${label}`);
      return device.deviceId;
    };
    const open = async (label: string): Promise<MediaStreamTrack> => {
      // The browser's noise suppression takes a lasting tone for noise.
      const audio = { deviceId: { exact: await idOf(label) }, noiseSuppression: false };
      const [track] = (await mediaDevices.getUserMedia({ audio })).getAudioTracks();
      if (track === undefined) throw new Error(`${label} gave no track`);
      for (const name of ['ended', 'mute', 'unmute']) {
        track.addEventListener(name, () => seen.push(`${label} ${name}`));
      }
      return track;
    };
    Object.assign(window, { seen, idOf, open });
  });
});

afterEach(() => alice.close());

declare const loopBack: (track: MediaStreamTrack) => Promise<void>;
declare const seen: readonly string[];
declare const idOf: (label: string) => Promise<string>;
declare const open: (label: string) => Promise<MediaStreamTrack>;

function labels(kind: MediaDeviceKind): Promise<readonly string[]> {
  return alice.page.evaluate(async (wanted) => {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((one) => one.kind === wanted).map(({ label }) => label);
  }, kind);
}

/** Has the page play a tone on one of its speakers. */
async function play(label: string, hz: number): Promise<void> {
  await alice.page.evaluate(
    async ([name, frequency]) => {
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency });
      const output = new MediaStreamAudioDestinationNode(context);
      tone.connect(output);
      tone.start();
      const element = new Audio();
      element.srcObject = output.stream;
      await element.setSinkId(await idOf(name));
      await element.play();
    },
    [label, hz] as const,
  );
}

test('a microphone is listed, is heard, and ends when it is unplugged', async () => {
  const headset = await pulse.addMicrophone({ name: 'Headset', hz: 1300 });
  await until('devicechange', () => alice.page.evaluate(() => seen.includes('devicechange')));
  expect(await labels('audioinput')).toEqual(['Default', 'Desk microphone', 'Headset']);
  await alice.page.evaluate(async () => loopBack(await open('Headset')));
  await until('the tone', async () => isNear((await alice.hear({ ms: 200 })).hz, 1300));
  await alice.page.evaluate(() => open('Desk microphone'));
  expect(await alice.liveTracks()).toHaveLength(2);

  await alice.page.evaluate(() => (seen as string[]).splice(0));
  await headset.unplug();
  await until('the end', () => alice.page.evaluate(() => seen.length === 2));
  expect(await alice.page.evaluate(() => [...seen].sort())).toEqual([
    'Headset ended',
    'devicechange',
  ]);
  expect(await labels('audioinput')).toEqual(['Default', 'Desk microphone']);
  expect(await alice.liveTracks()).toMatchObject([{ label: 'Desk microphone' }]);
});

test('a switch on the microphone mutes its track', async () => {
  await alice.page.evaluate(() => open('Desk microphone'));
  await desk.setMuted(true);
  await until('mute', () => alice.page.evaluate(() => seen.includes('Desk microphone mute')));
  await desk.setMuted(false);
  await until('unmute', () => alice.page.evaluate(() => seen.includes('Desk microphone unmute')));
});

test('each speaker plays what the page gives to it, and nothing else', async () => {
  const headphones = await pulse.addSpeaker({ name: 'Headphones' });
  expect(await labels('audiooutput')).toEqual(['Default', 'Desk speaker', 'Headphones']);
  await play('Headphones', 520);
  await until('the tone', async () => isNear((await headphones.record()).hz, 520));
  expect((await headphones.record()).rms).toBeGreaterThan(0.3);
  expect((await desktop.record()).rms).toBeLessThan(0.01);

  // What played on a speaker that has gone is moved to the default one, as desktops do.
  await headphones.unplug();
  await until('the tone', async () => isNear((await desktop.record()).hz, 520));
  expect(await labels('audiooutput')).toEqual(['Default', 'Desk speaker']);
});
