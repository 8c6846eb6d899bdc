import type { ClickToCallOptions } from './types.ts';

/**
 * The link that a click is meant for, or null when the browser is to follow it: another button or a key held
 * down, a target or a download of its own, a click that somebody has taken, or a place that is left alone.
 */
export function linkOf(
  event: MouseEvent,
  { root, ignore }: ClickToCallOptions,
): HTMLAnchorElement | null {
  if (event.defaultPrevented || isSpecial(event)) return null;
  const path = event.composedPath().filter((each) => each instanceof Element);
  const link = path.find((each) => each instanceof HTMLAnchorElement && each.hasAttribute('href'));
  if (!(link instanceof HTMLAnchorElement) || hasOwnWay(link)) return null;
  // From the link outwards, and out of shadow roots too.
  const around = path.slice(path.indexOf(link));
  const isIn = (selector: string): boolean => around.some((each) => each.matches(selector));
  if (ignore !== '' && isIn(ignore)) return null;
  return root === '' || isIn(root) ? link : null;
}

function isSpecial(event: MouseEvent): boolean {
  const { button, altKey, ctrlKey, metaKey, shiftKey } = event;
  return button !== 0 || altKey || ctrlKey || metaKey || shiftKey;
}

function hasOwnWay(link: HTMLAnchorElement): boolean {
  const target = link.getAttribute('target') ?? '';
  return link.hasAttribute('download') || !['', '_self'].includes(target.toLowerCase());
}
