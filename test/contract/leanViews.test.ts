import Mustache from 'mustache';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as valibot from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { lean } from './lean.ts';

const folder = join(import.meta.dirname, '../../templates');
const templates = readdirSync(folder)
  .filter((name) => name.endsWith('.mustache'))
  .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const partials = { inner: '  <i>{{name}}</i>\n{{#t}}{{.}}{{/t}}' };
const views = [
  {},
  {
    name: `<b>&"'\`=/`,
    count: 0,
    calls: [{ name: 'a' }, { name: 'b' }],
    t: 'text',
    bold: () => (text: string, render: (part: string) => string) => `<b>${render(text)}</b>`,
  },
];

describe('the templates of the script-tag file', () => {
  const { default: own } = lean('mustache/mustache.mjs') as { readonly default: typeof Mustache };

  const given: readonly (readonly [string, string])[] = [
    ...templates,
    ['all forms', '{{name}} {{{name}}} {{&name}}{{count}}{{! no }}\n  {{> inner}}\n{{^t}}-{{/t}}'],
    ['lists', '{{#calls}}{{name}},{{/calls}}{{^calls}}none{{/calls}}{{#bold}}{{name}}{{/bold}}'],
    ['other tags', '{{=<% %>=}}<% name %>{{name}}'],
  ];

  it.each(given)('draw %s as the published library', (_, template) => {
    const drawn = [own, Mustache].map(({ Writer, Context }) => {
      const writer = new Writer();
      const tokens = writer.parse(template) as string[][];
      return views.map((view) =>
        writer.renderTokens(tokens, new Context(view), partials, template),
      );
    });
    expect(drawn[0]).toEqual(drawn[1]);
  });
});

describe('the checks of the script-tag file', () => {
  const own = lean('valibot/dist/index.mjs') as typeof valibot;

  const problems = async (library: typeof valibot): Promise<unknown> => {
    vi.resetModules();
    vi.doMock('valibot', () => library);
    const s = await import('../../src/core/schema.ts');
    vi.doUnmock('valibot');
    const schema = s.object<Record<string, unknown>>({
      name: s.filledText(),
      port: s.integer(1, 65_535),
      level: s.number(0, 1),
      mode: s.oneOf('a', 'b'),
      places: s.list(s.either(s.nothing(), s.element(), s.object({ root: s.text() }))),
      range: s.pair(s.number()),
      words: s.dictionary(s.text()),
      accounts: s.listBy('id', s.objectWith<{ id: string }>(['id'], { id: s.text() }), 'main'),
      pass: s.anyObject(),
      hook: s.callable<() => void>(),
      on: s.flag(),
    });
    const wrong: readonly unknown[] = [undefined, null, '', 0, -1, 1.5, 7e4, true, 'x', [], {}];
    const more = [[{ root: 1 }, 5, {}], [1, 2, 3], [1], [{ id: 'a' }, { id: 'a' }], [{}]];
    const { entries } = schema as unknown as { readonly entries: object };
    return [...wrong, ...more, { a: 1 }].flatMap((value) => [
      s.findProblems(schema, value, ''),
      ...Object.keys(entries).map((key) => s.findProblems(schema, { [key]: value }, 'options')),
    ]);
  };

  it('say of a wrong option what those of the published library say', async () => {
    const [ours, theirs] = [await problems(own), await problems(valibot)];
    expect(ours).toEqual(theirs);
    expect((ours as readonly unknown[][]).flat().length).toBeGreaterThan(100);
  });
});
