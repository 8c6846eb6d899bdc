import type { Clock } from '../../src/core/index.ts';

/** So often within that many milliseconds may a page undo the links of one element; then they stay undone. */
export const patience = { times: 5, milliseconds: 1000 } as const;

/** Elements, and shadow roots, whose links the page undoes as often as they are made: that would go on for ever. */
export interface Quarrels {
  /** Links are made in this text. */
  readonly made: (text: Text) => void;
  /** The page has taken these texts, or their links, apart. */
  readonly undone: (texts: readonly Node[]) => void;
  /** Whether the page has had its will. */
  readonly isOver: (text: Text) => boolean;
}

/** No quarrels yet. */
export function createQuarrels({ now }: Clock): Quarrels {
  // By the text, as one that is removed no longer has its parent.
  const homes = new WeakMap<Node, ParentNode>();
  const counts = new WeakMap<ParentNode, { readonly since: number; readonly count: number }>();
  const over = new WeakSet<ParentNode>();
  return {
    made: (text) => {
      if (text.parentNode) homes.set(text, text.parentNode);
    },
    undone: (texts) => {
      const elements = new Set(texts.flatMap((text) => homes.get(text) ?? []));
      for (const element of elements) {
        const { since, count } = counts.get(element) ?? { since: 0, count: 0 };
        const isLater = now() - since > patience.milliseconds;
        counts.set(element, isLater ? { since: now(), count: 1 } : { since, count: count + 1 });
        if (!isLater && count + 1 >= patience.times) over.add(element);
      }
    },
    isOver: ({ parentNode }) => parentNode !== null && over.has(parentNode),
  };
}
