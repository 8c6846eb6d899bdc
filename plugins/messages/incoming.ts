import type { PluginRegistry } from '../../src/core/index.ts';
import { bytesOf } from './context.ts';
import { composingType } from './isComposing.ts';
import type { Message } from './types.ts';

type Request = Parameters<Parameters<PluginRegistry['userAgent']['onRequest']>[0]['take']>[0];

/** What is done with what came in; all of it is text from the network. */
export interface Taking {
  readonly maxBytes: number;
  /** The thread of an address; null when there can be none. */
  readonly senderOf: (from: string) => string | null;
  readonly text: (request: Request, peer: string) => void;
  readonly composing: (request: Request, peer: string) => void;
}

/** Answers a MESSAGE at once, and passes on what is understood. */
export function takeMessage(request: Request, taking: Taking): void {
  const { body, from, reply } = request;
  const peer = taking.senderOf(from);
  if (bytesOf(body) > taking.maxBytes) reply(413);
  else if (body === '') reply(200);
  // What cannot be shown is not taken: its sender is to know.
  else if (peer === null) reply(400, { reason: 'Bad From' });
  else if (isEncoded(request)) reply(415, { headers: ['Accept-Encoding: identity'] });
  else if (typeOf(request) === 'text/plain') {
    reply(200);
    taking.text(request, peer);
  } else if (typeOf(request) === composingType) {
    reply(200);
    taking.composing(request, peer);
  } else {
    // RFC 3428 section 7, RFC 3261 section 21.4.13.
    reply(415, { headers: [`Accept: text/plain, ${composingType}`] });
  }
}

const typeOf = ({ header }: Request): string =>
  (header('Content-Type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();

const isEncoded = ({ header }: Request): boolean =>
  !/^\s*(?:identity)?\s*$/i.test(header('Content-Encoding') ?? '');

/** The message of a request; one that comes again has the same id. */
export function messageOf(request: Request, peer: string, at: number): Message {
  const { callId, cseq, fromTag, fromName, body: text } = request;
  return {
    // A far end may choose ids of any length.
    id: `${callId} ${String(cseq)} ${fromTag}`.slice(0, 500),
    ...{ peer, name: fromName.slice(0, 100), direction: 'incoming', text, at },
    ...{ status: 'received', statusCode: null, isRead: false },
  };
}
