import type { Page } from 'playwright-core';

/** One SIP message on a page's WebSocket. */
export interface TracedMessage {
  readonly way: 'sent' | 'received';
  /** The method of a request, or the method that a response answers. */
  readonly method: string;
  /** The status code of a response; undefined for a request. */
  readonly statusCode: number | undefined;
  readonly text: string;
}

/** The SIP messages of a page since `traceSip`, in order. */
export interface SipTrace {
  readonly messages: () => readonly TracedMessage[];
  /** The requests of a method that the page has sent. */
  readonly sent: (method: string) => readonly TracedMessage[];
  readonly received: (method: string) => readonly TracedMessage[];
}

function read(way: TracedMessage['way'], text: string): TracedMessage {
  const status = /^SIP\/2\.0 (\d{3})/.exec(text)?.[1];
  return {
    way,
    method: /^CSeq: *\d+ +(\w+)/im.exec(text)?.[1] ?? '',
    statusCode: status === undefined ? undefined : Number(status),
    text,
  };
}

/** Keeps what passes the WebSockets that a page opens from now on. */
export function traceSip(page: Page): SipTrace {
  const messages: TracedMessage[] = [];
  const keep = (way: TracedMessage['way'], payload: string | Buffer): void => {
    const text = payload.toString();
    // RFC 5626's keep-alive is nothing but line ends.
    if (text.trim() !== '') messages.push(read(way, text));
  };
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      keep('sent', payload);
    });
    socket.on('framereceived', ({ payload }) => {
      keep('received', payload);
    });
  });
  const requests =
    (way: TracedMessage['way']): SipTrace['sent'] =>
    (method) =>
      messages.filter(
        (message) =>
          message.way === way && message.method === method && message.statusCode === undefined,
      );
  return { messages: () => messages, sent: requests('sent'), received: requests('received') };
}
