/** `npm run build`: modules, script-tag file, declarations and the files that are copied as they are. */
import { cpSync, rmSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runSteps } from './run.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
rmSync('dist', { recursive: true, force: true });
runSteps([
  ['modules and script', 'rollup', '--config', 'rollup.config.mjs', '--silent'],
  ['declarations', 'tsc', '--project', '.config/tsconfig.build.json'],
  ['configuration schema', process.execPath, '.config/scripts/configSchema.mjs'],
]);
// Its guide is for those who translate, and speaks of the sources.
cpSync('locales', 'dist/locales', { recursive: true, filter: (path) => !path.endsWith('.md') });
cpSync('templates/theme.css', 'dist/theme.css');
cpSync('src/frame/index.html', 'dist/frame/index.html');

// It is part of chunks/numbers.part.js and cordboard/numbers.js, and so are the plans that Google keeps.
for (const name of ['LICENSE', 'LICENSE.Apache'])
  cpSync(`node_modules/libphonenumber-js/${name}`, `dist/cordboard/numbers.${name}.txt`);

// RNNoise is copied and not imported: users load the file and install nothing for it.
const rnnoise = new URL('.', import.meta.resolve('@sapphi-red/web-noise-suppressor/rnnoise.wasm'));
cpSync(new URL('rnnoise.wasm', rnnoise), 'dist/noise-suppression/rnnoise.wasm');
cpSync('src/noiseSuppression/LICENSE.txt', 'dist/noise-suppression/LICENSE.txt');
