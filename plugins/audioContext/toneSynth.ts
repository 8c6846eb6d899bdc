import type { ToneCadence, ToneStep } from './toneNotation.ts';

/** A tone that was started. */
export interface PlayingTone {
  /** Fades it out within 5 ms and takes all its nodes away; once is enough. */
  readonly stop: () => void;
  /** When its nodes are gone: after `stop`, or at the end of a tone that ends. */
  readonly ended: Promise<void>;
}

/** The length in seconds of the rise and of the fall of a tone: without one it would click. */
const edge = 0.005;

/** How much of a continuous tone is held: in a second, whole hertz have whole periods. */
const continuousSeconds = 1;

/**
 * Plays a tone into a node, from now on, at levels from -1 to 1. One buffer holds the cadence
 * once and is looped by the audio thread: exact to the sample however busy the page is.
 */
export function playTone(cadence: ToneCadence, output: AudioNode): PlayingTone {
  const { context } = output;
  const { buffer, loopStart } = render(cadence, context);
  const source = new AudioBufferSourceNode(context, {
    buffer,
    loop: cadence.repeatsFrom !== null,
    loopStart,
    loopEnd: buffer.duration,
  });
  const fader = new GainNode(context);
  source.connect(fader).connect(output);
  let finish = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = () => {
      source.disconnect();
      fader.disconnect();
      resolve();
    };
  });
  source.addEventListener('ended', finish, { once: true });
  source.start();
  let isStopped = false;
  return {
    stop: () => {
      if (isStopped) return;
      isStopped = true;
      const now = context.currentTime;
      fader.gain.setValueAtTime(1, now).linearRampToValueAtTime(0, now + edge);
      source.stop(now + edge);
      // A clock that stands still never comes to the end of the fade.
      if (context.state !== 'running') finish();
    },
    ended,
  };
}

interface Rendered {
  readonly buffer: AudioBuffer;
  /** Where in the buffer the repeated part begins, in seconds. */
  readonly loopStart: number;
}

function render({ steps, repeatsFrom }: ToneCadence, context: BaseAudioContext): Rendered {
  const rate = context.sampleRate;
  let seconds = 0;
  const borders = [0, ...steps.map((step) => Math.round((seconds += lengthOf(step)) * rate))];
  const at = (place: number): number => borders[place] ?? 0;
  const buffer = context.createBuffer(1, at(steps.length), rate);
  const samples = buffer.getChannelData(0);
  steps.forEach((step, place) => {
    fill(samples.subarray(at(place), at(place + 1)), step, rate);
  });
  return { buffer, loopStart: at(repeatsFrom ?? 0) / rate };
}

function lengthOf({ seconds }: ToneStep): number {
  return seconds === Infinity ? continuousSeconds : seconds;
}

/** Writes one step: the mean of its sines, which cannot clip, between its edges. */
function fill(samples: Float32Array, step: ToneStep, rate: number): void {
  const { frequencies, modulation = 0, seconds } = step;
  if (frequencies.length === 0) return;
  const radians = (2 * Math.PI) / rate;
  for (let place = 0; place < samples.length; place += 1) {
    let sum = 0;
    for (const hertz of frequencies) sum += Math.sin(radians * hertz * place);
    // Full depth, and full at first: without modulation this factor is 1.
    const swell = (1 + Math.cos(radians * modulation * place)) / 2;
    samples[place] = (sum / frequencies.length) * swell;
  }
  if (seconds !== Infinity) shape(samples, Math.ceil(edge * rate));
}

/** Raises the start and lowers the end along half a cosine. */
function shape(samples: Float32Array, width: number): void {
  const last = samples.length - 1;
  for (let place = 0; place < Math.min(width, samples.length); place += 1) {
    const level = (1 - Math.cos((Math.PI * place) / width)) / 2;
    samples[place] = (samples[place] ?? 0) * level;
    samples[last - place] = (samples[last - place] ?? 0) * level;
  }
}
