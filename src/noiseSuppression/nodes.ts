import type { ProcessedTrack } from '../core/audio/processor.ts';
import { PhoneError } from '../core/errors.ts';
import { processorName } from './rnnoise.ts';

/** How long the audio thread may take to make a processor, in ms. */
const startLimit = 5000;

/** Puts the worklet between the track and a new one, once it runs: until then there would be silence. */
export async function openNodes(
  track: MediaStreamTrack,
  context: AudioContext,
  module: WebAssembly.Module,
): Promise<ProcessedTrack> {
  let node: AudioWorkletNode | undefined;
  try {
    node = new AudioWorkletNode(context, processorName, {
      channelCount: 1,
      channelCountMode: 'explicit',
      outputChannelCount: [1],
      // Chromium loses a module that is sent by the port (crbug.com/40855462).
      processorOptions: { module },
    });
    await started(node);
    return connected(track, context, node);
  } catch (cause) {
    node?.port.postMessage('stop');
    const message = 'The worklet of the noise suppression could not be started.';
    throw new PhoneError('media.processorFailed', { message, cause });
  }
}

async function started(node: AudioWorkletNode): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const refuse = (reason: string): void => {
        reject(new Error(reason));
      };
      node.port.onmessage = () => {
        resolve();
      };
      node.onprocessorerror = () => {
        refuse('The processor has failed.');
      };
      timer = setTimeout(refuse, startLimit, `Nothing came of it in ${startLimit} ms.`);
    });
  } finally {
    clearTimeout(timer);
    node.port.onmessage = null;
    node.onprocessorerror = null;
  }
}

function connected(
  track: MediaStreamTrack,
  context: AudioContext,
  node: AudioWorkletNode,
): ProcessedTrack {
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const destination = context.createMediaStreamDestination();
  destination.channelCount = 1;
  source.connect(node).connect(destination);
  const [made] = destination.stream.getAudioTracks();
  if (made === undefined) throw new Error('The browser has made no track.');
  return {
    track: made,
    stop: () => {
      source.disconnect();
      node.disconnect();
      node.port.postMessage('stop');
      made.stop();
    },
  };
}
