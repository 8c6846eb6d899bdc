import { loadPart } from '../core/index.ts';
import type { Bundle } from '../core/index.ts';
import { homeOf } from '../core/i18n.ts';
import type { WebphoneConfig } from './create.ts';
import type * as LanguagePart from './language.part.ts';

/** The texts of one of the languages in `locales/`. Rejects when there are none, and when they cannot be had. */
export async function loadLanguage(language: string): Promise<Bundle> {
  return (await languagePart()).loadLanguage(language);
}

const languagePart = (): Promise<typeof LanguagePart> =>
  loadPart(() => import('./language.part.ts'));

/** The language that a name stands for: `auto` is the user's. */
export async function chosen(language: string): Promise<string> {
  return language === 'auto' ? (await languagePart()).chosen(language) : language;
}

/**
 * A configuration with the texts of its language, so that its first picture has them. Where they cannot be
 * had the phone is made all the same, and tries once more: one in English is better than none.
 */
export async function withTexts(config: WebphoneConfig): Promise<WebphoneConfig> {
  // What is no section is refused by the phone.
  if (typeof (config.i18n ?? {}) !== 'object') return config;
  const i18n = { loadLanguage, ...config.i18n };
  if (!i18n.lng) return { ...config, i18n };
  try {
    return { ...config, i18n: await (await languagePart()).withTexts(i18n, homeOf) };
  } catch {
    return { ...config, i18n: i18n.lng === 'auto' ? { ...i18n, lng: 'en' } : i18n };
  }
}
