import type { Off, RenderTarget, Root, TargetObject } from './types.ts';

// All roots drawn into at present, by any phone of the page: two views in one root would fight.
const claimed = new WeakSet<Node>();

/** Whether a view is drawn into this node at present. */
export function isClaimed(node: Node): boolean {
  return claimed.has(node);
}

/** Marks the root as taken; throws if another view is drawn there. */
export function claim(root: Root): Off {
  if (claimed.has(root)) throw new Error('Two views cannot be drawn into the same element');
  claimed.add(root);
  return () => {
    claimed.delete(root);
  };
}

function isNode(value: object): value is Root {
  return 'nodeType' in value;
}

/** The long form of a target. */
export function describeTarget(target: RenderTarget): TargetObject {
  return typeof target === 'string' || isNode(target) ? { root: target } : target;
}

/** The root of a target as it is now; undefined where its element is not on the page. */
export function findRoot({ root }: TargetObject): Root | undefined {
  if (typeof root === 'string') return document.getElementById(root) ?? undefined;
  if (isNode(root)) return root;
  if (root.element) return root.element;
  return root.elementId ? (document.getElementById(root.elementId) ?? undefined) : undefined;
}

/** Notes attributes as the page has them now; the returned function gives them back. */
export function noteAttributes(element: Element, names: readonly string[]): Off {
  const before = names.map((name) => [name, element.getAttribute(name)] as const);
  return () => {
    for (const [name, value] of before) {
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
  };
}
