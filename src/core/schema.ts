import * as v from 'valibot';
import type { Problem } from './errors.ts';

/**
 * A description of what a configuration may hold. Written with the builders below; the same
 * description checks the configuration and makes the JSON Schema that editors complete from.
 */
export type Schema<Options> = v.GenericSchema<unknown, Options>;

/** Any schema. */
export type AnySchema = v.GenericSchema;

/** Any text. */
export const text: () => Schema<string> = () => v.string();
/** Text that is not empty. */
export const filledText: () => Schema<string> = () => v.pipe(v.string(), v.minLength(1));
/** True or false. */
export const flag: () => Schema<boolean> = () => v.boolean();
/** A number between two bounds, both included. */
export const number: (minimum?: number, maximum?: number) => Schema<number> = (
  minimum = -Infinity,
  maximum = Infinity,
) =>
  v.pipe(
    v.number(),
    ...((Number.isFinite(minimum) ? [v.minValue(minimum)] : []) as [
      v.MinValueAction<number, number, undefined>,
    ]),
    ...((Number.isFinite(maximum) ? [v.maxValue(maximum)] : []) as [
      v.MaxValueAction<number, number, undefined>,
    ]),
  );
/** A whole number between two bounds, both included. */
export const integer: (minimum?: number, maximum?: number) => Schema<number> = (minimum, maximum) =>
  v.pipe(number(minimum, maximum), v.integer());
/** One of a few words. */
export const oneOf: <const Word extends string>(...words: readonly Word[]) => Schema<Word> = (
  ...words
) => v.picklist(words);
/** A list whose items are all alike. */
export const list: <Item>(item: Schema<Item>) => Schema<readonly Item[]> = (item) => v.array(item);
/** A list of objects, of which no two have the same text under `key` and none a reserved one. */
export const listBy: <Key extends string, Item extends Readonly<Record<Key, string>>>(
  key: Key,
  item: Schema<Item>,
  reserved: string,
) => Schema<readonly Item[]> = (key, item, reserved) =>
  v.pipe(
    v.array(item),
    v.check((items) => {
      const texts = [reserved, ...items.map((entry) => entry[key])];
      return new Set(texts).size === texts.length;
    }, `a list in which each "${key}" is another, and none is "${reserved}"`),
  );
/** Exactly two items of one kind. */
export const pair: <Item>(item: Schema<Item>) => Schema<readonly [Item, Item]> = (item) =>
  v.strictTuple([item, item]);
/** An object with any keys, whose values are all alike. */
export const dictionary: <Value>(
  value: Schema<Value>,
) => Schema<Readonly<Record<string, Value>>> = (value) => v.record(v.string(), value);
/** A plain object whose content is somebody else's business, such as `pc_config`. */
export const anyObject: <Shape extends object>() => Schema<Shape> = () =>
  custom('Object', (input) => typeof input === 'object' && input !== null && !Array.isArray(input));
/** A function; accepted at run time, absent from the JSON Schema. */
export const callable: <Fn>() => Schema<Fn> = () =>
  custom('Function', (input) => typeof input === 'function');
/** An element or shadow root; accepted at run time, absent from the JSON Schema. */
export const element: <Target extends object>() => Schema<Target> = () =>
  custom('Element', (input) => typeof input === 'object' && input !== null && 'nodeType' in input);
/** Null. */
export const nothing: () => Schema<null> = () => v.null();
/** Any of several shapes. */
export const either: <const Options extends readonly AnySchema[]>(
  ...options: Options
) => Schema<v.InferOutput<Options[number]>> = (...options) => v.union(options);

// What passes such a check is typed by the one who names the type; valibot cannot know it.
function custom<Type>(name: string, check: (input: unknown) => boolean): Schema<Type> {
  return v.custom(check, `Expected ${name}`) as unknown as Schema<Type>;
}

type Shape<Options> = { readonly [Key in keyof Options]-?: Schema<NonNullable<Options[Key]>> };

/** An object whose keys may all be left out. Unknown keys are kept and warned of, not refused. */
export function object<Options extends object>(shape: Shape<Options>): Schema<Options> {
  const entries = Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => [key, v.optional(schema as AnySchema)]),
  );
  // The builder's own type cannot follow a mapped shape; the type test of each plugin does.
  return v.looseObject(entries) as unknown as Schema<Options>;
}

/** An object like `object`, in which the named keys must be there. */
export function objectWith<Options extends object>(
  required: readonly (keyof Options)[],
  shape: Shape<Options>,
): Schema<Options> {
  const entries = Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => [
      key,
      required.includes(key as keyof Options)
        ? (schema as AnySchema)
        : v.optional(schema as AnySchema),
    ]),
  );
  return v.looseObject(entries) as unknown as Schema<Options>;
}

