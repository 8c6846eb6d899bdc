import { homeOf } from '../../core/i18n.ts';
import type { I18nOptions } from '../../core/index.ts';
import { chosen, loadLanguage } from '../language.ts';
import type { Engine, Locale } from './kit.ts';
import { section } from './values.ts';
import type { Plain } from './values.ts';
import type { Words } from './words.ts';

type Load = NonNullable<I18nOptions['loadLanguage']>;

/** How long the first paint waits for its texts, in milliseconds; then it is English until they come. */
const patience = 3000;

/** What is known of the language of a phone. */
export interface Spoken {
  /** What the first paint has to wait for; nothing when the phone begins in English. */
  readonly first: Promise<void> | undefined;
  /** What targets say of their language; nothing while the page has chosen none. */
  readonly locale: () => Locale | undefined;
}

/**
 * Brings the texts of a language when it is chosen, by `i18n.lng` or by `changeLanguage` of i18next: those
 * of the files beside the script, under those of the page.
 */
export function followLanguage({ i18next, ctx }: Engine, words: Words, config: Plain): Spoken {
  const { lng, loadLanguage: own = loadLanguage } = section(config, 'i18n');
  const bring = bringer({ i18next, ctx }, words, own as Load);
  const bringAll = (wanted: string): Promise<unknown> =>
    Promise.all(homesOf(i18next, wanted).map(bring));
  const change = i18next.changeLanguage.bind(i18next);
  let turn = 0;
  let isChosen = false;
  const changeNow = async (...given: Parameters<typeof change>): ReturnType<typeof change> => {
    const translate = await change(...given);
    ctx.emit('language.changed', { language: i18next.language });
    return translate;
  };
  // A language that the page has texts of is there at once, as it always was, and gets ours for what is missing.
  const isThere = (wanted: string): boolean =>
    [wanted, homeOf(wanted)].some((name) => name in i18next.store.data);
  const changeLater = async (given: string, done?: Done): ReturnType<typeof change> => {
    const mine = turn;
    const wanted = await chosen(given).catch(() => 'en');
    await bringAll(wanted);
    // Another one was chosen while the texts were on their way.
    return mine === turn ? changeNow(wanted, done) : i18next.t;
  };
  i18next.changeLanguage = (given, done) => {
    turn += 1;
    isChosen = true;
    if (given !== undefined && !isThere(given)) return changeLater(given, done);
    if (given !== undefined) void bringAll(given);
    return changeNow(given, done);
  };
  const first = typeof lng === 'string' ? lng : i18next.language;
  const changed = i18next.changeLanguage(first);
  isChosen = typeof lng === 'string';
  const locale = (): Locale | undefined => {
    if (!isChosen) return undefined;
    const lang = i18next.resolvedLanguage ?? i18next.language;
    return { lang, dir: i18next.dir(lang) };
  };
  return { first: isThere(first) ? undefined : patiently(ctx, changed), locale };
}

function patiently({ clock }: Engine['ctx'], changed: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const begun = (): void => {
      resolve();
    };
    clock.after(patience, begun);
    changed.then(begun, begun);
  });
}

type Done = Parameters<Engine['i18next']['changeLanguage']>[1];

/** Where texts are wanted when a language is: its own, and those that the page has it fall back to. */
function homesOf({ services, options }: Engine['i18next'], wanted: string): readonly string[] {
  const { languageUtils } = services as { readonly languageUtils: LanguageUtils };
  const codes = [wanted, ...languageUtils.getFallbackCodes(options.fallbackLng, wanted)];
  return [...new Set(codes.map(homeOf))].filter((home) => !['en', 'cimode', 'dev'].includes(home));
}

interface LanguageUtils {
  readonly getFallbackCodes: (fallbacks: unknown, code: string) => readonly string[];
}

function bringer(
  { i18next, ctx }: Pick<Engine, 'i18next' | 'ctx'>,
  words: Words,
  load: Load,
): (home: string) => Promise<void> {
  const known = new Map<string, Promise<void>>();
  const bring = async (home: string): Promise<void> => {
    try {
      words.fill(home, await load(home));
    } catch (error) {
      known.delete(home);
      // A language of the page's own needs no other texts.
      if (!(home in i18next.store.data))
        ctx.log.warn(`The texts of the language "${home}" could not be loaded.`, error);
    }
  };
  return (home) => {
    const coming = known.get(home) ?? bring(home);
    known.set(home, coming);
    return coming;
  };
}
