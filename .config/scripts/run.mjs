/** Runs steps one after the other, tells what each took, and stops at the first failure. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tools = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));

/**
 * @param {ReadonlyArray<readonly [name: string, command: string, ...args: string[]]>} steps each a
 *   name to print and a command of the path or of an installed package
 */
export function runSteps(steps) {
  const env = { ...process.env, PATH: `${tools}:${process.env.PATH ?? ''}` };
  const begun = performance.now();
  for (const [name, command, ...args] of steps) {
    console.log(`\n▶ ${name}`);
    const stepBegun = performance.now();
    const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
    if (error) console.error(error.message);
    const took = secondsSince(stepBegun);
    if (status !== 0) {
      console.error(`✘ ${name} failed after ${took}`);
      process.exit(status || 1);
    }
    console.log(`✔ ${name} (${took})`);
  }
  console.log(`\n✔ all ${String(steps.length)} steps passed (${secondsSince(begun)})`);
}

const secondsSince = (begun) => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
