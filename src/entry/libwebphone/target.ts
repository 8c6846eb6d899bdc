import { utils } from './utils.ts';
import { isPlain, over, section } from './values.ts';
import type { Plain } from './values.ts';

/** What `events` of a target names: handlers by the names of DOM properties such as `onclick`. */
export type Handlers = Plain;

/** An element that a template finds by `by_id.<name>.elementId`. */
export interface NamedElement {
  elementId: string;
  events: Handlers;
  element?: Element | null;
}

/** Elements that a template finds by `by_name.<name>.elementName`. */
export interface NamedElements {
  elementName: string;
  events: Handlers;
  elements?: NodeListOf<Element>;
}

/** libwebphone's render target. */
export interface RenderTarget {
  root: { elementId?: string | null; element?: Element | null };
  template: string;
  data: Plain;
  /** Keys such as `libwebphone:dialpad.call`, by the names that the template uses. */
  i18n: Readonly<Record<string, string>>;
  by_id: Readonly<Record<string, NamedElement>>;
  by_name: Readonly<Record<string, NamedElements>>;
  /** False stops the painting of this target. */
  enabled: boolean;
  /** What was painted last. */
  html?: string;
}

/** A target as a page writes it: the id of an element, or parts of a target. */
export type TargetConfig = string | Plain;

/** How a plugin is painted where nothing else is said. */
export interface Face {
  readonly name: string;
  readonly template: string;
  readonly config: Plain;
  /** The names of its texts. */
  readonly texts: readonly string[];
  readonly by_id?: Readonly<Record<string, Handlers>>;
  readonly by_name?: Readonly<Record<string, Handlers>>;
}

/** A whole target from what the page wrote of it. */
export function targetFrom(config: TargetConfig, face: Face, data: Plain): RenderTarget {
  const given = typeof config === 'string' ? { root: { elementId: config } } : config;
  const { template, enabled } = given;
  const entries = (kind: 'by_id' | 'by_name'): [string, Plain][] => {
    const own = over({}, given)[kind];
    const names = { ...face[kind], ...(isPlain(own) ? own : {}) };
    return Object.keys(names).map((name) => [
      name,
      over({ events: face[kind]?.[name] ?? {} }, section(own, name)),
    ]);
  };
  const keys = face.texts.map((key) => [key, `libwebphone:${face.name}.${key}`] as const);
  return {
    root: rootFrom(given['root']),
    template: typeof template === 'string' ? template : face.template,
    data: over(data, section(given, 'data')),
    i18n: { ...Object.fromEntries(keys), ...(section(given, 'i18n') as Record<string, string>) },
    by_id: withIds(entries('by_id'), 'elementId') as unknown as RenderTarget['by_id'],
    by_name: withIds(entries('by_name'), 'elementName') as unknown as RenderTarget['by_name'],
    enabled: enabled !== false,
  };
}

function rootFrom(root: unknown): RenderTarget['root'] {
  if (typeof root === 'string') return { elementId: root };
  return root instanceof Element ? { element: root } : { ...section({ root }, 'root') };
}

function withIds(entries: readonly [string, Plain][], key: string): object {
  return Object.fromEntries(
    entries.map(([name, entry]) => [name, { [key]: utils.randomElementId(), ...entry }]),
  );
}
