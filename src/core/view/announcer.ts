import { parseElement } from './html.ts';
import type { Fact, Root, ViewServices } from './types.ts';

/** Which element the announcer is: no template draws it, and no draw may touch it. */
export const announcerMark = '[part="announcer"]';

// Screen readers hear only what comes into a region that they know already. What is over by then, such
// as a hold that is agreed upon at once, is not worth a word.
const pause = 150;
// Long enough for braille; then nobody comes across it in the page as if it were still so.
const stay = 5000;

/** What templates mark by `data-say` in these roots. */
export function factsIn(roots: readonly Root[]): readonly Fact[] {
  return roots.flatMap((root) =>
    [...root.querySelectorAll('[data-say]')].map((element) => ({
      text: element.textContent,
      isUrgent: element.getAttribute('data-say') === 'now',
    })),
  );
}

/**
 * Makes what says the things that matter, once, in the one place of the phone that screen readers listen to: at
 * the end of one of the roots. The function takes all that is so now, and says a little later what is new in it.
 */
export function createAnnouncer({
  uid,
  after,
}: ViewServices): (facts: readonly Fact[], roots: readonly Root[]) => void {
  let region: Element | undefined;
  let present: readonly Fact[] = [];
  let said: Set<string> | undefined;
  let isWaiting = false;

  const say = (): void => {
    isWaiting = false;
    for (const { text, isUrgent } of present) {
      if (said?.has(text)) continue;
      said?.add(text);
      const line = document.createElement('span');
      line.append(text);
      region?.children[isUrgent ? 1 : 0]?.append(line);
      after(stay, () => {
        line.remove();
      });
    }
  };

  return (facts, roots) => {
    present = facts;
    const texts = facts.map(({ text }) => text);
    // What is found at the start is no news.
    said = new Set(texts.filter((text) => !said || said.has(text) || !text.trim()));
    const isNews = texts.some((text) => !said?.has(text));
    const [first] = roots;
    if (!first) return;
    region ??= parseElement(
      `<div id=${uid}-announcer part=announcer class=cb-visually-hidden data-preserve><p aria-live=polite></p><p aria-live=assertive></p></div>`,
    );
    if (region.isConnected && (isWaiting || !isNews)) return;
    // Where it is not displayed it is not heard either, nor in what has a name made of all that is in it.
    const isHeard = ({ firstElementChild: child }: Root): boolean =>
      !!child?.getClientRects().length && !child.closest('button,summary');
    const place = roots.find(isHeard) ?? first;
    if (region.parentNode !== place) place.append(region);
    if (isWaiting || !isNews) return;
    isWaiting = true;
    after(pause, say);
  };
}
