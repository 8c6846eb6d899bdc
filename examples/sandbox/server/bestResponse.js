// @ts-check

const preferred = [401, 407, 415, 420, 484];
/** They say only that somebody was not reached, which is the least one can say. */
const last = [408, 430, 480, 487];

/**
 * Chooses what the caller is told when no branch was answered (RFC 3261 section 16.7, step 6).
 *
 * @template {{ status?: any }} Response
 * @param {Response[]} responses At least one, all final and none of them 2xx.
 * @returns {Response}
 */
export function bestOf(responses) {
  const sorted = [...responses].sort((a, b) => rank(a.status) - rank(b.status));
  return /** @type {Response} */ (sorted[0]);
}

/** @param {number} status */
function rank(status) {
  const family = Math.floor(status / 100);
  if (family === 6) return 0;
  const within = preferred.includes(status) ? 1 : last.includes(status) ? 3 : 2;
  return family * 10 + within;
}
