import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { coreOfThePage, coreOfTheScript } from './.config/coreOfThePage.mjs';
import { faceless } from './.config/faceless.mjs';
import { leanLibraries } from './.config/leanLibraries.mjs';
import { privateNames } from './.config/privateNames.mjs';
import { textPlugin } from './.config/textPlugin.mjs';
import { typescriptPlugin } from './.config/typescriptPlugin.mjs';
import { unreachedBehindDropIn } from './.config/unreached.mjs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const libraries = Object.keys(manifest.dependencies);
const banner = `/*! Cordboard ${manifest.version}, MIT */`;

/** JsSIP reads its own manifest at run time, for these two words only. */
const jssipManifest = {
  name: 'cordboard-jssip-manifest',
  transform(code, id) {
    if (!/[\\/]jssip[\\/]package\.json$/.test(id)) return null;
    const { title, version } = JSON.parse(code);
    return { code: JSON.stringify({ title, version }), map: { mappings: '' } };
  },
};

const plugins = readdirSync('plugins', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`plugins/${entry.name}/index.ts`))
  .map((entry) => [`plugins/${entry.name}`, `plugins/${entry.name}/index.ts`]);

/**
 * Parts that few need, as files of their own beside the script-tag file, which imports them when
 * they are asked for. A classic script's `import()` is relative to the script itself.
 */
const sideFiles = {};
const dropInFolder = 'src/entry/libwebphone';
for (const folder of ['plugins', 'src/entry']) {
  for (const each of readdirSync(folder, { recursive: true })) {
    const path = `${folder}/${String(each).replaceAll('\\', '/')}`;
    if (!path.endsWith('.part.ts')) continue;
    const name = basename(path, '.part.ts');
    // They lie in one folder: the second of a name would take the place of the first.
    if (name in sideFiles)
      throw new Error(`${path} has the name of another part: ${sideFiles[name]}`);
    sideFiles[name] = path;
  }
}

/** Whole plugins that are loaded when a configuration names them: files of their own as well. */
const morePlugins = 'src/entry/morePlugins.part.ts';
const aPlugin = /\bplugins\/(\w+)\/index\.ts$/;
const loaded = /import\('\.\.\/\.\.\/(plugins\/(\w+)\/index\.ts)'\)/g;
for (const [, path, name] of readFileSync(morePlugins, 'utf8').matchAll(loaded)) {
  if (name in sideFiles) throw new Error(`${path} has the name of a part: ${sideFiles[name]}`);
  sideFiles[name] = path;
}

/** Leaves the side files, which lie in `folder` as seen from the file, out of it. */
const besideTheScript = (folder) => ({
  name: 'cordboard-side-files',
  resolveDynamicImport(source) {
    const name = aPlugin.exec(String(source))?.[1] ?? basename(String(source), '.part.ts');
    if (!(name in sideFiles)) throw new Error(`${source} is no part: it must be named *.part.ts`);
    return { id: `${folder}/${name}.js`, external: 'absolute' };
  },
});

/** A side file that brought the core along would bring a second one into the page. */
const withoutTheCore = {
  name: 'cordboard-parts-without-the-core',
  generateBundle(_, bundle) {
    for (const { fileName, moduleIds = [] } of Object.values(bundle)) {
      const core = moduleIds.find((id) => /[\\/]src[\\/]core[\\/]/.test(id));
      if (core) throw new Error(`${fileName} imports ${core} at run time; give it what it needs`);
    }
  },
};

const ownSources = [textPlugin(), jssipManifest, json({ preferConst: true }), typescriptPlugin()];

/** A warning of the bundler is a defect that has not met its user yet. */
function failOnWarning(warning) {
  // The grammar of JsSIP and the call flow around it import one another; they run that way since 2012.
  if (warning.code === 'CIRCULAR_DEPENDENCY' && warning.ids?.every((id) => id.includes('jssip'))) {
    return;
  }
  throw new Error(`${warning.code}: ${warning.message}`);
}

