import type { Off } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { Graph } from './graph.ts';

/** One side that is measured. */
export type Side = 'local' | 'remote';

/** Draws levels into elements, ten times a second at most. */
export interface Meters {
  /** Feeds an element until the returned function is called. */
  readonly add: (element: HTMLMeterElement, side: Side) => Off;
}

/** The events after which another track may be there to be measured. */
const changes = [
  'call.promoted',
  'call.demoted',
  'call.terminated',
  'call.local.audio.added',
  'call.local.audio.removed',
  'call.peerconnection.add.track',
] as const;

interface Probe {
  readonly track: MediaStreamTrack;
  readonly level: () => number;
  readonly stop: Off;
}

/** Where the sound of one side is measured. */
interface Inlet {
  readonly context: AudioContext;
  readonly analyser: AnalyserNode;
}

const period = 100;
/** Quieter than this, in dB below full, is drawn as nothing. */
const floor = 60;

/**
 * Meters by AnalyserNode. It is the only way that knows both sides: `getStats` builds the reports of
 * all streams anew for one number, and the levels of `getSynchronizationSources` are those that the
 * far end chose to send. One look at 1024 samples is some microseconds.
 */
export function createMeters(
  { ctx, store }: AudioCore,
  graph: Graph,
  preview: () => MediaStream | undefined,
): Meters {
  const shown = new Map<HTMLMeterElement, Side>();
  const probes = new Map<Side, Probe>();
  const into = createInlets();
  let held: ReturnType<Graph['hold']>;
  let stopTimer: Off | undefined;

  const trackOf = (side: Side): MediaStreamTrack | undefined => {
    const call = ctx.calls.primary();
    if (call?.isEnded()) return undefined;
    if (side === 'remote') return call?.getRemoteTrack('audio');
    return call?.getLocalTrack('audio') ?? preview()?.getAudioTracks()[0];
  };
  const draw = (): void => {
    for (const [side, { level }] of probes) {
      const value = level();
      for (const [element, of] of shown) {
        if (of === side && Math.abs(element.value - value) > 0.01) element.value = value;
      }
    }
  };
  const isNeeded = (side: Side): boolean =>
    !document.hidden && [...shown].some(([element, of]) => of === side && sight.has(element));
  const follow = (side: Side): void => {
    const track = isNeeded(side) ? trackOf(side) : undefined;
    const probe = probes.get(side);
    if (probe?.track === track) return;
    probe?.stop();
    probes.delete(side);
    for (const [element, of] of shown) if (of === side) element.value = 0;
    if (!track) return;
    held ??= graph.hold(false);
    if (held) probes.set(side, createProbe(track, side, into(side, held.context)));
  };
  const update = (): void => {
    follow('local');
    follow('remote');
    if (probes.size > 0) {
      stopTimer ??= ctx.clock.every(period, draw);
      return;
    }
    stopTimer?.();
    stopTimer = undefined;
    held?.release();
    held = undefined;
  };
  const sight = createSight(ctx, update);
  document.addEventListener('visibilitychange', update, { signal: ctx.signal });
  for (const event of changes) ctx.on(event, update);
  store.subscribe(update);
  return {
    add: (element, side) => {
      shown.set(element, side);
      const lose = sight.watch(element);
      return () => {
        lose();
        shown.delete(element);
        update();
      };
    },
  };
}

interface Sight {
  readonly has: (element: Element) => boolean;
  readonly watch: (element: Element) => Off;
}

// Which elements are on the screen, hidden and scrolled away ones left out.
function createSight(ctx: AudioCore['ctx'], changed: () => void): Sight {
  const visible = new Set<Element>();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) visible.add(target);
      else visible.delete(target);
    }
    changed();
  });
  ctx.onDestroy(() => {
    observer.disconnect();
  });
  return {
    has: (element) => visible.has(element),
    watch: (element) => {
      observer.observe(element);
      return () => {
        observer.unobserve(element);
        visible.delete(element);
      };
    },
  };
}

// The same for all calls: Chromium keeps whatever the sound of a stream was led into as long as the
// context, and an analyser is a quarter of a megabyte.
function createInlets(): (side: Side, context: AudioContext) => Inlet {
  const inlets = new Map<Side, Inlet>();
  return (side, context) => {
    const inlet = inlets.get(side) ?? {
      context,
      analyser: new AnalyserNode(context, { fftSize: 1024 }),
    };
    inlets.set(side, inlet);
    return inlet;
  };
}

function createProbe(track: MediaStreamTrack, side: Side, inlet: Inlet): Probe {
  const { context, analyser } = inlet;
  // A node may outlive its call, and a track of the far end would keep the whole connection. One's own
  // is measured as it is: it is switched off when it is muted.
  const measured = side === 'remote' ? track.clone() : track;
  const mediaStream = new MediaStream([measured]);
  const source = new MediaStreamAudioSourceNode(context, { mediaStream });
  const samples = new Float32Array(analyser.fftSize);
  source.connect(analyser);
  return {
    track,
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      const decibels = 10 * Math.log10(sum / samples.length);
      return Math.min(1, Math.max(0, 1 + decibels / floor));
    },
    stop: () => {
      source.disconnect();
      if (measured !== track) measured.stop();
    },
  };
}
