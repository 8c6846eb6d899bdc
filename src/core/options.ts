import { closestMatch } from 'leven';
import { PhoneError } from './errors.ts';
import type { Problem } from './errors.ts';
import { findProblems, findUnknownKeys } from './schema.ts';
import type { AnySchema } from './schema.ts';

/** One part of the configuration and what it is checked against. */
export interface OptionsPart {
  /** The key in the configuration, such as `userAgent`; '' for the root. */
  readonly path: string;
  readonly schema: AnySchema;
  readonly value: unknown;
}

/** A key that nobody knows. */
export interface Warning {
  readonly path: string;
  /** The known key that comes nearest, or null. */
  readonly nearest: string | null;
  readonly message: string;
}

/** Throws one `configuration.invalid` that lists every wrong key; returns the unknown ones. */
export function checkOptions(parts: readonly OptionsPart[]): readonly Warning[] {
  const problems: Problem[] = parts.flatMap(({ schema, value, path }) => [
    ...findProblems(schema, value, path),
  ]);
  if (problems.length > 0) throw new PhoneError('configuration.invalid', { problems });
  return parts.flatMap(({ schema, value, path }) =>
    findUnknownKeys(schema, value, path).map(({ path: where, key, known }) => {
      const nearest = closestMatch(key, [...known], { maxDistance: 4 }) ?? null;
      const hint =
        nearest === null ? `Known keys: ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
      return { path: where, nearest, message: `Unknown key "${where}" is ignored. ${hint}` };
    }),
  );
}

type Plain = Readonly<Record<string, unknown>>;

/** `given` over `defaults`: plain objects are merged, lists and everything else replaced whole. */
export function withDefaults<Options extends object>(
  defaults: Options,
  given: Readonly<Partial<Options>> | undefined,
): Options {
  return merge(defaults as Plain, given ?? {}) as Options;
}

function merge(defaults: Plain, given: Plain): Plain {
  const merged: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || key === '__proto__') continue;
    const base = merged[key];
    merged[key] = isPlain(base) && isPlain(value) ? merge(base, value) : value;
  }
  return merged;
}

function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
