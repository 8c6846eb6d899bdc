import type { LinkTarget } from './types.ts';

// RFC 3966 section 3 names these visual separators; a space is none, and is written all the same.
const separators = /[-.()\s]/g;
// The user of RFC 3261 section 25.1, without a password, and a host. Nothing that is no sign may be escaped.
const user = String.raw`(?:[\w\-.!~*'()&=+$,;?/]|%[2-9a-f][\da-f])+`;
const host = String.raw`(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::\d{1,5})?`;
const sipAddress = new RegExp(`^(sips?):(${user}@${host})(?:[;?]|$)`, 'i');

/** What an address says is to be called, or null. */
export function readAddress(address: string): LinkTarget | null {
  const text = address.trim();
  if (/^tel:/i.test(text)) return readNumber(text.slice('tel:'.length));
  const [, scheme = '', rest] = sipAddress.exec(text) ?? [];
  // Parameters and headers are dropped: what stands in a page decides nothing but whom to call.
  return rest === undefined ? null : { target: `${scheme.toLowerCase()}:${rest}`, tones: '' };
}

function readNumber(text: string): LinkTarget | null {
  const [number = '', ...parameters] = decoded(text).split(';');
  const target = number.replace(separators, '');
  if (!/^\+?[\d*#]+$/.test(target)) return null;
  const tones = ['ext', 'postd'].map((name) => tonesOf(parameters, name)).join('');
  return { target, tones };
}

// Pauses are left out: what comes after them is for whoever answers, and so waits for the answer.
function tonesOf(parameters: readonly string[], name: string): string {
  const found = parameters.find((each) => each.toLowerCase().startsWith(`${name}=`)) ?? '';
  const tones = found
    .slice(name.length + 1)
    .replace(/[-.()\spw]/gi, '')
    .toUpperCase();
  return /^[\dA-D*#]*$/.test(tones) ? tones : '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
