import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordboard-create-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

function run(cwd: string, command: string, ...args: readonly string[]): Outcome {
  // A registry that nobody answers at: what needs one fails.
  const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9/', CI: 'true' };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    // npm tells where it was called; here it would tell where these tests were.
    env: { ...env, INIT_CWD: cwd },
  });
  return { status, output: stdout + stderr };
}

const create = (cwd: string, ...args: readonly string[]): Outcome =>
  run(cwd, process.execPath, join(root, '.config/scripts/createPlugin.mjs'), ...args);

/** What the template's files import, declare, or take out of an object. */
function namesInTemplate(): readonly string[] {
  const templates = join(root, '.config/pluginTemplate');
  const code = [
    'src/index.ts',
    'src/locale.ts',
    'src/options.ts',
    'src/template.ts',
    'test/index.test.ts',
  ]
    .map((file) => readFileSync(join(templates, `${file}.txt`), 'utf8'))
    .join('\n');
  const found = code.matchAll(/(?:import|const) \{([^}]*)\}|\bconst ([a-z]\w*)|setup: \((\w+)\)/g);
  const names = [...found].flatMap(([, ...parts]) => parts.join().match(/\b[a-z]\w*/g) ?? []);
  return [...new Set(names)];
}

describe('npm run create-plugin', () => {
  it.each([
    ['outside of the clone', () => folder],
    ['inside of the clone', () => join(root, 'coverage')],
  ])('makes a package %s that is tested and packed without a network', (_, where) => {
    const parent = where();
    mkdirSync(parent, { recursive: true });
    const path = join(parent, 'cordboard-call-notes');
    rmSync(path, { recursive: true, force: true });
    try {
      expect(create(parent, 'cordboard-call-notes')).toMatchObject({ status: 0 });
      const tested = run(path, 'npm', 'test');
      expect(tested.output).toContain('2 passed');
      expect(tested.status).toBe(0);
      expect(run(path, 'npm', 'pack').status).toBe(0);
      const packed = run(path, 'tar', '-tzf', 'cordboard-call-notes-0.1.0.tgz');
      expect(packed.output).toContain('package/dist/index.d.ts');
      expect(packed.output).not.toMatch(/package\/(src|test|node_modules)/);
      const manifest: unknown = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
      expect(manifest).toMatchObject({ peerDependencies: { cordboard: '^0.1.0' } });
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  });

  it('takes another name than the folder’s', () => {
    expect(create(folder, 'other', '--name', 'callDiary').output).toContain('"callDiary"');
    expect(readFileSync(join(folder, 'other/src/index.ts'), 'utf8')).toContain("name: 'callDiary'");
  });

  it('leaves no placeholder behind', () => {
    create(folder, 'whole');
    const all = run(folder, 'grep', '-rE', '__|undefined', 'whole', '--exclude-dir=node_modules');
    expect(all.output).toBe('');
  });

  it.each([
    ['no folder', [], 'Name one folder.'],
    ['two folders', ['a', 'b'], 'Name one folder.'],
    ['an option that there is not', ['a', '--nmae', 'x'], "Unknown option '--nmae'"],
    ['a folder that is not empty', ['full'], 'is not empty'],
    ['a file', ['full/file'], 'is a file'],
    ['a bad name', ['fine', '--name', 'call-notes'], '"call-notes" is no name for a plugin'],
    ['a folder without a name in it', ['1st'], '"1st" is no name for a plugin'],
    ['a bad name of a package', ['Big', '--name', 'big'], '"Big" is no name for a package'],
    ['the name of a plugin that there is', ['dialpad'], 'The name "dialpad" is taken'],
    ['a name of the phone’s own', ['fine', '--name', 'call'], 'The name "call" is taken'],
    ['a word of the language', ['fine', '--name', 'await'], 'The name "await" is taken'],
    ['a name of the test’s', ['test'], 'The name "test" is taken'],
    ['a file’s name in the template', ['template'], 'The name "template" is taken'],
  ])('says what is wrong with %s, and writes nothing', (_, args, sentence) => {
    mkdirSync(join(folder, 'full'), { recursive: true });
    writeFileSync(join(folder, 'full/file'), 'precious');
    const { status, output } = create(folder, ...args);
    expect(status).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toContain('    at ');
    expect(readFileSync(join(folder, 'full/file'), 'utf8')).toBe('precious');
    for (const name of ['a', 'fine', '1st', 'Big', 'dialpad', 'test', 'template']) {
      expect(existsSync(join(folder, name))).toBe(false);
    }
  });

  it('takes no name that its own files import or declare', () => {
    const named = namesInTemplate();
    expect(named).toEqual(
      expect.arrayContaining(['createStore', 'expect', 'optionsSchema', 'part']),
    );
    const created = named.filter((name) => create(folder, 'fine', '--name', name).status === 0);
    expect(created).toEqual([]);
    expect(existsSync(join(folder, 'fine'))).toBe(false);
  });

  it.each([
    ['the module', 'core.js'],
    ['what tests need', 'testing.js'],
  ])('says to build the clone first when %s is not built', (_, missing) => {
    const clone = mkdtempSync(join(folder, 'clone-'));
    for (const path of [
      '.config/pluginTemplate',
      '.config/scripts/createPlugin.mjs',
      'package.json',
    ]) {
      cpSync(join(root, path), join(clone, path), { recursive: true });
    }
    for (const path of ['dist', 'plugins', 'node_modules']) mkdirSync(join(clone, path));
    const script = join(clone, '.config/scripts/createPlugin.mjs');
    const next = (name: string): string => run(clone, process.execPath, script, name).output;
    for (const file of ['core.js', 'testing.js']) writeFileSync(join(clone, 'dist', file), '');
    expect(next('whole')).not.toContain('npm run build');
    rmSync(join(clone, 'dist', missing));
    expect(next('half')).toContain('npm run build');
  });
});
