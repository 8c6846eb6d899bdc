import { errorSentence, isolated } from '../../src/core/index.ts';
import type { CallSnapshot } from '../../src/core/index.ts';
import type { AudioContextOptions, AudioContextState, Channel } from './types.ts';

/** What the model is made of. */
export interface ModelSource {
  readonly state: AudioContextState;
  readonly options: AudioContextOptions;
  /** The call in focus. */
  readonly call: CallSnapshot | undefined;
  readonly t: (key: string, variables?: Readonly<Record<string, unknown>>) => string;
}

const labels: readonly (readonly [Channel, string])[] = [
  ['master', 'mastervolume'],
  ['ringer', 'ringervolume'],
  ['tones', 'tonesvolume'],
  ['remote', 'remotevolume'],
  ['preview', 'previewvolume'],
];

/** The data of the template. */
export function toModel({
  state,
  options,
  call,
  t,
}: ModelSource): Readonly<Record<string, unknown>> {
  const { isBlocked, isToneActive, isLoopbackActive, failure, previewError } = state;
  const { channels, levels, volumeMin, volumeMax } = options;
  const step = (volumeMax - volumeMin) / 100;
  const isInCall =
    call !== undefined && (call.direction === 'outgoing' || call.status !== 'ringing');
  return {
    min: volumeMin,
    max: volumeMax,
    step,
    volumes: labels
      .filter(([channel]) => channels[channel].show)
      .map(([channel, key]) => {
        const hundredths = Math.round(state.volumes[channel] * 100);
        return {
          channel,
          label: t(key),
          value: volumeMin + hundredths * step,
          percent: `${String(hundredths)} %`,
        };
      }),
    showsPreviews: channels.preview.show,
    isBlocked,
    isToneActive,
    isLoopbackActive,
    isInCall,
    showsLocalLevel: levels.show && (isInCall || isLoopbackActive),
    showsRemoteLevel: levels.show && isInCall,
    error: previewError === null ? '' : errorSentence(previewError, t),
    notice:
      failure === null
        ? ''
        : t('processor', {
            name: isolated(failure.processor),
            reason: errorSentence(failure.error, t),
          }),
  };
}
