import type { ByKind, PluginViewHandle } from '../../src/core/index.ts';
import type { Choice } from './choice.ts';
import { notAnInput } from './inputs.ts';
import type { Inputs, MediaCore } from './inputs.ts';
import type { Outputs } from './outputs.ts';
import { setProcessing } from './processing.ts';
import type { Screen } from './screen.ts';
import { inputKinds, selectedOf, trackKindOf } from './state.ts';
import type { Streams } from './streams.ts';
import type { DeviceKind, InputKind, MediaDevicesApi } from './types.ts';

/** What the API is made of. */
export interface ApiParts {
  readonly core: MediaCore;
  readonly inputs: Inputs;
  readonly streams: Streams;
  readonly choice: Choice;
  readonly outputs: Outputs;
  readonly screen: Screen;
  readonly view: () => PluginViewHandle;
}

/** The public API, made of what the parts can do. */
export function createApi(parts: ApiParts): MediaDevicesApi {
  const { core, inputs, streams, choice, outputs, screen, view } = parts;
  const { ctx, store } = core;
  const getPreferredDevice: MediaDevicesApi['getPreferredDevice'] = (kind) =>
    selectedOf(store.get(), kind);
  return {
    startStreams: (requestId, wants = { audio: true, video: false }) =>
      streams.start(requestId ?? '', wants),
    stopStreams: (requestId) => {
      streams.stop(requestId ?? '');
    },
    stopAllStreams: () => {
      streams.stopAll();
      return Promise.resolve();
    },
    ...muteApi(core, inputs, streams),
    changeDevice: choice.change,
    getPreferredDevice,
    getPreferedDevice: getPreferredDevice,
    getDevices: () => store.get().devices,
    refreshAvailableDevices: choice.refresh,
    getRingDevices: outputs.ringDevices,
    getMediaElement: (kind) => {
      const call = ctx.calls.primary();
      if (kind === 'videoinput') return call?.getLocalVideo();
      return kind === 'audiooutput' ? call?.getRemoteAudio() : undefined;
    },
    ...screen,
    getProcessing: () => store.get().processing,
    setProcessing: (name, isOn) => setProcessing(parts, name, isOn),
    askPermission: async (kind = 'audioinput') => {
      const video = kind === 'videoinput';
      // One of each kind: both may be asked for at once.
      const requestId = `mediaDevices.permission.${kind}`;
      await streams.start(requestId, { audio: !video, video });
      try {
        // The names are told while something is open, in some browsers then only.
        await choice.refresh();
      } finally {
        streams.stop(requestId);
      }
    },
    updateRenders: () => {
      view().invalidate();
    },
  };
}

type MuteApi = Pick<MediaDevicesApi, 'mute' | 'toggleMute' | 'unmute'>;

function muteApi({ ctx, store }: MediaCore, inputs: Inputs, streams: Streams): MuteApi {
  const apply = (kinds: readonly InputKind[], on: (now: boolean) => boolean): void => {
    const { muted } = store.get();
    const next: ByKind = Object.assign(
      { ...muted },
      ...kinds.map((kind) => ({ [trackKindOf(kind)]: on(muted[trackKindOf(kind)]) })),
    ) as ByKind;
    const changed = kinds.filter((kind) => muted[trackKindOf(kind)] !== next[trackKindOf(kind)]);
    if (changed.length === 0) return;
    store.set({ muted: next });
    ctx.calls.setDeviceMuted(next);
    streams.applyMuted();
    for (const kind of changed) {
      const fact = next[trackKindOf(kind)] ? 'muted' : 'unmuted';
      ctx.emit(`mediaDevices.${trackKindOf(kind)}.input.${fact}`, {
        parameters: inputs.parameters(kind),
      });
    }
  };
  const command =
    (on: (now: boolean) => boolean) =>
    (kind?: DeviceKind | null): Promise<void> => {
      if (kind === 'audiooutput' || kind === 'ringoutput') return Promise.reject(notAnInput(kind));
      apply(kind ? [kind] : inputKinds, on);
      return Promise.resolve();
    };
  return {
    mute: command(() => true),
    unmute: command(() => false),
    toggleMute: command((now) => !now),
  };
}
