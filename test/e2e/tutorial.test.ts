import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { party } from './support/browser.ts';
import { useHarness } from './support/lab.ts';
import { scratchDirectory } from './support/processes.ts';
import { startPageServer } from './support/server.ts';

// Does what examples/plugin-tutorial.md says, in its order; no network is to be had here.

const root = fileURLToPath(new URL('../..', import.meta.url));
const tutorial = readFileSync(join(root, 'examples/plugin-tutorial.md'), 'utf8');

interface Block {
  readonly info: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...tutorial.matchAll(/^```(\w+ .*)\n([\s\S]*?)^```$/gm)].map(
  ([, info = '', text = '']) => ({ info, text }),
);

/** The command of one step of the tutorial. */
function step(name: string): string {
  const found = blocks.find(({ info }) => info === `sh step=${name}`);
  if (!found) throw new Error(`The tutorial has no step ${name}.`);
  return found.text.trim();
}

/** Writes the files that the tutorial shows, those of the page or those of the plugin. */
function writeFiles(folder: string, isApp: boolean): void {
  for (const { info, text } of blocks) {
    const [, file, , app] = /file=(\S+)( (app))?$/.exec(info) ?? [];
    if (file === undefined || (app === 'app') !== isApp) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

function sh(cwd: string, command: string): string {
  return execFileSync('sh', ['-c', command], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: '', CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Puts what the registry would send into a folder, so that npm finds it there already. */
function provide(app: string, names: readonly string[]): void {
  for (const name of names) {
    const to = join(app, 'node_modules', name);
    const from = join(root, 'node_modules', name);
    if (existsSync(to) || !existsSync(from)) continue;
    cpSync(from, to, { recursive: true });
    const { dependencies, optionalDependencies } = manifestOf(from);
    provide(app, Object.keys({ ...dependencies, ...optionalDependencies }));
  }
}

useHarness();

test('the tutorial ends with its plugin in a page, as it is written', async () => {
  const home = scratchDirectory('tutorial');
  const plugin = join(home, 'cordboard-call-notes');
  const app = join(home, 'app');
  mkdirSync(app);

  expect(step('create')).toContain('../cordboard-call-notes');
  sh(root, step('create').replace('../cordboard-call-notes', plugin));
  const before = readFileSync(join(plugin, 'src/index.ts'), 'utf8');
  writeFiles(plugin, false);
  expect(readFileSync(join(plugin, 'src/index.ts'), 'utf8')).not.toBe(before);
  expect(sh(plugin, step('test'))).toContain('1 passed');
  sh(plugin, step('pack'));
  sh(root, `npm pack --pack-destination ${app}`);
  cpSync(
    join(plugin, 'cordboard-call-notes-0.1.0.tgz'),
    join(app, 'cordboard-call-notes-0.1.0.tgz'),
  );

  writeFiles(app, true);
  provide(app, [
    ...Object.keys(manifestOf(app).devDependencies ?? {}),
    ...Object.keys(manifestOf(root).dependencies ?? {}),
  ]);
  sh(app, `${step('install')} --offline --no-audit --no-fund`);
  sh(app, step('build'));

  const server = await startPageServer();
  const built = readdirSync(join(app, 'dist')).map((name) => `dist/${name}`);
  for (const name of ['index.html', 'node_modules/cordboard/dist/theme.css', ...built]) {
    server.put(`/app/${name}`, readFileSync(join(app, name)));
  }
  const { page, console: lines } = await party({ url: server.url, path: '/app/index.html' });
  await page.getByText('Nobody called yet').waitFor();
  expect(await page.locator('#call-notes h2').innerText()).toBe('Callers');
  await page.locator('#phone [part~="status"]').waitFor();
  // What the policy forbids is told in the console.
  expect(lines.filter((line) => /Content Security Policy|TrustedHTML/.test(line))).toEqual([]);
});
