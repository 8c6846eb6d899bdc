import type { Page } from 'playwright-core';

/** Selectors of two things that are to look different */
export type Pair = readonly [string, string];

/** Which of these look alike with the colours of somebody's own choice, or are not there. */
export async function alikeIn(page: Page, ...pairs: readonly Pair[]): Promise<readonly string[]> {
  await page.emulateMedia({ forcedColors: 'active' });
  const found = await page.evaluate(alike, pairs);
  await page.emulateMedia({ forcedColors: null });
  return found;
}

// It runs in the page and uses nothing from outside of it.
function alike(pairs: readonly Pair[]): readonly string[] {
  const shown = [
    'backgroundColor',
    'borderTopColor',
    'borderTopWidth',
    'borderTopStyle',
    'color',
  ] as const;
  const look = (selector: string): string | undefined => {
    const found = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());
    if (!found) return undefined;
    // A button may leave it to its picture.
    return [found, ...[...found.children].slice(0, 1)]
      .map((one) => getComputedStyle(one))
      .map((style) => shown.map((name) => style[name]).join())
      .join(' | ');
  };
  return pairs.flatMap(([one, other]) => {
    const [first, second] = [look(one), look(other)];
    return first && second && first !== second
      ? []
      : [`${one}: ${first ?? 'not there'}\n${other}: ${second ?? 'not there'}`];
  });
}
