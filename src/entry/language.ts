import { loadPart } from '../core/index.ts';
import type { Bundle } from '../core/index.ts';
import { createLogging } from '../core/logger.ts';
import type { WebphoneConfig } from './create.ts';
import type * as LanguagePart from './language.part.ts';

/** The texts of one of the languages in `locales/`. Rejects when there are none, and when they cannot be had. */
export async function loadLanguage(language: string): Promise<Bundle> {
  return (await languagePart()).loadLanguage(language);
}

const languagePart = (): Promise<typeof LanguagePart> =>
  loadPart(() => import('./language.part.ts'));

const missing = 'The texts of the language could not be loaded.';

/**
 * A configuration with the texts of its language. Without them the phone is made all the same: one in
 * English is better than none.
 */
export async function withTexts(config: WebphoneConfig): Promise<WebphoneConfig> {
  const i18n = { loadLanguage, ...config.i18n };
  if (!i18n.lng) return { ...config, i18n };
  try {
    return { ...config, i18n: await (await languagePart()).withTexts(i18n) };
  } catch (error) {
    // A language of the page's own is all the page has to say.
    if (i18n.resources?.[i18n.lng]) return { ...config, i18n };
    createLogging(config.log)('i18n').warn(missing, error);
    return { ...config, i18n: { ...i18n, lng: 'en' } };
  }
}
