import { errorSentence, isolated } from '../../src/core/index.ts';
import { allKinds, inputKinds, isInput } from './state.ts';
import type {
  DeviceKind,
  InputKind,
  MediaDevicesOptions,
  MediaDevicesState,
  ProcessingName,
} from './types.ts';

/** What the model is made of. */
export interface ModelSource {
  readonly state: MediaDevicesState;
  readonly options: MediaDevicesOptions;
  /** What this browser can do to the sound of the microphone. */
  readonly switchable: readonly ProcessingName[];
  readonly t: (key: string, variables?: Readonly<Record<string, unknown>>) => string;
}

/** The data of the template. */
export function toModel(source: ModelSource): Readonly<Record<string, unknown>> {
  const { state, options, switchable, t } = source;
  const { devices, failure } = state;
  const isShown = (kind: DeviceKind): boolean =>
    options[kind].enabled && options[kind].show && (isInput(kind) || devices[kind].length > 0);
  const shown = allKinds.filter(isShown);
  const hasNames = shown.every((kind) => devices[kind].every(({ label }) => label !== ''));
  const { show, enabled, create } = options.audioinput;
  const switches = show && enabled && !create ? switchable : [];
  return {
    isLoaded: state.isLoaded,
    isLoading: !state.isLoaded,
    isOpening: state.isOpening,
    isMuted: state.muted.audio,
    isSharing: state.isSharing,
    choices: shown.map((kind) => ({
      kind,
      label: t(kind),
      devices: devices[kind].map(({ id, name, selected }) => ({ id, name, selected })),
      isEmpty: state.isLoaded && devices[kind].length === 0,
      isFixed: isInput(kind) && options[kind].create !== undefined,
    })),
    // Names are told after the first permission only; somebody may want them before the first call.
    asksForNames: failure === null && state.isLoaded && !hasNames,
    error: failure === null ? '' : errorSentence(failure.error, t),
    hint: hintOf(source, shown),
    silenced: state.isSilenced ? t('silenced') : '',
    notice: state.movedTo === null ? '' : t('moved', { device: isolated(state.movedTo) }),
    hasSwitches: switches.length > 0,
    switches: switches.map((name) => ({ name, label: t(name), isOn: state.processing[name] })),
  };
}

/** How to let the page use what the browser keeps from it, or ''. */
function hintOf({ state, t }: ModelSource, shown: readonly DeviceKind[]): string {
  const { failure, permission } = state;
  const isBlocked = (kind: InputKind): boolean =>
    failure
      ? failure.kind === kind && failure.error.code === 'media.denied'
      : permission[kind] === 'denied';
  const blocked = inputKinds.find(
    (kind) => (failure !== null || shown.includes(kind)) && isBlocked(kind),
  );
  return blocked ? t(`allow_${blocked}`) : '';
}
