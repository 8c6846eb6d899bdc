import { schema } from '../../src/core/index.ts';
import type { Schema } from '../../src/core/index.ts';
import { defaultTones } from './keys.ts';
import type {
  DialpadOptions,
  KeyName,
  ShortcutOptions,
  ShowOptions,
  SwitchOptions,
  Tone,
} from './types.ts';

const shown: ShowOptions = { show: true };
const on: ShortcutOptions = { enabled: true };

/** The options where nothing is configured. */
export const defaults: DialpadOptions = {
  dialed: {
    show: true,
    backspace: shown,
    clear: shown,
    filter: { show: true, enabled: true },
    convert: { show: true, enabled: false },
  },
  controls: { show: true, call: shown, transfer: shown },
  dialpad: shown,
  tones: defaultTones,
  globalKeyShortcuts: true,
  keys: { enter: on, escape: on, backspace: on, dtmf: on },
};

const { callable, flag, number, object, pair } = schema;

const show = object<ShowOptions>({ show: flag() });
const switchable = object<SwitchOptions>({ show: flag(), enabled: flag() });
const shortcut = object<ShortcutOptions>({ enabled: flag(), action: callable() });
const tone: Schema<Tone> = pair(number(20, 20_000));
const tones = Object.fromEntries(Object.keys(defaultTones).map((name) => [name, tone]));

/** What the configuration may hold. */
export const optionsSchema: Schema<DialpadOptions> = object<DialpadOptions>({
  dialed: object<DialpadOptions['dialed']>({
    show: flag(),
    backspace: show,
    clear: show,
    filter: switchable,
    convert: switchable,
  }),
  controls: object<DialpadOptions['controls']>({ show: flag(), call: show, transfer: show }),
  dialpad: show,
  tones: object(tones as Record<KeyName, Schema<Tone>>),
  globalKeyShortcuts: flag(),
  keys: object<DialpadOptions['keys']>({
    enter: shortcut,
    escape: shortcut,
    backspace: shortcut,
    dtmf: shortcut,
  }),
});
