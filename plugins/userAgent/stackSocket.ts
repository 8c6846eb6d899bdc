import { WebSocketInterface } from 'jssip';
import type { Socket } from 'jssip/lib/Socket.js';
import type { RawIncoming } from './stackTypes.ts';

/** Sees every message that passes a socket; true when it has written it down. */
export type Trace = (direction: 'sent' | 'received', message: string) => boolean;

/**
 * JsSIP's WebSocket with an ear on the wire. JsSIP's own debug log is never used: it prints
 * credentials. Throws a TypeError when the address is no `ws:` or `wss:` URL.
 */
export class TracedSocket implements Socket {
  readonly #socket: WebSocketInterface;
  readonly #trace: Trace;
  readonly #hidesReplaces: boolean;
  // JsSIP's transport replaces these three when it connects.
  onconnect: Socket['onconnect'] = nothing;
  ondisconnect: Socket['ondisconnect'] = nothing;
  ondata: Socket['ondata'] = nothing;

  constructor(url: string, trace: Trace, hidesReplaces: boolean) {
    this.#socket = new WebSocketInterface(url);
    this.#trace = trace;
    this.#hidesReplaces = hidesReplaces;
    this.#socket.onconnect = () => {
      this.onconnect();
    };
    this.#socket.ondisconnect = (error, code, reason) => {
      this.ondisconnect(error, code, reason);
    };
    this.#socket.ondata = (data) => {
      this.#trace('received', asText(data));
      this.ondata(typeof data === 'string' ? unparsed(data) : data);
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

  send(given: string | ArrayBufferLike | Blob | ArrayBufferView): boolean {
    const message = this.#hidesReplaces && typeof given === 'string' ? silent(given) : given;
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

// JsSIP drops a message when it cannot parse one of these, as `algorithm=MD5-sess`, which leaves whoever sent it
// waiting, and of several it keeps the last. Under another name they come through as they are.
function unparsed(message: string): string {
  const [head = '', ...rest] = message.split(/(?=\r\n\r\n)/);
  const named = head.replace(/^r(?=[ \t]*:)/gim, 'Refer-To');
  // A redirection may name any kind of address.
  const long = /^\S+ 3/.test(head)
    ? named.replace(/^(contact|m)(?=[ \t]*:)/gim, 'X-Contact')
    : named;
  const kept = /^(?=(?:www-authenticate|proxy-authenticate|refer-to|replaces)[ \t]*:)/gim;
  return [long.replace(kept, 'X-'), ...rest].join('');
}

/** Gives the headers that were kept from the parser their names again. */
export function revealUnparsed({ headers }: RawIncoming): void {
  for (const name of ['Refer-To', 'Replaces']) {
    const unparsed = headers[`X-${name}`];
    if (unparsed) headers[name] = unparsed;
  }
}

// JsSIP says of every INVITE and of each response to one that it supports Replaces.
const silent = (message: string): string =>
  message.replace(/^((?:(?!\r\n\r\n)[^])*?\r\nSupported: [^\r]*)replaces,/, '$1');

function asText(data: unknown): string {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer ? new TextDecoder().decode(data) : '[binary]';
}
