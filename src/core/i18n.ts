import { createInstance } from 'i18next';
import type { InitOptions, i18n } from 'i18next';

/** The texts of one plugin in one language, by key. */
export type Strings = Readonly<Record<string, string>>;

/** The texts of one language: first level the plugin, second level the key. */
export type Bundle = Readonly<Record<string, Strings>>;

/** `i18n` in the configuration: the options of i18next, which may be plain JSON. */
export interface I18nOptions extends Omit<InitOptions, 'resources'> {
  /** Texts by language, as in `locales/*.json`. */
  readonly resources?: Readonly<Record<string, Bundle>>;
  /**
   * Brings the texts of a language that is wanted, at the start or by `changeLanguage`, once. Texts that
   * are there already win; where there are some, it may reject. A phone made by a script tag with
   * `data-config` has one for the languages in `locales/`.
   */
  readonly loadLanguage?: (language: string) => Promise<Bundle>;
}

/** The texts of one phone. Two phones on a page may speak different languages. */
export interface Translator {
  /** One text, such as `translate('dialpad.call')`; the key itself when there is none. */
  readonly translate: (key: string, variables?: Readonly<Record<string, unknown>>) => string;
  /** All texts of a plugin in the present language, the fallback language filling the gaps. */
  readonly texts: (plugin: string) => Strings;
  /** The language of the texts, such as `ar`. */
  readonly language: () => string;
  /**
   * The same for `Intl`, with the region that was asked for: `ar-EG`, whose digits are others than those of `ar-AE`.
   * The language alone where `Intl` takes no such tag, `en` where it knows none.
   */
  readonly languageTag: () => string;
  readonly direction: () => 'ltr' | 'rtl';
  /** Resolves when the new language is in force. Rejects when `loadLanguage` does; the old one then stays. */
  readonly changeLanguage: (language: string) => Promise<void>;
  /** Adds texts to a language; they take the place of those that are there. */
  readonly addBundle: (plugin: string, language: string, strings: Strings) => void;
  /**
   * The i18next instance itself, for its formats, post-processors and events. It has started already: a
   * module that i18next asks for at its start, such as a loader, comes too late. Texts that are loaded
   * later go to `addBundle`.
   */
  readonly i18next: i18n;
}

const namespace = 'cordboard';

/** Texts for one phone; `changed` runs after each change of language or of texts. */
export function createTranslator(options: I18nOptions, changed: () => void): Translator {
  const { resources, loadLanguage, ...rest } = options;
  const instance = createInstance();
  void instance.init({
    fallbackLng: 'en',
    ...rest,
    ns: [namespace],
    defaultNS: namespace,
    resources: Object.fromEntries(
      Object.entries(resources ?? {}).map(([language, bundle]) => [
        language,
        { [namespace]: bundle },
      ]),
    ),
    // Mustache escapes what it draws; escaped twice, a name such as O'Neill would show its entity.
    interpolation: { escapeValue: false, ...rest.interpolation },
    initAsync: false,
  });
  const sections = new Map<string, Strings>();
  const sentences = createSentences(instance);
  let direction: 'ltr' | 'rtl' | undefined;
  let tag: string | undefined;
  const forget = (): void => {
    sections.clear();
    sentences.forget();
    direction = tag = undefined;
  };
  const renew = (): void => {
    forget();
    changed();
  };
  // Whoever has the instance may load and switch without asking this phone.
  for (const event of ['languageChanged', 'loaded'] as const) instance.on(event, forget);
  for (const event of ['added', 'removed'] as const) instance.store.on(event, forget);
  const bring = loader(instance, loadLanguage);
  let turn = 0;
  const language = (): string => instance.resolvedLanguage ?? instance.language;
  const texts = (plugin: string): Strings => {
    const known = sections.get(plugin);
    if (known) return known;
    const fresh = collect(instance, plugin, options.interpolation === undefined);
    sections.set(plugin, fresh);
    return fresh;
  };
  return {
    translate: (key, variables) => {
      const end = key.indexOf('.');
      const text: unknown = variables ?? texts(key.slice(0, end))[key.slice(end + 1)];
      return typeof text === 'string' ? text : sentences.get(key, variables);
    },
    texts,
    language,
    languageTag: () => (tag ??= tagOf(instance.language, language())),
    direction: () => (direction ??= directionOf(instance, language())),
    changeLanguage: async (wanted) => {
      const mine = (turn += 1);
      await bring(wanted);
      // Another one was chosen while the texts were on their way.
      if (turn !== mine) return;
      await instance.changeLanguage(wanted);
      renew();
    },
    addBundle: (plugin, wanted, strings) => {
      instance.addResourceBundle(wanted, namespace, { [plugin]: strings }, true, true);
      renew();
    },
    i18next: instance,
  };
}

