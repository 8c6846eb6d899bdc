/** `npm run create-plugin -- <folder> [--name <name>]`: a package to write a plugin in; needs no network. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const templates = fileURLToPath(new URL('../pluginTemplate', import.meta.url));
const usage = 'Usage: npm run create-plugin -- <folder> [--name <name>]';

// Sections of texts and beginnings of events that are the phone's own, and keys of its configuration.
const ofThePhone = [
  ...['call', 'calls', 'cause', 'configuration', 'constructor', 'destroy', 'error', 'i18n'],
  ...['language', 'listeners', 'log', 'on', 'once', 'onPattern', 'phone', 'plugins'],
  ...['response', 'storage'],
];

// JavaScript takes none of these for the name of a constant in a module.
const reservedWords = [
  ...['arguments', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger'],
  ...['default', 'delete', 'do', 'else', 'enum', 'eval', 'export', 'extends', 'false', 'finally'],
  ...['for', 'function', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let'],
  ...['new', 'null', 'package', 'private', 'protected', 'public', 'return', 'static', 'super'],
  ...['switch', 'this', 'throw', 'true', 'try', 'typeof', 'undefined', 'var', 'void', 'while'],
  ...['with', 'yield'],
];

// What the files of the template import, declare or take apart: the plugin would hide it, or be hidden.
const inTemplate = [
  ...['afterEach', 'api', 'caller', 'cleanUp', 'clear', 'createStore', 'ctx', 'defaults'],
  ...['definePlugin', 'events', 'expect', 'incoming', 'locale', 'name', 'optionsSchema', 'part'],
  ...['schema', 'session', 'settled', 'store', 'template', 'test', 'testPhone', 'view'],
];

/** Something that the user can put right. */
class UsageError extends Error {}

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { name: { type: 'string' } } });
  } catch (error) {
    throw new UsageError(`${error.message}\n${usage}`);
  }
  const [folder, ...more] = parsed.positionals;
  if (!folder || more.length > 0) throw new UsageError(`Name one folder.\n${usage}`);
  // npm runs scripts in the clone, wherever it was called.
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), folder);
  return { path, name: parsed.values.name ?? nameOf(basename(path)) };
}

/** `cordboard-call-notes` makes `callNotes`. */
function nameOf(folder) {
  return folder
    .replace(/^(cordboard-)?(plugin-)?/, '')
    .replace(/[-_.]+(\w)/g, (_, letter) => letter.toUpperCase());
}

function check({ path, name }) {
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
    throw new UsageError(
      `"${name}" is no name for a plugin: letters and digits only, a small letter first. ` +
        'Give another one by --name, such as --name callNotes.',
    );
  }
  const plugins = readdirSync(join(root, 'plugins'));
  const taken = [...ofThePhone, ...reservedWords, ...inTemplate, ...plugins];
  if (taken.includes(name))
    throw new UsageError(`The name "${name}" is taken; give one by --name.`);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(basename(path))) {
    throw new UsageError(
      `"${basename(path)}" is no name for a package, and the folder's is the package's: ` +
        'small letters, digits, dots and dashes only.',
    );
  }
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) throw new UsageError(`${path} is a file.`);
  if (readdirSync(path).length > 0) throw new UsageError(`The folder ${path} is not empty.`);
}

function writeFiles({ path, name }) {
  const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const words = {
    NAME: name,
    TYPE: name[0].toUpperCase() + name.slice(1),
    PACKAGE: basename(path),
    VERSION: version,
    CLONE: relative(path, root).replaceAll('\\', '/'),
    'HAPPY-DOM': devDependencies['happy-dom'],
    TYPESCRIPT: devDependencies.typescript,
    VITEST: devDependencies.vitest,
  };
  const files = readdirSync(templates, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((each) => each.endsWith('.txt'))) {
    const text = readFileSync(join(templates, file), 'utf8');
    const to = join(path, file.slice(0, -'.txt'.length).replace(/^gitignore$/, '.gitignore'));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(
      to,
      text.replace(/__([A-Z-]+)__/g, (_, word) => words[word]),
    );
  }
}

/**
 * Links to what the clone has installed, so that building and testing need no network. The links of
 * commands are files of their own: `npm install` may write over them without touching the clone.
 */
function linkModules(path) {
  const modules = join(path, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  symlinkSync(root, join(modules, 'cordboard'), 'junction');
  for (const name of ['happy-dom', 'typescript', 'vitest']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
  symlinkSync('../typescript/bin/tsc', join(modules, '.bin/tsc'));
  symlinkSync('../vitest/vitest.mjs', join(modules, '.bin/vitest'));
}

function create() {
  const plugin = readArguments();
  check(plugin);
  writeFiles(plugin);
  // What the plugin imports, and what its test does.
  const isBuilt = ['core', 'testing'].every((name) => existsSync(join(root, `dist/${name}.js`)));
  console.log(`The plugin "${plugin.name}" is in ${plugin.path}. Next:\n`);
  if (!isBuilt) console.log(`  cd ${root} && npm run build`);
  console.log(`  cd ${plugin.path}`);
  try {
    linkModules(plugin.path);
  } catch {
    // A system that allows no links: then they are installed as everywhere.
    console.log('  npm install');
  }
  console.log('  npm test\n  npm pack');
}

try {
  create();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
