import { WebSocketInterface } from 'jssip';
import type { Socket } from 'jssip/lib/Socket.js';

/** Sees every message that passes a socket; true when it has written it down. */
export type Trace = (direction: 'sent' | 'received', message: string) => boolean;

/**
 * JsSIP's WebSocket with an ear on the wire. JsSIP's own debug log is never used: it prints
 * credentials. Throws a TypeError when the address is no `ws:` or `wss:` URL.
 */
export class TracedSocket implements Socket {
  readonly #socket: WebSocketInterface;
  readonly #trace: Trace;
  // JsSIP's transport replaces these three when it connects.
  onconnect: Socket['onconnect'] = nothing;
  ondisconnect: Socket['ondisconnect'] = nothing;
  ondata: Socket['ondata'] = nothing;

  constructor(url: string, trace: Trace) {
    this.#socket = new WebSocketInterface(url);
    this.#trace = trace;
    this.#socket.onconnect = () => {
      this.onconnect();
    };
    this.#socket.ondisconnect = (error, code, reason) => {
      this.ondisconnect(error, code, reason);
    };
    this.#socket.ondata = (data) => {
      this.#trace('received', asText(data));
      this.ondata(data);
    };
  }

  get via_transport(): string {
    return this.#socket.via_transport;
  }

  set via_transport(value: string) {
    this.#socket.via_transport = value;
  }

  get sip_uri(): string {
    return this.#socket.sip_uri;
  }

  get url(): string {
    return this.#socket.url;
  }

  connect(): void {
    this.#socket.connect();
  }

  disconnect(): void {
    this.#socket.disconnect();
  }

  send(message: string | ArrayBufferLike | Blob | ArrayBufferView): boolean {
    this.#trace('sent', asText(message));
    return this.#socket.send(message);
  }

  isConnected(): boolean {
    return this.#socket.isConnected();
  }

  isConnecting(): boolean {
    return this.#socket.isConnecting();
  }
}

const nothing = (): void => undefined;

function asText(data: unknown): string {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer ? new TextDecoder().decode(data) : '[binary]';
}
