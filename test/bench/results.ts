import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** One figure: ours, the reference measured beside it, and what the first may be of the second. */
export interface Result {
  readonly name: string;
  readonly ours: number;
  readonly reference: number;
  /** `ours / reference`, or what else the limit is for. */
  readonly ratio: number;
  readonly limit: number;
  readonly ok: boolean;
}

/** Which way the limit points, and what is held against it where that is no quotient. */
export interface LimitOptions {
  readonly atLeast?: boolean;
  readonly value?: number;
}

const results: Result[] = [];
const file = join(import.meta.dirname, 'latest.json');

/** The middle one of several values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Notes `ours` against `reference`; a limit that is missed shows in the table and in the exit code. */
export function note(
  name: string,
  [ours, reference, limit]: readonly [ours: number, reference: number, limit: number],
  { atLeast = false, value = ours / reference }: LimitOptions = {},
): void {
  const ok = atLeast ? value >= limit : value <= limit;
  results.push({
    name,
    ours: round(ours),
    reference: round(reference),
    ratio: round(value),
    limit,
    ok,
  });
}

/** Notes a figure that has no limit of its own. */
export function noteFigure(
  name: string,
  [ours, reference]: readonly [ours: number, reference: number],
): void {
  note(name, [ours, reference, Infinity]);
}

/** Notes how many of something are left of which none may be. */
export function noteNone(name: string, count: number): void {
  note(name, [count, 0, 0], { value: count });
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** Writes `latest.json`, prints the table and gives the names of the limits that were missed. */
export function publish(): readonly string[] {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  const rows = results.map(({ name, ours, reference, ratio, limit, ok }) => [
    ok ? '✔' : '✘',
    name,
    ...[ours, reference, ratio].map(String),
    limit === Infinity ? 'none' : String(limit),
  ]);
  const table = [['', 'what', 'ours', 'reference', 'ratio', 'limit'], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, at) =>
        at < 2 ? cell.padEnd(widths?.[at] ?? 0) : cell.padStart(widths?.[at] ?? 0),
      )
      .join('  '),
  );
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
}
