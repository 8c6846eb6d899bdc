// @ts-check
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { startSipServer } from './server/sipServer.js';
import { serveSite } from './site.mjs';

/**
 * @typedef {{ readonly username: string, readonly password: string }} Account
 *
 * @typedef {object} Sandbox
 * @property {string} url The address of the page.
 * @property {string} socket The address of the SIP server.
 * @property {string} realm The domain of all users.
 * @property {readonly Account[]} accounts The two log-ins for other clients.
 * @property {() => Promise<void>} close Ends everything, open connections included.
 */

// Other machines cannot reach it, so that nobody takes it for more than it is.
const host = '127.0.0.1';
const realm = 'sandbox.invalid';
const echoNumber = '*43';

const script = fileURLToPath(new URL('../../dist/cordboard.js', import.meta.url));

/** @param {string} username */
function account(username) {
  return { username, password: randomBytes(9).toString('base64url') };
}

/**
 * Starts the SIP server and the pages on one port. Rejects with the code EADDRINUSE when it is taken,
 * and when the build is missing.
 *
 * @param {{ readonly port: number }} options 0 takes a free port.
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox({ port }) {
  if (!existsSync(script)) throw new Error('There is no build yet: run npm run build first.');
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');

  const echo = account(echoNumber);
  const accounts = [account('201'), account('202')];
  const users = Object.fromEntries(
    [echo, ...accounts].map(({ username, password }) => [username, password]),
  );
  const sip = await startSipServer({ http: { server }, realm, users });

  let lastNumber = 1000;
  const newAccount = () => {
    lastNumber += 1;
    const fresh = account(String(lastNumber));
    sip.addUser(fresh.username, fresh.password);
    return fresh;
  };
  serveSite(server, {
    socket: sip.url,
    accounts,
    session: () => ({ realm, one: newAccount(), two: newAccount(), echo }),
  });

  return {
    url: `http://${host}:${sip.port}/`,
    socket: sip.url,
    realm,
    accounts,
    close: async () => {
      await sip.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
