import { openable, rememberDrawn, settleOpen, syncAttributes, syncControl } from './element.ts';

/** Whether both are marked so that a draw leaves the live one alone, children included. */
export function isPreserved(live: Element, drawn: Element): boolean {
  return live.hasAttribute('data-preserve') && drawn.hasAttribute('data-preserve');
}

/** Whether both are the place of the same list, whose children are drawn row by row. */
export function isSameList(live: Element, drawn: Element): boolean {
  const name = live.getAttribute('data-rows');
  return name !== null && name === drawn.getAttribute('data-rows');
}

/** Writes one difference into the live nodes. */
type Edit = () => void;

const none: readonly Edit[] = [];
const marks = ['id', 'data-preserve', 'data-rows'];
const marked = '[id], [data-preserve], [data-rows]';
// What is in them is written by other means.
const closed = 'input, textarea, option, [data-rows]';

// The browser compares far faster than we do. What can be opened is settled although it is equal:
// the template may have come round to what the user had done.
function isSettled(live: Element, drawn: Element): boolean {
  return live.isEqualNode(drawn) && !live.matches(openable) && !live.querySelector(openable);
}

function elementEdits(
  live: Element,
  drawn: Element,
  names: readonly string[],
): readonly Edit[] | undefined {
  if (isSettled(live, drawn)) return none;
  const isSame = names.every((name) => live.getAttribute(name) === drawn.getAttribute(name));
  if (!isSame || live.localName !== drawn.localName) return undefined;
  if (isPreserved(live, drawn)) return none;
  const inner = live.matches(closed) ? none : childEdits(live, drawn);
  const own = (): void => {
    if (syncControl(live, drawn)) return;
    settleOpen(live, drawn);
    syncAttributes(live, drawn);
  };
  return inner && [own, ...inner];
}

/** What makes the live node the drawn one; undefined when they are not the same node. */
function nodeEdits(live: Node, drawn: Node, names: readonly string[]): readonly Edit[] | undefined {
  if (live.nodeType !== drawn.nodeType) return undefined;
  if (live instanceof Element && drawn instanceof Element) return elementEdits(live, drawn, names);
  if (live.nodeValue === drawn.nodeValue) return none;
  const write = (): void => {
    live.nodeValue = drawn.nodeValue;
  };
  return [write];
}

// A new node that is there already, elsewhere, has to move.
function isMarked(node: Node): boolean {
  return node instanceof Element && (node.matches(marked) || node.querySelector(marked) !== null);
}

/**
 * What gives `live` the children of `drawn`, where texts and attributes differ and at one place of each
 * element nodes have come or gone; undefined where more does.
 */
export function childEdits(live: Node, drawn: Node): readonly Edit[] | undefined {
  const old = [...live.childNodes];
  const next = [...drawn.childNodes];
  const shorter = Math.min(old.length, next.length);
  // What stands around the place is told from what has come or gone by its part too.
  const names = old.length === next.length ? marks : [...marks, 'part'];
  const edits: Edit[] = [];
  const isPair = (from: number, at: number): boolean => {
    const [one, other] = [old.at(at), next.at(at)];
    const found = from < shorter && one && other && nodeEdits(one, other, names);
    if (found) edits.push(...found);
    return Boolean(found);
  };
  let start = 0;
  while (isPair(start, start)) start += 1;
  let end = 0;
  while (isPair(start + end, -1 - end)) end += 1;
  const gone = old.slice(start, old.length - end);
  const come = next.slice(start, next.length - end);
  if (start + end < shorter || come.some(isMarked)) return undefined;
  const before = old[start] ?? null;
  edits.push(() => {
    for (const node of gone) node.remove();
    for (const node of come) {
      rememberDrawn(node);
      live.insertBefore(node, before);
    }
  });
  return edits;
}
