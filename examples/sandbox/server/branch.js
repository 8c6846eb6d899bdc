// @ts-check
import { randomBytes } from 'node:crypto';
import { copyOf } from './message.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {import('./flows.js').Flow} Flow
 * @typedef {{ uri: any, flow: Flow, recordRoute?: string }} Target
 * @typedef {{ host: string, port: number }} Endpoint
 */

/**
 * Makes the copy of a request that goes to the next hop.
 *
 * @param {Message} request
 * @param {Target} target
 * @param {{ id: string, endpoint: Endpoint }} hop
 * @returns {Message}
 */
export function onward(request, target, { id, endpoint }) {
  const copy = copyOf(request);
  const { headers } = copy;
  copy.uri = target.uri;
  headers['via'] = [ownVia(id, endpoint), ...headers['via']];
  headers['max-forwards'] = String(Number(headers['max-forwards'] ?? 71) - 1);
  // What is left of it answers our own challenge and is nobody else's business.
  delete headers['proxy-authorization'];
  if (target.recordRoute) {
    headers['record-route'] = [
      { uri: target.recordRoute, params: {} },
      ...(headers['record-route'] ?? []),
    ];
  }
  return copy;
}

/** @returns {string} A Via branch that nobody else uses. */
export function newBranchId() {
  return `z9hG4bK${randomBytes(12).toString('hex')}`;
}

/**
 * @param {string} id
 * @param {Endpoint} endpoint
 */
function ownVia(id, { host, port }) {
  return { version: '2.0', protocol: 'WS', host, port, params: { branch: id } };
}

/** One of the ways a request was sent, until its final response. */
export class Branch {
  id = newBranchId();
  /** @type {Message | undefined} */
  final;
  /** The cancelled branch's Reason, empty for none. @type {string | undefined} */
  cancelReason;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #hasProvisional = false;
  #isCancelSent = false;

  /**
   * @param {Message} request
   * @param {Target} target
   * @param {Endpoint} endpoint
   */
  constructor(request, target, endpoint) {
    this.flow = target.flow;
    this.request = onward(request, target, { id: this.id, endpoint });
  }

  /** @returns {boolean} False when there is no connection to send on. */
  send() {
    this.flow.connection?.send(this.request);
    return this.flow.connection !== undefined;
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} act
   */
  startTimer(milliseconds, act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, milliseconds);
  }

  stopTimer() {
    clearTimeout(this.#timer);
  }

  /** The far end has begun to work: from now on it may be cancelled (RFC 3261 section 9.1). */
  noteProvisional() {
    this.#hasProvisional = true;
    if (this.cancelReason !== undefined) this.#sendCancel();
  }

  /**
   * Cancels now, or as soon as it may be.
   *
   * @param {string} reason The value of the Reason header, empty for none.
   */
  cancel(reason) {
    this.cancelReason = reason;
    if (this.#hasProvisional) this.#sendCancel();
  }

  /** Confirms a final response other than 2xx, which is done hop by hop. */
  acknowledge() {
    const { cseq } = this.request.headers;
    const headers = { to: this.final?.headers['to'], cseq: { ...cseq, method: 'ACK' } };
    this.flow.connection?.send(this.#sibling('ACK', headers));
  }

  #sendCancel() {
    if (this.#isCancelSent || this.final) return;
    this.#isCancelSent = true;
    const { to, cseq } = this.request.headers;
    /** @type {Record<string, any>} */
    const headers = { to, cseq: { ...cseq, method: 'CANCEL' } };
    if (this.cancelReason) headers['reason'] = this.cancelReason;
    this.flow.connection?.send(this.#sibling('CANCEL', headers));
  }

  /**
   * @param {string} method
   * @param {Record<string, any>} headers
   * @returns {Message}
   */
  #sibling(method, headers) {
    const { via, from, route, 'call-id': callId } = this.request.headers;
    return {
      method,
      uri: this.request.uri,
      version: '2.0',
      headers: {
        via: via.slice(0, 1),
        ...(route ? { route } : {}),
        'max-forwards': '70',
        from,
        'call-id': callId,
        ...headers,
      },
      content: '',
    };
  }
}
