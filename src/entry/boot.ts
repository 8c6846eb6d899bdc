import { loadPart } from '../core/index.ts';
import type { Bundle } from '../core/index.ts';
import { builtIn, createWebphone } from './create.ts';
import type { BuiltIn, Webphone, WebphoneConfig } from './create.ts';

/** The attributes of the script tag that boot a phone. */
export interface BootAttributes {
  /** `data-config`: the address of a JSON configuration, or `#id` of an element that holds one. */
  readonly config: string | undefined;
  /** `data-target`: the id of the element that the whole phone is drawn into. */
  readonly target: string | undefined;
}

/**
 * Makes the phone that a script tag asks for; nothing without `data-config`. Rejects when the
 * configuration cannot be read, and with `configuration.invalid` when it is wrong.
 */
export async function boot({ config, target }: BootAttributes): Promise<Webphone | undefined> {
  if (config === undefined) return undefined;
  const given = await withTexts(await readConfig(config));
  if (document.readyState === 'loading') await domReady();
  return createWebphone(target === undefined ? given : withTarget(given, target));
}

/** The texts of one of the languages in `locales/`. Rejects when there are none, and when they cannot be had. */
export async function loadLanguage(language: string): Promise<Bundle> {
  return (await languagePart()).loadLanguage(language);
}

const languagePart = (): Promise<typeof import('./language.part.ts')> =>
  loadPart(() => import('./language.part.ts'));

// Without its texts the phone is made all the same: one in English is better than none.
async function withTexts(config: WebphoneConfig): Promise<WebphoneConfig> {
  const i18n = { loadLanguage, ...config.i18n };
  if (!i18n.lng) return { ...config, i18n };
  try {
    return { ...config, i18n: await (await languagePart()).withTexts(i18n) };
  } catch (error) {
    console.warn(error);
    return { ...config, i18n: { ...i18n, lng: 'en' } };
  }
}

async function readConfig(config: string): Promise<WebphoneConfig> {
  if (config.startsWith('#')) {
    await domReady();
    const text = document.getElementById(config.slice(1))?.textContent;
    if (!text) throw new Error(`Cordboard: no element "${config}" with a configuration.`);
    return JSON.parse(text) as WebphoneConfig;
  }
  const response = await fetch(config);
  if (!response.ok) {
    throw new Error(`Cordboard: "${config}" was answered with ${String(response.status)}.`);
  }
  return (await response.json()) as WebphoneConfig;
}

function domReady(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      resolve();
    };
    document.addEventListener('DOMContentLoaded', done, { once: true });
  });
}

// One element per plugin inside of the target, for those that have no target of their own.
function withTarget(config: WebphoneConfig, target: string): WebphoneConfig {
  const place = document.getElementById(target);
  if (!place) throw new Error(`Cordboard: no element with the id "${target}" to draw into.`);
  const names = Object.keys(builtIn) as (keyof BuiltIn)[];
  const sections = names.map((name) => {
    const given = config[name];
    if (given?.renderTargets || given?.enabled === false) return [name, given] as const;
    const root = place.appendChild(document.createElement('div'));
    return [name, { ...given, renderTargets: [root] }] as const;
  });
  return { ...config, ...Object.fromEntries(sections) };
}
