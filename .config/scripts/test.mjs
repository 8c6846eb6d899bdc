/** `npm test`: everything that must hold, the cheapest first. */
import { runSteps, runTogether } from './run.mjs';

const npm = (script) => [script, 'npm', 'run', '--silent', script];

// One core each: the linter and the bundler are the long ones, and the others fit beside them.
await runTogether(['format:check', 'lint', 'types', 'deps', 'knip', 'build'].map(npm));
// With the bounds of the coverage, which need all of the tests: it takes 8 % longer.
runSteps([[...npm('test:unit'), '--', '--coverage'], ...['test:package', 'test:e2e'].map(npm)]);
