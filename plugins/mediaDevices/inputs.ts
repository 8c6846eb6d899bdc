import { PhoneError, asPhoneError } from '../../src/core/index.ts';
import type { PluginContext, Store } from '../../src/core/index.ts';
import { createCapture } from './capture.ts';
import type { Capture } from './capture.ts';
import { openTrack } from './open.ts';
import { selectedOf, trackKindOf } from './state.ts';
import type {
  InputKind,
  MediaDevicesOptions,
  MediaDevicesState,
  TrackParameters,
} from './types.ts';

/** What the parts of the plugin share. */
export interface MediaCore {
  readonly ctx: PluginContext<'mediaDevices', MediaDevicesOptions>;
  readonly store: Store<MediaDevicesState>;
  readonly preferences: Record<InputKind, readonly string[]>;
}

/** The two things that are captured from. */
export interface Inputs {
  readonly capture: Readonly<Record<InputKind, Capture>>;
  /** The track and device of a kind as they are now. */
  readonly parameters: (kind: InputKind) => TrackParameters;
}

/** What the inputs tell. */
export interface InputReports {
  /** A device was opened: the browser tells names now. */
  readonly opened: () => void;
  /** A device that is in use went away. */
  readonly lost: () => void;
}

/** Microphone and camera; nothing is opened before somebody needs it. */
export function createInputs(core: MediaCore, reports: InputReports): Inputs {
  const { ctx } = core;
  const parameters = (kind: InputKind): TrackParameters => parametersOf(core, inputs, kind);
  const isSilent = (): boolean => Object.values(inputs.capture).every(({ master }) => !master());
  const captureOf = (kind: InputKind): Capture =>
    createCapture({
      open: (deviceId) => openDevice(core, kind, deviceId),
      started: (track) => {
        ctx.emit('mediaDevices.streams.started', { stream: new MediaStream([track]) });
        ctx.emit(`mediaDevices.${trackKindOf(kind)}.input.started`, {
          parameters: parameters(kind),
        });
        reports.opened();
      },
      stopped: (track) => {
        ctx.emit(`mediaDevices.${trackKindOf(kind)}.input.stopped`, {
          parameters: { ...parameters(kind), track },
        });
        if (isSilent()) ctx.emit('mediaDevices.streams.stopped', {});
      },
      lost: reports.lost,
    });
  const inputs: Inputs = {
    capture: { audioinput: captureOf('audioinput'), videoinput: captureOf('videoinput') },
    parameters,
  };
  return inputs;
}

function parametersOf({ store }: MediaCore, inputs: Inputs, kind: InputKind): TrackParameters {
  const track = inputs.capture[kind].master();
  return {
    deviceKind: kind,
    trackKind: trackKindOf(kind),
    device: selectedOf(store.get(), kind),
    track,
    settings: track?.getSettings() ?? {},
  };
}

// A device that was asked for by name must be that one; otherwise the selected one is preferred.
async function openDevice(
  core: MediaCore,
  kind: InputKind,
  deviceId: string | null,
): Promise<MediaStreamTrack> {
  const { ctx, store, preferences } = core;
  const known = selectedOf(store.get(), kind)?.id ?? '';
  const ideal = known === '' ? preferences[kind][0] : known;
  store.set({ isOpening: true });
  try {
    const wish = deviceId === null ? { ideal } : { exact: deviceId };
    const track = await openTrack(kind, ctx.options[kind], wish);
    store.set({ isOpening: false, error: null });
    return track;
  } catch (thrown) {
    const error = asPhoneError(thrown, 'media.failed');
    store.set({ isOpening: false, error });
    ctx.emit('mediaDevices.getUserMedia.error', { error });
    throw error;
  }
}

/** The error of a kind that cannot be captured from. */
export function notAnInput(kind: string): PhoneError {
  return new PhoneError('media.unknownDevice', {
    message: `"${kind}" is no microphone or camera.`,
  });
}
