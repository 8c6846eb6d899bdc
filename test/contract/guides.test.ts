// @vitest-environment node
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// What the guides name is there: files, headings, commands.

const root = fileURLToPath(new URL('../..', import.meta.url));
const skipped = ['node_modules', 'dist', '.git', '.config'];

const guidesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.includes(entry.name) ? [] : guidesIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

const guides = guidesIn(root);
const read = (path: string): string => readFileSync(path, 'utf8');
const named = (guide: string, pattern: RegExp): string[] =>
  [...read(guide).matchAll(pattern)].map(([, found = '']) => found);

/** As the usual hosts of repositories make them: of the words in lower case, with hyphens. */
const anchorsOf = (guide: string): string[] =>
  named(guide, /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );

function isThere(guide: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? guide : resolve(dirname(guide), path);
  return existsSync(file) && (anchor === undefined || anchorsOf(file).includes(anchor));
}

it('no guide links to a file or a heading that there is not', () => {
  const links = guides.flatMap((guide) =>
    named(guide, /\]\((?!https?:)([^)\s]+)\)/g).map((link) => ({ guide, link })),
  );
  expect(links.length).toBeGreaterThan(50);
  const broken = links.filter(({ guide, link }) => !isThere(guide, link));
  expect(broken.map(({ guide, link }) => `${relative(root, guide)}: ${link}`)).toEqual([]);
});

it('no guide tells to run a command that there is not', () => {
  const { scripts } = JSON.parse(read(join(root, 'package.json'))) as { scripts: object };
  const commands = guides.flatMap((guide) => named(guide, /npm run ([\w:-]+)/g));
  expect(commands).toContain('create-plugin');
  expect(commands.filter((command) => !(command in scripts))).toEqual([]);
});
