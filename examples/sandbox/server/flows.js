// @ts-check
import { createHmac, randomBytes } from 'node:crypto';

/**
 * @typedef {import('./connection.js').Connection} Connection
 * @typedef {{ id: string, key: string, connection: Connection | undefined,
 *   timer: NodeJS.Timeout | undefined }} Flow The way to one client, which may change its
 *   connection: a client that comes back with the same instance id is the same flow.
 * @typedef {{ sender: Flow, target: Flow }} Direction
 */

/**
 * Knows how each client is reached and writes that into Record-Route, so that a dialog needs no
 * memory here and goes on when one of its ends reconnects.
 */
export class Flows {
  #secret = randomBytes(32);
  /** @type {Map<string, Flow>} */
  #byId = new Map();
  /** @type {Map<string, Flow>} */
  #byKey = new Map();

  /** @param {number} keep Milliseconds for which a client without a connection is remembered. */
  constructor(keep) {
    this.keep = keep;
  }

  /**
   * The flow of a client, now on this connection.
   *
   * @param {string} key Names the client: user and instance id.
   * @param {Connection} connection
   * @returns {Flow}
   */
  claim(key, connection) {
    const flow = this.#byKey.get(key) ?? this.#add(key);
    this.move(flow, connection);
    return flow;
  }

  /**
   * The flow of a user on a connection, registered or not.
   *
   * @param {string} user
   * @param {Connection} connection
   * @returns {Flow}
   */
  of(user, connection) {
    for (const flow of this.#byId.values()) {
      if (flow.connection === connection && flow.key.startsWith(`${user} `)) return flow;
    }
    return this.claim(`${user} ${connection.id}`, connection);
  }

  /**
   * @param {Flow} flow
   * @param {Connection} connection
   */
  move(flow, connection) {
    clearTimeout(flow.timer);
    flow.timer = undefined;
    flow.connection = connection;
  }

  /**
   * The user part of a Record-Route between two clients.
   *
   * @param {Flow} caller
   * @param {Flow} callee
   * @param {string} callerTag Tells later which of the two a request comes from.
   */
  seal(caller, callee, callerTag) {
    const pair = `${caller.id}.${callee.id}`;
    return `${pair}.${this.#sign(pair, callerTag)}`;
  }

  /**
   * Reads what {@link seal} wrote.
   *
   * @param {string} token
   * @param {{ from: string, to: string }} tags Those of the request that carries the token.
   * @returns {Direction | undefined} Nothing when it was not written for this dialog.
   */
  open(token, tags) {
    const [callerId = '', calleeId = '', signature] = token.split('.');
    const caller = this.#byId.get(callerId);
    const callee = this.#byId.get(calleeId);
    if (!caller || !callee) return undefined;
    const pair = `${callerId}.${calleeId}`;
    if (signature === this.#sign(pair, tags.from)) return { sender: caller, target: callee };
    if (signature === this.#sign(pair, tags.to)) return { sender: callee, target: caller };
    return undefined;
  }

  /** @param {Connection} connection */
  disconnect(connection) {
    for (const flow of this.#byId.values()) {
      if (flow.connection !== connection) continue;
      flow.connection = undefined;
      flow.timer = setTimeout(() => this.#remove(flow), this.keep);
    }
  }

  close() {
    for (const flow of [...this.#byId.values()]) this.#remove(flow);
  }

  /** @param {string} key */
  #add(key) {
    /** @type {Flow} */
    const flow = {
      id: randomBytes(6).toString('hex'),
      key,
      connection: undefined,
      timer: undefined,
    };
    this.#byId.set(flow.id, flow);
    this.#byKey.set(key, flow);
    return flow;
  }

  /** @param {Flow} flow */
  #remove(flow) {
    clearTimeout(flow.timer);
    this.#byId.delete(flow.id);
    this.#byKey.delete(flow.key);
  }

  /**
   * @param {string} pair
   * @param {string} tag
   */
  #sign(pair, tag) {
    return createHmac('sha256', this.#secret).update(`${pair} ${tag}`).digest('hex').slice(0, 24);
  }
}
