import { createInstance } from 'i18next';
import type { InitOptions, TOptions, i18n } from 'i18next';
import { describe, expect, it, vi } from 'vitest';
import { lean } from './lean.ts';

type Create = () => i18n;

const { createInstance: leanCreate } = lean('i18next/dist/esm/i18next.js') as {
  readonly createInstance: Create;
};

const resources = {
  en: {
    cordboard: {
      alpha: {
        plain: 'Call',
        hello: 'Hello {{who}}, <{{- raw}}> {{person.name}} {{ spaced }}',
        calls_one: '{{count}} call',
        calls_other: '{{count}} calls',
        calls_zero: 'no calls',
        place_ordinal_one: '{{count}}st',
        place_ordinal_two: '{{count}}nd',
        place_ordinal_few: '{{count}}rd',
        place_ordinal_other: '{{count}}th',
        friend: 'A friend',
        friend_male: 'A boyfriend',
        friend_male_other: '{{count}} boyfriends',
        nested: 'See $t(alpha.plain) and $t(alpha.calls, {"count": {{n}} })',
        endless: '$t(alpha.endless)',
        number: '{{n, number}} {{n, number(minimumFractionDigits: 2)}} {{n, currency(EUR)}}',
        time: '{{at, datetime(year: numeric; timeZone: UTC)}} {{n, relativetime(hour)}}',
        list: '{{names, list}} {{who, unheardOf}}',
        lines: ['one', 'two {{who}}'],
        deep: { er: { est: 'bottom' } },
        empty: '',
        'dotted.key': 'flat',
      },
      beta: { other: 'Other' },
    },
    more: { extra: 'extra {{who}}' },
  },
  de: { cordboard: { alpha: { plain: 'Anrufen', calls_one: '{{count}} Anruf' } } },
  'de-AT': { cordboard: { alpha: { plain: 'Telefonieren' } } },
  'zh-Hant': { cordboard: { alpha: { plain: '撥打', calls_other: '{{count}} 通' } } },
  pl: {
    cordboard: {
      alpha: { calls_one: '{{count}} a', calls_few: '{{count}} b', calls_many: '{{count}} c' },
    },
  },
  ar: { cordboard: { alpha: { plain: 'اتصال', calls_two: 'مكالمتان', calls_few: '{{count}}' } } },
};

const variables: readonly TOptions[] = [
  {},
  { who: "O'Neill <1> / $t(alpha.plain)", raw: '<b>', n: 1234.5, person: { name: 'P' } },
  { who: null, spaced: '{{who}}', names: ['a', 'b', 'c'], at: new Date(0) },
  ...[0, 1, 2, 3, 5, 11, 22, 100, 1.5].map((count) => ({ count, n: count })),
  ...[1, 2, 3, 4].map((count) => ({ count, ordinal: true })),
  { context: 'male' },
  { context: 'male', count: 3 },
  { defaultValue: 'By default {{who}}', who: 'x' },
  { defaultValue_one: 'just {{count}}', defaultValue_other: 'all {{count}}', count: 1 },
  { lng: 'de' },
  { lngs: ['pl', 'de'], count: 2 },
  { fallbackLng: 'de' },
  { ns: 'more', who: 'x' },
  { returnObjects: true, who: 'x' },
  { joinArrays: '+', who: 'x' },
  { interpolation: { escapeValue: true }, who: '<&"\'/>' },
  { interpolation: { prefix: '<', suffix: '>' } },
  { skipInterpolation: true },
  { replace: { who: 'replaced' } },
  { postProcess: 'loud', who: 'x' },
];

const keys: readonly (string | string[])[] = [
  ...Object.keys(resources.en.cordboard.alpha).map((key) => `alpha.${key}`),
  ...['alpha.calls', 'alpha.place', 'alpha.deep.er', 'alpha.deep.er.est', 'alpha', 'beta.other'],
  ...['alpha.nothing', 'gamma.nothing', 'more:extra', 'none:extra', 'A sentence. Not a key: no.'],
  ...['', 'extra', 'alpha.constructor', '__proto__.polluted'],
  ['alpha.nothing', 'alpha.plain'],
];

const configurations: Readonly<Record<string, InitOptions>> = {
  'as a phone has it': {},
  'with its language': { lng: 'de-AT' },
  'with a script in its language': { lng: 'zh-Hant-TW', load: 'all' },
  'with the language alone': { lng: 'de-AT', load: 'languageOnly' },
  'with the very language': { lng: 'de-AT', load: 'currentOnly' },
  'with some languages': { lng: 'fr-FR', supportedLngs: ['de', 'pl'], fallbackLng: ['pl', 'de'] },
  'with fallbacks by language': { lng: 'de-AT', fallbackLng: { 'de-AT': ['pl'], default: ['ar'] } },
  'without fallbacks': { lng: 'xx', fallbackLng: false },
  'with keys shown': { lng: 'cimode', appendNamespaceToCIMode: true },
  'with another namespace to fall back to': { fallbackNS: 'more', returnEmptyString: false },
  'with a handler of what is missing': {
    saveMissing: true,
    missingKeyHandler: () => undefined,
    parseMissingKeyHandler: (key) => `?${key}`,
  },
  'with variables for all': {
    interpolation: { escapeValue: true, defaultVariables: { who: 'all & <none>' } },
  },
  'with flat keys': { keySeparator: false, nsSeparator: false },
  'with other separators': { pluralSeparator: '_', contextSeparator: '_', keySeparator: '/' },
};

