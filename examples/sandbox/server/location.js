// @ts-check
import { readUri } from './message.js';

/**
 * @typedef {import('./flows.js').Flow} Flow
 * @typedef {{ user: string, contact: string, params: Record<string, string | null>,
 *   instance: string | undefined, flow: Flow, until: number, timer: NodeJS.Timeout }} Binding
 */

/** Where each user can be reached: the contacts that registered, until they expire. */
export class Location {
  /** @type {Set<Binding>} */
  #bindings = new Set();

  /**
   * Adds a contact, or renews the one of the same client.
   *
   * @param {Omit<Binding, 'until' | 'timer'>} entry
   * @param {number} seconds
   */
  bind(entry, seconds) {
    this.unbind(entry.user, entry);
    /** @type {Binding} */
    const binding = {
      ...entry,
      until: Date.now() + seconds * 1000,
      timer: setTimeout(() => this.#remove(binding), seconds * 1000),
    };
    this.#bindings.add(binding);
  }

  /**
   * @param {string} user
   * @param {{ contact: string, instance: string | undefined }} which
   */
  unbind(user, which) {
    for (const binding of this.of(user)) {
      const same = which.instance
        ? binding.instance === which.instance
        : sameAddress(binding.contact, which.contact);
      if (same) this.#remove(binding);
    }
  }

  /** @param {string} user */
  unbindAll(user) {
    for (const binding of this.of(user)) this.#remove(binding);
  }

  /**
   * @param {string} user
   * @returns {Binding[]}
   */
  of(user) {
    return this.all().filter((binding) => binding.user === user);
  }

  all() {
    return [...this.#bindings];
  }

  /** @param {import('./connection.js').Connection} connection */
  disconnect(connection) {
    for (const binding of this.all()) {
      if (binding.flow.connection === connection) this.#remove(binding);
    }
  }

  close() {
    for (const binding of this.all()) this.#remove(binding);
  }

  /** @param {Binding} binding */
  #remove(binding) {
    clearTimeout(binding.timer);
    this.#bindings.delete(binding);
  }
}

/**
 * @param {string} a
 * @param {string} b
 */
function sameAddress(a, b) {
  const [one, two] = [readUri(a), readUri(b)];
  return one?.user === two?.user && one?.host === two?.host && one?.port === two?.port;
}
