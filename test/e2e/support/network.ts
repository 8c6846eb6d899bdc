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

function isTcpFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, host, () => {
      server.close(() => {
        resolve(true);
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

// Below the ports that a system gives to outgoing connections: one of those could take a port
// between the look and its use.
const lowest = 10_000;
const highest = 29_900;

/** A port free for both TCP and UDP on `host`, even, with `reserve - 1` free UDP ports above it. */
export async function freePort(host: string = signallingHost, reserve = 1): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = (lowest + Math.floor(Math.random() * (highest - lowest))) & ~1;
    const block = Array.from({ length: reserve }, (_, offset) => port + offset);
    if (block.some((candidate) => given.has(candidate))) continue;
    const free = await Promise.all(block.map((candidate) => isUdpFree(candidate, host)));
    if (!free.every(Boolean) || !(await isTcpFree(port, host))) continue;
    for (const candidate of block) given.add(candidate);
    return port;
  }
  throw new Error(`no ${String(reserve)} free ports in a row on ${host}`);
}
