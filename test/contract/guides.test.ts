// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { guidesIn, linksOf, named } from '../support/guides.ts';

// What the guides name is there: files, headings, commands.

const root = fileURLToPath(new URL('../..', import.meta.url));
const guides = guidesIn(root, ['node_modules', 'dist', '.git', '.config']);

it('no guide links to a file or a heading that there is not', () => {
  const { count, broken } = linksOf(guides, root);
  expect(count).toBeGreaterThan(50);
  expect(broken).toEqual([]);
});

it('no guide tells to run a command that there is not', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: object;
  };
  const commands = guides.flatMap((guide) => named(guide, /npm run ([\w:-]+)/g));
  expect(commands).toContain('create-plugin');
  expect(commands.filter((command) => !(command in scripts))).toEqual([]);
});
