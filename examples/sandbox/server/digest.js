// @ts-check
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
// @ts-ignore The library has no types.
import digest from 'sip/digest.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {{ user: string } | { refused: 'missing' | 'wrong' | 'stale' }} Verdict
 */

/** @param {unknown} value */
const unquoted = (value) => String(value ?? '').replace(/^"(.*)"$/, '$1');

/** @param {string} value */
const quoted = (value) => `"${value}"`;

/**
 * Digest authentication with MD5 and qop=auth, the one form every SIP client has (RFC 2617).
 * Only the hash of name, realm and password is kept, never the password.
 */
export class Digest {
  #secret = randomBytes(32);
  /** @type {Map<string, string>} user to HA1 */
  #hashes = new Map();
  /** @type {Map<string, { count: number, until: number }>} nonces that were used, against replay */
  #used = new Map();

  /** @param {{ realm: string, nonceLife: number }} settings `nonceLife` in milliseconds. */
  constructor({ realm, nonceLife }) {
    this.realm = realm;
    this.nonceLife = nonceLife;
  }

  /**
   * @param {string} user
   * @param {string} password
   */
  setUser(user, password) {
    this.#hashes.set(user, digest.calculateUserRealmPasswordHash(user, this.realm, password));
  }

  /** @param {string} user */
  hasUser(user) {
    return this.#hashes.has(user);
  }

  /**
   * The value of WWW-Authenticate or Proxy-Authenticate.
   *
   * @param {boolean} stale Tells the client that its password was right and only the nonce too old.
   * @returns {object[]}
   */
  challenge(stale) {
    const fields = {
      scheme: 'Digest',
      realm: quoted(this.realm),
      nonce: quoted(this.#makeNonce()),
      algorithm: 'MD5',
      qop: quoted('auth'),
    };
    return [stale ? { ...fields, stale: 'true' } : fields];
  }

  /**
   * Checks the credentials of a request.
   *
   * @param {Message} request
   * @param {'authorization' | 'proxy-authorization'} header
   * @returns {Verdict}
   */
  verify(request, header) {
    const given = this.credentials(request, header);
    if (!given) return { refused: 'missing' };
    const user = unquoted(given['username']);
    const ha1 = this.#hashes.get(user);
    if (!ha1 || unquoted(given['qop']) !== 'auth') return { refused: 'wrong' };
    const expected = digest.calculateDigest({
      ha1,
      method: request.method,
      nonce: unquoted(given['nonce']),
      nc: unquoted(given['nc']),
      cnonce: unquoted(given['cnonce']),
      qop: 'auth',
      uri: unquoted(given['uri']),
    });
    if (!sameText(expected, unquoted(given['response']))) return { refused: 'wrong' };
    if (!this.#accept(unquoted(given['nonce']), unquoted(given['nc']))) return { refused: 'stale' };
    return { user };
  }

  /**
   * @param {Message} request
   * @param {string} header
   * @returns {Record<string, string> | undefined} The credentials meant for this realm.
   */
  credentials(request, header) {
    const all = request.headers[header];
    if (!Array.isArray(all)) return undefined;
    return all.find((one) => /^digest$/i.test(one.scheme) && unquoted(one.realm) === this.realm);
  }

  #makeNonce() {
    const body = `${Date.now().toString(36)}-${randomBytes(9).toString('hex')}`;
    return `${body}-${this.#sign(body)}`;
  }

  /** @param {string} body */
  #sign(body) {
    return createHmac('sha256', this.#secret).update(body).digest('hex').slice(0, 32);
  }

  /**
   * @param {string} nonce
   * @param {string} count Eight hexadecimal digits that must grow from use to use.
   */
  #accept(nonce, count) {
    const end = nonce.lastIndexOf('-');
    const until = parseInt(nonce, 36) + this.nonceLife;
    const now = Date.now();
    if (!sameText(this.#sign(nonce.slice(0, end)), nonce.slice(end + 1)) || until < now)
      return false;
    const value = /^[0-9a-f]{8}$/i.test(count) ? parseInt(count, 16) : 0;
    if (value <= (this.#used.get(nonce)?.count ?? 0)) return false;
    for (const [old, use] of this.#used) if (use.until < now) this.#used.delete(old);
    this.#used.set(nonce, { count: value, until });
    return true;
  }
}

/**
 * @param {string} a
 * @param {string} b
 */
function sameText(a, b) {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
