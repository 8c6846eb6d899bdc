/** `npm test`: everything that must hold, the cheapest first. */
import { runSteps } from './run.mjs';

const npm = (script) => [script, 'npm', 'run', '--silent', script];

runSteps([
  npm('format:check'),
  npm('lint'),
  npm('types'),
  npm('deps'),
  npm('knip'),
  npm('test:unit'),
  npm('build'),
  npm('test:package'),
  npm('test:e2e'),
]);
