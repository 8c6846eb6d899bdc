// @ts-check
import { randomUUID } from 'node:crypto';
import { toFrame } from './message.js';

/** @typedef {import('./message.js').Message} Message */

/** One WebSocket. Sending on a closed one does nothing: its transactions have been told already. */
export class Connection {
  id = randomUUID();

  /** @param {import('ws').WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
  }

  /** @param {Message} message */
  send(message) {
    this.sendRaw(toFrame(message));
  }

  /** @param {Buffer} frame */
  sendRaw(frame) {
    // A client may refuse binary frames; JsSIP for one reads only text without trouble.
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(frame, { binary: false });
  }
}
