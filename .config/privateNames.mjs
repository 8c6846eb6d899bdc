import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const library = 'node_modules/jssip/lib';

function sources(folder, ending) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

/**
 * The private members of JsSIP that no source of this project names, for the script-tag build to give
 * short names to. The parts beside that file find those that they name as they are.
 */
export function privateNames() {
  const own = ['src', 'plugins'].flatMap((folder) => sources(folder, '.ts')).join('\n');
  const named = new Set(own.match(/\b_[a-z]\w*/g));
  const members = sources(library, '.js').flatMap((source) =>
    [...source.matchAll(/\bthis\.(_[a-z]\w*)/g)].map(([, name]) => name),
  );
  const free = [...new Set(members)].filter((name) => !named.has(name));
  return new RegExp(`^(${free.join('|')})$`);
}
