/** `cordboard/presets`: what the usual servers need, for phones made by modules. */
import { withDefaults } from '../core/index.ts';
import type { WebphoneConfig } from './create.ts';
import { settingsOf } from './presets.part.ts';
import type { PresetName } from './presets.part.ts';
import { unusable } from './readConfig.ts';

export { presetNames } from './presets.part.ts';
export type { PresetName } from './presets.part.ts';

/**
 * A configuration with the settings of a server under its own: what it sets itself wins, key by key.
 * Throws `configuration.invalid`, with the names that there are, when nobody knows this one.
 *
 * @example
 * createWebphone(withPreset({ userAgent: { transport: { sockets } } }, 'asterisk'));
 */
export function withPreset(config: WebphoneConfig, preset: PresetName): WebphoneConfig {
  return withDefaults(settingsOf(preset, unusable), config);
}
