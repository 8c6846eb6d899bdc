import { PhoneError, asPhoneError } from '../../src/core/index.ts';
import type { PluginContext, Store } from '../../src/core/index.ts';
import { createCapture } from './capture.ts';
import type { Capture } from './capture.ts';
import { openTrack } from './open.ts';
import type { Wish } from './open.ts';
import type { Preferences } from './preferences.ts';
import { selectedOf, trackKindOf } from './state.ts';
import type {
  Failure,
  InputKind,
  MediaDevicesOptions,
  MediaDevicesState,
  Processing,
  TrackParameters,
} from './types.ts';

/** What the parts of the plugin share. */
export interface MediaCore {
  readonly ctx: PluginContext<'mediaDevices', MediaDevicesOptions>;
  readonly store: Store<MediaDevicesState>;
  readonly preferences: Preferences;
  /** What the user wants the browser to do to the sound of the microphone. */
  readonly wanted: { processing: Partial<Processing> };
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
      open: (wish) => openDevice(core, kind, wish),
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
      silenced: (isSilenced) => {
        if (kind === 'videoinput' || core.store.get().isSilenced === isSilenced) return;
        core.store.set({ isSilenced });
        ctx.emit(`mediaDevices.audio.input.${isSilenced ? 'silenced' : 'unsilenced'}`, {
          parameters: parameters(kind),
        });
      },
    });
  const inputs: Inputs = {
    capture: { audioinput: captureOf('audioinput'), videoinput: captureOf('videoinput') },
    parameters,
  };
  return inputs;
}

function parametersOf({ store }: MediaCore, inputs: Inputs, kind: InputKind): TrackParameters {
  const track = inputs.capture[kind].master();
  const settings = track?.getSettings() ?? {};
  const state = store.get();
  const used = state.devices[kind].find(({ id }) => id !== '' && id === settings.deviceId);
  const device = used ?? selectedOf(state, kind);
  return { deviceKind: kind, trackKind: trackKindOf(kind), device, track, settings };
}

// Left to itself the selected device is preferred, but any is better than none.
async function openDevice(
  core: MediaCore,
  kind: InputKind,
  wish: Wish | null,
): Promise<MediaStreamTrack> {
  const { ctx, store, preferences } = core;
  const selected = selectedOf(store.get(), kind);
  const known = selected?.id ?? '';
  const ideal = known === '' ? preferences.of(kind)[0] : known;
  const exact = selected?.preference ? ideal : undefined;
  const { create } = ctx.options[kind];
  store.set({ isOpening: true });
  try {
    const constraints = constraintsOf(core, kind);
    const options = create ? { constraints, create } : { constraints };
    const track = await openTrack(kind, options, wish ?? { exact, ideal });
    store.set({ isOpening: false });
    recovered(core, kind);
    return track;
  } catch (thrown) {
    const error = asPhoneError(thrown, 'media.failed');
    store.set({ isOpening: false });
    failed(core, kind, error);
    throw error;
  }
}

/** Shows and tells that a device of this kind is not to be had. */
export function failed(
  { ctx, store }: Pick<MediaCore, 'ctx' | 'store'>,
  kind: InputKind,
  error: PhoneError,
): void {
  store.set({ failure: { kind, error } });
  ctx.emit('mediaDevices.getUserMedia.error', { error });
}

/** The configured constraints, and above them what the user has chosen. */
export function constraintsOf({ ctx, wanted }: MediaCore, kind: InputKind): MediaTrackConstraints {
  return { ...ctx.options[kind].constraints, ...(kind === 'audioinput' && wanted.processing) };
}

/** What failed with this kind of device works again. */
export function recovered({ store }: MediaCore, kind: Failure['kind']): void {
  if (store.get().failure?.kind === kind) store.set({ failure: null });
}

/** The error of a kind that cannot be captured from. */
export function notAnInput(kind: string): PhoneError {
  return new PhoneError('media.unknownDevice', {
    message: `"${kind}" is no microphone or camera.`,
  });
}
