import { loadPart } from '../core/index.ts';
import { unknownIn } from './create.ts';
import type { WebphoneConfig } from './create.ts';
import type { MoreSections, Renew } from './morePlugins.part.ts';
import type { PresetChoice } from './presets.part.ts';

export type { MoreSections, Renew } from './morePlugins.part.ts';

/**
 * The configuration of a phone that is made once everything for it has been loaded: the settings of a
 * server, and a section that has the name of another plugin brings that plugin.
 */
export type LoadedConfig = WebphoneConfig & MoreSections & PresetChoice;

/**
 * A configuration with all that it names and that is not built in. Rejects with `configuration.invalid` for
 * a server that nobody knows, and with `phone.partMissing` without the file that knows what is not built in.
 * Where the configuration came from, and how to make a phone anew, is for `provisioning`.
 */
export async function withMore(
  config: LoadedConfig,
  place?: unknown,
  renew?: Renew,
): Promise<WebphoneConfig> {
  if (unknownIn(config).length === 0) return config;
  return (await loadPart(() => import('./morePlugins.part.ts'))).withMore(config, place, renew);
}
