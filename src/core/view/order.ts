function place(list: Element, element: ChildNode, before: Node | null): void {
  // Moving keeps focus, scroll and playing media where the browser knows how; only within one page.
  if ('moveBefore' in list && list.isConnected && element.parentNode === list) {
    list.moveBefore(element, before);
  } else {
    list.insertBefore(element, before);
  }
}

/** Sends children to the end until `element` comes first, and returns it. */
function clearWay(list: Element, from: ChildNode | null, element: ChildNode): ChildNode {
  let cursor = from;
  while (cursor !== null && cursor !== element) {
    const next: ChildNode | null = cursor.nextSibling;
    place(list, cursor, null);
    cursor = next;
  }
  return element;
}

/** Whether it is better to move what stands before the element than the element itself. */
function isInTheWay(cursor: ChildNode | null, element: Element, held: Element | null): boolean {
  if (held !== null && element.contains(held)) return true;
  return cursor?.nextSibling === element && (held === null || !cursor.contains(held));
}

function isArranged(list: Element, wanted: readonly Element[]): boolean {
  let child = list.firstChild;
  for (const element of wanted) {
    if (child !== element) return false;
    child = child.nextSibling;
  }
  return child === null;
}

/**
 * Makes `wanted` the children of the list, in this order, with few moves; what is not wanted is
 * removed. The child that is or holds `held` stays in the tree: the others move around it.
 */
export function arrange(list: Element, wanted: readonly Element[], held: Element | null): void {
  if (isArranged(list, wanted)) return;
  const keep = new Set<Node>(wanted);
  for (const child of [...list.childNodes]) if (!keep.has(child)) child.remove();
  let cursor: ChildNode | null = list.firstChild;
  for (const element of wanted) {
    if (element.parentNode === list && isInTheWay(cursor, element, held)) {
      cursor = clearWay(list, cursor, element);
    }
    if (cursor === element) cursor = cursor.nextSibling;
    else place(list, element, cursor);
  }
}
