import { recommendedTones } from './recommendedTones.ts';
import { toneKinds } from './toneNotation.ts';
import type { ToneKind, TonePlanText } from './toneNotation.ts';

/** One tone of each kind, for `parseTone`. */
export type ToneTexts = Readonly<Record<ToneKind, string>>;

/** Marks, in the row of a country, that its table names no such tone. */
export const recommendedMark = 'E.180';

/**
 * The ISO 3166 code, lower case, of the country whose tones are played: the configured one, else
 * the region of the language (`en-GB`), else where the language is mostly spoken (`de`: Germany).
 * Empty where neither says.
 */
export function toneCountry(configured: string, language: string): string {
  return configured === '' ? regionOf(language) : configured.toLowerCase();
}

function regionOf(language: string): string {
  try {
    const { region } = new Intl.Locale(language).maximize();
    return (region ?? '').toLowerCase();
  } catch {
    // Not a language tag.
    return '';
  }
}

/** The tones of a row of `tonePlans`; without one, or where it names none, E.180's. */
export function toneTexts(row: TonePlanText = recommendedTones): ToneTexts {
  const recommended = recommendedTones.split('|');
  const own = row.split('|').map((text) => text.trim());
  return Object.fromEntries(
    toneKinds.map((kind, place) => {
      const text = own[place] ?? recommendedMark;
      return [kind, text === recommendedMark ? (recommended[place] ?? '').trim() : text];
    }),
    // Object.fromEntries forgets the keys it was given.
  ) as ToneTexts;
}
