import type { Bundle, I18nOptions } from '../core/index.ts';

// By a name of its own: bundlers put another address in the place of what they can read as one.
const here = import.meta.url;

/** The languages that `locales/` has besides English. */
export const languages = [
  'ar',
  'de',
  'es',
  'fa',
  'fr',
  'he',
  'hi',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt-BR',
  'ru',
  'tr',
  'uk',
  'zh-Hans',
  'zh-Hant',
] as const;

/**
 * The texts of a language, of the folder `locales` beside this one. `de-AT` gets those of `de`, and
 * `zh-TW` those of `zh-Hant`. Rejects when there are none, and when they cannot be had.
 */
export async function loadLanguage(wanted: string): Promise<Bundle> {
  const name = nearest(wanted);
  if (name === undefined) {
    const all = ['en', ...languages].join(', ');
    throw new Error(`Cordboard: no texts for the language "${wanted}". There are: ${all}.`);
  }
  if (name === 'en') return {};
  const address = new URL(`../locales/${name}.json`, here).href;
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`Cordboard: "${address}" was answered with ${String(response.status)}.`);
  }
  return (await response.json()) as Bundle;
}

/**
 * Options with the texts of their language, under those that they have themselves: a phone made with
 * them need not be drawn in English first. The language `auto` is the user's.
 */
export async function withTexts(
  options: I18nOptions & Required<Pick<I18nOptions, 'loadLanguage'>>,
  homeOf: (language: string) => string,
): Promise<I18nOptions> {
  const { resources, loadLanguage: load } = options;
  const lng = chosen(options.lng ?? 'en');
  if (lng === 'en') return { ...options, lng };
  const home = homeOf(lng);
  const texts = Object.entries(await load(lng)).map(
    ([section, strings]) => [section, { ...strings, ...resources?.[home]?.[section] }] as const,
  );
  const bundle = { ...resources?.[home], ...Object.fromEntries(texts) };
  return {
    ...options,
    lng,
    resources: { ...resources, [home]: bundle },
    loadLanguage: (wanted) => (wanted === lng ? Promise.resolve({}) : load(wanted)),
  };
}

/** The language that a name stands for: `auto` is the user's. */
export function chosen(language: string): string {
  return language === 'auto' ? usersLanguage() : language;
}

/** The first of the user's languages that there are texts for, or English. */
function usersLanguage(): string {
  return navigator.languages.find((language) => nearest(language) !== undefined) ?? 'en';
}

function nearest(wanted: string): string | undefined {
  const [language, script] = parts(wanted);
  return ['en', ...languages].find((name) => {
    const [known, knownScript] = parts(name);
    return known === language && knownScript === script;
  });
}

// Which script and which region a language most likely has tells zh-TW from zh, and pt-PT is near to pt-BR.
function parts(tag: string): readonly [string, string] {
  try {
    const { language, script } = new Intl.Locale(tag.replace(/_/g, '-')).maximize();
    return [language, script ?? ''];
  } catch {
    return [tag, ''];
  }
}
