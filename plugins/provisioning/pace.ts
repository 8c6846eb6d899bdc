/** Seconds between two questions where neither the configuration nor the server says how many. */
export const usualPace = 300;

/** Seconds. Who wrote a `max-age` may not have thought of phones that ask for ever. */
const [least, most] = [60, 86_400];

/**
 * Seconds until the next question that the header `Cache-Control` of an answer stands for: its `max-age`
 * (RFC 9111, section 5.2.2.1), from 60 to 86400. Scripts may read that header from any origin (Fetch, "CORS-safelisted
 * response-header name"). Undefined where it says nothing of that: without `max-age`, with one of 0, which asks for a
 * question before each use and not for one after the other, and with `no-cache` or `no-store`, which go before it.
 * `Age` is left alone: every question here goes past caches.
 */
export function paceIn(header: string | null): number | undefined {
  // Numbers may be quoted (section 5.2); a list of names that is may hold anything.
  const unquoted = (header ?? '').replace(/"(\d+)"/g, '$1').replace(/"[^"]*"/g, '');
  const directives = unquoted.split(',').map((each) => each.trim().toLowerCase());
  if (directives.some((each) => /^no-(cache|store)$/.test(each))) return undefined;
  // Of several the first counts (section 4.2.1).
  const first = directives.find((each) => each.startsWith('max-age='));
  const digits = /^max-age=(\d+)$/.exec(first ?? '')?.[1];
  const seconds = Number(digits ?? 0);
  return seconds > 0 ? Math.min(Math.max(seconds, least), most) : undefined;
}
