import { createSocket } from 'node:dgram';
import { freePort, mediaHost, signallingHost } from './network.ts';
import { startProcess, until } from './processes.ts';
import type { RunningProcess } from './processes.ts';

/** A running media relay; give `port` to `startKamailio({ rtpengine: port })`. */
export interface Rtpengine {
  readonly port: number;
  readonly process: RunningProcess;
}

const mediaPorts = 200;

/** Starts rtpengine in user space and waits for its pong; it ends with the test file. */
export async function startRtpengine(): Promise<Rtpengine> {
  const port = await freePort();
  const first = await freePort(mediaHost(), mediaPorts);
  const running = startProcess({
    name: 'rtpengine',
    command: 'rtpengine',
    args: [
      ...['--foreground', '--log-stderr', '--log-level=6', '--table=-1', '--num-threads=2'],
      ...[`--interface=${mediaHost()}`, `--listen-ng=${signallingHost}:${port}`],
      // The system's own file has fixed ports, which a second rtpengine would want too.
      '--config-file=none',
      ...[`--port-min=${first}`, `--port-max=${first + mediaPorts - 1}`],
      ...['--delete-delay=0', '--timeout=60'],
    ],
  });
  const socket = createSocket('udp4');
  let hasAnswered = false;
  socket.on('message', (message) => {
    hasAnswered ||= message.includes('pong');
  });
  const ping = (): boolean => {
    if (!hasAnswered) socket.send('1 d7:command4:pinge', port, signallingHost);
    return hasAnswered;
  };
  await until('rtpengine to answer a ping', ping, { alive: running });
  socket.close();
  return { port, process: running };
}