const modules = {
  input: {
    index: 'src/entry/index.ts',
    core: 'src/core/index.ts',
    element: 'src/entry/element.ts',
    host: 'src/entry/host.ts',
    noiseSuppression: 'src/entry/noiseSuppression.ts',
    presets: 'src/entry/presets.ts',
    testing: 'src/testing/index.ts',
    ...Object.fromEntries(plugins),
  },
  external: (id) => libraries.some((name) => id === name || id.startsWith(`${name}/`)),
  onwarn: failOnWarning,
  // What is no dependency of those who install it: the plans of all countries' numbers, in the file that wants them.
  plugins: [...ownSources, nodeResolve({ resolveOnly: ['libphonenumber-js'] })],
  output: {
    dir: 'dist',
    format: 'es',
    banner,
    chunkFileNames: 'chunks/[name].js',
    // The imports of a chunk's own chunks are no help to a reader and little to a browser.
    hoistTransitiveImports: false,
    sourcemap: true,
  },
};

const scriptPlugins = (rules) => [
  ...ownSources,
  leanLibraries(rules),
  nodeResolve({ browser: true, preferBuiltins: false }),
  // Only files that ask for one another in circles wait until they are asked for.
  commonjs({ include: /node_modules/, strictRequires: 'auto' }),
];

/** Tells Chromium to compile the functions while the file comes in, and not call by call. */
const compiledAtOnce = '//# allFunctionsCalledOnLoad';

/** A file for a script tag, with all that it needs in it but the side files. */
const script = (input, file, { preamble, name = 'Cordboard' } = {}) => ({
  input,
  onwarn: failOnWarning,
  plugins: [besideTheScript('./cordboard'), ...scriptPlugins()],
  output: {
    file,
    format: 'iife',
    name,
    exports: 'named',
    banner,
    sourcemap: true,
    plugins: [
      terser({
        ecma: 2022,
        // No property here does anything when it is read.
        compress: { passes: 3, pure_getters: true },
        mangle: { properties: { regex: privateNames() } },
        format: { comments: /^!/, preamble },
      }),
    ],
  },
});

/** The drop-in for pages written for libwebphone: the same engine behind another face. */
const plain = script('src/entry/libwebphone.ts', 'dist/libwebphone.js');
const dropIn = {
  ...plain,
  plugins: [besideTheScript('./cordboard'), faceless(), ...scriptPlugins(unreachedBehindDropIn)],
  output: {
    ...plain.output,
    name: 'libwebphone',
    exports: 'auto',
  },
};

/** What a side file has of the core: that of the page, of the kind that its plugins were written for. */
function coreFor(input) {
  if (input.startsWith(dropInFolder)) return [coreOfThePage(), faceless()];
  return input === morePlugins || aPlugin.test(input) ? [coreOfTheScript()] : [];
}

const parts = Object.entries(sideFiles).map(([name, input]) => ({
  input,
  onwarn: failOnWarning,
  plugins: [
    besideTheScript('.'),
    ...coreFor(input),
    ...ownSources,
    nodeResolve({ browser: true }),
    withoutTheCore,
  ],
  output: {
    file: `dist/cordboard/${name}.js`,
    format: 'es',
    banner,
    sourcemap: true,
    plugins: [terser({ ecma: 2022, module: true, format: { comments: /^!/ } })],
  },
}));

/** What the audio thread runs: one file of its own, so that a page can copy it elsewhere. */
const worklet = {
  input: 'src/noiseSuppression/worklet.ts',
  onwarn: failOnWarning,
  plugins: ownSources,
  output: { file: 'dist/noise-suppression/worklet.js', format: 'es', banner, sourcemap: true },
};

export default [
  modules,
  script('src/entry/standalone.ts', 'dist/cordboard.js'),
  script('src/entry/elementScript.ts', 'dist/cordboard-phone.js', { preamble: compiledAtOnce }),
  script('src/entry/host.ts', 'dist/cordboard-host.js', { name: 'CordboardHost' }),
  script('src/entry/frame.ts', 'dist/frame/frame.js', { name: 'CordboardFrame' }),
  dropIn,
  worklet,
  ...parts,
];
