// @vitest-environment node
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

it(
  'an example that was built is packed without what it was built with',
  { timeout: 60_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordboard-packing-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    copyFileSync('package.json', join(folder, 'package.json'));
    for (const file of [
      'main.js',
      'dist/main.js',
      'node_modules/a/index.js',
      'package-lock.json',
    ]) {
      const path = join(folder, 'examples/module', file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '{}');
    }
    const packed = execFileSync('npm', ['pack', '--dry-run', '--json'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ files }] = JSON.parse(packed) as [{ files: readonly { readonly path: string }[] }];
    expect(files.map(({ path }) => path)).toEqual(['examples/module/main.js', 'package.json']);
  },
);
