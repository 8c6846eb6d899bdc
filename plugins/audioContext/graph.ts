import type { Clock, Off } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { PlayingTone } from './toneSynth.ts';
import type { Channel } from './types.ts';

/** The channels that this plugin plays itself; the far end plays in elements of the calls. */
export type PlayedChannel = Exclude<Channel, 'master' | 'remote'>;

/** The one AudioContext of a phone: made when it is first needed, and silent when it is not. */
export interface Graph {
  /**
   * Keeps it running until `release` is called, and tells when it is blocked unless nobody would
   * miss it. Undefined where there is no Web Audio.
   */
  readonly hold: (
    isMissed?: boolean,
  ) => { readonly context: AudioContext; readonly release: Off } | undefined;
  /** Plays into a channel, from now until it ends by itself or is stopped. */
  readonly play: (channel: PlayedChannel, start: (output: AudioNode) => PlayingTone) => Off;
  /** Where a channel ends; made with the context if need be. */
  readonly output: (channel: PlayedChannel | 'master') => AudioNode | undefined;
  /** The loudspeaker it plays on, as `setSinkId` takes it; '' for the system's own. */
  readonly sink: () => string;
  /** Takes over volumes and loudspeaker. */
  readonly update: () => void;
  /** Tries to run, in a gesture for example. */
  readonly resume: () => void;
}

/** What a graph asks and tells. */
export interface GraphServices {
  readonly loudness: (channel: Channel) => number;
  /** The loudspeaker for everything but the ring, as `setSinkId` takes it. */
  readonly speaker: () => string;
  /** It runs for the first time. */
  readonly started: () => void;
  /** It should run and does not, or no longer so. */
  readonly stuck: (isStuck: boolean) => void;
}

/** What stands still that long, in milliseconds, was not allowed to run. */
const patience = 300;
/** What is not needed for that long, in milliseconds, is suspended. */
const rest = 1000;

interface Built {
  readonly context: AudioContext;
  readonly nodes: Readonly<Record<PlayedChannel | 'master', GainNode>>;
}

/** A graph without an AudioContext; the first who needs it makes it. */
export function createGraph({ ctx }: AudioCore, services: GraphServices): Graph {
  let built: Built | undefined;
  // The last that was asked for: the context tells of it only when it has changed over.
  let sink = '';
  const power = createPower(ctx.clock, services, () => built?.context);

  const get = (): Built | undefined => {
    if (ctx.signal.aborted) return undefined;
    if (!built && typeof AudioContext !== 'undefined') {
      built = build(services.loudness);
      built.context.addEventListener('statechange', power.changed);
      update();
    }
    return built;
  };
  const update = (): void => {
    if (!built) return;
    const { context, nodes } = built;
    for (const channel of ['ringer', 'tones', 'preview'] as const) {
      const { gain } = nodes[channel];
      const { currentTime, state } = context;
      // A jump would click; while nothing sounds, a slope would be heard when something does.
      if (state === 'running') gain.setTargetAtTime(services.loudness(channel), currentTime, 0.01);
      else gain.setValueAtTime(services.loudness(channel), currentTime);
    }
    const wanted = services.speaker();
    if (wanted === sink) return;
    sink = wanted;
    (context as SinkContext).setSinkId?.(wanted).catch((error: unknown) => {
      ctx.log.warn('The loudspeaker could not be chosen.', error);
    });
  };
  const hold: Graph['hold'] = (isMissed = true) => {
    const made = get();
    return made && { context: made.context, release: power.hold(isMissed) };
  };
  ctx.onDestroy(() => {
    built?.context.removeEventListener('statechange', power.changed);
    built?.context.close().catch(() => undefined);
  });
  return {
    hold,
    play: (channel, start) => {
      const held = hold();
      if (!held || !built) return () => undefined;
      const tone = start(built.nodes[channel]);
      void tone.ended.then(held.release);
      return tone.stop;
    },
    output: (channel) => get()?.nodes[channel],
    // Where it cannot be chosen it is the system's own.
    sink: () => (built && 'setSinkId' in built.context ? sink : ''),
    update,
    resume: power.resume,
  };
}

interface Power {
  readonly hold: (isMissed: boolean) => Off;
  readonly resume: () => void;
  /** The state of the context has changed. */
  readonly changed: () => void;
}

// Runs the context while somebody holds it, and tells when it does not obey.
function createPower(
  clock: Clock,
  services: GraphServices,
  context: () => AudioContext | undefined,
): Power {
  let holders = 0;
  let missing = 0;
  let hasRun = false;
  let stopTimer: Off = () => undefined;

  const wait = (milliseconds: number, task: () => void): void => {
    stopTimer();
    stopTimer = clock.after(milliseconds, task);
  };
  const look = (): void => {
    services.stuck(missing > 0 && context()?.state !== 'running');
  };
  const changed = (): void => {
    if (holders === 0) return;
    // On its way from one state to another, or really stopped: time will tell.
    if (context()?.state !== 'running') {
      wait(patience, look);
      return;
    }
    if (!hasRun) services.started();
    hasRun = true;
    look();
  };
  const resume = (): void => {
    // Where it is not allowed to run it waits, for ever maybe; what becomes of it is in its state.
    if (holders > 0)
      context()
        ?.resume()
        .catch(() => undefined);
  };
  const release = (): void => {
    if (missing === 0) look();
    if (holders > 0) return;
    wait(rest, () => {
      context()
        ?.suspend()
        .catch(() => undefined);
    });
  };
  return {
    changed,
    resume,
    hold: (isMissed) => {
      let count = 1;
      holders += count;
      missing += isMissed ? count : 0;
      // It may be about to rest.
      stopTimer();
      changed();
      resume();
      return () => {
        if (count === 0) return;
        holders -= count;
        missing -= isMissed ? count : 0;
        count = 0;
        release();
      };
    },
  };
}

function build(loudness: GraphServices['loudness']): Built {
  // The rate of Opus and of noise suppression; a browser that took the loudspeaker's own would
  // resample every call.
  const context = new AudioContext({ latencyHint: 'interactive', sampleRate: 48_000 });
  const node = (channel: PlayedChannel): GainNode =>
    new GainNode(context, { gain: loudness(channel) });
  const nodes = {
    // Its volume is counted in where it counts.
    master: new GainNode(context),
    ringer: node('ringer'),
    tones: node('tones'),
    preview: node('preview'),
  };
  nodes.tones.connect(nodes.master);
  nodes.preview.connect(nodes.master);
  nodes.master.connect(context.destination);
  return { context, nodes };
}

// Not in the types of the DOM yet; Chromium has it, others play on the system's loudspeaker.
interface SinkContext extends AudioContext {
  readonly setSinkId?: (sinkId: string) => Promise<void>;
}
