import type { CommonOptions } from '../core/index.ts';
import { builtIn } from './create.ts';
import type { BuiltIn, WebphoneConfig } from './create.ts';

/**
 * Gives each plugin that draws itself, has no target of its own, and is not left out, a place to draw into:
 * the built-in ones and those in `plugins`.
 */
export function withPlaces(
  config: WebphoneConfig,
  makePlace: (plugin: string) => Element,
): WebphoneConfig {
  // What is no section, such as `false`, is refused by the phone.
  const placed = (name: string, given: CommonOptions | undefined): CommonOptions | undefined =>
    typeof (given ?? {}) !== 'object' || given?.renderTargets || given?.enabled === false
      ? given
      : { ...given, renderTargets: [makePlace(name)] };
  const names = Object.keys(builtIn) as (keyof BuiltIn)[];
  const sections = names.map((name) => [name, placed(name, config[name])] as const);
  const plugins = config.plugins?.map((plugin) =>
    plugin.template === undefined
      ? plugin
      : { ...plugin, given: placed(plugin.name, plugin.given) },
  );
  return { ...config, ...Object.fromEntries(sections), ...(plugins && { plugins }) };
}
