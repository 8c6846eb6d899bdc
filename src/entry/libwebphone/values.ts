/** A plain object. */
export type Plain = Readonly<Record<string, unknown>>;

/** True for an object that is written in braces, and not of a class. */
export function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Values over others, object by object; lists and everything else are replaced whole. */
export function over(base: Plain, ...layers: readonly unknown[]): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const layer of layers) {
    for (const [key, value] of Object.entries(isPlain(layer) ? layer : {})) {
      if (value === undefined || key === '__proto__') continue;
      const below = merged[key];
      merged[key] = isPlain(value) ? over(isPlain(below) ? below : {}, value) : value;
    }
  }
  return merged;
}

/** The object at a dotted path, or an empty one. */
export function section(of: unknown, name: string): Plain {
  const found = isPlain(of) ? of[name] : undefined;
  return isPlain(found) ? found : {};
}

/** True for values of the same content: plain objects and lists by what is in them, all else by itself. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  }
  if (!isPlain(one) || !isPlain(other)) return Object.is(one, other);
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => key in other && isSame(one[key], other[key]))
  );
}

/** A copy that may be changed: plain objects and lists, all the way down; what else is in them stays itself. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)]));
}

/** A frozen copy: plain objects and lists, all the way down; what else is in them stays itself. */
export function frozen(value: Plain): Plain {
  return copied(value) as Plain;
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(copied));
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, copied(inner)]);
  return Object.freeze(Object.fromEntries(entries));
}

/** The promise itself, whose rejection is nobody's business unless somebody waits for it. */
export function quiet<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
