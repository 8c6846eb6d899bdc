import type { AudioProcessor, PhoneError } from '../../src/core/index.ts';
import type { ToneKind } from './toneNotation.ts';

export type { ToneKind };

/** The things whose loudness is set on its own. */
export type Channel = 'master' | 'ringer' | 'tones' | 'remote' | 'preview';

/** Options of the master channel, and of every other one. */
export interface ChannelOptions {
  /** Whether its slider is drawn. Default true. */
  readonly show: boolean;
  /** From 0 to 1. Default 1, of `tones` 0.15. What the user chose goes before. */
  readonly volume: number;
}

/** Options of a channel below the master. */
export interface PartOptions extends ChannelOptions {
  /** Whether the master's volume counts for it too. Default true. */
  readonly connectToMaster: boolean;
}

/** Options of the ring. */
export interface RingerOptions extends PartOptions {
  /** Seconds that the generated ring sounds. Default 1.5. */
  readonly onTime: number;
  /** Seconds of silence after that. Default 1. */
  readonly offTime: number;
  /** Its pitch in hertz. Default 440. */
  readonly carrier: { readonly frequency: number };
  /** How often it swells in a second. Default 10. */
  readonly modulator: { readonly frequency: number };
}

/** Options of keys and call tones. */
export interface TonesChannelOptions extends PartOptions {
  /** Seconds that a key sounds. Default 0.15. */
  readonly duration: number;
}

/** Options of the previews. */
export interface PreviewOptions extends PartOptions {
  readonly loopback: {
    /** Seconds until the microphone is heard. Default 0.5. */
    readonly delay: number;
  };
  readonly tone: {
    /** In hertz. Default 440. */
    readonly frequency: number;
    /** Seconds until it stops by itself. Default 1.5. */
    readonly duration: number;
    /** The form of its wave. Default `sine`. */
    readonly type: 'sine' | 'square' | 'sawtooth' | 'triangle';
  };
}

/** What one of the keyboard's keys does while nothing has the focus. */
export interface VolumeKeyOptions {
  /** False leaves the key alone. Default true. */
  readonly enabled: boolean;
  /** Runs in place of the default, which changes the master volume by 0.05. */
  readonly action?: (event: KeyboardEvent, audioContext: AudioContextApi) => void;
}

/** Options of the tones of a network and of the keys. */
export interface TonesOptions {
  /** ISO 3166 code of the country whose tones are played, such as `gb`. Default '': the language's. */
  readonly country: string;
  /** What is played at all. Default: everything. */
  readonly enabled: Readonly<Record<ToneKind | 'keys', boolean>>;
  /** Seconds after which a tone of failure stops by itself. Default 5. */
  readonly failureSeconds: number;
}

/** Options of ringtones; each is the address of a sound file. */
export interface RingtoneOptions {
  /** For every call that has none of its own. Default '': the generated ring. */
  readonly default: string;
  /** By what an `Alert-Info` header of the call contains, whatever the case. Default none. */
  readonly alertInfo: Readonly<Record<string, string>>;
  /** By the caller's user, or the start of it before a `*`: `1002`, `+44*`. Default none. */
  readonly callers: Readonly<Record<string, string>>;
  /** Origins, such as `https://pbx.example.com`, whose files an `Alert-Info` may name. Default none. */
  readonly alertInfoOrigins: readonly string[];
}

/** What is done to sound, in this order. */
export interface Processors {
  /** To what is sent. */
  readonly outgoing: readonly AudioProcessor[];
  /** To what is heard. */
  readonly incoming: readonly AudioProcessor[];
}

/** `audioContext` in the configuration. */
export interface AudioContextOptions {
  readonly channels: {
    readonly master: ChannelOptions;
    readonly ringer: RingerOptions;
    readonly tones: TonesChannelOptions;
    readonly remote: PartOptions;
    readonly preview: PreviewOptions;
  };
  /** Whether the arrow keys change the volume while nothing has the focus. Default true. */
  readonly globalKeyShortcuts: boolean;
  readonly keys: { readonly arrowup: VolumeKeyOptions; readonly arrowdown: VolumeKeyOptions };
  /** The upper end of a scaled volume. Default 100. */
  readonly volumeMax: number;
  /** The lower end of a scaled volume. Default 0. */
  readonly volumeMin: number;
  readonly tones: TonesOptions;
  readonly ringtones: RingtoneOptions;
  readonly processors: Processors;
  /** Whether the level meters are drawn during a call. Default true. */
  readonly levels: { readonly show: boolean };
}

/** What the plugin remembers. */
export interface AudioContextState {
  /** From 0 to 1. */
  readonly volumes: Readonly<Record<Channel, number>>;
  /** True while the browser plays nothing before a gesture of the user. */
  readonly isBlocked: boolean;
  readonly isToneActive: boolean;
  readonly isLoopbackActive: boolean;
  /** Why the microphone could not be heard, or null. */
  readonly previewError: unknown;
  /** The processor that failed last in the present calls, or null. */
  readonly failure: ProcessorFailure | null;
}

