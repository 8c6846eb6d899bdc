import { forParser } from '../../src/core/index.ts';

/** The type of the bodies that tell of typing (RFC 3994). */
export const composingType = 'application/im-iscomposing+xml';

const namespace = 'urn:ietf:params:xml:ns:im-iscomposing';

// A document has three short elements.
const longest = 2_000;

/** What a far end says of its user. */
export interface Composing {
  readonly isActive: boolean;
  /** Seconds after which it is over unless it is said again. */
  readonly refresh: number;
}

/** A body that says whether the user types; `refresh` is in seconds. */
export function composingBody(state: 'active' | 'idle', refresh: number): string {
  const more = state === 'active' ? `<refresh>${String(refresh)}</refresh>` : '';
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<isComposing xmlns="${namespace}"><state>${state}</state>` +
    `<contenttype>text/plain</contenttype>${more}</isComposing>`
  );
}

/**
 * Reads such a body, which may be hostile; null when it is none. What is no known state counts as
 * idle, and without `refresh` typing lasts 120 seconds (RFC 3994 section 3.3).
 */
export function readComposing(body: string): Composing | null {
  // A document type may bring entities; nothing here needs one.
  if (body.length > longest || body.includes('<!')) return null;
  const parsed = new DOMParser().parseFromString(forParser(body.trim()), 'application/xml');
  const { documentElement: root } = parsed as { readonly documentElement: Element | null };
  const isBroken = parsed.getElementsByTagName('parsererror').length > 0;
  if (isBroken || root?.localName !== 'isComposing' || root.namespaceURI !== namespace) return null;
  const textOf = (name: string): string =>
    [...root.children].find(({ localName }) => localName === name)?.textContent.trim() ?? '';
  const refresh = /^\d{1,6}$/.test(textOf('refresh')) ? Number(textOf('refresh')) : 120;
  return { isActive: textOf('state') === 'active', refresh: Math.min(Math.max(refresh, 1), 600) };
}
