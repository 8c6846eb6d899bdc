import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';

interface Plugin {
  readonly transform: (code: string, id: string) => { readonly code: string } | null;
}

type Run = (
  module: { exports: object },
  exports: object,
  require: (name: string) => object,
) => void;

const configuration = join(import.meta.dirname, '../../.config/leanLibraries.mjs');
const { leanLibraries } = (await import(configuration)) as { readonly leanLibraries: () => Plugin };

// Each file once: those of JsSIP ask for one another in circles.
const known = new Map<string, { exports: object }>();

function load(file: string): object {
  const there = known.get(file);
  if (there) return there.exports;
  const module = { exports: {} };
  known.set(file, module);
  const published = readFileSync(file, 'utf8');
  const code = leanLibraries().transform(published, file)?.code ?? published;
  if (file.endsWith('.json')) return JSON.parse(code) as object;
  const script = code
    .replace(
      /export \{([^}]*)\};?\s*$/,
      (_, names: string) =>
        `module.exports = {${names.replace(/([\w$]+) as ([\w$]+)/g, '$2: $1')}};`,
    )
    .replace(/export (?:default )?(function (\w+))/g, 'module.exports.$2 = $2; $1')
    .replace(/export default (\w+);\s*$/, 'module.exports = { default: $1 };');
  const run = runInThisContext(`(function (module, exports, require) {${script}\n})`) as Run;
  const { resolve } = createRequire(file);
  const ask = (name: string): object => load(resolve(name));
  run(module, module.exports, (name) =>
    name === 'events' ? emitters(ask('eventemitter2')) : ask(name),
  );
  return module.exports;
}

const emitters = (library: object): object => ({
  EventEmitter: (library as { readonly EventEmitter2: unknown }).EventEmitter2,
});

/** What the script-tag build has of a library, by the path of its file in `node_modules`. */
export function lean(path: string): unknown {
  return load(join(import.meta.dirname, '../../node_modules', path));
}
