import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { freePort, mediaHost } from './network.ts';
import { scratchDirectory, startProcess, until } from './processes.ts';
import type { RunningProcess } from './processes.ts';

/** A running coturn whose credentials last for a time. */
export interface TurnServer {
  readonly process: RunningProcess;
  /** A server for `iceServers` that lets its user in for so many seconds. */
  readonly server: (
    seconds: number,
    secret?: string,
  ) => Required<Pick<RTCIceServer, 'urls'>> & {
    readonly username: string;
    readonly credential: string;
  };
}

const sharedSecret = 'turn-secret';
const relayPorts = 40;

/** Starts coturn on the media network and waits until it listens; it ends with the test file. */
export async function startTurnServer(): Promise<TurnServer> {
  const host = mediaHost();
  const port = await freePort(host);
  const first = await freePort(host, relayPorts);
  const directory = scratchDirectory('turn');
  const running = startProcess({
    name: 'turnserver',
    command: 'turnserver',
    cwd: directory,
    args: [
      ...['-n', `--listening-ip=${host}`, `--relay-ip=${host}`, `--listening-port=${String(port)}`],
      ...[`--min-port=${String(first)}`, `--max-port=${String(first + relayPorts - 1)}`],
      ...['--use-auth-secret', `--static-auth-secret=${sharedSecret}`, '--realm=lab.test'],
      ...[
        '--no-cli',
        '--no-tls',
        '--no-dtls',
        '--no-multicast-peers',
        '--fingerprint',
        '--verbose',
      ],
      // Outside of the namespace the media network is loopback.
      ...['--allow-loopback-peers', '--log-file=stdout', '--simple-log'],
      ...[`--pidfile=${join(directory, 'pid')}`, `--userdb=${join(directory, 'db')}`],
    ],
  });
  await until('coturn to listen', () => /UDP listener opened/i.test(running.log()), {
    alive: running,
  });
  return {
    process: running,
    // draft-uberti-behave-turn-rest: the name is when it ends, the password is signed by the server's secret.
    server: (seconds, secret = sharedSecret) => {
      const username = `${String(Math.floor(Date.now() / 1000) + seconds)}:phone`;
      const credential = createHmac('sha1', secret).update(username).digest('base64');
      return { urls: `turn:${host}:${String(port)}?transport=udp`, username, credential };
    },
  };
}
