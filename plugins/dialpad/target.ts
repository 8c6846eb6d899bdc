import { digitOf } from './keys.ts';

/** How a target is prepared before it is called. */
export interface TargetSettings {
  readonly isFiltering: boolean;
  readonly isConverting: boolean;
}

/**
 * The target of what was typed. A SIP address is left as it is; of a number, letters become digits
 * when converting, and what nobody can dial is left out when filtering.
 */
export function targetOf(typed: string, { isFiltering, isConverting }: TargetSettings): string {
  const text = typed.trim();
  if (isAddress(text)) return text;
  const converted = isConverting ? Array.from(text, digitOf).join('') : text;
  // A user name is an address too: filtered, `alice2` would call 2.
  if (!isFiltering || /\p{L}/u.test(converted)) return converted;
  const kept = converted.replace(/[^0-9*#+]/g, '');
  return kept.slice(0, 1) + kept.slice(1).replaceAll('+', '');
}

function isAddress(text: string): boolean {
  return text.includes('@') || /^(sips?|tel):/i.test(text);
}

/** What was put in to make `after` of `before`; '' when something was only taken away. */
export function insertedText(before: string, after: string): string {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start])
    start += 1;
  let end = 0;
  const limit = Math.min(before.length, after.length) - start;
  while (end < limit && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return after.slice(start, after.length - end);
}

/**
 * The tones of a piece of text, its separators left out; '' when it is anything but tones: an
 * address that is pasted during a call must not send its digits.
 */
export function tonesOf(text: string): string {
  const bare = text.replace(/[\s().-]/g, '');
  return /^[0-9*#A-D]+$/.test(bare) ? bare : '';
}
