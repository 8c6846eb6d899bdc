import { PhoneError } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { AudioContextApi, Channel } from './types.ts';

/** All channels, in the order in which they are drawn. */
const channels: readonly Channel[] = ['master', 'ringer', 'tones', 'remote', 'preview'];

/** The volumes: what was chosen, and what comes out of it. */
export interface Volumes extends Pick<AudioContextApi, 'getVolume' | 'changeVolume'> {
  /** How loud a channel is in the end, from 0 to 1, the master counted in where it counts. */
  readonly loudness: (channel: Channel) => number;
  /** One step of a key; stops at the ends. False: it was there. */
  readonly step: (by: number) => boolean;
}

const memoryName = 'volumes';

/** What the volumes were when the page was left, else as configured. */
export function firstVolumes({ memory, options }: AudioCore['ctx']): Record<Channel, number> {
  const kept = Object(memory.get(memoryName)) as Partial<Record<Channel, unknown>>;
  return Object.fromEntries(
    channels.map((channel) => {
      const volume = kept[channel];
      return [channel, isVolume(volume) ? volume : options.channels[channel].volume];
    }),
    // Object.fromEntries forgets the keys it was given.
  ) as Record<Channel, number>;
}

function isVolume(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

/** Volumes; `changed` runs after each change, before its event. */
export function createVolumes({ ctx, store }: AudioCore, changed: () => void): Volumes {
  const { options, emit } = ctx;
  const { volumeMin, volumeMax } = options;
  const set = (channel: Channel, volume: number): void => {
    store.set({ volumes: { ...store.get().volumes, [channel]: volume } });
    ctx.memory.set(memoryName, store.get().volumes);
    changed();
    emit(`audioContext.channel.${channel}.volume`, { volume });
  };
  return {
    getVolume: (channel, { scale = true, relativeToMaster = false } = {}) => {
      const { volumes } = store.get();
      if (!channels.includes(channel)) return 0;
      const isBelow = relativeToMaster && channel !== 'master';
      const volume = volumes[channel] * (isBelow ? volumes.master : 1);
      return scale ? volumeMin + volume * (volumeMax - volumeMin) : volume;
    },
    changeVolume: (channel, given, { scale = false } = {}) => {
      // An empty text would be 0.
      const number = String(given).trim() === '' ? NaN : Number(given);
      const volume = scale ? (number - volumeMin) / (volumeMax - volumeMin) : number;
      if (!channels.includes(channel) || !isVolume(volume)) {
        throw new PhoneError('audio.volumeInvalid');
      }
      set(channel, volume);
    },
    loudness: (channel) => {
      const { volumes } = store.get();
      if (channel === 'master') return volumes.master;
      return volumes[channel] * (options.channels[channel].connectToMaster ? volumes.master : 1);
    },
    step: (by) => {
      // In hundredths: twenty steps of 0.05 are 1, not nearly 1.
      const { master } = store.get().volumes;
      const volume = Math.min(1, Math.max(0, Math.round((master + by) * 100) / 100));
      if (volume === master) return false;
      set('master', volume);
      return true;
    },
  };
}
