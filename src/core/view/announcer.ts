import { parseElement } from './html.ts';
import type { Fact, Root, View, ViewServices } from './types.ts';

/** Which element the announcer is: no template draws it, and no draw may touch it. */
export const announcerMark = '[part="announcer"]';

// Screen readers hear only what comes into a region that they know already. What is over by then, such
// as a hold that is agreed upon at once, is not worth a word.
const pause = 150;
// Long enough for braille; then nobody comes across it in the page as if it were still so.
const stay = 5000;

/** What is so, and of what a template marks where it stands and whether it is only out of sight. */
interface Noted extends Fact {
  readonly element?: Element;
  readonly isAway?: () => boolean;
}

/** What templates mark by `data-say` in the roots of these views. */
export function factsIn(views: readonly View[]): readonly Noted[] {
  return views.flatMap((view) => {
    const { roots } = view;
    // A panel that is taken out takes its texts along, and brings the same ones back.
    const { length } = roots;
    const isAway = (): boolean => view.roots.length < length;
    return roots.flatMap((root) =>
      [...root.querySelectorAll('[data-say]')].map((element) => ({
        text: element.textContent,
        isUrgent: element.getAttribute('data-say') === 'now',
        element,
        isAway,
      })),
    );
  });
}

const idOf = ({ key = '', text }: Fact): string => key + text;
// What it is said of, in whatever words.
const subjectOf = ({ key, element }: Noted): unknown => key ?? element;

// Where it is not displayed it is not heard either, nor in what has a name made of all that is in it.
function heardIn(roots: readonly Root[], otherwise: Root): Root {
  const isHeard = ({ firstElementChild: child }: Root): boolean =>
    !!child?.getClientRects().length && !child.closest('button,summary');
  return roots.find(isHeard) ?? otherwise;
}

/**
 * Makes what says the things that matter, once, in the one place of the phone that screen readers listen to: at
 * the end of one of the roots. The function takes all that is so now, and says a little later what is new in it.
 */
export function createAnnouncer({
  uid,
  after,
  texts,
}: Pick<ViewServices, 'uid' | 'after' | 'texts'>): (
  facts: readonly Noted[],
  roots: readonly Root[],
) => void {
  let region: Element | undefined;
  let present: readonly Noted[] = [];
  let places: readonly Root[] = [];
  let said = new Map<string, Noted>();
  let words: object | undefined;
  let isWaiting = false;

  const say = (): void => {
    isWaiting = false;
    // It was taken out meanwhile, and nobody would hear it.
    if (!region?.isConnected) {
      announce();
      return;
    }
    for (const fact of present) {
      if (said.has(idOf(fact))) continue;
      said.set(idOf(fact), fact);
      const line = document.createElement('span');
      line.append(fact.text);
      region.children[fact.isUrgent ? 1 : 0]?.append(line);
      after(stay, () => {
        line.remove();
      });
    }
  };

  const announce = (): void => {
    const there = places.filter(({ isConnected }) => isConnected);
    const [first] = there;
    if (!first) return;
    const isNews = present.some((fact) => !said.has(idOf(fact)));
    region ??= parseElement(
      `<div id=${uid}-announcer part=announcer class=cb-visually-hidden data-preserve><p aria-live=polite></p><p aria-live=assertive></p></div>`,
    );
    if (region.isConnected && (isWaiting || !isNews)) return;
    // To ask what is displayed has the browser lay out the page, which is to paint it first.
    const place = isNews ? heardIn(there, first) : first;
    if (region.parentNode !== place) place.append(region);
    if (isWaiting || !isNews) return;
    isWaiting = true;
    after(pause, say);
  };

  return (facts, roots) => {
    places = roots;
    present = facts.filter(({ text }) => text.trim());
    const before = [...said.values()];
    // What is found at the start is no news, nor what was said already and is so in other words now.
    const isFirst = !words;
    const subjects = words !== (words = texts('')) && new Set(before.map(subjectOf));
    const isOld = (fact: Noted): boolean =>
      isFirst || said.has(idOf(fact)) || (subjects && subjects.has(subjectOf(fact)));
    const kept = [...before.filter(({ isAway }) => isAway?.()), ...present.filter(isOld)];
    said = new Map(kept.map((fact) => [idOf(fact), fact]));
    announce();
  };
}
