import { vi } from 'vitest';

/** A node of the fake: what it was made with, and what it leads to. */
export class FakeNode extends EventTarget {
  readonly kind: string;
  readonly context: FakeContext;
  readonly options: Readonly<Record<string, unknown>>;
  readonly outputs = new Set<unknown>();
  isRunning = false;
  hasEnded = false;
  readonly fftSize = 1024;
  /** What an analyser finds. */
  level = 0;
  readonly gain: FakeParam;
  stream: MediaStream | undefined;

  constructor(kind: string, context: FakeContext, options: Readonly<Record<string, unknown>> = {}) {
    super();
    this.kind = kind;
    this.context = context;
    this.options = options;
    this.gain = new FakeParam(options['gain']);
    context.nodes.add(this);
  }
  connect(to: unknown): unknown {
    this.outputs.add(to);
    return to;
  }
  disconnect(from?: unknown): void {
    if (from === undefined) this.outputs.clear();
    else this.outputs.delete(from);
  }
  start(): void {
    this.isRunning = true;
  }
  /** What is to stop in a while stops when the test says so. */
  stop(when = 0): void {
    if (when < 0.1) this.finish();
  }
  getFloatTimeDomainData(samples: Float32Array): void {
    samples.fill(this.level);
  }
  finish(): void {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.hasEnded = true;
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeParam {
  /** What it is now. */
  value: number;
  /** What it is on its way to. */
  target: number;

  constructor(value: unknown = 1) {
    this.value = Number(value);
    this.target = this.value;
  }
  setValueAtTime(value: number): this {
    this.value = value;
    this.target = value;
    return this;
  }
  linearRampToValueAtTime(): this {
    return this;
  }
  setTargetAtTime(value: number): this {
    this.target = value;
    return this;
  }
}

/** An AudioContext that plays nothing and remembers all. */
export class FakeContext extends EventTarget {
  state: AudioContextState = 'suspended';
  readonly sampleRate = 8000;
  readonly currentTime = 0;
  readonly nodes = new Set<FakeNode>();
  readonly destination: object = { kind: 'destination' };
  sinkId = '';
  declare setSinkId?: (sinkId: string) => Promise<void>;
  readonly options: unknown;

  constructor(options?: unknown) {
    super();
    this.options = options;
    current?.contexts.push(this);
    if (!current?.canChooseSink) return;
    this.setSinkId = async (sinkId) => {
      await Promise.resolve();
      this.sinkId = sinkId;
    };
  }
  createBuffer(_: number, length: number, rate: number): unknown {
    const samples = new Float32Array(length);
    return { getChannelData: () => samples, length, duration: length / rate };
  }
  decodeAudioData(data: ArrayBuffer): Promise<unknown> {
    return Promise.resolve({ decoded: data.byteLength });
  }
  resume(): Promise<void> {
    // Where it is not allowed to run, the promise waits.
    if (current?.isBlocked) return new Promise(() => undefined);
    this.become('running');
    return Promise.resolve();
  }
  suspend(): Promise<void> {
    this.become('suspended');
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.become('closed');
    return Promise.resolve();
  }
  become(state: AudioContextState): void {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** The fake Web Audio of a test. */
export interface FakeAudio {
  /** All that were ever made. */
  readonly contexts: FakeContext[];
  /** True: nothing runs before a gesture; the test makes it false for the gesture. */
  isBlocked: boolean;
  /** False: an AudioContext plays on the loudspeaker of the system, as in Firefox. */
  canChooseSink: boolean;
  /** What sounds now: the sources that run, with the channel gain they end in. */
  readonly sounding: () => readonly FakeNode[];
  /** What sounds or has sounded, however short. */
  readonly played: () => readonly FakeNode[];
}

let current: FakeAudio | undefined;

const kinds = [
  'AnalyserNode',
  'AudioBufferSourceNode',
  'DelayNode',
  'GainNode',
  'MediaStreamAudioSourceNode',
  'OscillatorNode',
];

/** Puts a fake Web Audio into the page; undo it by `vi.unstubAllGlobals`. */
export function fakeAudio(): FakeAudio {
  const audio: FakeAudio = {
    contexts: [],
    isBlocked: false,
    canChooseSink: true,
    sounding: () =>
      audio.contexts.flatMap(({ nodes }) => [...nodes].filter(({ isRunning }) => isRunning)),
    played: () =>
      audio.contexts.flatMap(({ nodes }) =>
        [...nodes].filter((one) => one.isRunning || one.hasEnded),
      ),
  };
  current = audio;
  vi.stubGlobal('AudioContext', FakeContext);
  for (const kind of kinds) {
    vi.stubGlobal(
      kind,
      class extends FakeNode {
        constructor(context: FakeContext, options?: Readonly<Record<string, unknown>>) {
          super(kind, context, options);
        }
      },
    );
  }
  vi.stubGlobal(
    'MediaStreamAudioDestinationNode',
    class extends FakeNode {
      constructor(context: FakeContext) {
        super('MediaStreamAudioDestinationNode', context);
        this.stream = new MediaStream([fakeTrack()]);
      }
    },
  );
  return audio;
}

/** The length in seconds of the cadence that a source plays, and whether it repeats. */
export function cadenceOf(node: FakeNode | undefined): { seconds: number; repeats: boolean } {
  const { buffer, loop } = (node?.options ?? {}) as {
    readonly buffer?: { readonly duration?: number };
    readonly loop?: boolean;
  };
  return { seconds: buffer?.duration ?? 0, repeats: loop ?? false };
}

/** True when a node leads to another one, over any number of steps. */
export function leadsTo(from: unknown, to: unknown): boolean {
  if (from === to) return true;
  return from instanceof FakeNode && [...from.outputs].some((next) => leadsTo(next, to));
}

let tracks = 0;

/** A sound that comes from nowhere. */
export function fakeTrack(): MediaStreamTrack {
  tracks += 1;
  const track = Object.assign(new EventTarget(), {
    id: `fake${String(tracks)}`,
    kind: 'audio',
    enabled: true,
    muted: false,
    readyState: 'live',
    stop: () => {
      track.readyState = 'ended';
    },
    clone: () => fakeTrack(),
  });
  return track as unknown as MediaStreamTrack;
}