/** Starts an instance as `createTranslator` does. */
function start(create: Create, configuration: InitOptions): { instance: i18n; heard: unknown[] } {
  const instance = create();
  const heard: unknown[] = [];
  for (const event of ['initialized', 'languageChanging', 'languageChanged', 'missingKey']) {
    instance.on(event, (...told: readonly unknown[]) => heard.push([event, ...told.slice(0, 4)]));
  }
  void instance.init({
    fallbackLng: 'en',
    ...copied(configuration),
    ns: ['cordboard', 'more'],
    defaultNS: 'cordboard',
    resources: structuredClone(resources),
    interpolation: { escapeValue: false, ...configuration.interpolation },
    initAsync: false,
  });
  instance.use({
    type: 'postProcessor',
    name: 'loud',
    process: (text: string) => text.toUpperCase(),
  });
  return { instance, heard };
}

/** A copy, because i18next writes into the options that it is given. */
function copied(configuration: InitOptions): InitOptions {
  return Object.fromEntries(
    Object.entries(configuration).map(([name, value]: [string, unknown]) => [
      name,
      Array.isArray(value) ? [...(value as readonly unknown[])] : value,
    ]),
  );
}

function answer(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    return String(error);
  }
}

function answers({ instance }: { readonly instance: i18n }, asked = variables): string[] {
  const fixed = instance.getFixedT('de', null, 'alpha');
  return keys.flatMap((key) =>
    asked.map((given) =>
      JSON.stringify([
        key,
        given,
        // It writes into what it is given.
        answer(() => instance.t(key, structuredClone(given))),
        answer(() => instance.exists(key, structuredClone(given))),
        answer(() => fixed(String(key).replace('alpha.', ''), structuredClone(given))),
      ]),
    ),
  );
}

function state({
  instance,
  heard,
}: {
  readonly instance: i18n;
  readonly heard: unknown[];
}): unknown {
  const { language, languages, resolvedLanguage, store, options } = instance;
  return structuredClone([
    { language, languages, resolvedLanguage, data: store.data, ns: options.ns },
    JSON.stringify(heard),
    instance.hasLoadedNamespace('cordboard'),
  ]);
}

describe('the translations of the script-tag file', () => {
  it.each(Object.keys(configurations))('are those of the published library, %s', (name) => {
    const configuration = configurations[name] ?? {};
    const ours = start(leanCreate, configuration);
    const theirs = start(createInstance, configuration);
    expect(state(ours)).toEqual(state(theirs));
    expect(answers(ours)).toEqual(answers(theirs));
    expect(state(ours)).toEqual(state(theirs));
  });

  it('change with the language and with the texts as those of the published library', async () => {
    const both = [leanCreate, createInstance].map((create) => start(create, { lng: 'de' }));
    const [ours, theirs] = both.map(({ instance }) => instance) as [i18n, i18n];
    const [mine, other] = both as [(typeof both)[0], (typeof both)[0]];
    const steps: readonly ((instance: i18n) => unknown)[] = [
      (instance) => instance.changeLanguage('pl'),
      (instance) => instance.changeLanguage('en-GB'),
      (instance) => instance.changeLanguage('qq'),
      (instance) => instance.changeLanguage('pt-BR'),
      (instance) =>
        instance.addResourceBundle('pt-BR', 'cordboard', { alpha: { plain: 'Ligar' } }, true, true),
      (instance) =>
        instance.addResourceBundle('pt-BR', 'cordboard', { alpha: { plain: 'X' } }, true, false),
      (instance) => instance.addResource('pt-BR', 'cordboard', 'alpha.deep.er', 'mais'),
      (instance) => instance.addResources('pt-BR', 'more', { extra: 'mais {{who}}' }),
      (instance) => instance.loadNamespaces('late'),
      (instance) => instance.loadLanguages(['de', 'fr']),
      (instance) => instance.changeLanguage(),
      (instance) => instance.removeResourceBundle('en', 'more'),
      (instance) => instance.changeLanguage('zh-Hant'),
      (instance) => instance.services.formatter?.add('shout', (value) => `${String(value)}!`),
      (instance) => instance.t('x', { defaultValue: '{{who, shout}}', who: 'hey' }),
    ];
    const few = variables.slice(0, 6);
    for (const step of steps) {
      const said = [await step(ours), await step(theirs)].map((value) =>
        typeof value === 'string' ? value : typeof value,
      );
      expect(said[0]).toBe(said[1]);
      expect(state(mine)).toEqual(state(other));
      expect(answers(mine, few)).toEqual(answers(other, few));
    }
  });

  it('lack nothing that a phone could ask: a module that comes after the start is not heard', async () => {
    const { instance } = start(createInstance, {});
    const asked = vi.fn();
    instance.use({ type: 'backend', init: asked, read: asked, create: asked });
    instance.use({
      type: 'languageDetector',
      init: asked,
      detect: asked,
      cacheUserLanguage: asked,
    });
    instance.use({ type: 'logger', log: asked, warn: asked, error: asked });
    instance.use({ type: '3rdParty', init: asked });
    await instance.changeLanguage('fr');
    await instance.changeLanguage();
    await instance.loadLanguages('fr');
    await instance.reloadResources();
    instance.t('alpha.nothing');
    expect(asked).not.toHaveBeenCalled();
  });

  it('know which way a language is written', () => {
    const [ours, theirs] = [leanCreate, createInstance].map((create) => start(create, {}).instance);
    const languages = ['ar', 'he', 'fa', 'ur', 'en', 'de-AT', 'zh-Hant', 'az-Arab', 'ar-Latn', 'x'];
    expect(languages.map((language) => ours?.dir(language))).toEqual(
      languages.map((language) => theirs?.dir(language)),
    );
  });
});
