import { loadPart } from '../core/index.ts';
import { unknownIn } from './create.ts';
import type { WebphoneConfig } from './create.ts';
import type { MoreSections } from './morePlugins.part.ts';
import type { PresetName } from './presets.part.ts';

export type { MoreSections } from './morePlugins.part.ts';

/** What a configuration may hold where the settings of a server can be loaded. */
export interface PresetChoice {
  /** The server, whose settings then stand under those of the configuration. */
  readonly preset?: PresetName;
}

/**
 * The configuration of a phone that is made once everything for it has been loaded: the settings of a
 * server, and a section that has the name of another plugin brings that plugin.
 */
export type LoadedConfig = WebphoneConfig & MoreSections & PresetChoice;

/**
 * A configuration with all that it names and that is not built in. Rejects with `configuration.invalid` for
 * a server that nobody knows. Without the file that knows plugins they are names like any other that nobody
 * knows: told of, and ignored. A preset is not: it rejects with `phone.partMissing`.
 */
export async function withMore(config: LoadedConfig): Promise<WebphoneConfig> {
  if (unknownIn(config).length === 0) return config;
  try {
    return await (await loadPart(() => import('./morePlugins.part.ts'))).withMore(config);
  } catch (error) {
    if (config.preset === undefined) return config;
    throw error;
  }
}
