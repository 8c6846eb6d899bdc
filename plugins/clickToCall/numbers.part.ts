import { findPhoneNumbersInText, isSupportedCountry, parseDigits } from 'libphonenumber-js/max';
import type { PhoneNumber } from 'libphonenumber-js/max';
import type { Clock, PluginContext } from '../../src/core/index.ts';
import { createMarks } from './marks.ts';
import type { MarkedNumber, Marks } from './marks.ts';
import type { ClickToCallOptions, NumbersOptions } from './types.ts';

/** What finding numbers needs. */
export interface NumbersParts {
  readonly ctx: PluginContext<'clickToCall', ClickToCallOptions, 'userAgent'>;
  readonly numbers: NumbersOptions;
}

/** How much is looked at before the page has its turn again, whichever is reached first. */
export const slice = { nodes: 200, milliseconds: 8 } as const;
/** The pause between two slices, in milliseconds: time for a frame. */
export const pause = 16;
/** A text longer than this is data and no prose; it would hold the page up. In UTF-16 units. */
export const longestText = 2000;
/** So often within that many milliseconds may a page undo the links of one element; then they stay undone. */
export const patience = { times: 5, milliseconds: 1000 } as const;

/** Where a link would be wrong: in other links and controls, in what is edited, in code, in the phone itself. */
const leftAlone =
  'a,button,select,textarea,label,summary,kbd,code,pre,script,style,noscript,template,head,svg,math,iframe,object,audio,video,canvas,' +
  '[contenteditable]:not([contenteditable="false" i]),[data-cordboard],[data-cordboard-ignore],' +
  '[role="button"],[role="checkbox"],[role="switch"],[role="link"],[role="menuitem"],[role="option"],[role="tab"],[role="textbox"]';

/** Makes links of the numbers in the page's text, also of what is added later, until the phone is destroyed. */
export function markNumbers({ ctx, numbers }: NumbersParts): void {
  const { country = '' } = numbers;
  if (country !== '' && !isSupportedCountry(country))
    ctx.log.warn(`No country is known as "${country}": only numbers with + are found.`);
  const start = (): void => {
    watch({ ctx, numbers });
  };
  // Before that the parser is still writing, and a number may be cut in two.
  if (document.readyState === 'loading')
    document.addEventListener('DOMContentLoaded', start, { signal: ctx.signal, once: true });
  else start();
}

function watch(parts: NumbersParts): void {
  const { clock, onDestroy } = parts.ctx;
  const marks = createMarks();
  const quarrels = createQuarrels(clock);
  const look = lookAt(parts, marks, quarrels);
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
    observer.takeRecords();
    isWorking = waiting.length > 0;
    if (isWorking) clock.after(pause, work);
  };
  const add = (nodes: readonly Node[]): void => {
    for (const node of nodes) if (isOpen(node, parts)) waiting.push(node);
    if (isWorking || waiting.length === 0) return;
    isWorking = true;
    clock.after(0, work);
  };
  const observer = new MutationObserver((records) => {
    const written = records.filter(({ type }) => type === 'characterData');
    const rewritten = written.map(({ target }) => target).filter((text) => !marks.isOurs(text));
    for (const text of rewritten) marks.forget(text);
    const restored = marks.settle();
    quarrels.undone([...rewritten, ...restored]);
    observer.takeRecords();
    add([...rewritten, ...restored, ...records.flatMap(({ addedNodes }) => [...addedNodes])]);
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
  onDestroy(() => {
    observer.disconnect();
    marks.clear();
  });
  add([document.documentElement]);
}

/** Looks at one node: makes links in a text, and gives the children of an element, the first last. */
function lookAt(
  { ctx, numbers }: NumbersParts,
  marks: Marks,
  quarrels: Quarrels,
): (node: Node) => readonly Node[] {
  const roots = [ctx.options.root, numbers.root ?? ''].filter((selector) => selector !== '');
  const find = finder(numbers.country ?? '');
  const isIn = (text: Text): boolean =>
    roots.every((selector) => text.parentElement?.closest(selector));
  return (node) => {
    if (!node.isConnected || marks.isOurs(node)) return [];
    if (node instanceof Element)
      return node.matches(ignored(ctx.options, numbers)) ? [] : [...node.childNodes].reverse();
    if (node instanceof Text && isIn(node) && !quarrels.isOver(node)) {
      const found = find(node.data);
      if (found.length === 0) return [];
      quarrels.made(node);
      marks.add(node, found);
    }
    return [];
  };
}

/** Elements whose links the page undoes as often as they are made: that would go on for ever. */
interface Quarrels {
  /** Links are made in this text. */
  readonly made: (text: Text) => void;
  /** The page has taken these texts, or their links, apart. */
  readonly undone: (texts: readonly Node[]) => void;
  /** Whether the page has had its will. */
  readonly isOver: (text: Text) => boolean;
}

function createQuarrels({ now }: Clock): Quarrels {
  // By the text, as one that is removed no longer has its element.
  const homes = new WeakMap<Node, Element>();
  const counts = new WeakMap<Element, { readonly since: number; readonly count: number }>();
  const over = new WeakSet<Element>();
  return {
    made: (text) => {
      if (text.parentElement) homes.set(text, text.parentElement);
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
    isOver: ({ parentElement }) => parentElement !== null && over.has(parentElement),
  };
}

function finder(country: string): (text: string) => readonly MarkedNumber[] {
  const options = isSupportedCountry(country) ? { defaultCountry: country } : {};
  return (text) => {
    // Most texts have no five digits, and are done with here.
    if (text.length > longestText || !/(?:\p{Nd}\P{Nd}*){5}/u.test(text)) return [];
    // "030 123456, 030 654321" are two numbers; the library would take the 030 behind the comma for an extension.
    return findPhoneNumbersInText(text.replace(/[,;]/g, '|'), options)
      .filter((each) => isComplete(each.number, text.slice(each.startsAt, each.endsAt)))
      .map(({ number, startsAt, endsAt }) => ({ startsAt, endsAt, address: number.getURI() }));
  };
}

/**
 * Whether all is there that a call from anywhere in the country needs. The library takes 123456 for a German
 * number without its 0, which a number of the neighbourhood and a date such as 2024-05-06 are not.
 */
function isComplete(number: PhoneNumber, written: string): boolean {
  const { countryCallingCode, nationalNumber } = number;
  const ways = [countryCallingCode + nationalNumber, parseDigits(number.formatNational())];
  // The 0 in +49 (0)30 is dialled in the country only.
  return (
    /^[^\p{Nd}]*[+＋]/u.test(written) || ways.some((way) => parseDigits(written).includes(way))
  );
}

/** Whether links may be made in the place of a node that has come into the page. */
function isOpen(node: Node, { ctx, numbers }: NumbersParts): boolean {
  return node.isConnected && !node.parentElement?.closest(ignored(ctx.options, numbers));
}

function ignored({ ignore }: ClickToCallOptions, numbers: NumbersOptions): string {
  return [leftAlone, ignore, numbers.ignore ?? ''].filter((selector) => selector !== '').join(',');
}
