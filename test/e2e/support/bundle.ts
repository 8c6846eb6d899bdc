import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import type { Plugin, RollupOptions } from 'rollup';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const config = (await import(join(root, 'rollup.config.mjs'))) as {
  readonly default: readonly RollupOptions[];
};
const script = config.default.find(({ input }) => input === 'src/entry/standalone.ts');
// All of the script-tag build but what it leaves out by name: other entries reach other names.
const plugins = (script?.plugins as readonly Plugin[]).filter(
  ({ name }) => name !== 'cordboard-lean-libraries',
);

/** Modules of the project in one script, everything they export under one global name. */
export async function bundled(name: string, modules: readonly string[]): Promise<string> {
  const entry: Plugin = {
    name: 'e2e-entry',
    resolveId: (id) => (id === name ? id : null),
    load: (id) =>
      id === name
        ? modules.map((path) => `export * from ${JSON.stringify(join(root, path))};`).join('\n')
        : null,
  };
  const bundle = await rollup({
    input: name,
    plugins: [entry, ...plugins],
    onwarn: () => undefined,
  });
  const { output } = await bundle.generate({ format: 'iife', name, exports: 'named' });
  await bundle.close();
  return output[0].code;
}
