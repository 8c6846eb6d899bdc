// @ts-check
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

/**
 * @typedef {import('node:http').IncomingMessage} IncomingMessage
 * @typedef {import('node:stream').Duplex} Duplex
 */

/** Where SIP is spoken on the HTTP server's port. */
export const path = '/sip';

const largestMessage = 256 * 1024;
const loopback = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Takes WebSockets with the subprotocol `sip` on our path.
 *
 * @param {import('node:http').Server} server
 * @param {boolean} isAlone Nobody else answers what is not for us.
 * @param {(socket: import('ws').WebSocket) => void} take
 * @returns {() => Promise<void>} Closes every socket and stops listening for more.
 */
export function acceptWebSockets(server, isAlone, take) {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
  });
  /** @type {(...parts: [IncomingMessage, Duplex, Buffer]) => void} */
  const upgrade = (request, socket, head) => {
    const isOurs = new URL(request.url ?? '/', 'ws://localhost').pathname === path;
    if (!isOurs && !isAlone) return;
    const refusal = isOurs ? refusalOf(request) : '404 Not Found';
    if (refusal) socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
    else sockets.handleUpgrade(request, socket, head, take);
  };
  server.on('upgrade', upgrade);
  return async () => {
    server.off('upgrade', upgrade);
    const gone = [...sockets.clients].map((socket) => once(socket, 'close'));
    for (const socket of sockets.clients) socket.terminate();
    await Promise.all(gone);
    sockets.close();
  };
}

/** @param {IncomingMessage} request */
function refusalOf({ headers }) {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
  if (!offered.includes('sip')) return '400 Bad Request';
  // A browser lets any site open sockets to this machine; only pages served from it may.
  if (headers.origin !== undefined && !isNear(headers.origin, headers.host)) return '403 Forbidden';
  return undefined;
}

/**
 * @param {string} origin
 * @param {string | undefined} host
 */
function isNear(origin, host) {
  const { hostname } = URL.canParse(origin) ? new URL(origin) : { hostname: '' };
  return loopback.includes(hostname) || hostname === new URL(`http://${host}`).hostname;
}
