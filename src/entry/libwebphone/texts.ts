import en from '../../../locales/en.json' with { type: 'json' };
import type { Bundle } from '../../core/index.ts';
import keys from './textKeys.json' with { type: 'json' };

/** Where the texts of a class are that the native phone has none of. */
const own: Readonly<Record<string, string>> = { videoCanvas: 'libwebphone' };

/** libwebphone's texts by class, of the texts of a language: most of them are the native ones. */
export function textsOf(bundle: Bundle): Bundle {
  return Object.fromEntries(
    Object.entries(keys).map(([name, wanted]) => {
      const entries = wanted.map((key) => [key, bundle[name]?.[key]] as const);
      const known = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
      return [name, { ...Object.fromEntries(known), ...bundle[own[name] ?? ''] }];
    }),
  );
}

/** libwebphone's English texts by class. */
export const texts: Bundle = textsOf(en);
