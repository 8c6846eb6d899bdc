import { vi } from 'vitest';
import { audioContext } from '../../plugins/audioContext/index.ts';
import type { AudioContextApi, AudioContextOptions } from '../../plugins/audioContext/index.ts';
import { definePlugin, schema } from '../../src/core/index.ts';
import type { Call, ConfiguredPlugin, DeepPartial, PhoneOptions } from '../../src/core/index.ts';
import { fakeAudio, fakeTrack } from '../support/fakeAudio.ts';
import type { FakeAudio } from '../support/fakeAudio.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import type { FakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession, FakeSessionOptions } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

/** A phone that can be heard, and what it is heard with. */
export interface Scene extends TestPhone {
  readonly audio: FakeAudio;
  readonly media: FakeMedia;
  readonly sound: AudioContextApi;
  /** Somebody calls. */
  readonly rings: (options?: FakeSessionOptions) => { call: Call; session: FakeSession };
  /** The user calls somebody. */
  readonly calls: () => { call: Call; session: FakeSession };
}

/** How a scene is set. */
export interface SceneOptions {
  readonly options?: DeepPartial<AudioContextOptions>;
  readonly storage?: PhoneOptions['storage'];
  readonly plugins?: readonly ConfiguredPlugin[];
  /** True: the browser plays nothing before a gesture. */
  readonly isBlocked?: boolean;
}

/** A phone with this plugin and no other; calls do not end one another. */
export function scene({ options = {}, ...rest }: SceneOptions = {}): Scene {
  const media = fakeMedia();
  const audio = fakeAudio();
  audio.isBlocked = rest.isBlocked ?? false;
  const test = testPhone({
    plugins: [...(rest.plugins ?? []), audioContext(options)],
    storage: rest.storage ?? false,
  });
  const nothing = (): Promise<void> => Promise.resolve();
  test.phone.calls.usePolicy({ leaving: nothing, entering: nothing });
  const add = (session: FakeSession) => ({ call: test.phone.calls.add(session), session });
  return {
    ...test,
    audio,
    media,
    sound: test.api('audioContext'),
    rings: (given) => add(incoming(given)),
    calls: () => add(outgoing()),
  };
}

/** A stand-in for `mediaDevices` that knows loudspeakers only, by what `setSinkId` takes. */
export function loudspeakers(
  speaker: string,
  ringing: readonly string[],
): {
  readonly plugin: ConfiguredPlugin;
  readonly change: (to: readonly string[]) => void;
  /** Calls are heard from another one. */
  readonly move: (to: string) => void;
} {
  let ids = ringing;
  let heard = speaker;
  let tell = (): void => undefined;
  let tellMoved = (): void => undefined;
  const plugin = definePlugin({
    name: 'mediaDevices',
    defaults: {},
    schema: schema.anyObject<object>(),
    setup: ({ emit }) => {
      tell = () => {
        emit('mediaDevices.ring.output.changed', { device: undefined });
      };
      tellMoved = () => {
        emit('mediaDevices.audio.output.changed', { device: undefined });
      };
      const api = {
        getPreferredDevice: () => ({ sinkId: heard }),
        getRingDevices: () => ids.map((sinkId) => ({ sinkId })),
      };
      // A fake holds what is used; what else is called fails loudly by itself.
      return api as never;
    },
  });
  return {
    plugin: plugin(),
    change: (to) => {
      ids = to;
      tell();
    },
    move: (to) => {
      heard = to;
      tellMoved();
    },
  };
}

/** Waits for parts that are loaded, and for what they do then. */
export async function loaded(): Promise<void> {
  await vi.dynamicImportSettled();
  await settled();
}

/** A connection on which the far end's sound has arrived, or is only announced. */
export function connectionWithSound(arrived: () => boolean = () => true): RTCPeerConnection {
  const receiver = {
    track: fakeTrack(),
    getSynchronizationSources: () => (arrived() ? [{ source: 1 }] : []),
  };
  const connection = Object.assign(new EventTarget(), { getReceivers: () => [receiver] });
  return connection as unknown as RTCPeerConnection;
}
