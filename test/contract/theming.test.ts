// @vitest-environment node
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// Variables and parts are API: what there is, is documented, and what is documented, there is.

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const plugins = readdirSync(join(root, 'plugins'));
const theme = read('templates', 'theme.css');
const sheets = theme + read('src', 'element', 'element.css');

/** The element's own measure, which is set by it and not by pages. */
const internal = ['--cb-rem'];

const allOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);
const missing = (all: Iterable<string>, known: Iterable<string>): string[] => {
  const there = new Set(known);
  return [...new Set(all)].filter((name) => !there.has(name)).sort();
};

/** The rows `--cb-panel-` | `background`, `text` of the table in templates/README.md. */
function tabled(): string[] {
  const rows = [
    ...read('templates', 'README.md').matchAll(/^\| `(--cb-[\w-]+-)` +\| (.*?) *\|$/gm),
  ];
  return rows.flatMap(([, prefix = '', names = '']) =>
    allOf(names, /`([\w-]+)`/g).map((name) => prefix + name),
  );
}

/** Names in backticks, whole ones only. */
const told = (text: string): string[] => allOf(text, /`(--cb-[\w-]*\w)(?:: [^`]*)?`/g);

describe('variables', () => {
  const readmes = plugins.map((plugin) => read('plugins', plugin, 'README.md'));
  const documented = [
    ...told(read('templates', 'README.md')),
    ...tabled(),
    ...told(read('src', 'entry', 'README.md')),
    ...readmes.flatMap(told),
  ];
  // Read, not only set: a variable that nothing reads changes nothing.
  const used = allOf(sheets, /var\(\s*(--cb-[\w-]+)/g);

  it('of the theme are all documented', () => {
    expect(used.length).toBeGreaterThan(200);
    expect(missing(used, [...documented, ...internal])).toEqual([]);
  });

  it('that are documented are all read by the theme', () => {
    expect(missing(documented, used)).toEqual([]);
  });

  it('of the theme’s own are all set, and read', () => {
    const set = allOf(sheets, /(--_[\w-]+):/g);
    const readOnes = allOf(sheets, /var\(\s*(--_[\w-]+)/g);
    expect(missing(set, readOnes)).toEqual([]);
    expect(missing(readOnes, set)).toEqual([]);
  });

  it('have the same values in the theme with more contrast and for who asks the system for it', () => {
    const blocks = allOf(theme, /\{([^{}]*--_surface:[^{}]*)\}/g).map((block) =>
      allOf(block, /(--_[\w-]+: [^;]+;)/g).filter((line) => line.includes('--cb-')),
    );
    expect(blocks).toHaveLength(3);
    expect(blocks[1]?.length).toBeGreaterThan(20);
    expect(blocks[2]).toEqual(blocks[1]);
  });
});

const partsOf = (plugin: string): string[] =>
  readdirSync(join(root, 'templates'))
    .filter((name) => name === `${plugin}.mustache` || name.startsWith(`_${plugin}`))
    .flatMap((name) => allOf(read('templates', name), /\spart="([^"]*)"/g))
    .flatMap((value) => value.split(/\s+/));

/** Parts whose name comes from the model: how the template writes it, and which there are. */
const fromModel: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  audioContext: { '{{channel}}': ['master', 'ringer', 'tones', 'remote', 'preview'] },
  dialpad: {
    '{{name}}': [
      ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
      ...['astrisk', 'zero', 'pound'],
    ],
  },
  mediaDevices: {
    '{{kind}}': ['audioinput', 'audiooutput', 'ringoutput', 'videoinput'],
    '{{name}}': ['echoCancellation', 'noiseSuppression', 'autoGainControl'],
  },
};

describe('parts', () => {
  it.each(plugins)('of %s are those in its README', (plugin) => {
    const drawn = partsOf(plugin).flatMap((name) => fromModel[plugin]?.[name] ?? name);
    const readme = read('plugins', plugin, 'README.md').split('## Parts and variables')[1] ?? '';
    // Attributes of a part and their values stand in brackets, variables after the parts.
    const listed = allOf(readme.replace(/\([^)]*\)/g, ''), /`([^`]+)`/g)
      .flatMap((names) => names.split(/\s+/))
      .filter((name) => /^[a-z]\w*$/i.test(name));
    expect(missing(drawn, listed)).toEqual([]);
    expect(missing(listed, drawn)).toEqual([]);
  });

  it('have names in lowerCamelCase', () => {
    const names = plugins.flatMap(partsOf).filter((name) => !name.startsWith('{{'));
    expect(names.length).toBeGreaterThan(150);
    expect(names.filter((name) => !/^[a-z][a-zA-Z]*$/.test(name))).toEqual([]);
  });
});

describe('the looks', () => {
  const folder = join(root, 'examples', 'looks');
  const templates = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.mustache'));

  it.each(templates)('%s leaves live regions to the announcer', (path) => {
    expect(read('examples', 'looks', path)).not.toMatch(/role="(status|alert|log)"|aria-live/);
  });
});
