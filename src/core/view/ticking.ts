import { equal } from './equal.ts';
import type { Model } from './types.ts';

/**
 * The fields that a template shows in elements marked `data-text="<field>"`, which hold nothing but
 * the field. A change of such fields alone, such as a duration that counts, is written there without
 * rendering anything.
 */
export function tickingFields(template: string): ReadonlySet<string> {
  return new Set([...template.matchAll(/data-text="(\w+)"/g)].map(([, field = '']) => field));
}

/** Writes the change from `before` to `after` as texts; false when it takes a draw to show it. */
export function tick(
  element: Element,
  fields: ReadonlySet<string>,
  [before, after]: readonly [Model, Model],
): boolean {
  if (fields.size === 0) return false;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => !equal(before[name], after[name]));
  const places: [Text, string][] = [];
  for (const name of changed) {
    const value = after[name];
    const text = element.querySelector(`[data-text="${name}"]`)?.firstChild;
    // A field that comes or goes may bring other elements with it.
    if (!fields.has(name) || typeof value !== 'string' || value === '') return false;
    if (!(text instanceof Text)) return false;
    places.push([text, value]);
  }
  for (const [text, value] of places) text.data = value;
  return true;
}
