import { Idiomorph } from 'idiomorph';
import { rememberDrawn, settleOpen, syncAttributes, syncControl } from './element.ts';
import { childEdits, isPreserved, isSameList } from './patch.ts';
import type { Root } from './types.ts';

/** Tells the library whether to go on with a pair of nodes, after doing our part of it. */
function beforeNodeMorphed(live: Node, drawn: Node): boolean {
  if (!(live instanceof Element && drawn instanceof Element)) return true;
  if (isPreserved(live, drawn) || syncControl(live, drawn)) return false;
  settleOpen(live, drawn);
  if (!isSameList(live, drawn)) return true;
  syncAttributes(live, drawn);
  return false;
}

const settings = {
  morphStyle: 'innerHTML',
  // Done by `keepFocus`, which also sees into shadow roots and does not need an id.
  restoreFocus: false,
  callbacks: { beforeNodeMorphed, afterNodeAdded: rememberDrawn },
} as const;

/**
 * Makes the children of `live` those of `drawn`, keeping live elements, focus and the user's input.
 * Where little differs that is written and nothing else is touched.
 */
export function morphChildren(live: Root, drawn: Element | DocumentFragment): void {
  if (live.firstChild === null) {
    rememberDrawn(drawn);
    live.append(...drawn.childNodes);
    return;
  }
  const edits = childEdits(live, drawn);
  if (edits === undefined) void Idiomorph.morph(live, [...drawn.childNodes], settings);
  else for (const edit of edits) edit();
}

/** Turns one element into the drawn one and returns that which now stands in its place. */
export function morphElement(live: Element, drawn: Element): Element {
  if (live.localName !== drawn.localName || live.id !== drawn.id) {
    rememberDrawn(drawn);
    live.replaceWith(drawn);
    return drawn;
  }
  if (isPreserved(live, drawn) || syncControl(live, drawn)) return live;
  settleOpen(live, drawn);
  syncAttributes(live, drawn);
  morphChildren(live, drawn);
  return live;
}
