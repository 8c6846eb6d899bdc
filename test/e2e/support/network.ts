import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Where every SIP server and web server of the tests listens. */
export const signallingHost = '127.0.0.1';

const namespaceAddress = '10.99.0.1';

/** Where media flows: the address of the private namespace, or loopback when run outside it. */
export function mediaHost(): string {
  const all = Object.values(networkInterfaces()).flat();
  const isIsolated = all.some((entry) => entry?.address === namespaceAddress);
  return isIsolated ? namespaceAddress : signallingHost;
}

function freeTcpPort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no TCP port'));
      });
    });
  });
}

function isUdpFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      resolve(false);
    });
    socket.bind(port, host, () => {
      socket.close(() => {
        resolve(true);
      });
    });
  });
}

const given = new Set<number>();

/** A port free for both TCP and UDP on `host`, even, with `reserve - 1` free UDP ports above it. */
export async function freePort(host: string = signallingHost, reserve = 1): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = (await freeTcpPort(host)) & ~1;
    const block = Array.from({ length: reserve }, (_, offset) => port + offset);
    if (block.some((candidate) => given.has(candidate))) continue;
    const free = await Promise.all(block.map((candidate) => isUdpFree(candidate, host)));
    if (!free.every(Boolean)) continue;
    for (const candidate of block) given.add(candidate);
    return port;
  }
  throw new Error(`no ${String(reserve)} free ports in a row on ${host}`);
}
