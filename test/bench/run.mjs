// npm run bench: builds the script-tag file and measures it, each figure against its reference in the
// same run. Prints a table, writes test/bench/latest.json, and fails when a limit is missed.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const tool = (...path) => join(root, 'node_modules', ...path);

function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}

run(join('.config', 'scripts', 'build.mjs'));
run(
  join('test', 'e2e', 'support', 'run.mjs'),
  ...['--exec', process.execPath, tool('vitest', 'vitest.mjs'), 'run'],
  ...['--config', join('.config', 'vitest.bench.config.mjs'), ...process.argv.slice(2)],
);
