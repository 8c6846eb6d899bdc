import type { ClickToCallOptions } from './types.ts';

/** A link that was clicked. */
export interface PressedLink {
  readonly address: string;
  /** What it is to do, as the page or the options say; the page may have written anything. */
  readonly action: string;
}

/**
 * The link that a click is meant for, or null when the browser is to follow it: another button or a key held
 * down, a target or a download of its own, a click that somebody has taken, or a place that is left alone.
 */
export function linkOf(
  event: MouseEvent,
  { root, ignore, action }: ClickToCallOptions,
): PressedLink | null {
  if (event.defaultPrevented || isSpecial(event)) return null;
  const path = event.composedPath().filter((each) => each instanceof Element);
  const link = path.find((each) => each instanceof HTMLAnchorElement && each.hasAttribute('href'));
  if (!(link instanceof HTMLAnchorElement) || hasOwnWay(link)) return null;
  // From the link outwards, and out of shadow roots too.
  const around = path.slice(path.indexOf(link));
  const isIn = (selector: string): boolean => around.some((each) => each.matches(selector));
  if ((ignore !== '' && isIn(ignore)) || (root !== '' && !isIn(root))) return null;
  return { address: link.getAttribute('href') ?? '', action: actionOf(around, action) };
}

/** The action that the nearest element names. */
function actionOf(around: readonly Element[], otherwise: string): string {
  const named = around.map((each) => each.getAttribute('data-cordboard-action'));
  return named.find((each) => each !== null) ?? otherwise;
}

function isSpecial(event: MouseEvent): boolean {
  const { button, altKey, ctrlKey, metaKey, shiftKey } = event;
  return button !== 0 || altKey || ctrlKey || metaKey || shiftKey;
}

function hasOwnWay(link: HTMLAnchorElement): boolean {
  const target = link.getAttribute('target') ?? '';
  return link.hasAttribute('download') || !['', '_self'].includes(target.toLowerCase());
}
