import { afterEach, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/entry/readConfig.ts';

const config = {
  dialpad: {
    template: 'own.mustache',
    renderTargets: [
      'plain',
      {
        root: 'keys',
        template: '{{! as it stands, .mustache',
        partials: { row: '../row.mustache' },
        data: { file: 'own.mustache' },
      },
    ],
  },
  callList: { template: 'own.mustache' },
};
const files: Readonly<Record<string, string>> = {
  'https://example.com/phone/phone.json': JSON.stringify(config),
  'https://example.com/phone/own.mustache': '<p>own</p>',
  'https://example.com/row.mustache': '<li>row</li>',
};

/** Serves the files and gives the addresses that are asked for. */
function serve(without?: string): readonly string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    const text = address === without ? undefined : files[address];
    return Promise.resolve(new Response(text ?? '', { status: text === undefined ? 404 : 200 }));
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('files that a configuration names as templates are read, each once, relative to it', async () => {
  const asked = serve();
  const read = await readConfig('https://example.com/phone/phone.json');
  expect(read).toEqual({
    dialpad: {
      template: '<p>own</p>',
      renderTargets: [
        'plain',
        {
          root: 'keys',
          template: '{{! as it stands, .mustache',
          partials: { row: '<li>row</li>' },
          data: { file: 'own.mustache' },
        },
      ],
    },
    callList: { template: '<p>own</p>' },
  });
  expect([...asked].sort()).toEqual(Object.keys(files).sort());
});

test('a template that is not there is told by its address', async () => {
  serve('https://example.com/row.mustache');
  await expect(readConfig('https://example.com/phone/phone.json')).rejects.toMatchObject({
    code: 'configuration.invalid',
    message: expect.stringContaining('https://example.com/row.mustache: 404') as string,
  });
});
