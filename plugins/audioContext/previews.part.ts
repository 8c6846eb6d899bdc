import type { Off } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { Graph } from './graph.ts';
import type { PlayingTone } from './toneSynth.ts';
import type { PreviewOptions } from './types.ts';

/** One preview. */
export interface Preview {
  /** Rejects with what the browser refused the microphone for. */
  readonly start: () => Promise<void>;
  readonly stop: Off;
}

/** The test tone, and the microphone as others hear it. */
export interface Previews {
  readonly tone: Preview;
  readonly loopback: Preview;
  /** What the microphone gives while it is heard here. */
  readonly stream: () => MediaStream | undefined;
}

const requestId = 'loopbackPreview';

/** The previews of a phone. */
export function createPreviews(core: AudioCore, graph: Graph): Previews {
  const { ctx } = core;
  const { preview } = ctx.options.channels;
  let stream: MediaStream | undefined;
  const tone = createSwitch(core, 'tone', (over) => {
    const stop = graph.play('preview', (output) => {
      const playing = playPreview(preview.tone, output);
      void playing.ended.then(over);
      return playing;
    });
    return { running: Promise.resolve(), stop };
  });
  const loopback = createSwitch(core, 'loopback', () => {
    let stop: Off | undefined = () => undefined;
    const listen = async (): Promise<void> => {
      const opened = await ctx.calls.media().open(requestId, { audio: true, video: false });
      if (!stop) return;
      stream = opened;
      stop = playLoopback(opened, preview.loopback.delay, graph);
    };
    return {
      running: listen(),
      stop: () => {
        stop?.();
        stop = undefined;
        stream = undefined;
        ctx.calls.media().close(requestId);
      },
    };
  });
  return { tone, loopback, stream: () => stream };
}

interface Run {
  readonly running: Promise<void>;
  readonly stop: Off;
}

// On from the first moment: what is asked twice runs once, and what is stopped stays so.
function createSwitch(
  { ctx, store }: AudioCore,
  name: 'tone' | 'loopback',
  begin: (over: Off) => Run,
): Preview {
  const field = name === 'tone' ? 'isToneActive' : 'isLoopbackActive';
  let current: Run | undefined;
  const stop = (): void => {
    const run = current;
    if (!run) return;
    current = undefined;
    run.stop();
    store.set({ [field]: false });
    ctx.emit(`audioContext.preview.${name}.stopped`, {});
  };
  return {
    stop,
    start: async () => {
      if (current) return;
      const run = begin(() => {
        if (current === run) stop();
      });
      current = run;
      store.set({ [field]: true });
      ctx.emit(`audioContext.preview.${name}.started`, {});
      try {
        await run.running;
      } catch (error) {
        // Of what was stopped meanwhile nobody waits for news.
        if (current !== run) return;
        stop();
        throw error;
      }
    },
  };
}

function playPreview(
  { frequency, duration, type }: PreviewOptions['tone'],
  output: AudioNode,
): PlayingTone {
  const { context } = output;
  const source = new OscillatorNode(context, { frequency, type });
  source.connect(output);
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = () => {
      source.disconnect();
      resolve();
    };
  });
  source.addEventListener('ended', finish, { once: true });
  source.start();
  source.stop(context.currentTime + duration);
  return { stop: finish, ended };
}

function playLoopback(stream: MediaStream, delay: number, graph: Graph): Off {
  const held = graph.hold();
  const output = graph.output('preview');
  if (!held || !output) return () => undefined;
  const { context, release } = held;
  const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
  const line = new DelayNode(context, { delayTime: delay, maxDelayTime: 10 });
  source.connect(line).connect(output);
  return () => {
    source.disconnect();
    line.disconnect();
    release();
  };
}
