/** `npm run test:package`: is what `npm publish` would send right? Needs a finished build. */
import { readdirSync } from 'node:fs';
import { runSteps } from './run.mjs';

const plugins = readdirSync(new URL('../../dist/plugins', import.meta.url))
  .filter((file) => file.endsWith('.js'))
  .map((file) => `./plugins/${file.slice(0, -'.js'.length)}`);

runSteps([
  ['size', 'size-limit'],
  ['publint', 'publint', '--strict'],
  [
    'types of the package',
    'attw',
    ...['--pack', '--profile', 'esm-only', '--no-emoji', '--format', 'ascii', '--quiet'],
    // Named one by one, because a pattern in the exports is taken as it is; files that are no
    // modules have no types, and the test of the package looks after them.
    ...[
      '--entrypoints',
      '.',
      './core',
      './click-to-call',
      './testing',
      './noise-suppression',
      ...plugins,
    ],
  ],
  [
    'use of the package',
    'vitest',
    ...['run', '--config', '.config/vitest.config.mjs', '--project', 'package'],
  ],
]);
