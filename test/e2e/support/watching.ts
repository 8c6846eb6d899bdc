import { readFileSync } from 'node:fs';
import type { PluginRegistry } from '../../../src/core/index.ts';
import type { Tab } from './browser.ts';
import { bundled } from './bundle.ts';
import { makePhone } from './phone.ts';
import type { PhoneAccount, Settings, TestPhone } from './phone.ts';
import type { PageServer } from './server.ts';

// Phones with the plugins that are not in the script-tag file.

const plugins = [
  'subscriptions',
  'blf',
  'presence',
  'voicemail',
  'messages',
  'conference',
] as const;

type Added = (typeof plugins)[number];

// In the place of the script-tag file: a configuration may hold options of these plugins too.
const wrapper = `
var Cordboard = (() => {
  const names = ${JSON.stringify(plugins)};
  const createWebphone = (settings) => {
    const given = names.filter((name) => name in settings);
    const rest = Object.fromEntries(Object.entries(settings).filter(([key]) => !names.includes(key)));
    const plugins = given.map((name) => Whole[name](settings[name]));
    return Whole.createWebphone({ ...rest, plugins });
  };
  return { ...Whole, createWebphone };
})();`;

/** Puts the whole phone, these plugins included, in the place of the script-tag file. */
export async function serveWatching(server: PageServer): Promise<void> {
  const modules = plugins.map((name) => `plugins/${name}/index.ts`);
  const script = await bundled('Whole', ['src/entry/index.ts', ...modules]);
  server.put('/dist/cordboard.js', `${script}${wrapper}`);
  const theme = new URL('../../../templates/theme.css', import.meta.url);
  server.put('/dist/theme.css', readFileSync(theme, 'utf8'));
}

/** What these plugins are configured with, by name. */
export type WatchOptions = Partial<Record<Added, Settings>>;

/** A phone with these plugins, each drawn into an element with its name as id. */
export async function makeWatcher(
  tab: Tab,
  account: PhoneAccount,
  options: WatchOptions,
): Promise<TestPhone> {
  await tab.page.evaluate((names) => {
    for (const name of names) {
      const element = document.createElement('div');
      element.id = name;
      document.body.prepend(element);
    }
  }, Object.keys(options));
  const drawn = Object.entries(options).map(([name, given]) => [
    name,
    name === 'subscriptions' ? given : { ...given, renderTargets: [name] },
  ]);
  const added = { subscriptions: {}, ...Object.fromEntries(drawn) } as Settings;
  return await makePhone(tab, { ...account, config: { ...account.config, ...added } });
}

/** What is needed of the plugins in the page; `phone` has them under `plugins`. */
export type Watching = Pick<PluginRegistry, Added>;
