import { loadPart, withDefaults } from '../core/index.ts';
import type { WebphoneConfig } from './create.ts';
import type { PresetName } from './presets.part.ts';
import { unusable } from './readConfig.ts';

/** What a configuration may hold where the settings of a server can be loaded. */
export interface PresetChoice {
  /** The server, whose settings then stand under those of the configuration. */
  readonly preset?: PresetName;
}

/**
 * A configuration with the settings of its server under its own. Rejects with `configuration.invalid`
 * when there are none for that name.
 */
export async function withSettings({
  preset,
  ...config
}: WebphoneConfig & PresetChoice): Promise<WebphoneConfig> {
  if (preset === undefined) return config;
  const { settingsOf } = await loadPart(() => import('./presets.part.ts'));
  return withDefaults(settingsOf(preset, unusable), config);
}
