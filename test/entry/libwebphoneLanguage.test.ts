import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';

// The files beside the script are those of the repository; one that is asked for is written down here.

const phones: Libwebphone[] = [];
const asked: string[] = [];
let answer: (name: string) => Promise<Response>;

const fileOf = (name: string): Promise<Response> =>
  Promise.resolve(new Response(readFileSync(`locales/${name}`, 'utf8')));

beforeEach(() => {
  answer = fileOf;
  vi.stubGlobal('fetch', (address: string) => {
    const name = new URL(address).pathname.split('/').at(-1) ?? '';
    asked.push(name);
    return answer(name);
  });
});

afterEach(() => {
  for (const phone of phones.splice(0)) phone.destroy();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  asked.length = 0;
});

interface Scene {
  readonly phone: Libwebphone;
  readonly place: HTMLElement;
  readonly changes: string[];
  readonly text: () => string;
}

/** A dialpad that shows what is written on three of its keys, and what is told of languages. */
function scene(config: object): Scene {
  const place = document.createElement('div');
  document.body.append(place);
  const template = '{{i18n.call}}|{{i18n.clear}}|{{i18n.one}}';
  const phone = new Libwebphone({
    storage: false,
    log: { level: 'off' },
    ...config,
    dialpad: {
      renderTargets: [{ root: { element: place }, template }],
      ...(config as { readonly dialpad?: object }).dialpad,
    },
  });
  phones.push(phone);
  const changes: string[] = [];
  phone.on('language.changed', (...args: unknown[]) => {
    expect(args[0]).toBe(phone);
    changes.push((args[1] as (key: string) => string)('libwebphone:dialpad.call'));
  });
  return { phone, place, changes, text: () => place.textContent };
}

const turn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 5));

