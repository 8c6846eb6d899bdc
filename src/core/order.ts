import { PhoneError } from './errors.ts';

/** What the order of set-up depends on. */
export interface Orderable {
  readonly name: string;
  readonly requires: readonly string[];
  readonly optional: readonly string[];
}

/**
 * The plugins with their dependencies first, otherwise as given. Throws `plugin.duplicate`,
 * `plugin.missing` and `plugin.cycle`, each naming the plugins.
 */
export function inOrder<Plugin extends Orderable>(plugins: readonly Plugin[]): readonly Plugin[] {
  const byName = new Map<string, Plugin>();
  for (const plugin of plugins) {
    if (byName.has(plugin.name)) {
      throw new PhoneError('plugin.duplicate', {
        message: `Two plugins are named "${plugin.name}".`,
      });
    }
    byName.set(plugin.name, plugin);
  }
  const ordered = new Set<Plugin>();
  const visit = (plugin: Plugin, path: readonly string[]): void => {
    if (ordered.has(plugin)) return;
    if (path.includes(plugin.name)) {
      const circle = [...path.slice(path.indexOf(plugin.name)), plugin.name].join(' → ');
      throw new PhoneError('plugin.cycle', { message: `Plugins require one another: ${circle}.` });
    }
    const here = [...path, plugin.name];
    for (const name of plugin.requires) {
      const required = byName.get(name);
      if (!required) {
        throw new PhoneError('plugin.missing', {
          message: `Plugin "${plugin.name}" requires "${name}", which is not there.`,
        });
      }
      visit(required, here);
    }
    for (const name of plugin.optional) {
      const wanted = byName.get(name);
      // An optional wish never makes a circle an error: the earlier of the two goes without order.
      if (wanted && !here.includes(name)) visit(wanted, here);
    }
    ordered.add(plugin);
  };
  for (const plugin of plugins) visit(plugin, []);
  return [...ordered];
}
