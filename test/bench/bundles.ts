import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { rollup } from 'rollup';
import type { OutputOptions, Plugin, RollupOptions } from 'rollup';

const root = join(import.meta.dirname, '..', '..');
const configFile = join(root, 'rollup.config.mjs');
const config = (await import(configFile)) as { readonly default: readonly RollupOptions[] };
const isScript = ({ output }: RollupOptions): boolean =>
  (output as OutputOptions | undefined)?.format === 'iife';
const script = config.default.find(isScript) ?? {};
const plugins = (script.plugins as readonly Plugin[]).filter(
  ({ name }) => name !== 'cordboard-lean-libraries',
);
const minifiers = (script.output as OutputOptions).plugins ?? [];

interface BundleOptions extends Pick<OutputOptions, 'plugins'> {
  readonly inputPlugins?: readonly Plugin[];
}

async function bundled(
  input: string,
  { inputPlugins = [...plugins, watchedTemplates], ...options }: BundleOptions,
): Promise<string> {
  const bundle = await rollup({
    input: join(root, input),
    plugins: [...inputPlugins],
    onwarn: () => undefined,
  });
  const { output } = await bundle.generate({
    format: 'iife',
    name: 'Bare',
    exports: 'named',
    ...options,
  });
  await bundle.close();
  return output[0].code;
}

/** Remembers in `drawn` of the page what is drawn: template, partials and view. */
const watchedTemplates: Plugin = {
  name: 'bench-watched-templates',
  transform(code, id) {
    if (!id.endsWith(join('view', 'template.ts'))) return null;
    const watched = code.replace(
      'return (view) =>',
      'return (view) => (globalThis.drawn ??= []).push({ template, partials, view }) &&',
    );
    if (watched === code) throw new Error('src/core/view/template.ts draws in another way now');
    return { code: watched, map: { mappings: '' } };
  },
};

/** A script-tag file as it was built. */
export function builtScript(name = 'cordboard.js'): string {
  return readFileSync(join(root, 'dist', name), 'utf8');
}

/**
 * The libraries as they are published, in one file made by the same bundler, plugins and minifier
 * as ours; the global `Bare`.
 */
export function bareLibraries(): Promise<string> {
  return bundled(join('test', 'bench', 'libraries.js'), { plugins: minifiers });
}

/** Our script as the global `Bare`, remembering in `drawn` of the page what it draws. */
export function watchedScript(): Promise<string> {
  return bundled(join('src', 'entry', 'standalone.ts'), {});
}

const entry = readFileSync(join(root, 'src', 'entry', 'create.ts'), 'utf8');

/** The plugins in the script-tag file; others are modules of their own. */
export const pluginNames: readonly string[] = readdirSync(join(root, 'plugins')).filter((name) =>
  entry.includes(`/plugins/${name}/index.ts`),
);

/** The script-tag file as it would be without one of its plugins. */
export function scriptWithout(plugin: string): Promise<string> {
  const absent: Plugin = {
    name: 'bench-absent-plugin',
    load: (id) =>
      id.endsWith(join('plugins', plugin, 'index.ts'))
        ? `export const ${plugin} = undefined;`
        : null,
  };
  const inputPlugins = [absent, ...(script.plugins as readonly Plugin[])];
  return bundled(join('src', 'entry', 'standalone.ts'), { inputPlugins, plugins: minifiers });
}

/** Bytes after brotli at its highest quality, as a server sends them. */
export function brotliSize(code: string): number {
  return brotliCompressSync(code).length;
}
