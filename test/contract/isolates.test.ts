import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

// What others have chosen: a name, a number, an address, a device, a message. In a sentence of another
// direction it would move the words around it, unless it is isolated (UAX #9).
const foreign = ['name', 'target', 'device', 'text'];

const english = JSON.parse(readFileSync('locales/en.json', 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

/** The keys of a plugin whose text has such a variable, without the ending of a plural. */
function keysOf(plugin: string): ReadonlyMap<string, readonly string[]> {
  const entries = Object.entries(english[plugin] ?? {}).map(([key, text]) => {
    const variables = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    return [key.replace(/_(one|other)$/, ''), variables.filter((name) => foreign.includes(name))];
  });
  return new Map(entries.filter(([, variables]) => variables?.length) as [string, string[]][]);
}

const sourcesOf = (plugin: string): readonly string[] =>
  readdirSync(`plugins/${plugin}`)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`plugins/${plugin}/${file}`, 'utf8'));

/** Where the value of a variable is written: in the call itself, or under its name in the same file. */
function valuesOf(source: string, name: string): readonly string[] {
  const inCalls = [...source.matchAll(/\bt\((?:\w+\(\w*\)|[^;(){}])*\{([^{}]*)\}/g)].map(
    ([, inner = '']) => inner,
  );
  const named = [...source.matchAll(/const (?:words|named|spoken) = \{([^{}]*)\}/g)];
  const literals = [...inCalls, ...named.map(([, inner = '']) => inner)];
  return literals.flatMap((inner) => [
    ...[...inner.matchAll(new RegExp(`(?:^|[\\s,])${name}:\\s*(\\w+)`, 'g'))].map(
      ([, v = '']) => v,
    ),
    ...(new RegExp(`(?:^|[\\s,{])${name}\\s*(?:,|$)`).test(inner)
      ? [...source.matchAll(new RegExp(`const ${name} =\\s*(\\w+)\\(`, 'g'))].map(([, v = '']) => v)
      : []),
  ]);
}

const plugins = Object.keys(english).filter((plugin) => keysOf(plugin).size > 0);

it.each(plugins)('in a sentence %s isolates what others have chosen', (plugin) => {
  const sources = sourcesOf(plugin);
  for (const name of new Set([...keysOf(plugin).values()].flat())) {
    const values = sources.flatMap((source) => valuesOf(source, name));
    expect(values, `where ${name} of ${plugin} is given`).not.toEqual([]);
    const isListed = sources.some((source) => /\blisted\([\w.]+\.map\(isolated\)/.test(source));
    const safe = ['isolated', 'spoken', ...(isListed ? ['listed'] : [])];
    const bare = values.filter((value) => !safe.includes(value));
    expect(bare, `${name} of ${plugin} is not isolated`).toEqual([]);
  }
});
