// The page of noiseSuppression.test.ts: the entry as a page without a bundler loads it.
import { noiseSuppression } from '/dist/noiseSuppression.js';

const violations = [];
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  violations.push(`${effectiveDirective} ${blockedURI}`);
});

/** How many nodes of each kind the page has made. */
const made = { worklets: 0, sources: 0 };
globalThis.AudioWorkletNode = class extends AudioWorkletNode {
  constructor(...args) {
    super(...args);
    made.worklets += 1;
  }
};
const createSource = AudioContext.prototype.createMediaStreamSource;
AudioContext.prototype.createMediaStreamSource = function create(stream) {
  made.sources += 1;
  return createSource.call(this, stream);
};

const samplesOf = (text) =>
  new Float32Array(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer);

function textOf(samples) {
  const bytes = new Uint8Array(samples.buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

/** All that the shipped worklet makes of a sound; samples go in and out as base64. */
async function render(text) {
  const samples = samplesOf(text);
  const context = new OfflineAudioContext(1, samples.length, 48_000);
  await context.audioWorklet.addModule('/dist/noise-suppression/worklet.js');
  const file = await (await fetch('/dist/noise-suppression/rnnoise.wasm')).arrayBuffer();
  const node = new AudioWorkletNode(context, 'cordboard-noise-suppression', {
    outputChannelCount: [1],
    processorOptions: { module: await WebAssembly.compile(file) },
  });
  await new Promise((resolve, reject) => {
    node.port.onmessage = resolve;
    node.onprocessorerror = () => reject(new Error('the processor has failed'));
  });
  const source = new AudioBufferSourceNode(context, {
    buffer: new AudioBuffer({ length: samples.length, sampleRate: 48_000 }),
  });
  source.buffer.copyToChannel(samples, 0);
  source.connect(node).connect(context.destination);
  source.start();
  return textOf((await context.startRendering()).getChannelData(0));
}

let open;

/** Sends the microphone through the entry; gives what it rejects with, or null. */
async function use({ sampleRate = 48_000, assets, isSuspended = false } = {}) {
  const constraints = { noiseSuppression: false, echoCancellation: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints });
  const [microphone] = stream.getAudioTracks();
  const context = new AudioContext({ sampleRate });
  if (isSuspended) await context.suspend();
  const processor = noiseSuppression(assets === undefined ? {} : { assets });
  try {
    open = { microphone, context, processed: await processor.process(microphone, context) };
    return null;
  } catch ({ name, code, message }) {
    return { name, code, message, microphone: microphone.readyState };
  } finally {
    if (open?.context !== context) await context.close();
  }
}

/** The level of a track in dBFS, about every 40 ms, for a while. */
async function levels(track, ms) {
  const { context } = open;
  const source = createSource.call(context, new MediaStream([track]));
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  source.connect(analyser);
  const window = new Float32Array(analyser.fftSize);
  const found = [];
  for (const end = performance.now() + ms; performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 40));
    analyser.getFloatTimeDomainData(window);
    const power = window.reduce((sum, sample) => sum + sample * sample, 0) / window.length;
    found.push(10 * Math.log10(power + 1e-12));
  }
  source.disconnect();
  return found.sort((one, other) => one - other);
}

/** Levels of what comes from the microphone and of what is sent, quietest first. */
const compare = async (ms) => {
  const { microphone, processed } = open;
  const [before, after] = await Promise.all(
    [microphone, processed.track].map((track) => levels(track, ms)),
  );
  return { before, after };
};

/** Lets go of it as the phone does after a call; gives the states of both tracks. */
function stop() {
  const { microphone, processed, context } = open;
  processed.stop();
  const states = { microphone: microphone.readyState, made: processed.track.readyState };
  microphone.stop();
  void context.close();
  return states;
}

globalThis.suppression = { violations, made, render, use, compare, stop };
