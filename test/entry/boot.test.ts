import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boot } from '../../src/entry/boot.ts';
import { loadLanguage } from '../../src/entry/language.ts';
import type { Webphone, WebphoneConfig } from '../../src/entry/index.ts';

const fetched = vi.fn(async (address: string) => {
  // The folder of the sources stands for the one that is shipped.
  const path = fileURLToPath(address).replace('/src/locales/', '/locales/');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return {
    ok: text !== undefined,
    status: 404,
    json: () => Promise.resolve(JSON.parse(text ?? '')),
  };
});

let phone: Webphone | undefined;

beforeEach(() => {
  vi.stubGlobal('fetch', fetched);
});

afterEach(() => {
  phone?.destroy();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  fetched.mockClear();
});

async function booted(config: WebphoneConfig): Promise<Webphone> {
  const script = document.createElement('script');
  script.id = 'config';
  script.type = 'application/json';
  script.textContent = JSON.stringify(config);
  const target = document.createElement('div');
  target.id = 'phone';
  document.body.append(script, target);
  phone = await boot({ config: '#config', target: 'phone' });
  if (!phone) throw new Error('no phone was made');
  return phone;
}

const hangup = (): string | undefined =>
  document.querySelector('[data-cordboard="callList"]')?.textContent.trim();

describe('a phone made by a script tag', () => {
  it('speaks the language that is configured from its first picture on', async () => {
    const { i18n } = await booted({ i18n: { lng: 'de-AT' } });
    expect(i18n.translate('callList.empty')).toBe('Keine Anrufe');
    await vi.waitFor(() => {
      expect(hangup()).toContain('Keine Anrufe');
    });
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(document.querySelector('[data-cordboard]')?.getAttribute('lang')).toBe('de');
  });

  it('asks for no file in English', async () => {
    const { i18n } = await booted({});
    expect(i18n.translate('callList.empty')).toBe('No calls');
    expect(fetched).not.toHaveBeenCalled();
  });

  it('takes the language of its user when it is told to', async () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['tlh', 'zh-TW', 'en']);
    const { i18n } = await booted({ i18n: { lng: 'auto' } });
    expect(i18n.language()).toBe('zh-TW');
    expect(i18n.translate('callList.title')).toBe('通話');
  });

  it('keeps the texts of the page before those of the language', async () => {
    const resources = { de: { callList: { empty: 'Ruhe' } } };
    const { i18n } = await booted({ i18n: { lng: 'de', resources } });
    expect(i18n.translate('callList.empty')).toBe('Ruhe');
    expect(i18n.translate('callList.hangup')).toBe('Auflegen');
  });

  it('keeps them for every region, and has a language that is the page’s alone', async () => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['de-DE']);
    const de = { callList: { empty: 'Ruhe' } };
    const sv = { callList: { empty: 'Inga samtal' } };
    const { i18n } = await booted({ i18n: { lng: 'auto', resources: { de, sv } } });
    expect(i18n.translate('callList.empty')).toBe('Ruhe');
    await i18n.changeLanguage('sv-SE');
    expect(i18n.translate('callList.empty')).toBe('Inga samtal');
  });

  it('changes its language later, and is drawn anew from right to left', async () => {
    const { i18n } = await booted({});
    await i18n.changeLanguage('ar');
    await vi.waitFor(() => {
      expect(document.querySelector('[data-cordboard]')?.getAttribute('dir')).toBe('rtl');
    });
    await i18n.changeLanguage('en');
    await i18n.changeLanguage('ar');
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('stays in its language when it is asked for one that there is not', async () => {
    const { i18n } = await booted({ i18n: { lng: 'de' } });
    await expect(i18n.changeLanguage('tlh')).rejects.toThrow(/no texts.*"tlh".*ar, de/);
    expect(i18n.language()).toBe('de');
  });

  it('is made in English when its texts cannot be had, and says so', async () => {
    const warned = vi.spyOn(console, 'warn').mockReturnValue(undefined);
    const failed = { ok: false, status: 503, json: () => Promise.resolve({}) };
    fetched.mockResolvedValueOnce(failed).mockResolvedValueOnce(failed);
    const { i18n } = await booted({ i18n: { lng: 'de' } });
    expect(i18n.translate('callList.empty')).toBe('No calls');
    await vi.waitFor(() => {
      expect(warned).toHaveBeenCalled();
    });
    expect(warned.mock.calls[0]?.join(' ')).toContain('503');
  });
});

it('gives near languages the texts of the one that there is', async () => {
  for (const [wanted, name] of [
    ['pt-PT', 'pt-BR'],
    ['zh', 'zh-Hans'],
    ['zh-HK', 'zh-Hant'],
    ['fr-CA', 'fr'],
    // As servers write it.
    ['pt_BR', 'pt-BR'],
  ]) {
    await loadLanguage(wanted ?? '');
    expect(fetched.mock.lastCall?.[0]).toContain(`/${name ?? ''}.json`);
  }
  await expect(loadLanguage('not a language')).rejects.toThrow(/no texts/);
});
