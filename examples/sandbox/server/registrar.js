// @ts-check
import { readUri } from './message.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {import('./message.js').Address} Address
 * @typedef {import('./connection.js').Connection} Connection
 * @typedef {import('./reception.js').Answer} Answer
 */

const longest = 3600;

/**
 * Carries out a REGISTER that has been authenticated (RFC 3261 section 10.3).
 */
export class Registrar {
  /**
   * @param {{ location: import('./location.js').Location, flows: import('./flows.js').Flows,
   *   minExpires: number }} parts `minExpires` in seconds.
   */
  constructor({ location, flows, minExpires }) {
    this.location = location;
    this.flows = flows;
    this.minExpires = minExpires;
  }

  /**
   * @param {Message} request
   * @param {string} user
   * @param {Connection} connection
   * @returns {Answer}
   */
  register(request, user, connection) {
    if (readUri(request.headers['to'].uri)?.user !== user) {
      return { status: 403, reason: 'Not Your Address' };
    }
    /** @type {Address[]} */
    const contacts = request.headers['contact'] ?? [];
    const fallback = secondsIn(request.headers['expires']) ?? longest;
    if (contacts.some((contact) => contact.uri === '*')) {
      if (contacts.length > 1 || fallback !== 0) return { status: 400, reason: 'Bad Contact' };
      this.location.unbindAll(user);
      return this.#listing(user);
    }
    const wanted = contacts.map((contact) => ({
      contact,
      seconds: Math.min(longest, secondsIn(contact.params['expires']) ?? fallback),
    }));
    const refusal = this.#refuse(wanted);
    if (refusal) return refusal;
    for (const { contact, seconds } of wanted) this.#apply(user, contact, { seconds, connection });
    return this.#listing(user);
  }

  /**
   * @param {{ contact: Address, seconds: number }[]} wanted
   * @returns {Answer | undefined}
   */
  #refuse(wanted) {
    if (wanted.some(({ contact }) => !readUri(contact.uri))) {
      return { status: 400, reason: 'Bad Contact' };
    }
    if (wanted.some(({ seconds }) => seconds > 0 && seconds < this.minExpires)) {
      const headers = { 'min-expires': String(this.minExpires) };
      return { status: 423, reason: 'Interval Too Brief', headers };
    }
    return undefined;
  }

  /**
   * @param {string} user
   * @param {Address} contact
   * @param {{ seconds: number, connection: Connection }} how
   */
  #apply(user, { uri, params }, { seconds, connection }) {
    const instance = params['+sip.instance'] ?? undefined;
    if (seconds === 0) {
      this.location.unbind(user, { contact: uri, instance });
      return;
    }
    const flow = this.flows.claim(`${user} ${instance ?? uri}`, connection);
    this.location.bind({ user, contact: uri, params, instance, flow }, seconds);
  }

  /**
   * @param {string} user
   * @returns {Answer}
   */
  #listing(user) {
    const contact = this.location.of(user).map((binding) => ({
      uri: binding.contact,
      params: { ...binding.params, expires: String(secondsLeft(binding.until)) },
    }));
    const date = new Date().toUTCString();
    return {
      status: 200,
      reason: 'OK',
      headers: contact.length > 0 ? { contact, date } : { date },
    };
  }
}

/**
 * @param {number} until
 * @returns {number}
 */
export function secondsLeft(until) {
  return Math.max(0, Math.ceil((until - Date.now()) / 1000));
}

/** @param {string | null | undefined} text */
function secondsIn(text) {
  return text && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
