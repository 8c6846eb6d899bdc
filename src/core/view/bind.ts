import { rowOf } from './rows.ts';
import type { BindElement, Off, Root } from './types.ts';

/** The elements of one root that are fed by hand. */
export interface BoundElements {
  /** Takes what is new since the last time, and gives up what is gone. */
  readonly bind: () => void;
  readonly release: Off;
}

/** Follows the elements with `data-element` in a root; `attempt` keeps a failure to itself. */
export function bindElements(
  root: Root,
  binders: Readonly<Record<string, BindElement>> | undefined,
  attempt: (work: () => void) => void,
): BoundElements {
  const bound = new Map<Element, Off>();
  const giveUp = (element: Element): void => {
    const off = bound.get(element);
    bound.delete(element);
    if (off) attempt(off);
  };
  return {
    bind: () => {
      if (!binders) return;
      const found = new Set<Element>(root.querySelectorAll('[data-element]'));
      for (const element of bound.keys()) if (!found.has(element)) giveUp(element);
      for (const element of found) {
        const name = element.getAttribute('data-element') ?? '';
        const take = Object.hasOwn(binders, name) ? binders[name] : undefined;
        if (!take || bound.has(element) || !(element instanceof HTMLElement)) continue;
        attempt(() => {
          bound.set(element, take(element, rowOf(element, root)));
        });
      }
    },
    release: () => {
      for (const element of [...bound.keys()]) giveUp(element);
    },
  };
}
