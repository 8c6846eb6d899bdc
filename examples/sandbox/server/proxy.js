// @ts-check
import { newBranchId, onward } from './branch.js';
import { Fork } from './fork.js';
import { branchOf, canAnswer, flawOf, tagOf } from './message.js';
import { newTag, Reception } from './reception.js';
import { routeOf, targetsOf } from './routing.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {import('./connection.js').Connection} Connection
 * @typedef {import('./routing.js').Site} Site
 * @typedef {import('./reception.js').Answer} Answer
 */

/** A stateful SIP proxy and registrar: decides what becomes of every message. */
export class Proxy {
  /** @type {Map<string, Fork>} by what identifies the caller's transaction */
  #servers = new Map();
  /** @type {Map<string, { fork: Fork, branch: import('./branch.js').Branch }>} by Via branch */
  #clients = new Map();
  #reception;

  /**
   * @param {Site & { digest: import('./digest.js').Digest,
   *   registrar: import('./registrar.js').Registrar, timers: import('./fork.js').ForkTimers,
   *   log: (line: string) => void }} site
   */
  constructor(site) {
    this.site = site;
    this.#reception = new Reception(site);
  }

  /**
   * @param {Message} message
   * @param {Connection} connection
   */
  receive(message, connection) {
    if (!canAnswer(message)) {
      this.site.log('dropped: mandatory headers are missing or unreadable');
      return;
    }
    const flaw = flawOf(message);
    if (!message.method) this.#receiveResponse(message, flaw);
    else if (message.method === 'ACK') this.#receiveAck(message, connection);
    else if (flaw) this.#reception.answer(message, connection, { status: 400, reason: flaw });
    else if (message.method === 'CANCEL') this.#receiveCancel(message, connection);
    else this.#receiveRequest(message, connection);
  }

  /** @param {Connection} connection One that has just closed. */
  disconnect(connection) {
    for (const fork of [...this.#servers.values()]) fork.disconnect(connection);
  }

  close() {
    for (const fork of [...this.#servers.values()]) fork.dispose();
  }

  /** Transactions still known, for tests of leaks. */
  get size() {
    return this.#servers.size + this.#clients.size;
  }

  /**
   * @param {Message} response
   * @param {string | undefined} flaw
   */
  #receiveResponse(response, flaw) {
    const known = this.#clients.get(branchOf(response) ?? '');
    if (flaw || !known) this.site.log(`dropped: ${response.status} ${flaw ?? 'to no request'}`);
    else if (response.headers['cseq'].method !== 'CANCEL')
      known.fork.receive(known.branch, response);
  }

  /**
   * @param {Message} ack
   * @param {Connection} connection
   */
  #receiveAck(ack, connection) {
    const fork = this.#servers.get(keyOf(ack, connection));
    if (fork) {
      fork.acknowledge();
      return;
    }
    const { direction, request } = routeOf(ack, this.site);
    if (!direction) return;
    const target = { uri: request.uri, flow: direction.target };
    const hop = { id: newBranchId(), endpoint: this.site.endpoint };
    target.flow.connection?.send(onward(request, target, hop));
  }

  /**
   * @param {Message} cancel
   * @param {Connection} connection
   */
  #receiveCancel(cancel, connection) {
    const fork = this.#servers.get(keyOf(cancel, connection));
    if (!fork) {
      this.#reception.answer(cancel, connection, {
        status: 481,
        reason: 'Transaction Does Not Exist',
      });
      return;
    }
    this.#reception.answer(cancel, connection, { status: 200, reason: 'OK' });
    fork.cancel(cancel);
  }

  /**
   * @param {Message} request
   * @param {Connection} connection
   */
  #receiveRequest(request, connection) {
    const repeated = this.#servers.get(keyOf(request, connection));
    if (repeated) {
      if (repeated.lastResponse) connection.send(repeated.lastResponse);
      return;
    }
    const hops = request.headers['max-forwards'] ?? '70';
    if (!/^\d{1,3}$/.test(hops)) {
      this.#reception.answer(request, connection, { status: 400, reason: 'Bad Max-Forwards' });
    } else if (Number(hops) === 0) {
      this.#reception.answer(request, connection, { status: 483, reason: 'Too Many Hops' });
    } else if (request.method === 'REGISTER') {
      this.#register(request, connection);
    } else if (tagOf(request.headers['to'])) {
      this.#relayInDialog(request, connection);
    } else {
      this.#relayNew(request, connection);
    }
  }

  /**
   * @param {Message} request
   * @param {Connection} connection
   */
  #register(request, connection) {
    const user = this.#reception.authenticate(request, connection, 'authorization');
    if (!user) return;
    this.#reception.answer(
      request,
      connection,
      this.site.registrar.register(request, user, connection),
    );
  }

  /**
   * @param {Message} received
   * @param {Connection} connection
   */
  #relayInDialog(received, connection) {
    const { direction, request } = routeOf(received, this.site);
    if (!direction) {
      this.#reception.answer(received, connection, {
        status: 481,
        reason: 'Dialog Does Not Exist',
      });
      return;
    }
    const { sender, target } = direction;
    // A client that lost its connection may speak in its dialogs before it has registered again.
    if (sender.connection !== connection && target.connection !== connection) {
      this.site.flows.move(sender, connection);
    }
    const failure = { status: 430, reason: 'Flow Failed' };
    this.#fork(request, connection, { targets: [{ uri: request.uri, flow: target }], failure });
  }

  /**
   * @param {Message} received
   * @param {Connection} connection
   */
  #relayNew(received, connection) {
    const user = this.#reception.authenticate(received, connection, 'proxy-authorization');
    if (!user) return;
    const { request } = routeOf(received, this.site);
    const caller = this.site.flows.of(user, connection);
    const found = targetsOf(request, caller, this.site);
    if ('status' in found) this.#reception.answer(request, connection, found);
    else {
      const failure = { status: 480, reason: 'Temporarily Unavailable' };
      this.#fork(request, connection, { targets: found.targets, failure });
    }
  }

  /**
   * @param {Message} request
   * @param {Connection} source
   * @param {{ targets: import('./branch.js').Target[], failure: Answer }} plan
   */
  #fork(request, source, { targets, failure }) {
    const key = keyOf(request, source);
    const { endpoint, timers } = this.site;
    /** @type {Fork} */
    const fork = new Fork(
      request,
      { source, tag: newTag() },
      {
        endpoint,
        timers,
        failure,
        onBranch: (branch) => this.#clients.set(branch.id, { fork, branch }),
        onResponse: (response) => this.#reception.note(request, response),
        onDone: () => {
          this.#servers.delete(key);
          for (const { id } of fork.branches) this.#clients.delete(id);
        },
      },
    );
    this.#servers.set(key, fork);
    fork.start(targets);
  }
}

/**
 * What ties CANCEL and the ACK of a refusal to their INVITE (RFC 3261 section 17.2.3).
 *
 * @param {Message} request
 * @param {Connection} connection
 */
function keyOf(request, connection) {
  const isInvite = request.method === 'ACK' || request.method === 'CANCEL';
  return `${connection.id} ${branchOf(request)} ${isInvite ? 'INVITE' : request.method}`;
}
