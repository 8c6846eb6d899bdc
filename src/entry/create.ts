import { PhoneError, createPhone } from '../core/index.ts';
import type {
  CallOptions,
  CommonOptions,
  ConfiguredPlugin,
  DeepPartial,
  I18nOptions,
  Listeners,
  LogOptions,
  PhoneOptions,
  PhoneWith,
  PluginFactory,
  PluginName,
  StoragePort,
} from '../core/index.ts';
import { audioContext } from '../../plugins/audioContext/index.ts';
import { callControl } from '../../plugins/callControl/index.ts';
import { callList } from '../../plugins/callList/index.ts';
import { dialpad } from '../../plugins/dialpad/index.ts';
import { mediaDevices } from '../../plugins/mediaDevices/index.ts';
import { userAgent } from '../../plugins/userAgent/index.ts';
import { videoCanvas } from '../../plugins/videoCanvas/index.ts';

/** The built-in plugins, in the order in which they are set up. */
export const builtIn: BuiltIn = {
  userAgent,
  mediaDevices,
  audioContext,
  callList,
  callControl,
  dialpad,
  videoCanvas,
};

/** The factories of the built-in plugins, by name. */
export interface BuiltIn {
  readonly userAgent: typeof userAgent;
  readonly mediaDevices: typeof mediaDevices;
  readonly audioContext: typeof audioContext;
  readonly callList: typeof callList;
  readonly callControl: typeof callControl;
  readonly dialpad: typeof dialpad;
  readonly videoCanvas: typeof videoCanvas;
}

const coreKeys: readonly string[] = ['i18n', 'call', 'log', 'storage', 'listeners'];
const otherKeys: readonly string[] = ['plugins', '$schema'];

interface AnyFactory {
  (options?: never): ConfiguredPlugin;
  readonly pluginName: PluginName;
}

type OptionsOf<Factory> =
  Factory extends PluginFactory<PluginName, infer Options>
    ? DeepPartial<Options> & CommonOptions
    : never;

/** The configuration of a whole phone. Plain JSON suffices; functions and elements are welcome. */
export type WebphoneConfig = {
  /** Texts and language: the options of i18next. */
  readonly i18n?: I18nOptions;
  /** What holds for every call. */
  readonly call?: CallOptions;
  /** What is logged, and where to. */
  readonly log?: LogOptions;
  /** Where devices and volumes are remembered. False: nowhere. Default: `localStorage`. */
  readonly storage?: StoragePort | boolean;
  /** Listeners that hear even what happens while the phone is made. */
  readonly listeners?: Listeners;
  /** Plugins of your own, or of others, each with its options. */
  readonly plugins?: readonly ConfiguredPlugin[];
  /** For editors; ignored. */
  readonly $schema?: string;
} & {
  /** Options of the built-in plugins; `enabled: false` leaves one out. */
  readonly [Name in keyof BuiltIn]?: OptionsOf<BuiltIn[Name]>;
};

/** A phone with the built-in plugins; one that is switched off in the configuration is undefined. */
export type Webphone = PhoneWith<keyof BuiltIn>;

/**
 * Makes a phone with every built-in plugin that is not switched off. Throws one `PhoneError`
 * `configuration.invalid` that lists every wrong key; unknown keys are warnings.
 */
export function createWebphone(config: WebphoneConfig = {}): Webphone {
  if (typeof config !== 'object' || (config as unknown) === null || Array.isArray(config)) {
    throw new PhoneError('configuration.invalid', {
      problems: [{ path: '(configuration)', found: typeof config, accepted: 'an object' }],
    });
  }
  const { plugins = [] } = config;
  const factories: readonly AnyFactory[] = Object.values(builtIn);
  const sections: Readonly<Record<string, unknown>> = config;
  const configured = factories
    .filter(({ pluginName }) => isEnabled(sections[pluginName]))
    .map((factory) => factory(sections[factory.pluginName] as never));
  const core: Partial<PhoneOptions> = Object.fromEntries(
    Object.entries(config).filter(([key]) => coreKeys.includes(key)),
  );
  const phone: unknown = createPhone({
    ...core,
    plugins: [...configured, ...plugins],
    unknown: Object.fromEntries(unknownIn(config)),
  });
  return phone as Webphone;
}

/** What a configuration holds that is neither the core's nor a built-in plugin's. */
export function unknownIn(config: object): readonly (readonly [string, unknown])[] {
  const known = [...Object.keys(builtIn), ...coreKeys, ...otherKeys];
  return Object.entries(config).filter(([key]) => !known.includes(key));
}

function isEnabled(section: unknown): boolean {
  return (section as CommonOptions | undefined)?.enabled !== false;
}
