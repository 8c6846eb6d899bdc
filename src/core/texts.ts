import type { Bus } from './bus.ts';
import type { I18nOptions, Strings, Translator } from './i18n.ts';
import type { ConfiguredPlugin } from './plugin.ts';
import { coreStrings } from './strings.ts';

/** Adds English texts to a section. */
export type AddTexts = (section: string, strings: Strings) => void;

/** Gives the translator the texts of the core and of the plugins; returns what adds more of them. */
export function addTexts(
  translator: Translator,
  plugins: readonly ConfiguredPlugin[],
  given: I18nOptions | undefined,
): AddTexts {
  // Texts of the application win over the built-in English ones, whichever way and whenever they come.
  const add: AddTexts = (section, strings) => {
    const own = given?.resources?.['en']?.[section];
    translator.addBundle(section, 'en', own ? { ...strings, ...own } : strings);
  };
  for (const [section, strings] of Object.entries(coreStrings)) add(section, strings);
  for (const { name, locale, sharedTexts, given: configured } of plugins) {
    if (locale) add(name, locale);
    for (const [section, strings] of Object.entries(sharedTexts ?? {})) add(section, strings);
    const { i18n } = (configured ?? {}) as { i18n?: { resourceBundles?: Record<string, Strings> } };
    for (const [language, strings] of Object.entries(i18n?.resourceBundles ?? {})) {
      translator.addBundle(name, language, strings);
    }
  }
  return add;
}

/** The translator with its changes told as events. */
export function watched(translator: Translator, bus: Bus): Translator {
  return {
    ...translator,
    changeLanguage: async (language) => {
      await translator.changeLanguage(language);
      bus.emit('language.changed', { language: translator.language() });
    },
    addBundle: (plugin, language, strings) => {
      translator.addBundle(plugin, language, strings);
      bus.emit('language.bundle.added', { language, plugin });
    },
  };
}