/** Brings the texts of a language, once. */
function loader(
  instance: i18n,
  load: I18nOptions['loadLanguage'],
): (wanted: string) => Promise<void> {
  const loaded = new Set(['en', 'cimode']);
  return async (wanted) => {
    if (!load || loaded.has(wanted)) return;
    const home = homeOf(wanted);
    try {
      instance.addResourceBundle(home, namespace, await load(wanted), true, false);
      loaded.add(wanted);
    } catch (error) {
      // A language of the application's own needs no other texts.
      const { data } = instance.store;
      if (!(wanted in data) && !(home in data)) throw error;
    }
  };
}

/**
 * Where the texts of a language belong: those of `de-AT` to `de`, where the application's own for `de` are
 * too. `zh-TW` is written in another script than `zh`, and has a place of its own.
 */
export function homeOf(wanted: string): string {
  try {
    const scriptOf = (tag: string): string | undefined => localeOf(tag).maximize().script;
    const { language } = localeOf(wanted);
    return scriptOf(language) === scriptOf(wanted) ? language : wanted;
  } catch {
    return wanted;
  }
}

// To ask the browser of a language costs more than to draw a panel.
const leftToRight = /^(de|en|es|fr|hi|it|ja|ko|nl|pl|pt|ru|tr|uk|zh)([-_](\w\w|Han[st]))?$/;

function directionOf(instance: i18n, spoken: string): 'ltr' | 'rtl' {
  return !leftToRight.test(spoken) && instance.dir(spoken) === 'rtl' ? 'rtl' : 'ltr';
}

// As `de_DE`, which `Intl` refuses, servers write it, and i18next takes it.
const localeOf = (tag: string): Intl.Locale => new Intl.Locale(tag.replace(/_/g, '-'));

// A language without texts is spoken in another one, whose numbers fit them.
function tagOf(wanted: string, spoken: string): string {
  const tag = wanted.startsWith(spoken) ? wanted : spoken;
  for (const each of [tag, tag.replace(/\W.*/, '')]) {
    try {
      return localeOf(each).toString();
    } catch {
      // An application may name its languages as it likes.
    }
  }
  return 'en';
}

interface Sentences {
  readonly get: Translator['translate'];
  readonly forget: () => void;
}

// Names of callers come and go with the calls.
const mostSentences = 1000;

/** Remembers what was translated: a long list asks for the same sentences at each draw. */
function createSentences(instance: i18n): Sentences {
  const known = new Map<string, string>();
  return {
    get: (key, variables = {}) => {
      const values = Object.values(variables);
      if (values.some((value) => typeof value === 'object'))
        return instance.t(key, { ...variables });
      const question = [key, ...Object.keys(variables), ...values].join('\n');
      const answer = known.get(question) ?? instance.t(key, { ...variables });
      if (known.size >= mostSentences) known.clear();
      known.set(question, answer);
      return answer;
    },
    forget: () => {
      known.clear();
    },
  };
}

// i18next takes its time for a text; one that names no variables and no other texts is as it is stored.
const isPlain = (text: unknown): text is string =>
  typeof text === 'string' && text !== '' && !/\{\{|\$t\(/.test(text);

function collect(instance: i18n, plugin: string, isUsual: boolean): Strings {
  const { language, languages, options } = instance;
  const texts: Record<string, string> = {};
  const isStored = isUsual && !options.postProcess && language !== 'cimode';
  for (const each of [...languages, 'en']) {
    const isAsked = isStored && languages.includes(each);
    const bundle = instance.getResource(each, namespace, plugin) as Strings | undefined;
    for (const [key, text] of Object.entries(bundle ?? {})) {
      if (key in texts) continue;
      if (isAsked && isPlain(text)) texts[key] = text;
      else {
        // Few of them are ever shown as they are: most wait for their variables.
        let known: string | undefined;
        const get = (): string => (known ??= instance.t(`${plugin}.${key}`));
        Object.defineProperty(texts, key, { get, enumerable: true });
      }
    }
  }
  return Object.freeze(texts);
}
