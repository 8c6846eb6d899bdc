// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { acceptWebSockets, path } from './acceptWebSockets.js';
import { Connection } from './connection.js';
import { Digest } from './digest.js';
import { Flows } from './flows.js';
import { Location } from './location.js';
import { parseFrame } from './message.js';
import { Proxy } from './proxy.js';
import { Registrar, secondsLeft } from './registrar.js';

/**
 * @typedef {import('./sipServer.js').SipServerOptions} SipServerOptions
 * @typedef {import('./sipServer.js').SipServer} SipServer
 */

const defaults = {
  host: '127.0.0.1',
  port: 0,
  realm: 'sandbox.invalid',
  users: {},
  minExpires: 10,
  /** @type {(line: string) => void} */
  log: () => undefined,
};
const defaultTimers = {
  ring: 180_000,
  cancel: 32_000,
  request: 32_000,
  linger: 32_000,
  flow: 600_000,
  nonce: 300_000,
};

/**
 * Starts the sandbox's SIP server. It is made for development and for nothing else.
 *
 * @param {SipServerOptions} options
 * @returns {Promise<SipServer>}
 */
export async function startSipServer(options) {
  const settings = { ...defaults, ...options, timers: { ...defaultTimers, ...options.timers } };
  const { realm, users, http, timers, log } = settings;
  const server = await listen(settings);
  const endpoint = endpointOf(server);

  const flows = new Flows(timers.flow);
  const location = new Location();
  const digest = new Digest({ realm, nonceLife: timers.nonce });
  const registrar = new Registrar({ location, flows, minExpires: settings.minExpires });
  const proxy = new Proxy({ realm, endpoint, flows, location, digest, registrar, timers, log });
  for (const [name, password] of Object.entries(users)) digest.setUser(name, password);

  const stopAccepting = acceptWebSockets(server, !http, (socket) => {
    serve(socket, { proxy, flows, location, log });
  });
  const url = `ws://${endpoint.host}:${endpoint.port}${path}`;
  log(`SIP development server on ${url}: do not put it on a network`);

  return {
    url,
    port: endpoint.port,
    realm,
    addUser: (name, password) => digest.setUser(name, password),
    registrations: () =>
      location.all().map(({ user, contact, instance, until }) => ({
        user,
        contact,
        instance,
        expiresIn: secondsLeft(until),
      })),
    transactions: () => proxy.size,
    close: async () => {
      await stopAccepting();
      proxy.close();
      location.close();
      flows.close();
      if (http || !server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/**
 * @param {typeof defaults & SipServerOptions} settings
 * @returns {Promise<import('node:http').Server>} One that listens already.
 */
async function listen({ host, port, http }) {
  const server = http?.server ?? createServer((_, response) => response.writeHead(426).end());
  if (!http) server.listen(port, host);
  if (!server.listening) await once(server, 'listening');
  return server;
}

/** @param {import('node:http').Server} server */
function endpointOf(server) {
  const { address, family, port } = /** @type {import('node:net').AddressInfo} */ (
    server.address()
  );
  return { host: family === 'IPv6' ? `[${address}]` : address, port };
}

/**
 * @param {import('ws').WebSocket} socket
 * @param {{ proxy: Proxy, flows: Flows, location: Location, log: (line: string) => void }} parts
 */
function serve(socket, { proxy, flows, location, log }) {
  const connection = new Connection(socket);
  socket.on('error', (error) => log(`connection error: ${error.message}`));
  socket.on('message', (data) => {
    const frame = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat().map(asBuffer));
    // A ping of two line ends is answered with one (RFC 5626); one alone is somebody's answer.
    if (/^[\r\n]*$/.test(frame.toString('latin1'))) {
      if (frame.length >= 4) connection.sendRaw(Buffer.from('\r\n'));
      return;
    }
    receive(frame, connection, { proxy, log });
  });
  socket.on('close', () => {
    location.disconnect(connection);
    proxy.disconnect(connection);
    flows.disconnect(connection);
  });
}

/** @param {ArrayBuffer | Buffer} part */
function asBuffer(part) {
  return Buffer.from(/** @type {any} */ (part));
}

/**
 * @param {Buffer} frame
 * @param {Connection} connection
 * @param {{ proxy: Proxy, log: (line: string) => void }} parts
 */
function receive(frame, connection, { proxy, log }) {
  const message = parseFrame(frame);
  if (!message) {
    log(`dropped: ${frame.length} bytes that are not SIP`);
    return;
  }
  try {
    proxy.receive(message, connection);
  } catch (error) {
    // Whatever a client sends, the other clients' calls go on.
    log(`dropped: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
}
