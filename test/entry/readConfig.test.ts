import { afterEach, describe, expect, it, vi } from 'vitest';
import { boot } from '../../src/entry/boot.ts';
import { parseConfig, readConfig } from '../../src/entry/readConfig.ts';

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const put = (text: string): void => {
  const script = document.createElement('script');
  script.id = 'config';
  script.type = 'application/json';
  script.textContent = text;
  document.body.append(script);
};

describe('a configuration that is read', () => {
  it('is what the file or the element holds', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"storage":false}')));
    expect(await readConfig('phone.json')).toEqual({ storage: false });
    put('{"storage":true}');
    expect(await readConfig('#config')).toEqual({ storage: true });
  });

  it.each(['null', '[]', '[{"storage":false}]', '"x"', '1', 'true'])(
    'that is %s is refused by its place, wherever it stands',
    async (text) => {
      const refusal = { code: 'configuration.invalid', message: '#config: no object' };
      put(text);
      await expect(readConfig('#config')).rejects.toMatchObject(refusal);
      await expect(boot({ config: '#config', target: undefined })).rejects.toMatchObject(refusal);
      expect(() => parseConfig('<cordboard-phone>', text)).toThrow('<cordboard-phone>: no object');
    },
  );

  it('that is no JSON is refused, and not quoted', async () => {
    put('{"password":"s3cret"');
    const refused = await readConfig('#config').catch((error: unknown) => error);
    expect(refused).toMatchObject({ message: '#config: no JSON' });
    expect(JSON.stringify(refused)).not.toContain('s3cret');
  });
});
