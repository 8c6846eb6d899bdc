/// <reference types="node" />
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

/** How a process ended: an exit code or the name of a signal, the other one null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program the tests started; it leads a process group of its own. */
export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  readonly exit: () => Exit | undefined;
  readonly log: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly signalGroup: (signal: NodeJS.Signals) => void;
  readonly stop: () => Promise<Exit>;
}

/** What to start; output goes to a log file named after `name`. */
export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds between SIGTERM and SIGKILL in `stop`. */
  readonly graceMs?: number;
}

/** When `until` gives up: `timeoutMs` (10,000), `intervalMs` (20), or the end of `alive`. */
export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  readonly alive?: RunningProcess;
  /** What the last look found, for the message when the time is up. */
  readonly found?: () => string;
}

const runs: { directory?: string; count: number } = { count: 0 };
const started: RunningProcess[] = [];
const teardowns: (() => unknown)[] = [];

/** The scratch directory of this test file: logs, configurations, recordings. */
function runDirectory(): string {
  runs.directory ??= mkdtempSync(join(tmpdir(), 'cordboard-e2e-'));
  return runs.directory;
}

/** A new empty directory below the run's, its name starting with `name`. */
export function scratchDirectory(name: string): string {
  return mkdtempSync(join(runDirectory(), `${name}-`));
}

/** Remembers what to do when the test file ends; the last remembered is done first. */
export function atEnd(teardown: () => unknown): void {
  teardowns.push(teardown);
}

/** Does everything remembered with `atEnd`, stops all processes and removes the scratch files. */
export async function stopEverything(): Promise<void> {
  const problems: unknown[] = [];
  for (let next = teardowns.pop(); next !== undefined; next = teardowns.pop()) {
    try {
      await next();
    } catch (error) {
      problems.push(error);
    }
  }
  await Promise.all(started.splice(0).map((running) => running.stop()));
  if (runs.directory !== undefined && process.env['KEEP_E2E_LOGS'] === undefined) {
    rmSync(runs.directory, { recursive: true, force: true });
    delete runs.directory;
  }
  if (problems.length > 0) throw new AggregateError(problems, 'stopping the test programs failed');
}

/** The last lines of every log of this run, for a failing test to print. */
export function logTails(lines = 30): string {
  return started
    .map(({ name, log, exit }) => {
      const ended = exit();
      const how = ended === undefined ? 'running' : `ended ${String(ended.code ?? ended.signal)}`;
      return `--- ${name} (${how})\n${log().trimEnd().split('\n').slice(-lines).join('\n')}`;
    })
    .join('\n');
}

type There<T> = Exclude<T, undefined | null | false>;

function isThere<T>(value: T): value is There<T> {
  return value !== undefined && value !== null && value !== false;
}

/** Asks `probe` again and again until it gives something other than undefined, null or false. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<There<T>> {
  const { timeoutMs = 10_000, intervalMs = 20, alive, found } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (isThere(value)) return value;
    if (alive?.exit() !== undefined) {
      throw new Error(
        `${alive.name} ended while waiting for ${what}:\n${alive.log().slice(-2000)}`,
      );
    }
    if (performance.now() > deadline) {
      const last = found ? `; the last look found ${found()}` : '';
      throw new Error(`waited ${String(timeoutMs)} ms for ${what}${last}`);
    }
    await pause(intervalMs);
  }
}

/** Starts a program with its output in a log file. It is stopped at the latest by `stopEverything`. */
export function startProcess(options: ProcessOptions): RunningProcess {
  const { name, command, args, graceMs = 3000 } = options;
  runs.count += 1;
  const logFile = join(runDirectory(), `${name}-${String(runs.count)}.log`);
  const output = openSync(logFile, 'w');
  const child = spawn(command, args, {
    // An open standard input: some of these programs end when it closes.
    stdio: ['pipe', output, output],
    detached: true,
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  closeSync(output);
  if (child.pid === undefined) throw new Error(`${command} cannot be started`);
  const running = wrap(child, { name, pid: child.pid, logFile, graceMs });
  started.push(running);
  return running;
}

interface Identity {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly graceMs: number;
}

function wrap(child: ChildProcess, { name, pid, logFile, graceMs }: Identity): RunningProcess {
  let end: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      end = { code, signal };
      resolve(end);
    });
  });
  const send = (target: number, signal: NodeJS.Signals): void => {
    try {
      process.kill(target, signal);
    } catch {
      // Gone already, which is what every signal here is for.
    }
  };
  const stop = async (): Promise<Exit> => {
    if (end !== undefined) return end;
    send(pid, 'SIGTERM');
    // A group that a test froze with SIGSTOP gets the SIGTERM only when it runs again.
    send(-pid, 'SIGCONT');
    const timer = setTimeout(() => {
      send(-pid, 'SIGKILL');
    }, graceMs);
    const how = await exited;
    clearTimeout(timer);
    send(-pid, 'SIGKILL');
    return how;
  };
  return {
    name,
    pid,
    logFile,
    exited,
    stop,
    exit: () => end,
    log: () => readFileSync(logFile, 'utf8'),
    signal: (signal) => {
      send(pid, signal);
    },
    signalGroup: (signal) => {
      send(-pid, signal);
    },
  };
}
