// @ts-check
import { randomBytes } from 'node:crypto';
import { makeResponse, readUri } from './message.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {import('./connection.js').Connection} Connection
 * @typedef {{ status: number, reason: string, headers?: Record<string, any> }} Answer
 */

/** What the server says itself: refusals, challenges, and the line in the log for each. */
export class Reception {
  /**
   * @param {{ digest: import('./digest.js').Digest, realm: string,
   *   log: (line: string) => void }} parts
   */
  constructor({ digest, realm, log }) {
    this.digest = digest;
    this.realm = realm;
    this.log = log;
  }

  /**
   * Answers with a challenge, or with 403, what does not prove whom it comes from.
   *
   * @param {Message} request
   * @param {Connection} connection
   * @param {'authorization' | 'proxy-authorization'} header
   * @returns {string | undefined} The user.
   */
  authenticate(request, connection, header) {
    const { digest, realm } = this;
    const verdict = digest.verify(request, header);
    if ('refused' in verdict) {
      const value = digest.challenge(verdict.refused === 'stale');
      const isProxy = header === 'proxy-authorization';
      this.answer(request, connection, {
        status: isProxy ? 407 : 401,
        reason: isProxy ? 'Proxy Authentication Required' : 'Unauthorized',
        headers: { [isProxy ? 'proxy-authenticate' : 'www-authenticate']: value },
      });
      return undefined;
    }
    const from = readUri(request.headers['from'].uri);
    if (from?.host === realm && from.user !== verdict.user) {
      this.answer(request, connection, { status: 403, reason: 'Not Your Address' });
      return undefined;
    }
    return verdict.user;
  }

  /**
   * @param {Message} request
   * @param {Connection} connection
   * @param {Answer} answer
   */
  answer(request, connection, answer) {
    const response = makeResponse(request, { ...answer, tag: newTag() });
    this.note(request, response);
    connection.send(response);
  }

  /**
   * @param {Message} request
   * @param {Message} response
   */
  note(request, { status, reason }) {
    const [from, to] = [request.headers['from'], request.headers['to']];
    const who = `${readUri(from.uri)?.user ?? '?'} -> ${readUri(to.uri)?.user ?? '?'}`;
    this.log(`${who}: ${request.method} ${status} ${reason}`);
  }
}

/** @returns {string} A To tag that nobody else uses. */
export function newTag() {
  return randomBytes(6).toString('hex');
}
