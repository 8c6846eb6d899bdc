// @ts-check
import { bestOf } from './bestResponse.js';
import { Branch } from './branch.js';
import { makeResponse } from './message.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {import('./connection.js').Connection} Connection
 * @typedef {import('./branch.js').Target} Target
 * @typedef {{ ring: number, cancel: number, request: number, linger: number }} ForkTimers In
 *   milliseconds: how long it may ring, a cancelled branch may take, a request other than INVITE
 *   may take, and an answered INVITE is remembered for what still comes.
 * @typedef {{ endpoint: import('./branch.js').Endpoint, timers: ForkTimers,
 *   onBranch: (branch: Branch) => void, onResponse: (response: Message) => void,
 *   onDone: () => void, failure: { status: number, reason: string } }} ForkContext `failure` is
 *   what a target without a connection amounts to.
 */

const elsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

/** One request on its way to one or more targets, and the one answer that is made of theirs. */
export class Fork {
  /** @type {Branch[]} */
  branches = [];
  /** @type {Message | undefined} */
  lastResponse;
  #isAnswered = false;
  /** @type {NodeJS.Timeout | undefined} */
  #lingering;

  /**
   * @param {Message} request
   * @param {{ source: Connection, tag: string }} upstream
   * @param {ForkContext} context
   */
  constructor(request, { source, tag }, context) {
    this.request = request;
    this.source = source;
    this.tag = tag;
    this.context = context;
    this.isInvite = request.method === 'INVITE';
  }

  /** @param {Target[]} targets */
  start(targets) {
    const { endpoint, timers } = this.context;
    if (this.isInvite) this.#answer({ status: 100, reason: 'Trying' });
    this.branches = targets.map((target) => new Branch(this.request, target, endpoint));
    for (const branch of this.branches) {
      this.context.onBranch(branch);
      const limit = this.isInvite ? timers.ring : timers.request;
      branch.startTimer(limit, () => this.#expire(branch));
      if (!branch.send()) this.#fail(branch, this.context.failure);
    }
  }

  /**
   * @param {Branch} branch
   * @param {Message} response
   */
  receive(branch, response) {
    response.headers['via'].shift();
    const isSuccess = response.status >= 200 && response.status < 300;
    if (branch.final) {
      // The answering end repeats its 2xx until the ACK arrives; anything else is an echo.
      if (isSuccess && this.isInvite) this.#pass(response);
      else if (this.isInvite) branch.acknowledge();
    } else if (response.status < 200) {
      this.#progress(branch, response);
    } else {
      this.#settle(branch, response);
    }
  }

  /** @param {Message} cancel The caller's CANCEL, already answered. */
  cancel(cancel) {
    this.cancelBranches(cancel.headers['reason'] ?? '');
  }

  /** The caller confirmed the refusal it was sent: nothing more can come of this. */
  acknowledge() {
    const status = this.lastResponse?.status ?? 0;
    if (status >= 300 && this.branches.every((branch) => branch.final)) this.dispose();
  }

  /** @param {Connection} connection One that has just closed. */
  disconnect(connection) {
    for (const branch of this.branches) {
      if (branch.flow.connection === connection && !branch.final) {
        this.#fail(branch, this.context.failure);
      }
    }
    if (this.source === connection) this.cancelBranches('');
  }

  /** @param {string} reason The value of a Reason header, empty for none. */
  cancelBranches(reason) {
    if (!this.isInvite) return;
    for (const branch of this.branches) {
      if (branch.final || branch.cancelReason !== undefined) continue;
      branch.startTimer(this.context.timers.cancel, () => this.#expire(branch));
      branch.cancel(reason);
    }
  }

  dispose() {
    clearTimeout(this.#lingering);
    for (const branch of this.branches) branch.stopTimer();
    this.context.onDone();
  }

  /**
   * @param {Branch} branch
   * @param {Message} response
   */
  #progress(branch, response) {
    if (this.isInvite && branch.cancelReason === undefined) {
      branch.startTimer(this.context.timers.ring, () => this.#expire(branch));
    }
    if (response.status > 100 && !this.#isAnswered) this.#pass(response);
    branch.noteProvisional();
  }

  /**
   * @param {Branch} branch
   * @param {Message} response
   */
  #settle(branch, response) {
    const { status, reason } = response;
    branch.final = response;
    branch.stopTimer();
    if (this.isInvite && status >= 300) branch.acknowledge();
    if (status < 300) {
      // Two ends may answer at once: the caller of an INVITE hears of both and drops one.
      if (this.isInvite || !this.#isAnswered) this.#pass(response);
      this.cancelBranches(elsewhere);
    } else if (status >= 600) {
      this.cancelBranches(`SIP;cause=${status};text="${String(reason).replace(/["\\]/g, '')}"`);
    }
    this.#conclude();
  }

  /**
   * @param {Branch} branch
   * @param {{ status: number, reason: string }} answer
   */
  #fail(branch, answer) {
    branch.final = makeResponse(this.request, { ...answer, tag: this.tag });
    branch.stopTimer();
    this.#conclude();
  }

  /** @param {Branch} branch */
  #expire(branch) {
    if (this.isInvite && branch.cancelReason === undefined && this.lastResponse?.status !== 100) {
      // It rings somewhere: stop that and let the branch say 487.
      branch.startTimer(this.context.timers.cancel, () => this.#expire(branch));
      branch.cancel('SIP;cause=408;text="Request Timeout"');
      return;
    }
    const isCancelled = branch.cancelReason !== undefined;
    const answer = isCancelled
      ? { status: 487, reason: 'Request Terminated' }
      : { status: 408, reason: 'Request Timeout' };
    this.#fail(branch, answer);
  }

  #conclude() {
    if (this.branches.some((branch) => !branch.final)) return;
    if (!this.#isAnswered) this.#passBest();
    if (!this.isInvite) this.dispose();
    else this.#lingering ??= setTimeout(() => this.dispose(), this.context.timers.linger);
  }

  #passBest() {
    const finals = this.branches.flatMap((branch) => (branch.final ? [branch.final] : []));
    const best = bestOf(finals);
    // RFC 4320: a 408 to anything but INVITE would come too late to be of use.
    if (best.status === 408 && !this.isInvite) return;
    // RFC 3261 section 16.7: 503 is between neighbours and goes no further.
    const hidden = { ...best, status: 500, reason: 'Server Internal Error' };
    this.#pass(best.status === 503 ? hidden : best);
  }

  /** @param {{ status: number, reason: string }} answer */
  #answer(answer) {
    this.#pass(makeResponse(this.request, { ...answer, tag: this.tag }));
  }

  /** @param {Message} response */
  #pass(response) {
    if (response.status >= 200) this.#isAnswered = true;
    this.lastResponse = response;
    this.context.onResponse(response);
    this.source.send(response);
  }
}
