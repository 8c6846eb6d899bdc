import type { PhoneError } from '../../src/core/index.ts';

/** The names of the keys, libwebphone's spelling included, and the four of military phones. */
export type KeyName =
  | 'one'
  | 'two'
  | 'three'
  | 'four'
  | 'five'
  | 'six'
  | 'seven'
  | 'eight'
  | 'nine'
  | 'astrisk'
  | 'zero'
  | 'pound'
  | 'a'
  | 'b'
  | 'c'
  | 'd';

/** The two frequencies of a key, in hertz (ITU-T Q.23). */
export type Tone = readonly [number, number];

/** What one of the keyboard's keys does outside of input fields. */
export interface ShortcutOptions {
  /** False leaves the key alone. Default true. */
  readonly enabled: boolean;
  /** Runs in place of the default. */
  readonly action?: (event: KeyboardEvent, dialpad: DialpadApi) => void;
}

/** Whether a part is drawn. */
export interface ShowOptions {
  readonly show: boolean;
}

/** A switch of the target: whether its button is drawn, and how it starts. */
export interface SwitchOptions extends ShowOptions {
  readonly enabled: boolean;
}

/** `dialpad` in the configuration. */
export interface DialpadOptions {
  /** The field and what belongs to it. */
  readonly dialed: ShowOptions & {
    readonly backspace: ShowOptions;
    readonly clear: ShowOptions;
    /** Takes out of a phone number what nobody can dial. Starts switched on. */
    readonly filter: SwitchOptions;
    /** Turns letters into the digits of their keys. Starts switched off. */
    readonly convert: SwitchOptions;
  };
  readonly controls: ShowOptions & {
    readonly call: ShowOptions;
    readonly transfer: ShowOptions;
  };
  /** The keypad. */
  readonly dialpad: ShowOptions;
  readonly tones: Readonly<Record<KeyName, Tone>>;
  /** Whether keys of the keyboard work while no input field has the focus. */
  readonly globalKeyShortcuts: boolean;
  readonly keys: {
    readonly enter: ShortcutOptions;
    readonly escape: ShortcutOptions;
    readonly backspace: ShortcutOptions;
    readonly dtmf: ShortcutOptions;
  };
}

/** What the plugin remembers. */
export interface DialpadState {
  /** What stands in the field. */
  readonly text: string;
  /** What of it was sent as tones in the present call. */
  readonly tones: string;
  readonly isFiltering: boolean;
  readonly isConverting: boolean;
  /** True while a call is asked for and not yet on its way. */
  readonly isCalling: boolean;
  /** The key that was just pressed, or null; it goes out by itself. */
  readonly pressed: string | null;
  /** What the last command was refused for, or null. */
  readonly error: unknown;
}

/** What Enter would do now. */
export type AutoAction = 'answer' | 'call' | 'redial' | 'terminate' | 'transfer';

/** The public API of the plugin: `phone.dialpad`. */
export interface DialpadApi {
  /**
   * Types characters, one after another: as tones in a call that is up, else into the target.
   * `tones` is true for each key's own, false for none, or two frequencies in hertz. Resolves when
   * all is sent and never rejects: what a call refuses is told under the field.
   */
  readonly dial: (
    characters: string | number,
    tones?: boolean | readonly number[],
  ) => Promise<void>;
  /** Takes the last character away. */
  readonly backspace: () => void;
  /** Empties the field. */
  readonly clear: () => void;
  readonly enableFilter: () => void;
  readonly disableFilter: () => void;
  readonly toggleFilter: () => void;
  readonly enableConversion: () => void;
  readonly disableConversion: () => void;
  readonly toggleConversion: () => void;
  /** The same as `enableConversion`, by libwebphone's name. */
  readonly enableConvertion: () => void;
  /** The same as `disableConversion`, by libwebphone's name. */
  readonly disableConvertion: () => void;
  /** The same as `toggleConversion`, by libwebphone's name. */
  readonly toggleConvertion: () => void;
  /** The target as it would be called: converted, filtered. `clear` empties the field as well. */
  readonly getTarget: {
    (clear?: boolean, join?: true): string;
    (clear: boolean, join: false): readonly string[];
  };
  readonly hasTarget: () => boolean;
  /** Takes the call in focus. Rejects with `call.stateInvalid` when there is none. */
  readonly answer: () => Promise<void>;
  /**
   * Calls the target and empties the field once the call is on its way. Without a target it calls
   * the last one again, or does nothing when `redial` is false. Rejects as `userAgent.call` does;
   * the target then stays.
   */
  readonly call: (redial?: boolean) => Promise<void>;
  /** Calls the last target again. Rejects as `userAgent.redial` does. */
  readonly redial: () => Promise<void>;
  /** Transfers the call in focus to the target. Rejects with `call.targetMissing` without one. */
  readonly transfer: () => Promise<void>;
  /** Ends the call in focus. */
  readonly terminate: () => Promise<void>;
  /** Does what `getAutoAction` says, unless it is switched off. */
  readonly autoAction: (allowed?: Readonly<Partial<Record<AutoAction, boolean>>>) => Promise<void>;
  /** What there is to do now: the order is transfer, answer, terminate, call, redial. */
  readonly getAutoAction: () => AutoAction;
  /** Draws all render targets again; `afterwards` runs when that is done. */
  readonly updateRenders: (afterwards?: () => void) => void;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    dialpad: DialpadApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'dialpad.created': Readonly<Record<string, never>>;
    /** A key was pressed that has a tone. The frequencies are in hertz. */
    'dialpad.tones.play': { readonly tones: readonly number[] };
    /** Something was typed: `char`, or null when more than one character changed. */
    'dialpad.target.updated': { readonly target: string; readonly char: string | null };
    /** The last character was taken away. */
    'dialpad.target.backspace': { readonly target: string };
    /** The field was emptied. */
    'dialpad.target.clear': { readonly target: string };
    /** Numbers are filtered from now on. */
    'dialpad.filter.enabled': Readonly<Record<string, never>>;
    /** Numbers are taken as they are typed from now on. */
    'dialpad.filter.disabled': Readonly<Record<string, never>>;
    /** Letters become digits from now on. */
    'dialpad.convert.enabled': Readonly<Record<string, never>>;
    /** Letters stay letters from now on. */
    'dialpad.convert.disabled': Readonly<Record<string, never>>;
    /** The target is being called. */
    'dialpad.call': { readonly target: string };
    /** The last target is being called again. */
    'dialpad.redial': Readonly<Record<string, never>>;
    /** A command was refused; the same is told under the field. */
    'dialpad.failed': { readonly error: PhoneError };
  }
}
