import { createSocket } from 'node:dgram';
import { freePort, mediaHost } from './network.ts';
import { atEnd } from './processes.ts';

/** A STUN server (RFC 8489) for the media network; `url` is for `iceServers`. */
export interface StunServer {
  readonly url: string;
  readonly requests: () => number;
}

const magicCookie = 0x2112a442;
const bindingRequest = 0x0001;
const bindingResponse = 0x0101;
const xorMappedAddress = 0x0020;

/** The answer that tells `address` as the sender's own, its port as it was seen. */
function answer(request: Buffer, address: string, port: number): Buffer {
  const response = Buffer.alloc(32);
  response.writeUInt16BE(bindingResponse, 0);
  response.writeUInt16BE(12, 2);
  // The cookie and the transaction's own number.
  request.copy(response, 4, 4, 20);
  response.writeUInt16BE(xorMappedAddress, 20);
  response.writeUInt16BE(8, 22);
  response.writeUInt16BE(0x0001, 24);
  response.writeUInt16BE(port ^ (magicCookie >>> 16), 26);
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  response.writeUInt32BE((bits ^ magicCookie) >>> 0, 28);
  return response;
}

/** Answers binding requests as if the sender were at `mapped`, so that a new candidate appears. */
export async function startStunServer(mapped: string): Promise<StunServer> {
  const host = mediaHost();
  const port = await freePort(host);
  const socket = createSocket('udp4');
  let requests = 0;
  socket.on('message', (message, from) => {
    if (message.length < 20 || message.readUInt16BE(0) !== bindingRequest) return;
    requests += 1;
    socket.send(answer(message, mapped, from.port), from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(port, host, resolve);
  });
  atEnd(
    () =>
      new Promise<void>((resolve) => {
        socket.close(() => {
          resolve();
        });
      }),
  );
  return { url: `stun:${host}:${port}`, requests: () => requests };
}
