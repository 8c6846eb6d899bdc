import { equal } from './equal.ts';
import type { Model, RowSpec, ViewSpec } from './types.ts';

/** A model taken apart: what the outer template reads, and the lists drawn row by row. */
export interface ViewData {
  readonly outer: Model;
  readonly rows: Readonly<Record<string, readonly Model[]>>;
}

function settleRows(rows: readonly Model[], last: readonly Model[], key: string): readonly Model[] {
  const byKey = new Map(last.map((row) => [row[key], row]));
  const settled = rows.map((row) => {
    const known = byKey.get(row[key]);
    return known !== undefined && equal(known, row) ? known : row;
  });
  const same = settled.length === last.length && settled.every((row, at) => row === last[at]);
  return same ? last : settled;
}

function rowsOf(model: Model, field: string): readonly Model[] {
  const value = model[field];
  return Array.isArray(value) ? (value as readonly Model[]) : [];
}

/**
 * Takes a new model apart. Whatever equals its last version is that last object itself, so that the
 * mounts of a view find out by identity what they have to draw.
 */
export function settle(spec: ViewSpec, model: Model, last: ViewData | undefined): ViewData {
  const lists: [string, RowSpec][] = Object.entries(spec.rows ?? {});
  const outer: Record<string, unknown> = { ...model };
  const rows: Record<string, readonly Model[]> = {};
  for (const [field, { key }] of lists) {
    Reflect.deleteProperty(outer, field);
    rows[field] = settleRows(rowsOf(model, field), last?.rows[field] ?? [], key);
  }
  return { outer: last !== undefined && equal(last.outer, outer) ? last.outer : outer, rows };
}
