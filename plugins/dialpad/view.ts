import { errorSentence } from '../../src/core/index.ts';
import type { CallSnapshot } from '../../src/core/index.ts';
import { keys } from './keys.ts';
import { takesTones } from './state.ts';
import { targetOf } from './target.ts';
import type { DialpadOptions, DialpadState } from './types.ts';

/** What the model is made of. */
export interface ModelSource {
  readonly state: DialpadState;
  readonly options: DialpadOptions;
  readonly call: CallSnapshot | undefined;
  readonly t: (key: string) => string;
}

/** The data of the template. */
export function toModel(source: ModelSource): Readonly<Record<string, unknown>> {
  const { state, call, t } = source;
  const target = targetOf(state.text, state);
  return {
    text: state.text,
    target,
    hasText: state.text !== '',
    isFiltering: state.isFiltering,
    isConverting: state.isConverting,
    filterText: t(state.isFiltering ? 'disablefilter' : 'enablefilter'),
    convertText: t(state.isConverting ? 'disableconvert' : 'enableconvert'),
    shows: visibleParts(source),
    canCall: target !== '' && !state.isCalling,
    canTransfer: target !== '',
    isCalling: state.isCalling,
    label: t(labelKey(call)),
    keys: keys.map(({ name, char, letters }) => ({
      name,
      char,
      letters,
      text: t(name),
      spoken: spoken(name, t),
      isPressed: state.pressed === char,
    })),
    error: state.error === null ? '' : errorSentence(state.error, t),
  };
}

const isCollecting = (call: CallSnapshot | undefined): boolean =>
  call?.transfer?.status === 'collecting';

function visibleParts({ options, call }: ModelSource): Readonly<Record<string, boolean>> {
  const { dialed, controls, dialpad } = options;
  return {
    field: dialed.show,
    backspace: dialed.backspace.show,
    clear: dialed.clear.show,
    filter: dialed.filter.show,
    convert: dialed.convert.show,
    switches: dialed.show && (dialed.filter.show || dialed.convert.show),
    keypad: dialpad.show,
    call: controls.show && controls.call.show && !call,
    transfer: controls.show && controls.transfer.show && isCollecting(call),
  };
}

function labelKey(call: CallSnapshot | undefined): string {
  if (isCollecting(call)) return 'transferTarget';
  return takesTones(call) ? 'digits' : 'number';
}

// What no face of a key says by itself. The others are called what they show: who speaks to the phone reads that.
function spoken(name: string, t: ModelSource['t']): string {
  return name === 'astrisk' || name === 'pound' || name === 'zero' ? t(`${name}Spoken`) : '';
}
