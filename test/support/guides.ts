import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The guides in a folder, in those in it too but for the named ones. */
export const guidesIn = (folder: string, skipped: readonly string[] = []): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.includes(entry.name) ? [] : guidesIn(path, skipped);
    return entry.name.endsWith('.md') ? [path] : [];
  });

/** What the first group of a pattern finds in a guide. */
export const named = (guide: string, pattern: RegExp): string[] =>
  [...readFileSync(guide, 'utf8').matchAll(pattern)].map(([, found = '']) => found);

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

/** The links of guides to files and headings of this folder, and which of them lead nowhere. */
export function linksOf(
  guides: readonly string[],
  root: string,
): { readonly count: number; readonly broken: readonly string[] } {
  const links = guides.flatMap((guide) =>
    named(guide, /\]\((?!https?:)([^)\s]+)\)/g).map((link) => ({ guide, link })),
  );
  const broken = links.filter(({ guide, link }) => !isThere(guide, link));
  return {
    count: links.length,
    broken: broken.map(({ guide, link }) => `${relative(root, guide)}: ${link}`),
  };
}
