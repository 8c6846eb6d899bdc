import { parseElement } from './html.ts';
import type { Fact, Root, View, ViewServices } from './types.ts';

/** Which element the announcer is: no template draws it, and no draw may touch it. */
export const announcerMark = '[part="announcer"]';

// Screen readers hear only what comes into a region that they know already. What is over by then, such
// as a hold that is agreed upon at once, is not worth a word.
const pause = 150;
// Long enough for braille; then nobody comes across it in the page as if it were still so.
const stay = 5000;

/** What is so, and of what a template marks whether it is only out of sight. */
interface Noted extends Fact {
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
        isAway,
      })),
    );
  });
}

const idOf = ({ key = '', text }: Fact): string => key + text;

/**
 * Makes what says the things that matter, once, in the one place of the phone that screen readers listen to: at
 * the end of one of the roots. The function takes all that is so now, and says a little later what is new in it.
 */
export function createAnnouncer({
  uid,
  after,
  locale,
}: ViewServices): (facts: readonly Noted[], roots: readonly Root[]) => void {
  let region: Element | undefined;
  let present: readonly Noted[] = [];
  let said = new Map<string, Noted>();
  let language: string | undefined;
  let isWaiting = false;

  const say = (): void => {
    isWaiting = false;
    for (const fact of present) {
      if (said.has(idOf(fact))) continue;
      said.set(idOf(fact), fact);
      const line = document.createElement('span');
      line.append(fact.text);
      region?.children[fact.isUrgent ? 1 : 0]?.append(line);
      after(stay, () => {
        line.remove();
      });
    }
  };

  // In another language it is no news; what waits to be said is said in the old one.
  const reword = (): boolean => {
    const { lang } = locale();
    if (lang === language) return false;
    language = lang;
    say();
    return true;
  };

  return (facts, roots) => {
    const isReworded = reword();
    present = facts;
    // What is found at the start is no news either.
    const isOld = (fact: Noted): boolean => isReworded || said.has(idOf(fact)) || !fact.text.trim();
    const old = facts.filter(isOld);
    const away = [...said.values()].filter(({ isAway }) => isAway?.());
    said = new Map([...away, ...old].map((fact) => [idOf(fact), fact]));
    const isNews = old.length < facts.length;
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