/** A processor that was left out. */
export interface ProcessorFailure {
  /** Its name. */
  readonly processor: string;
  readonly direction: keyof Processors;
  /** `media.processorFailed`, or `media.wasmRefused` where the page allows no WebAssembly. */
  readonly error: PhoneError;
}

/** How a volume is meant. */
export interface VolumeOptions {
  /** True: from `volumeMin` to `volumeMax`, as on a slider; false: from 0 to 1. */
  readonly scale?: boolean;
}

/** The public API of the plugin: `phone.audioContext`. */
export interface AudioContextApi {
  /** Starts audio, best in a gesture of the user: whatever is blocked is tried again. */
  readonly startAudioContext: () => Promise<void>;
  /** Plays the test tone through the preview channel, for its `duration`. */
  readonly startPreviewTone: () => Promise<void>;
  readonly stopPreviewTone: () => void;
  readonly togglePreviewTone: () => Promise<void>;
  readonly isPreviewToneActive: () => boolean;
  /**
   * Lets the user hear the microphone, delayed, until it is stopped or a call begins. Rejects with
   * `media.*` when it cannot be opened.
   */
  readonly startPreviewLoopback: () => Promise<void>;
  readonly stopPreviewLoopback: () => void;
  readonly togglePreviewLoopback: () => Promise<void>;
  readonly isPreviewLoopbackActive: () => boolean;
  /** Stops both previews. */
  readonly stopPreviews: () => void;
  /**
   * A volume from `volumeMin` to `volumeMax`, or from 0 to 1 with `scale: false`; with
   * `relativeToMaster` the master's volume is counted in. 0 for an unknown channel.
   */
  readonly getVolume: (
    channel: Channel,
    options?: VolumeOptions & { readonly relativeToMaster?: boolean },
  ) => number;
  /**
   * Sets a volume from 0 to 1, or from `volumeMin` to `volumeMax` with `scale: true`, and remembers
   * it. A number and the same number as text mean the same. Throws `audio.volumeInvalid` for what
   * is no number between those bounds, and for an unknown channel.
   */
  readonly changeVolume: (
    channel: Channel,
    volume: number | string,
    options?: VolumeOptions,
  ) => void;
  /** Plays frequencies in hertz together for `channels.tones.duration`. */
  readonly playTones: (...frequencies: readonly number[]) => void;
  /** Plays a tone of the network until it is stopped. */
  readonly startTone: (kind: ToneKind) => void;
  /** Stops a tone that `startTone` or the phone itself has started. */
  readonly stopTone: (kind: ToneKind) => void;
  /** Rings for a request of your own, until it is stopped. The same id rings once; null may repeat. */
  readonly startRinging: (requestId?: string | null) => void;
  readonly stopRinging: (requestId?: string | null) => void;
  /** Stops all rings, those of calls that wait included. */
  readonly stopAllRinging: () => void;
  /**
   * What the phone plays itself, as a stream: keys, call tones and previews at their volumes, or
   * with `ringer` the ring. Undefined where the browser has no Web Audio.
   */
  readonly getDestinationStream: (channel?: 'master' | 'ringer') => MediaStream | undefined;
  /**
   * Changes what is done to sound, in calls that are up as well; what is left out stays. Resolves
   * when it is done. A processor that fails is left out and told by `processor.failed`.
   */
  readonly setProcessors: (processors: Partial<Processors>) => Promise<void>;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

/** A volume was changed. */
export interface VolumeEvent {
  /** From 0 to 1. */
  readonly volume: number;
}

/** An event without a payload. */
type Plain = Readonly<Record<string, never>>;

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    audioContext: AudioContextApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'audioContext.created': Plain;
    /** The phone has made its first sound: the browser's AudioContext runs. */
    'audioContext.started': Plain;
    /** The browser plays nothing before a gesture of the user. */
    'audioContext.blocked': Plain;
    /** What was blocked is heard. */
    'audioContext.unblocked': Plain;
    /** The test tone sounds. */
    'audioContext.preview.tone.started': Plain;
    /** The test tone is over. */
    'audioContext.preview.tone.stopped': Plain;
    /** The microphone is heard here. */
    'audioContext.preview.loopback.started': Plain;
    /** The microphone is heard here no longer. */
    'audioContext.preview.loopback.stopped': Plain;
    /** The volume of everything was changed. */
    'audioContext.channel.master.volume': VolumeEvent;
    /** The volume of the ring was changed. */
    'audioContext.channel.ringer.volume': VolumeEvent;
    /** The volume of keys and call tones was changed. */
    'audioContext.channel.tones.volume': VolumeEvent;
    /** The volume of the far end was changed. */
    'audioContext.channel.remote.volume': VolumeEvent;
    /** The volume of the previews was changed. */
    'audioContext.channel.preview.volume': VolumeEvent;
    /** A tone of the network sounds. */
    'audioContext.tone.started': { readonly kind: ToneKind };
    /** A tone of the network is over. */
    'audioContext.tone.stopped': { readonly kind: ToneKind };
    /** A processor was left out. */
    'audioContext.processor.failed': ProcessorFailure;
  }
}
