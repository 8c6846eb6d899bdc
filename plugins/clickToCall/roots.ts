import type { Off } from '../../src/core/index.ts';

/** The shadow roots that are looked into: those that are watched, and the open ones in them. */
export interface Roots {
  readonly list: () => readonly ShadowRoot[];
  /** Whether the tree of this node is looked into: the page, or such a root. */
  readonly areAround: (node: Node) => boolean;
  /** Somebody watches this one. What is returned gives it up once, for that one only. */
  readonly watch: (root: ShadowRoot) => Off;
  /** The root of an element that is looked at; an open one in a root that is looked into is included from now on. */
  readonly of: (host: Element) => ShadowRoot | undefined;
  /** Takes out those that nobody watches, in which no watched one is around them either, and gives them. */
  readonly prune: () => readonly ShadowRoot[];
  readonly clear: Off;
}

interface Entry {
  readonly root: ShadowRoot;
  /** By how many it is watched itself. */
  watchers: number;
}

/** None yet; `onNew` is told of each that is. */
export function createRoots(onNew: (root: ShadowRoot) => void): Roots {
  // By the host, since that of a closed one does not give it.
  const entries = new Map<Element, Entry>();
  const enter = (root: ShadowRoot): Entry => {
    const known = entries.get(root.host);
    if (known) return known;
    const entry = { root, watchers: 0 };
    entries.set(root.host, entry);
    onNew(root);
    return entry;
  };
  const isInOne = (host: Element): boolean => {
    const around = host.getRootNode();
    return around instanceof ShadowRoot && entries.has(around.host);
  };
  const isLeft = ({ root: { host, mode }, watchers }: Entry): boolean =>
    watchers === 0 && !(mode === 'open' && host.isConnected && isInOne(host));
  const prune = (): readonly ShadowRoot[] => {
    const left = [...entries.values()].filter(isLeft).map(({ root }) => root);
    for (const { host } of left) entries.delete(host);
    // Those in them are left now, too.
    return left.length === 0 ? [] : [...left, ...prune()];
  };
  return {
    list: () => [...entries.values()].map(({ root }) => root),
    areAround: (node) => {
      const root = node.getRootNode();
      return root === document || (root instanceof ShadowRoot && entries.has(root.host));
    },
    watch: (root) => {
      enter(root).watchers += 1;
      return () => {
        const entry = entries.get(root.host);
        if (entry) entry.watchers -= 1;
      };
    },
    of: (host) => {
      if (host.shadowRoot && isInOne(host)) enter(host.shadowRoot);
      return entries.get(host)?.root;
    },
    prune,
    clear: () => {
      entries.clear();
    },
  };
}
