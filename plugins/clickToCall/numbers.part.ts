import { isSupportedCountry } from 'libphonenumber-js/max';
import type { Clock, Off } from '../../src/core/index.ts';
import type { Context } from './act.ts';
import { finder } from './find.ts';
import { createMarks } from './marks.ts';
import type { Marks } from './marks.ts';
import { createQuarrels } from './quarrels.ts';
import type { Quarrels } from './quarrels.ts';
import { createRoots } from './roots.ts';
import type { Roots } from './roots.ts';
import type { NumbersOptions } from './types.ts';

/** What finding numbers needs. */
export interface NumbersParts {
  readonly ctx: Context;
  readonly numbers: NumbersOptions;
}

/** Finds numbers in a shadow root and the open ones in it as well, until it is told not to. */
export type WatchRoot = (root: ShadowRoot) => Off;

interface Memory {
  readonly marks: Marks;
  readonly quarrels: Quarrels;
  readonly roots: Roots;
}

/** How much is looked at before the page has its turn again, whichever is reached first. */
export const slice = { nodes: 200, milliseconds: 8 } as const;
/** The pause between two slices, in milliseconds: time for a frame. */
export const pause = 16;

/** Where a link would be wrong: in other links and controls, in what is edited, in code, in the phone itself. */
const leftAlone =
  'a,button,select,textarea,label,summary,kbd,code,pre,script,style,noscript,template,head,svg,math,iframe,object,audio,video,canvas,' +
  '[contenteditable]:not([contenteditable="false" i]),[data-cordboard],[data-cordboard-ignore],' +
  '[role="button"],[role="checkbox"],[role="switch"],[role="link"],[role="menuitem"],[role="option"],[role="tab"],[role="textbox"]';

/** What the page may do that matters; what an element is left alone for may come later. */
const observed: MutationObserverInit = {
  ...{ childList: true, subtree: true, characterData: true },
  attributeFilter: ['contenteditable', 'data-cordboard-ignore', 'role'],
};

/** Makes links of the numbers in the page's text, also of what is added later, until the phone is destroyed. */
export function markNumbers(parts: NumbersParts): WatchRoot {
  const { country = '' } = parts.numbers;
  if (country !== '' && !isSupportedCountry(country))
    parts.ctx.log.warn(`No country is known as "${country}": only numbers with + are found.`);
  const { clock, onDestroy } = parts.ctx;
  const marks = createMarks();
  const quarrels = createQuarrels(clock);
  const roots = createRoots((root) => {
    observer.observe(root, observed);
  });
  const look = lookAt(parts, { marks, quarrels, roots });
  const ignored = ignoredBy(parts);
  const add = inSlices(clock, look, () => observer.takeRecords());
  const addOpen = (nodes: readonly Node[]): void => {
    add(nodes.filter((node) => !isIn(node, ignored)));
  };
  const hear = (records: readonly MutationRecord[]): void => {
    const targets = (type: MutationRecordType): readonly Node[] => [
      ...new Set(records.filter((each) => each.type === type).map(({ target }) => target)),
    ];
    const rewritten = targets('characterData').filter((text) => !marks.isOurs(text));
    for (const text of rewritten) marks.forget(text);
    const restored = marks.settle(records);
    quarrels.undone([...rewritten, ...restored]);
    leave(roots.prune());
    const changed = targets('attributes');
    const shut = changed.filter((each) => isIn(each, ignored));
    marks.giveBack((text) => shut.some((each) => isAround(each, text)));
    observer.takeRecords();
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
    addOpen([...rewritten, ...restored, ...changed, ...added]);
  };
  const observer = new MutationObserver(hear);
  const observe = (): void => {
    observer.observe(document, observed);
    for (const root of roots.list()) observer.observe(root, observed);
  };
  const leave = (left: readonly ShadowRoot[]): void => {
    if (left.length === 0) return;
    marks.giveBack((text) => left.some((root) => root.contains(text)));
    // An observer leaves all or none.
    observer.disconnect();
    observe();
  };
  onDestroy(() => {
    observer.disconnect();
    roots.clear();
    marks.giveBack(() => true);
  });
  observe();
  addOpen([document.documentElement]);
  return (root) => {
    const off = roots.watch(root);
    addOpen([...root.childNodes]);
    return () => {
      hear(observer.takeRecords());
      off();
      leave(roots.prune());
    };
  };
}

/** Gives what takes nodes to be looked at, in slices; `done` runs after each. */
function inSlices(
  clock: Clock,
  look: (node: Node) => readonly Node[],
  done: () => void,
): (nodes: readonly Node[]) => void {
  /** What is still to be looked at, the next one last. */
  const waiting: Node[] = [];
  let isWorking = false;
  const work = (): void => {
    const end = clock.now() + slice.milliseconds;
    for (let count = 0; count < slice.nodes && clock.now() <= end; count++) {
      const node = waiting.pop();
      if (!node) break;
      for (const child of look(node)) waiting.push(child);
    }
    // The observer is to tell what the page has done, not what was done here.
    done();
    isWorking = waiting.length > 0;
    if (isWorking) clock.after(pause, work);
  };
  return (nodes) => {
    for (const node of nodes) waiting.push(node);
    if (isWorking || waiting.length === 0) return;
    isWorking = true;
    clock.after(0, work);
  };
}

/** Looks at one node: makes links in a text, and gives what is in an element, the first last. */
function lookAt(
  { ctx, numbers }: NumbersParts,
  { marks, quarrels, roots }: Memory,
): (node: Node) => readonly Node[] {
  const chosen = [ctx.options.root, numbers.root ?? ''].filter((selector) => selector !== '');
  const ignored = ignoredBy({ ctx, numbers });
  const find = finder(numbers.country ?? '');
  const isLinkable = (node: Node): node is Text =>
    node instanceof Text &&
    chosen.every((selector) => isIn(node, selector)) &&
    !quarrels.isOver(node);
  return (node) => {
    if (!node.isConnected || !roots.areAround(node) || marks.isOurs(node)) return [];
    if (node instanceof Element && !node.matches(ignored))
      return [...node.childNodes, ...(roots.of(node)?.childNodes ?? [])].reverse();
    if (!isLinkable(node)) return [];
    const found = find(node.data);
    if (found.length === 0) return [];
    quarrels.made(node);
    marks.add(node, found);
    return [];
  };
}

/** Whether a node is in an element, out of shadow roots too. */
function isAround(element: Node, node: Node): boolean {
  if (element.contains(node)) return true;
  const root = node.getRootNode();
  return root instanceof ShadowRoot && isAround(element, root.host);
}

/** Whether a node is such an element or in one, out of shadow roots too. */
function isIn(node: Node, selector: string): boolean {
  const nearest = node instanceof Element ? node : node.parentElement;
  if (nearest?.closest(selector)) return true;
  const root = node.getRootNode();
  return root instanceof ShadowRoot && isIn(root.host, selector);
}

function ignoredBy({ ctx, numbers }: NumbersParts): string {
  const chosen = [ctx.options.ignore, numbers.ignore ?? ''];
  return [leftAlone, ...chosen].filter((selector) => selector !== '').join(',');
}
