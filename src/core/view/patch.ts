import { openable, settleOpen, syncAttributes, syncControl } from './element.ts';

/** Whether both are marked so that a draw leaves the live one alone, children included. */
export function isPreserved(live: Element, drawn: Element): boolean {
  return live.hasAttribute('data-preserve') && drawn.hasAttribute('data-preserve');
}

/** Whether both are the place of the same list, whose children are drawn row by row. */
export function isSameList(live: Element, drawn: Element): boolean {
  const name = live.getAttribute('data-rows');
  return name !== null && name === drawn.getAttribute('data-rows');
}

function hasSameMark(live: Element, drawn: Element, name: string): boolean {
  return live.getAttribute(name) === drawn.getAttribute(name);
}

function isSameElement(live: Element, drawn: Element): boolean {
  return (
    live.localName === drawn.localName &&
    hasSameMark(live, drawn, 'id') &&
    hasSameMark(live, drawn, 'data-preserve') &&
    hasSameMark(live, drawn, 'data-rows')
  );
}

function isSameNode(live: Node, drawn: Node): boolean {
  if (live.nodeType !== drawn.nodeType) return false;
  if (!(live instanceof Element && drawn instanceof Element)) return true;
  if (live.isEqualNode(drawn)) return true;
  if (!isSameElement(live, drawn)) return false;
  return isPreserved(live, drawn) || isSameList(live, drawn) || hasSameShape(live, drawn);
}

/** Whether neither holds elements, so that the texts can be written as they are. */
function areTexts(live: Node, drawn: Node): boolean {
  return isTextOnly(live) && isTextOnly(drawn);
}

function isTextOnly(node: Node): boolean {
  const { firstChild } = node;
  if (firstChild === null) return true;
  return firstChild.nextSibling === null && firstChild.nodeType === Node.TEXT_NODE;
}

/** Whether the children of both are the same elements with other texts and attributes at most. */
export function hasSameShape(live: Node, drawn: Node): boolean {
  if (areTexts(live, drawn)) return true;
  let old = live.firstChild;
  let next = drawn.firstChild;
  while (old !== null && next !== null) {
    if (!isSameNode(old, next)) return false;
    old = old.nextSibling;
    next = next.nextSibling;
  }
  return old === next;
}

// The browser compares far faster than we do. What can be opened is settled although it is equal:
// the template may have come round to what the user had done.
function isSettled(live: Element, drawn: Element): boolean {
  return live.isEqualNode(drawn) && !live.matches(openable) && !live.querySelector(openable);
}

function patchElement(live: Element, drawn: Element): void {
  if (isSettled(live, drawn) || isPreserved(live, drawn) || syncControl(live, drawn)) return;
  settleOpen(live, drawn);
  syncAttributes(live, drawn);
  if (!isSameList(live, drawn)) patchChildren(live, drawn);
}

/** Writes what differs into the live children, which must have the same shape as the drawn ones. */
export function patchChildren(live: Node, drawn: Node): void {
  if (areTexts(live, drawn) && (live.firstChild === null || drawn.firstChild === null)) {
    if (live.textContent !== drawn.textContent) live.textContent = drawn.textContent;
    return;
  }
  let old = live.firstChild;
  let next = drawn.firstChild;
  while (old !== null && next !== null) {
    if (old instanceof Element && next instanceof Element) patchElement(old, next);
    else if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    old = old.nextSibling;
    next = next.nextSibling;
  }
}
