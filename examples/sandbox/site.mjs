// @ts-check
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {import('./sandbox.mjs').Account} Account
 *
 * @typedef {object} Site
 * @property {string} socket The address of the SIP server, for the examples.
 * @property {readonly Account[]} accounts Users 201 and 202, whom the examples log in.
 * @property {() => unknown} session Makes the users of one more page.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Which folder is behind which beginning of a path; the first that fits. */
const folders = [
  { prefix: '/dist/', folder: 'dist' },
  { prefix: '/examples/script-tag/', folder: 'examples/script-tag' },
  { prefix: '/examples/click-to-call/', folder: 'examples/click-to-call' },
  { prefix: '/examples/module/', folder: 'examples/module' },
  { prefix: '/examples/react/', folder: 'examples/react' },
  { prefix: '/examples/contacts/', folder: 'examples/contacts' },
  { prefix: '/examples/screen-pop/', folder: 'examples/screen-pop' },
  { prefix: '/examples/looks/', folder: 'examples/looks' },
  { prefix: '/examples/libwebphone/', folder: 'examples/libwebphone' },
  { prefix: '/', folder: 'examples/sandbox' },
];

/** @type {Readonly<Record<string, string>>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mustache': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Browsers ask for it on their own, for the pages of the examples too.
 *
 * @type {Readonly<Record<string, string>>}
 */
const aliases = { '/favicon.ico': '/icon.svg' };

const loopback = ['127.0.0.1', 'localhost'];

/**
 * The strictest policy there is: no inline script or style, no HTML from text but by Cordboard's own
 * Trusted Types policy. Phones need no exception from it.
 *
 * @param {string} host
 */
function securityPolicy(host) {
  return [
    "default-src 'self'",
    `connect-src 'self' ws://${host}`,
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types cordboard',
  ].join('; ');
}

/**
 * @param {string} path
 * @param {Site} site
 * @returns {Promise<Buffer | string | undefined>}
 */
async function bodyOf(path, { socket, accounts, session }) {
  if (path === '/session') return JSON.stringify(session());
  const file = aliases[path] ?? (path.endsWith('/') ? `${path}index.html` : path);
  const place = folders.find(({ prefix }) => file.startsWith(prefix));
  // The address is parsed already: what is left of ".." in it is encoded, and such a name is no file.
  if (!place || !(extname(file) in types)) return undefined;
  const name = join(root, place.folder, file.slice(place.prefix.length));
  const content = await readFile(name).catch(() => undefined);
  if (!path.startsWith('/examples/')) return content;
  // The examples log in as they stand, without anything to fill in.
  return accounts.reduce(
    (text, { username, password }) => text?.replaceAll(`PASSWORD-OF-${username}`, password),
    content?.toString().replaceAll('ws://127.0.0.1:5780/sip', socket),
  );
}

/**
 * Answers everything on `server` that is no WebSocket.
 *
 * @param {import('node:http').Server} server
 * @param {Site} site
 */
export function serveSite(server, site) {
  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  const answer = async ({ url = '/', headers, method }, response) => {
    const { hostname, host, pathname } = new URL(url, `http://${headers.host}`);
    // Another name may be some web site's that points here (DNS rebinding): it gets no log-in.
    if (!loopback.includes(hostname)) {
      response.writeHead(403).end('This page is for this machine alone.');
      return;
    }
    const body = method === 'GET' ? await bodyOf(pathname, site) : undefined;
    if (body === undefined) {
      response.writeHead(404).end('There is no such page.');
      return;
    }
    response.writeHead(200, {
      'cache-control': 'no-store',
      'content-security-policy': securityPolicy(host),
      'content-type': types[extname(pathname)] ?? types[pathname.endsWith('/') ? '.html' : '.json'],
      'x-content-type-options': 'nosniff',
    });
    response.end(body);
  };
  server.on('request', (request, response) => {
    answer(request, response).catch(() => response.writeHead(400).end());
  });
}
