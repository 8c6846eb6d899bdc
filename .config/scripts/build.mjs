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
cpSync('locales', 'dist/locales', { recursive: true });
cpSync('templates/theme.css', 'dist/theme.css');
