import { rememberDrawn } from './element.ts';
import { focusedIn } from './focus.ts';
import { parseElement } from './html.ts';
import { morphElement } from './morph.ts';
import { arrange } from './order.ts';
import type { Template } from './template.ts';
import { tick } from './ticking.ts';
import type { Model } from './types.ts';

interface DrawnRow {
  element: Element;
  html: string;
  model: Model;
  shared: object;
}

/** How the rows of one list are drawn at one mount. */
export interface RowsSetup {
  /** The field of a row that tells it from the others. */
  readonly key: string;
  readonly template: Template;
  /** The fields whose change is written as text, without a draw. */
  readonly ticking: ReadonlySet<string>;
  /** Runs `work` and reports what it throws, so that one bad row leaves the others alone. */
  readonly attempt: (work: () => void) => void;
}

/** One keyed list at one mount. */
export interface Rows {
  /**
   * Draws the rows that changed into `list`. `shared` is what all rows may read besides their own
   * fields; when it is another object than last time, all rows are rendered again.
   */
  readonly draw: (list: Element, rows: readonly Model[], shared: object) => void;
  /** Writes fields of the row of this key as texts; false when it takes a draw to show them. */
  readonly tick: (key: string, fields: Model) => boolean;
}

// By row element, so that an action learns the key without an attribute that a draw would remove.
const keys = new WeakMap<Element, string>();

/** The key of the row that is or surrounds the element, at most up to `root`. */
export function rowOf(element: Element, root: Node): string | undefined {
  for (let at: Element | null = element; at !== null && at !== root; at = at.parentElement) {
    const key = keys.get(at);
    if (key !== undefined) return key;
  }
  return undefined;
}

function keyOf(row: Model, field: string): string {
  const key = row[field];
  if (typeof key === 'string' || typeof key === 'number') return String(key);
  throw new Error(`A row has no usable key "${field}"`);
}

/** A list drawn row by row: equal rows are skipped, changed ones morphed, moved ones moved. */
export function createRows(setup: RowsSetup): Rows {
  const drawn = new Map<string, DrawnRow>();
  let place: Element | undefined;

  const write = (known: DrawnRow, model: Model): boolean => {
    if (!tick(known.element, setup.ticking, [known.model, model])) return false;
    // What stands there is no longer what was rendered last.
    Object.assign(known, { html: '', model });
    return true;
  };

  const drawRow = (key: string, model: Model, shared: object): void => {
    const known = drawn.get(key);
    if (known?.model === model && known.shared === shared) return;
    if (known?.shared === shared && write(known, model)) return;
    const html = setup.template({ ...shared, ...model });
    if (known === undefined) {
      const element = parseElement(html);
      rememberDrawn(element);
      keys.set(element, key);
      drawn.set(key, { element, html, model, shared });
      return;
    }
    if (known.html !== html) known.element = morphElement(known.element, parseElement(html));
    keys.set(known.element, key);
    Object.assign(known, { html, model, shared });
  };

  const drawAll = (rows: readonly Model[], shared: object): Set<string> => {
    const seen = new Set<string>();
    for (const model of rows) {
      setup.attempt(() => {
        const key = keyOf(model, setup.key);
        if (seen.has(key)) throw new Error(`Two rows have the key "${key}"`);
        seen.add(key);
        drawRow(key, model, shared);
      });
    }
    return seen;
  };

  return {
    tick: (key, fields) => {
      const known = drawn.get(key);
      return !!known?.element.isConnected && write(known, { ...known.model, ...fields });
    },
    draw: (list, rows, shared) => {
      if (list !== place) drawn.clear();
      place = list;
      const seen = drawAll(rows, shared);
      for (const key of drawn.keys()) if (!seen.has(key)) drawn.delete(key);
      const wanted = [...seen].flatMap((key) => drawn.get(key)?.element ?? []);
      arrange(list, wanted, focusedIn(list) ?? null);
    },
  };
}
