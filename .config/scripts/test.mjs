/** `npm test`: everything that must hold, the cheapest first. */
import { runSteps, runTogether } from './run.mjs';

const npm = (script) => [script, 'npm', 'run', '--silent', script];

// One core each: together they take as long as the linter alone.
await runTogether(['format:check', 'lint', 'types', 'deps', 'knip'].map(npm));
runSteps([npm('test:unit'), npm('build'), npm('test:package'), npm('test:e2e')]);
