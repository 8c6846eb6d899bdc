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
}

/** The texts of one phone. Two phones on a page may speak different languages. */
export interface Translator {
  /** One text, such as `translate('dialpad.call')`; the key itself when there is none. */
  readonly translate: (key: string, variables?: Readonly<Record<string, unknown>>) => string;
  /** All texts of a plugin in the present language, the fallback language filling the gaps. */
  readonly texts: (plugin: string) => Strings;
  readonly language: () => string;
  readonly direction: () => 'ltr' | 'rtl';
  /** Resolves when the new language is in force. Rejects when the language cannot be loaded. */
  readonly changeLanguage: (language: string) => Promise<void>;
  /** Adds texts to a language; they take the place of those that are there. */
  readonly addBundle: (plugin: string, language: string, strings: Strings) => void;
  /** The i18next instance itself, for loaders and plugins of i18next. */
  readonly i18next: i18n;
}

const namespace = 'cordboard';

/** Texts for one phone; `changed` runs after each change of language or of texts. */
export function createTranslator(options: I18nOptions, changed: () => void): Translator {
  const { resources, ...rest } = options;
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
  let cache = new Map<string, Strings>();
  const renew = (): void => {
    cache = new Map();
    changed();
  };
  const language = (): string => instance.resolvedLanguage ?? instance.language;
  return {
    translate: (key, variables) => instance.t(key, { ...variables }),
    texts: (plugin) => {
      const known = cache.get(plugin);
      if (known) return known;
      const fresh = collect(instance, plugin);
      cache.set(plugin, fresh);
      return fresh;
    },
    language,
    direction: () => (instance.dir(language()) === 'rtl' ? 'rtl' : 'ltr'),
    changeLanguage: async (wanted) => {
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

function collect(instance: i18n, plugin: string): Strings {
  const keys = new Set<string>();
  for (const language of [...instance.languages, 'en']) {
    const bundle = instance.getResource(language, namespace, plugin) as Strings | undefined;
    for (const key of Object.keys(bundle ?? {})) keys.add(key);
  }
  return Object.freeze(
    Object.fromEntries([...keys].map((key) => [key, instance.t(`${plugin}.${key}`)])),
  );
}
