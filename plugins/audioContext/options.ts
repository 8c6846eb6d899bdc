import { schema } from '../../src/core/index.ts';
import type { AudioProcessor, Schema } from '../../src/core/index.ts';
import { toneKinds } from './toneNotation.ts';
import type {
  AudioContextOptions,
  ChannelOptions,
  PartOptions,
  PreviewOptions,
  RingerOptions,
  TonesChannelOptions,
  TonesOptions,
  VolumeKeyOptions,
} from './types.ts';

const master: ChannelOptions = { show: true, volume: 1 };
const part: PartOptions = { ...master, connectToMaster: true };
const key: VolumeKeyOptions = { enabled: true };
const switches = [...toneKinds, 'keys'];

/** The options where nothing is configured. */
export const defaults: AudioContextOptions = {
  channels: {
    master,
    ringer: {
      ...part,
      onTime: 1.5,
      offTime: 1,
      carrier: { frequency: 440 },
      modulator: { frequency: 10 },
    },
    tones: { ...part, volume: 0.15, duration: 0.15 },
    remote: part,
    preview: {
      ...part,
      loopback: { delay: 0.5 },
      tone: { frequency: 440, duration: 1.5, type: 'sine' },
    },
  },
  globalKeyShortcuts: true,
  keys: { arrowup: key, arrowdown: key },
  volumeMax: 100,
  volumeMin: 0,
  tones: {
    country: '',
    enabled: Object.fromEntries(switches.map((name) => [name, true])) as TonesOptions['enabled'],
    failureSeconds: 5,
  },
  ringtones: { default: '', alertInfo: {}, callers: {}, alertInfoOrigins: [] },
  processors: { outgoing: [], incoming: [] },
  levels: { show: true },
};

const { anyObject, callable, dictionary, flag, list, number, object, oneOf, text } = schema;

const hertz = number(20, 20_000);
const seconds = number(0.01, 30);
const pitch = object<{ frequency: number }>({ frequency: hertz });
const channel = { show: flag(), volume: number(0, 1) };
const partial = { ...channel, connectToMaster: flag() };
const volumeKey = object<VolumeKeyOptions>({ enabled: flag(), action: callable() });
const processors = list(anyObject<AudioProcessor>());

/** What the configuration may hold. */
export const optionsSchema: Schema<AudioContextOptions> = object<AudioContextOptions>({
  channels: object<AudioContextOptions['channels']>({
    master: object<ChannelOptions>(channel),
    ringer: object<RingerOptions>({
      ...partial,
      onTime: seconds,
      offTime: seconds,
      carrier: pitch,
      modulator: object<{ frequency: number }>({ frequency: number(0, 100) }),
    }),
    tones: object<TonesChannelOptions>({ ...partial, duration: seconds }),
    remote: object<PartOptions>(partial),
    preview: object<PreviewOptions>({
      ...partial,
      loopback: object<PreviewOptions['loopback']>({ delay: number(0, 10) }),
      tone: object<PreviewOptions['tone']>({
        frequency: hertz,
        duration: seconds,
        type: oneOf('sine', 'square', 'sawtooth', 'triangle'),
      }),
    }),
  }),
  globalKeyShortcuts: flag(),
  keys: object<AudioContextOptions['keys']>({ arrowup: volumeKey, arrowdown: volumeKey }),
  volumeMax: number(),
  volumeMin: number(),
  tones: object<TonesOptions>({
    country: text(),
    enabled: object(
      Object.fromEntries(switches.map((name) => [name, flag()])) as Record<
        keyof TonesOptions['enabled'],
        Schema<boolean>
      >,
    ),
    failureSeconds: number(0, 600),
  }),
  ringtones: object<AudioContextOptions['ringtones']>({
    default: text(),
    alertInfo: dictionary(text()),
    callers: dictionary(text()),
    alertInfoOrigins: list(text()),
  }),
  processors: object<AudioContextOptions['processors']>({
    outgoing: processors,
    incoming: processors,
  }),
  levels: object<AudioContextOptions['levels']>({ show: flag() }),
});
