/** Runs steps one after the other, tells what each took, and stops at the first failure. */
import { spawn, spawnSync } from 'node:child_process';
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

/**
 * Runs steps at the same time, each on a core of its own, and prints each one's words when it is done.
 * All are let run to their end: whoever mends one thing wants to hear of the other, too.
 *
 * @param {ReadonlyArray<readonly [name: string, command: string, ...args: string[]]>} steps as `runSteps` takes
 */
export async function runTogether(steps) {
  const env = { ...process.env, PATH: `${tools}:${process.env.PATH ?? ''}` };
  const outcomes = await Promise.all(
    steps.map(async ([name, command, ...args]) => {
      const begun = performance.now();
      const { status, text } = await heard(spawn(command, args, { cwd: root, env }));
      console.log(
        `\n▶ ${name}\n${text}${status === 0 ? '✔' : '✘'} ${name} (${secondsSince(begun)})`,
      );
      return status;
    }),
  );
  const failed = outcomes.find((status) => status !== 0);
  if (failed !== undefined) process.exit(failed || 1);
}

function heard(child) {
  return new Promise((resolve) => {
    let text = '';
    const add = (piece) => (text += String(piece));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', add);
    child.on('error', ({ message }) => add(`${message}\n`));
    child.on('close', (status) => resolve({ status, text }));
  });
}

const secondsSince = (begun) => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