/** Every wrong key of `value`. Found values are told by their type only: a key may hold a secret. */
export function findProblems(schema: AnySchema, value: unknown, path: string): readonly Problem[] {
  const result = v.safeParse(schema, value);
  return [
    ...(result.issues ?? []).flatMap((issue) => problemsOf(issue, path)),
    // A list is an object to valibot, so it does not mind one in the place of another.
    ...objectsIn(schema, value, path)
      .filter((node) => Array.isArray(node.value))
      .map((node) => ({ path: node.path, found: describe(node.value), accepted: 'an object' })),
  ];
}

type Issue = v.BaseIssue<unknown>;

function problemsOf(issue: Issue, path: string): readonly Problem[] {
  const steps = (issue.path ?? []).map(({ key }) => key);
  const here = steps.reduce<string>(joined, path);
  // Of a union, the branch that got furthest says most; of branches that got nowhere, all count.
  const deeper = (issue.issues ?? []).filter((inner) => (inner.path ?? []).length > 0);
  if (deeper.length > 0) return deeper.flatMap((inner) => problemsOf(inner, here));
  return [{ path: here, found: found(issue), accepted: acceptedBy(issue) }];
}

function joined(path: string, key: unknown): string {
  if (typeof key === 'number') return `${path}[${String(key)}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  Object: 'an object',
  Array: 'a list',
  Function: 'a function',
  Element: 'an element',
  null: 'null',
};

function acceptedBy(issue: Issue): string {
  if (issue.type === 'min_value') return `a number of at least ${limit(issue)}`;
  if (issue.type === 'max_value') return `a number of at most ${limit(issue)}`;
  if (issue.type === 'min_length') return 'text that is not empty';
  if (issue.type === 'integer') return 'a whole number';
  const expected = issue.expected ?? issue.message.replace('Expected ', '');
  const parts = expected === 'unknown' ? [issue.message.replace('Expected ', '')] : split(expected);
  return parts.map((part) => words[part] ?? part).join(' or ');
}

const limit = (issue: Issue): string => String(issue.requirement);

function split(expected: string): readonly string[] {
  return expected.replace(/[()]/g, '').split(' | ');
}

// A number is told only where one is accepted: elsewhere it may be the digits of a password.
function found({ kind, input }: Issue): string {
  return kind === 'validation' && typeof input === 'number'
    ? `the number ${String(input)}`
    : describe(input);
}

function describe(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null) return 'null';
  if (Array.isArray(input)) return `a list of ${String(input.length)}`;
  if (typeof input === 'string') return input === '' ? 'empty text' : 'text';
  if (typeof input === 'boolean') return String(input);
  return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
}

interface ObjectNode {
  readonly path: string;
  readonly value: object;
  readonly entries: Readonly<Record<string, AnySchema>>;
}

/** Every object inside of `value`, itself included, whose keys the schema names. */
function objectsIn(schema: AnySchema, value: unknown, path: string): readonly ObjectNode[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, options, wrapped, item, entries } = schema as Partial<Parts>;
  if (wrapped) return objectsIn(wrapped, value, path);
  if (type === 'union') {
    const branch = options?.find((option) => v.is(option, value));
    return branch ? objectsIn(branch, value, path) : [];
  }
  if (item && Array.isArray(value)) {
    return value.flatMap((entry, index) => objectsIn(item, entry, joined(path, index)));
  }
  if (!entries) return [];
  const inner = Object.entries(value).flatMap(([key, entry]) => {
    const known = Object.hasOwn(entries, key) ? entries[key] : undefined;
    return known ? objectsIn(known, entry, joined(path, key)) : [];
  });
  return [{ path, value, entries }, ...inner];
}

interface Parts {
  readonly type: string;
  readonly options: readonly AnySchema[];
  readonly wrapped: AnySchema;
  readonly item: AnySchema;
  readonly entries: Readonly<Record<string, AnySchema>>;
}

/** A key that the schema does not know. */
export interface UnknownKey {
  readonly path: string;
  readonly key: string;
  /** The keys that are known in its place. */
  readonly known: readonly string[];
}

/** Every key of `value` that no part of the schema knows. */
export function findUnknownKeys(
  schema: AnySchema,
  value: unknown,
  path: string,
): readonly UnknownKey[] {
  return objectsIn(schema, value, path).flatMap(({ path: here, value: object, entries }) =>
    Object.keys(object)
      .filter((key) => !Object.hasOwn(entries, key))
      .map((key) => ({ path: joined(here, key), key, known: Object.keys(entries) })),
  );
}

/** The schema of an object with more keys, each of which may be left out. */
export function withEntries(
  schema: AnySchema,
  more: Readonly<Record<string, AnySchema>>,
): AnySchema {
  const { entries } = schema as { entries?: Record<string, AnySchema> };
  const added = Object.entries(more).map(([key, value]) => [key, v.optional(value)] as const);
  return v.looseObject({ ...entries, ...Object.fromEntries(added) });
}
