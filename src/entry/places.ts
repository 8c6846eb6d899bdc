import { builtIn } from './create.ts';
import type { BuiltIn, WebphoneConfig } from './create.ts';

/** Gives each built-in plugin that has no target of its own, and is not left out, a place to draw into. */
export function withPlaces(
  config: WebphoneConfig,
  makePlace: (plugin: keyof BuiltIn) => Element,
): WebphoneConfig {
  const names = Object.keys(builtIn) as (keyof BuiltIn)[];
  const sections = names.map((name) => {
    const given = config[name];
    if (given?.renderTargets || given?.enabled === false) return [name, given] as const;
    return [name, { ...given, renderTargets: [makePlace(name)] }] as const;
  });
  return { ...config, ...Object.fromEntries(sections) };
}
