// @ts-check
import { sound } from './sound.js';

const pitch = 523.25;
const loudness = 0.12;

/**
 * @callback Source Feeds sound into a line; what it returns ends it.
 * @param {AudioNode} line
 * @returns {Promise<() => void>}
 */

/** @type {Source} A soft tone that comes and goes every two seconds. */
async function tone(line) {
  const context = sound();
  const voice = new OscillatorNode(context, { frequency: pitch });
  const swell = new OscillatorNode(context, { frequency: 0.5 });
  const depth = new GainNode(context, { gain: loudness / 2 });
  const volume = new GainNode(context, { gain: loudness / 2 + 0.01 });
  swell.connect(depth).connect(volume.gain);
  voice.connect(volume).connect(line);
  voice.start();
  swell.start();
  return () => {
    voice.stop();
    swell.stop();
    volume.disconnect();
  };
}

/** @type {Source} */
async function microphone(line) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const source = new MediaStreamAudioSourceNode(sound(), { mediaStream: stream });
  source.connect(line);
  return () => {
    source.disconnect();
    for (const track of stream.getTracks()) track.stop();
  };
}

/**
 * Something to speak into a phone without a second microphone. `create` is for the phone's
 * `mediaDevices.audioinput.create`; `useReal` changes what is heard, in a running call too, and
 * rejects when the microphone cannot be had.
 */
export function createTestMicrophone() {
  let source = tone;
  /** @type {MediaStreamAudioDestinationNode | undefined} */
  let line;
  let silence = () => {};
  // One change after the other, so that a slow permission prompt never leaves two sources open.
  let changes = Promise.resolve();

  const feed = () => {
    const next = changes.then(async () => {
      silence();
      silence = () => {};
      const wanted = line;
      if (!wanted) return;
      const stop = await source(wanted);
      if (wanted === line) silence = stop;
      else stop();
    });
    changes = next.catch(() => {});
    return next;
  };
  return {
    create: async () => {
      line = sound().createMediaStreamDestination();
      const { stream } = line;
      await feed();
      return stream;
    },
    stop: () => {
      line = undefined;
      silence();
      silence = () => {};
    },
    /** @param {boolean} isReal */
    useReal: async (isReal) => {
      source = isReal ? microphone : tone;
      await feed();
    },
  };
}
