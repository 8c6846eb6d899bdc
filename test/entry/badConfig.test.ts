import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { boot } from '../../src/entry/boot.ts';
import { defineElement } from '../../src/entry/element.ts';
import type { CordboardPhoneElement, LoadedConfig } from '../../src/entry/element.ts';
import type { Webphone } from '../../src/entry/index.ts';

// What a JSON file may hold by mistake: it is told where it stands and what is wanted there.

beforeAll(() => {
  defineElement();
});

beforeEach(() => {
  document.body.innerHTML = '<div id="phone"></div>';
  for (const level of ['error', 'warn'] as const)
    vi.spyOn(console, level).mockReturnValue(undefined);
});

afterEach(async () => {
  document.body.replaceChildren();
  await new Promise((resolve) => setTimeout(resolve));
  vi.restoreAllMocks();
});

/** Makes a phone in the two ways that read a configuration. */
const ways: Readonly<Record<string, (config: LoadedConfig) => Promise<Webphone | undefined>>> = {
  'a script tag': (config) => boot({ config, target: 'phone' }),
  'an element': (config) => {
    const element: CordboardPhoneElement = document.createElement('cordboard-phone');
    element.config = config;
    document.body.append(element);
    return element.ready;
  },
};

describe.each(Object.entries(ways))('a phone by %s', (_, make) => {
  const told = async (config: object): Promise<string> => {
    const made = await make({ storage: false, ...config }).catch((error: unknown) => error);
    if (made instanceof Error) {
      expect(made).toMatchObject({ code: 'configuration.invalid' });
      return made.message;
    }
    (made as Webphone).destroy();
    return 'a phone';
  };

  it.each([
    ...['i18n', 'call', 'log', 'dialpad', 'videoCanvas', 'userAgent'],
    ...['blf', 'clickToCall', 'provisioning'],
  ])('is told that %s is an object', async (section) => {
    for (const value of [false, 'de', 7])
      expect(await told({ [section]: value }), JSON.stringify(value)).toContain(
        `${section}: found `,
      );
  });

  it.each(['i18n', 'dialpad', 'blf'])(
    'takes null for %s as if nothing was said',
    async (section) => {
      expect(await told({ [section]: null })).toBe('a phone');
    },
  );
});
