import { describe, expect, it, vi } from 'vitest';
import { createTranslator } from '../../src/core/i18n.ts';
import type { Translator } from '../../src/core/i18n.ts';
import { testPhone } from '../support/testPhone.ts';
import { sample } from './samplePlugins.ts';

function translator(lng = 'en', changed: () => void = () => undefined): Translator {
  return createTranslator(
    {
      lng,
      resources: {
        en: { alpha: { call: 'Call', hello: 'Hello {{who}}', onlyEnglish: 'English' } },
        de: { alpha: { call: 'Anrufen', hello: 'Hallo {{who}}' } },
      },
    },
    changed,
  );
}

describe('texts', () => {
  it('of two phones in two languages do not disturb each other', async () => {
    const english = translator('en');
    const german = translator('de');
    expect([english.translate('alpha.call'), german.translate('alpha.call')]).toEqual([
      'Call',
      'Anrufen',
    ]);
    await english.changeLanguage('de');
    await german.changeLanguage('en');
    expect([english.translate('alpha.call'), german.translate('alpha.call')]).toEqual([
      'Anrufen',
      'Call',
    ]);
  });

  it('fill gaps from English, and a missing one is its key', () => {
    const german = translator('de');
    expect(german.texts('alpha')).toEqual({
      call: 'Anrufen',
      hello: 'Hallo {{who}}',
      onlyEnglish: 'English',
    });
    expect(german.translate('alpha.nothing')).toBe('alpha.nothing');
  });

  it('are not escaped, because the template does that', () => {
    expect(translator().translate('alpha.hello', { who: "O'Neill <1>" })).toBe("Hello O'Neill <1>");
  });

  it('given later take the place of those that are there, and tell that they changed', () => {
    const changed = vi.fn();
    const texts = translator('en', changed);
    expect(texts.texts('alpha')['call']).toBe('Call');
    texts.addBundle('alpha', 'en', { call: 'Ring' });
    expect(texts.translate('alpha.call')).toBe('Ring');
    expect(texts.texts('alpha')).toMatchObject({ call: 'Ring', onlyEnglish: 'English' });
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it('are what i18next itself would give, however they are stored', async () => {
    const stored = {
      plain: 'Call',
      empty: '',
      variable: 'Hello {{who}}',
      nested: 'Please $t(alpha.plain)',
      odd: 'a {brace} and a $ sign',
    };
    const one = (lng: string): Translator =>
      createTranslator(
        {
          lng,
          returnEmptyString: false,
          resources: { en: { alpha: stored }, 'de-AT': { alpha: { plain: 'Anrufen' } } },
        },
        () => undefined,
      );
    for (const lng of ['en', 'de-AT', 'fr', 'cimode']) {
      const texts = one(lng);
      for (const key of [...Object.keys(stored), 'constructor', 'missing']) {
        const right = texts.i18next.t(`alpha.${key}`);
        expect([lng, key, texts.translate(`alpha.${key}`)]).toEqual([lng, key, right]);
        if (Object.hasOwn(stored, key)) expect(texts.texts('alpha')[key]).toBe(right);
      }
    }
    const german = createTranslator(
      { lng: 'de', fallbackLng: false, resources: { en: { alpha: stored } } },
      () => undefined,
    );
    expect(german.texts('alpha')['plain']).toBe('alpha.plain');
    await german.changeLanguage('en');
    expect(german.texts('alpha')['plain']).toBe('Call');
  });

  it('go through what the application has added to i18next', () => {
    const texts = createTranslator(
      {
        lng: 'en',
        interpolation: { prefix: '<', suffix: '>' },
        resources: { en: { alpha: { who: 'is <who>', plain: 'Call' } } },
      },
      () => undefined,
    );
    expect(texts.translate('alpha.who', { who: 'Bob' })).toBe('is Bob');
    expect(texts.translate('alpha.who')).toBe(texts.i18next.t('alpha.who'));
    const loud = translator();
    loud.i18next.use({
      type: 'postProcessor',
      name: 'loud',
      process: (text: string) => `${text}!`,
    });
    loud.i18next.options.postProcess = ['loud'];
    expect([loud.translate('alpha.call'), loud.texts('alpha')['call']]).toEqual(['Call!', 'Call!']);
  });

  it('are the same object until one of them or the language changes', async () => {
    const texts = translator();
    const first = texts.texts('alpha');
    expect(texts.texts('alpha')).toBe(first);
    texts.addBundle('beta', 'en', { other: 'Other' });
    const second = texts.texts('alpha');
    expect(second).not.toBe(first);
    await texts.i18next.changeLanguage('de');
    expect(texts.texts('alpha')).not.toBe(second);
    expect([texts.translate('alpha.call'), texts.direction()]).toEqual(['Anrufen', 'ltr']);
    texts.addBundle('alpha', 'he', { call: 'חיוג' });
    await texts.i18next.changeLanguage('he');
    expect(texts.direction()).toBe('rtl');
  });

  it.each([
    ...['en-GB', 'de', 'pt_BR', 'zh-Hant', 'ja'].map((tag) => [tag, 'ltr'] as const),
    ...['ar-EG', 'fa', 'he', 'tr-Arab', 'ur'].map((tag) => [tag, 'rtl'] as const),
  ])('know that %s is written %s', async (tag, direction) => {
    const texts = translator();
    texts.addBundle('alpha', tag, { call: 'x' });
    await texts.changeLanguage(tag);
    expect(texts.direction()).toBe(direction);
  });

  it('know which way a language is written', async () => {
    const texts = translator();
    expect(texts.direction()).toBe('ltr');
    texts.addBundle('alpha', 'ar', { call: 'اتصال' });
    await texts.changeLanguage('ar');
    expect([texts.language(), texts.direction(), texts.translate('alpha.call')]).toEqual([
      'ar',
      'rtl',
      'اتصال',
    ]);
  });
});

describe('the language for Intl', () => {
  it.each([
    ['de', 'de'],
    ['de-AT', 'de-AT'],
    // Spoken in English, and counted so.
    ['ar-EG', 'en'],
    ['no such thing', 'en'],
    // German is spoken.
    ['de_AT', 'de-AT'],
    ['de-AT@euro', 'de'],
  ])('asked for as %s is %s', async (wanted, tag) => {
    const texts = translator();
    expect(texts.languageTag()).toBe('en');
    await texts.changeLanguage(wanted);
    expect(texts.languageTag()).toBe(tag);
    expect(() => new Intl.NumberFormat(texts.languageTag())).not.toThrow();
  });

  it('is known to a plugin, and what it draws follows it', async () => {
    const { phone, root } = testPhone({
      plugins: [
        sample('alpha', {
          template: '{{number}} {{dir}}',
          setup: ({ view, i18n }) => {
            view({
              watch: [],
              model: () => ({
                number: new Intl.NumberFormat(i18n.languageTag()).format(3.5),
                dir: i18n.direction(),
              }),
            });
          },
        })(),
      ],
      i18n: { resources: { fa: { alpha: { call: 'تماس' } } } },
    });
    await Promise.resolve();
    expect(root('alpha').textContent).toBe('3.5 ltr');
    await phone.i18n.changeLanguage('fa');
    await Promise.resolve();
    expect(root('alpha').textContent).toBe('۳٫۵ rtl');
  });
});

describe('the language of a phone', () => {
  it('is taken from the configuration, of which every way to replace a text works', () => {
    const { api } = testPhone({
      plugins: [
        sample('alpha')(),
        sample('beta')({ i18n: { resourceBundles: { de: { hello: 'Guten Tag {{who}}' } } } }),
      ],
      i18n: { lng: 'de', resources: { de: { alpha: { hello: 'Servus {{who}}' } } } },
    });
    expect([api('alpha').greet(), api('beta').greet()]).toEqual([
      "Servus O'Neill",
      "Guten Tag O'Neill",
    ]);
  });

  it('lets the application replace an English text, and falls back to the built-in one', () => {
    const { api } = testPhone({
      plugins: [sample('alpha')(), sample('beta')()],
      i18n: { resources: { en: { alpha: { hello: 'Ahoy {{who}}' } } } },
    });
    expect([api('alpha').greet(), api('beta').greet()]).toEqual(["Ahoy O'Neill", "Hello O'Neill"]);
  });

  it('tells its change after it is in force', async () => {
    const { phone, events, api } = testPhone({
      plugins: [sample('alpha')({ i18n: { resourceBundles: { de: { hello: 'Tag' } } } })],
    });
    const said: string[] = [];
    phone.on('language.changed', ({ language }) => said.push(language, api('alpha').greet()));
    await phone.i18n.changeLanguage('de');
    expect(said).toEqual(['de', 'Tag']);
    phone.i18n.addBundle('alpha', 'de', { hello: 'Moin' });
    expect(events.last('language.bundle.added')).toEqual({ language: 'de', plugin: 'alpha' });
    expect(api('alpha').greet()).toBe('Moin');
  });
});

describe('a language that is loaded', () => {
  const german = { alpha: { hello: 'Hallo {{who}}' } };

  it('is in force once its texts are there, and until then the phone speaks English', async () => {
    const loadLanguage = vi.fn(() => Promise.resolve(german));
    const { phone, events } = testPhone({
      plugins: [sample('alpha')()],
      i18n: { lng: 'de', loadLanguage },
    });
    await vi.waitFor(() => {
      expect(phone.i18n.translate('alpha.hello', { who: 'Bob' })).toBe('Hallo Bob');
    });
    expect(events.last('language.changed')).toEqual({ language: 'de' });
    await phone.i18n.changeLanguage('en');
    await phone.i18n.changeLanguage('de');
    expect(loadLanguage).toHaveBeenCalledTimes(1);
  });

  it.each(['de-AT', 'de_AT'])(
    'is spoken, written and counted in where it is %s',
    async (wanted) => {
      const texts = createTranslator(
        { loadLanguage: () => Promise.resolve(german) },
        () => undefined,
      );
      await texts.changeLanguage(wanted);
      expect(texts.translate('alpha.hello', { who: 'Bob' })).toBe('Hallo Bob');
      expect([texts.language(), texts.languageTag()]).toEqual(['de', 'de-AT']);
    },
  );

  it('leaves the phone as it is, with a warning, when it cannot be had', async () => {
    const loadLanguage = (): Promise<never> => Promise.reject(new Error('offline'));
    const { phone, log } = testPhone({
      plugins: [sample('alpha')()],
      i18n: { lng: 'de', loadLanguage },
    });
    await vi.waitFor(() => {
      expect(log.some(({ level }) => level === 'warn')).toBe(true);
    });
    expect(phone.i18n.language()).toBe('en');
    await expect(phone.i18n.changeLanguage('fr')).rejects.toThrow('offline');
  });

  it('does not come after one that was chosen later', async () => {
    let come = (_: object): void => undefined;
    const slow = new Promise<object>((resolve) => {
      come = resolve;
    });
    const texts = createTranslator(
      {
        lng: 'en',
        loadLanguage: (language) =>
          (language === 'de' ? slow : Promise.resolve({ alpha: { call: 'Appeler' } })) as Promise<{
            alpha: { call: string };
          }>,
      },
      () => undefined,
    );
    const first = texts.changeLanguage('de');
    await texts.changeLanguage('fr');
    come(german);
    await first;
    expect([texts.language(), texts.translate('alpha.call')]).toEqual(['fr', 'Appeler']);
  });
});
