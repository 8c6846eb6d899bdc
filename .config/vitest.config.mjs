import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { textPlugin } from './textPlugin.mjs';

// What measures milliseconds or hertz: another file beside it would be measured too.
const alone = [
  ...[
    'audio',
    'devices',
    'dtmf',
    'firefox',
    'harness',
    'iceGathering',
    'noiseSuppression',
    'pulse',
  ],
  ...['ringDevices', 'ringtones', 'tones', 'videoCanvas'],
].map((name) => `test/e2e/${name}.test.ts`);

const endToEnd = { environment: 'node', testTimeout: 90_000, hookTimeout: 120_000 };

// Left to itself the runner keeps one core back, which is every second one of a small machine.
const maxWorkers = availableParallelism();

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  plugins: [textPlugin()],
  resolve: {
    // The examples import the package by its name, as everybody does.
    alias: { 'cordboard/core': `${root}src/core/index.ts` },
  },
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'plugins/**/*.ts'],
      exclude: ['**/types.ts', '**/*.d.ts'],
      reporter: ['text-summary'],
      thresholds: {
        'src/**': { lines: 95 },
        'plugins/**': { lines: 90 },
      },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'happy-dom',
          include: ['test/{core,plugins,entry,contract,examples}/**/*.test.ts'],
          maxWorkers,
        },
      },
      {
        extends: true,
        test: {
          name: 'sandbox',
          environment: 'node',
          include: ['test/sandbox/**/*.test.ts'],
          maxWorkers,
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          environment: 'node',
          include: ['test/package/**/*.test.ts'],
          maxWorkers,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...endToEnd,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: alone,
          // Mostly they wait for one another's browsers.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...endToEnd,
          name: 'e2e-alone',
          include: alone,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
