// @ts-check
// npm start: the sandbox, until Ctrl-C.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox.mjs';

const usualPort = 5780;

/** @returns {number} */
function wantedPort() {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const given = values.port ?? process.env['PORT'] ?? '';
  if (given === '') return usualPort;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`The port must be a number from 0 to 65535, not "${given}".`);
  }
  return port;
}

/**
 * @param {number} port
 * @returns {Promise<import('./sandbox.mjs').Sandbox>}
 */
async function startOn(port) {
  try {
    return await startSandbox({ port });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== 'EADDRINUSE') throw error;
    const sentence = `Port ${port} is taken: choose another one, such as PORT=${port + 1} npm start.`;
    throw new Error(sentence, { cause: error });
  }
}

try {
  const sandbox = await startOn(wantedPort());
  const logins = sandbox.accounts
    .map(({ username, password }) => `  user ${username}  password ${password}`)
    .join('\n');
  console.log(`Cordboard sandbox: open ${sandbox.url} in a browser.

For other SIP-over-WebSocket clients on this machine: ${sandbox.socket}, domain ${sandbox.realm}
${logins}

This is a development server for this machine alone. Ctrl-C stops it.`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      void sandbox.close();
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