describe('i18n.lng', () => {
  test('loads the language beside the script, and the first picture has it', async () => {
    const { text, changes } = scene({ i18n: { lng: 'de' } });
    await vi.waitFor(() => {
      expect(text()).not.toBe('');
    });
    expect(text()).toBe('Anrufen|Leeren|1');
    await turn();
    expect(changes).toEqual(['Anrufen']);
    expect(asked).toEqual(['de.json']);
  });

  test('has the texts of a language for its regions, and libwebphone’s own among them', async () => {
    const { phone, text } = scene({ i18n: { lng: 'de-AT' } });
    await vi.waitFor(() => {
      expect(text()).toBe('Anrufen|Leeren|1');
    });
    const translate = phone.i18nTranslator();
    expect(translate('libwebphone:videoCanvas.topleft')).toBe('Oben links');
    expect(translate('libwebphone:videoCanvas.pip')).not.toBe('Preview PIP');
  });

  test('auto is the language of the user', async () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['tlh', 'fr-CA', 'de']);
    const { text } = scene({ i18n: { lng: 'auto' } });
    await vi.waitFor(() => {
      expect(text()).toMatch(/^Appeler\|/);
    });
    vi.restoreAllMocks();
  });

  test('a language to fall back to is loaded as well', async () => {
    const { text } = scene({ i18n: { fallbackLng: 'es' } });
    await vi.waitFor(() => {
      expect(text()).toMatch(/^Llamar\|/);
    });
  });

  test('a file that never comes is waited for 3 seconds, then all begins in English', async () => {
    vi.useFakeTimers();
    try {
      let come: (() => void) | undefined;
      answer = async (name) => {
        await new Promise<void>((resolve) => (come = resolve));
        return fileOf(name);
      };
      const { text, changes } = scene({ i18n: { lng: 'de' } });
      await vi.advanceTimersByTimeAsync(2999);
      expect([text(), changes]).toEqual(['', []]);
      await vi.advanceTimersByTimeAsync(1);
      expect([text(), changes]).toEqual(['Call|Clear|1', ['Call']]);
      come?.();
      await vi.advanceTimersByTimeAsync(1000);
      expect([text(), changes]).toEqual(['Anrufen|Leeren|1', ['Call', 'Anrufen']]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('English asks for no file, and is painted at once', async () => {
    const { text, changes } = scene({ i18n: { lng: 'en-GB' } });
    await turn();
    expect(text()).toBe('Call|Clear|1');
    expect(changes).toEqual(['Call']);
    expect(asked).toEqual([]);
  });
});

describe('changeLanguage', () => {
  test('loads, tells, and paints again; texts of the page win, those of ours fill the gaps', async () => {
    const { phone, text, changes } = scene({
      dialpad: { i18n: { resourceBundles: { de: { call: 'Wählen' } } } },
    });
    await turn();
    expect(text()).toBe('Call|Clear|1');
    await phone.geti18n().changeLanguage('de');
    await vi.waitFor(() => {
      expect(text()).toBe('Wählen|Leeren|1');
    });
    expect(changes).toEqual(['Call', 'Wählen']);
    await phone.geti18n().changeLanguage('en');
    await phone.geti18n().changeLanguage('de');
    expect(asked).toEqual(['de.json']);
  });

  test('a language that the page has texts of is there in the same turn, as it always was', async () => {
    const { phone } = scene({
      dialpad: { i18n: { resourceBundles: { tlh: { call: 'rI' } } } },
    });
    await turn();
    void phone.geti18n().changeLanguage('tlh');
    expect(phone.i18nTranslator()('libwebphone:dialpad.call')).toBe('rI');
    await turn();
    expect(phone.i18nTranslator()('libwebphone:dialpad.clear')).toBe('Clear');
  });

  test('the one that was chosen last stays, whichever file comes first', async () => {
    const { phone, text } = scene({});
    await turn();
    let release: (() => void) | undefined;
    answer = async (name) => {
      if (name === 'de.json') await new Promise<void>((resolve) => (release = resolve));
      return fileOf(name);
    };
    const slow = phone.geti18n().changeLanguage('de');
    await phone.geti18n().changeLanguage('fr');
    await vi.waitFor(() => {
      expect(release).toBeDefined();
    });
    release?.();
    await slow;
    await vi.waitFor(() => {
      expect(text()).toMatch(/^Appeler\|/);
    });
    expect(phone.geti18n().language).toBe('fr');
  });

  test('a file that cannot be had leaves English, and is asked for once more the next time', async () => {
    answer = () => Promise.resolve(new Response('', { status: 404 }));
    const { phone, text } = scene({ i18n: { lng: 'de' } });
    await vi.waitFor(() => {
      expect(text()).toBe('Call|Clear|1');
    });
    answer = fileOf;
    await phone.geti18n().changeLanguage('en');
    await phone.geti18n().changeLanguage('de');
    await vi.waitFor(() => {
      expect(text()).toBe('Anrufen|Leeren|1');
    });
  });
});

describe('lang and dir of a target', () => {
  const said = ({ place }: Scene): unknown => [
    place.getAttribute('lang'),
    place.getAttribute('dir'),
  ];

  test('are left to the page while nobody has chosen a language', async () => {
    const shown = scene({});
    await turn();
    expect(shown.text()).toBe('Call|Clear|1');
    expect(said(shown)).toEqual([null, null]);
  });

  test.each(['ar', 'he', 'fa'])('are those of a language from right to left: %s', async (lng) => {
    const shown = scene({ i18n: { lng } });
    await vi.waitFor(() => {
      expect(shown.text()).not.toBe('');
    });
    expect(said(shown)).toEqual([lng, 'rtl']);
  });

  test('follow the language, and are gone with the phone', async () => {
    const shown = scene({ i18n: { lng: 'ar' } });
    await vi.waitFor(() => {
      expect(said(shown)).toEqual(['ar', 'rtl']);
    });
    await shown.phone.geti18n().changeLanguage('de');
    await turn();
    expect(said(shown)).toEqual(['de', 'ltr']);
    await shown.phone.geti18n().changeLanguage('en');
    await turn();
    expect(said(shown)).toEqual(['en', 'ltr']);
    shown.phone.destroy();
    expect(said(shown)).toEqual([null, null]);
  });

  test('are those of the texts, where there are none of the language', async () => {
    const shown = scene({ i18n: { lng: 'ar' } });
    answer = () => Promise.resolve(new Response('', { status: 404 }));
    await vi.waitFor(() => {
      expect(shown.text()).toBe('Call|Clear|1');
    });
    expect(said(shown)).toEqual(['en', 'ltr']);
  });

  test('stay where the page has written them itself', async () => {
    const shown = scene({ i18n: { lng: 'ar' } });
    shown.place.dir = 'ltr';
    await vi.waitFor(() => {
      expect(said(shown)).toEqual(['ar', 'ltr']);
    });
    shown.phone.destroy();
    expect(said(shown)).toEqual([null, 'ltr']);
  });
});
