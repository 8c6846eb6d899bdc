import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Mustache from 'mustache';
import { expect, it } from 'vitest';
import { lean } from './lean.ts';

const { default: leanMustache } = lean('mustache/mustache.mjs') as { default: typeof Mustache };

const folder = join(import.meta.dirname, '../../templates');
const templates = readdirSync(folder).filter((name) => name.endsWith('.mustache'));

const writers = [new Mustache.Writer(), new leanMustache.Writer()] as const;
const parsed = (template: string): readonly unknown[] =>
  writers.map((writer) => {
    try {
      return writer.parse(template) as unknown;
    } catch (error) {
      return String(error);
    }
  });

it.each(templates)('%s is parsed to the same tokens by the script-tag file', (name) => {
  const [published, ours] = parsed(readFileSync(join(folder, name), 'utf8'));
  expect(ours).toEqual(published);
});

const pieces = [
  ...['{{a}}', '{{#a}}', '{{/a}}', '{{^b}}', '{{/b}}', '{{> p}}', '{{! no }}', '{{{c}}}', '{{&c}}'],
  ...[' ', '  ', '\t', '\n', '\r\n', '\n\n', '\u00a0', '\u2028', 'word', '<b> two words </b>', '{'],
  ...[
    '{{=<% %>=}}',
    '<% a %>',
    '<%={{ }}=%>',
    '{{= | | =}}',
    '|#a|',
    '|/a|',
    '{{',
    '}}',
    '}',
    '{{{ c }}}',
  ],
  ...[
    '{{#  a  }}',
    '{{!\n}}',
    '{{=',
    '=}}',
    '{{=[[',
    ']]=}}',
    '[[a]]',
    '{{# a\n}}',
    '{{}}',
    '=',
    '#',
  ],
];

it('and so is whatever else a template may be made of, white space and all', () => {
  const template = fc.array(fc.constantFrom(...pieces), { maxLength: 14 });
  const partials = { p: 'one\n  two {{a}}\n' };
  fc.assert(
    fc.property(template, (list) => {
      const text = list.join('');
      const [published, ours] = parsed(text);
      expect(ours).toEqual(published);
      if (typeof published === 'string') return;
      const view = { a: 'A & B', b: '', c: '<i>' };
      const [theirs, own] = writers.map((writer) => writer.render(text, view, partials));
      expect(own).toBe(theirs);
    }),
    { numRuns: 2000 },
  );
});
