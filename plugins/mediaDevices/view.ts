import { errorSentence } from '../../src/core/index.ts';
import type { MediaDevicesOptions, MediaDevicesState } from './types.ts';

/** What the model is made of. */
export interface ModelSource {
  readonly state: MediaDevicesState;
  readonly options: MediaDevicesOptions;
  readonly t: (key: string, variables?: Readonly<Record<string, unknown>>) => string;
}

const kinds = ['audioinput', 'videoinput'] as const;

/** The data of the template. */
export function toModel({ state, options, t }: ModelSource): Readonly<Record<string, unknown>> {
  const { devices, error } = state;
  const shown = kinds.filter((kind) => options[kind].enabled && options[kind].show);
  const hasNames = shown.every((kind) => devices[kind].every(({ label }) => label !== ''));
  return {
    isLoaded: state.isLoaded,
    isLoading: !state.isLoaded,
    isOpening: state.isOpening,
    isMuted: state.muted.audio,
    inputs: shown.map((kind) => ({
      kind,
      label: t(kind),
      devices: devices[kind].map(({ id, name, selected }) => ({ id, name, selected })),
      isEmpty: state.isLoaded && devices[kind].length === 0,
      isFixed: options[kind].create !== undefined,
    })),
    // Names are told after the first permission only; somebody may want them before the first call.
    asksForNames: error === null && state.isLoaded && !hasNames,
    error: error === null ? '' : errorSentence(error, t),
    notice: state.movedTo === null ? '' : t('moved', { device: state.movedTo }),
  };
}
