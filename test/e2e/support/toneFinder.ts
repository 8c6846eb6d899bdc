import type { Page } from 'playwright-core';

/** A digit as it was heard; `ms` is its length, to about 10 ms. */
export interface Tone {
  readonly digit: string;
  readonly ms: number;
}

declare global {
  // What the audio thread has found, one entry for each 10 ms of sound.
  var foundTones: (string | null)[];
}

const stepMs = 10;

/** Listens for DTMF digits in the newest connection of a page from now on; tells of those that are over. */
export async function findTones(page: Page): Promise<() => Promise<readonly Tone[]>> {
  await page.evaluate(async () => {
    const connection = harness.connections.at(-1) as RTCPeerConnection;
    const tracks = connection.getReceivers().map(({ track }) => track);
    const stream = new MediaStream(tracks.filter(({ kind }) => kind === 'audio'));
    // Chromium decodes a remote stream for Web Audio only while an element plays it.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    await element.play();
    const context = new AudioContext();
    await context.audioWorklet.addModule('/support/toneWorklet.js');
    const finder = new AudioWorkletNode(context, 'tone-finder');
    const found: (string | null)[] = [];
    finder.port.onmessage = ({ data }: MessageEvent<string | null>) => {
      found.push(data);
    };
    context.createMediaStreamSource(stream).connect(finder).connect(context.destination);
    globalThis.foundTones = found;
  });
  return async () => tonesIn(await page.evaluate(() => foundTones));
}

function tonesIn(steps: readonly (string | null)[]): readonly Tone[] {
  const tones: Tone[] = [];
  steps.forEach((digit, index) => {
    if (digit === null) return;
    const last = tones.at(-1);
    const isSame = last?.digit === digit && steps[index - 1] === digit;
    if (isSame) tones[tones.length - 1] = { digit, ms: last.ms + stepMs };
    else tones.push({ digit, ms: stepMs });
  });
  // Nobody knows yet how long the last one is going to be.
  if (steps.at(-1) !== null) tones.pop();
  // What one window alone takes for a digit is the edge of another one.
  return tones.filter(({ ms }) => ms > stepMs);
}
