import { PhoneError, definePlugin, loadPart, schema, withDefaults } from '../core/index.ts';
import type { CommonOptions, ConfiguredPlugin, PluginName } from '../core/index.ts';
import type { blf } from '../../plugins/blf/index.ts';
import type { clickToCall } from '../../plugins/clickToCall/index.ts';
import type { conference } from '../../plugins/conference/index.ts';
import type { messages } from '../../plugins/messages/index.ts';
import type { presence } from '../../plugins/presence/index.ts';
import type { provisioning } from '../../plugins/provisioning/index.ts';
import type { subscriptions } from '../../plugins/subscriptions/index.ts';
import type { voicemail } from '../../plugins/voicemail/index.ts';
import type { WebphoneConfig } from './create.ts';
import type { PresetChoice } from './presets.part.ts';
import { provisioned } from './provisioned.ts';
import type { Provisioned, Renew } from './provisioned.ts';

export type { Renew } from './provisioned.ts';

/** The factories of the plugins that are loaded when a configuration names them. */
export interface MorePlugins {
  readonly blf: typeof blf;
  readonly clickToCall: typeof clickToCall;
  readonly conference: typeof conference;
  readonly messages: typeof messages;
  readonly presence: typeof presence;
  readonly provisioning: typeof provisioning;
  readonly subscriptions: typeof subscriptions;
  readonly voicemail: typeof voicemail;
}

type MoreName = keyof MorePlugins;

/** What a configuration may hold for plugins that are loaded when it names them. */
export type MoreSections = Provisioned & {
  readonly [Name in Exclude<MoreName, 'provisioning'>]?: Parameters<MorePlugins[Name]>[0];
};

// The bundler makes a file of each, beside the script-tag file.
const sources: { readonly [Name in MoreName]: () => Promise<MorePlugins[Name]> } = {
  blf: async () => (await import('../../plugins/blf/index.ts')).blf,
  clickToCall: async () => (await import('../../plugins/clickToCall/index.ts')).clickToCall,
  conference: async () => (await import('../../plugins/conference/index.ts')).conference,
  messages: async () => (await import('../../plugins/messages/index.ts')).messages,
  presence: async () => (await import('../../plugins/presence/index.ts')).presence,
  provisioning: async () => (await import('../../plugins/provisioning/index.ts')).provisioning,
  subscriptions: async () => (await import('../../plugins/subscriptions/index.ts')).subscriptions,
  voicemail: async () => (await import('../../plugins/voicemail/index.ts')).voicemail,
};

type AnyFactory = (options?: object) => ConfiguredPlugin;

type Given = WebphoneConfig & MoreSections & PresetChoice;

/** The configuration with the settings of its server under its own, and the plugins that it names. */
export async function withMore(
  given: Given,
  place?: unknown,
  renew?: Renew,
): Promise<WebphoneConfig> {
  const said = withoutEmpty(given);
  const { preset, ...config } = renew ? provisioned(said, place, renew) : said;
  if (preset === undefined) return withPlugins(config);
  const { settingsOf } = await loadPart(() => import('./presets.part.ts'));
  const refuse = (message: string): Error => new PhoneError('configuration.invalid', { message });
  return withPlugins(withDefaults(settingsOf(preset, refuse), config));
}

/** A section that is undefined, or null in a JSON file, names no plugin. */
function withoutEmpty(given: Given): Given {
  const isSaid = ([name, section]: [string, unknown]): boolean =>
    !Object.hasOwn(sources, name) || (section ?? undefined) !== undefined;
  return Object.fromEntries(Object.entries(given).filter(isSaid));
}

/**
 * The configuration with the plugins that it names, and those that they require. One whose file cannot be
 * had fails as any plugin does that cannot be set up: by `phone.plugin.failed`, and the phone does without.
 */
async function withPlugins(config: WebphoneConfig): Promise<WebphoneConfig> {
  const sections = { ...config } as Readonly<Record<string, CommonOptions | undefined>>;
  const plugins = [...(config.plugins ?? [])];
  const isWanted = (name: string): name is MoreName =>
    Object.hasOwn(sources, name) &&
    sections[name]?.enabled !== false &&
    !plugins.some((plugin) => plugin.name === name);
  let wanted = Object.keys(sections).filter(isWanted);
  while (wanted.length > 0) {
    const found = await Promise.all(wanted.map((name) => load(name, sections[name])));
    plugins.push(...found);
    wanted = [...new Set(found.flatMap(({ requires }) => requires))].filter(isWanted);
  }
  const others = Object.entries(sections).filter(([name]) => !Object.hasOwn(sources, name));
  return { ...Object.fromEntries(others), plugins };
}

async function load(name: MoreName, options: object | undefined): Promise<ConfiguredPlugin> {
  try {
    return ((await sources[name]()) as AnyFactory)(options);
  } catch (cause) {
    return missing(name, new PhoneError('phone.partMissing', { cause }));
  }
}

function missing(name: PluginName, error: PhoneError): ConfiguredPlugin {
  return definePlugin({
    name,
    defaults: {},
    schema: schema.object<object>({}),
    setup: () => {
      throw error;
    },
  })();
}
