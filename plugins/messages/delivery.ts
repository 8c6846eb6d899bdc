import { asPhoneError, newId } from '../../src/core/index.ts';
import type { PhoneError } from '../../src/core/index.ts';
import type { Book } from './book.ts';
import { choiceOf } from './context.ts';
import type { Context } from './context.ts';
import type { Message } from './types.ts';

/** Sends what is queued: one message at a time to each peer, so that they arrive in order. */
export interface Delivery {
  /** Queues a text for a peer and sends it as soon as may be. */
  readonly post: (peer: string, text: string) => Message;
  readonly retry: (id: string) => Message | undefined;
  /** Resolves when the message is sent, failed, or left to wait for the connection. */
  readonly settled: (message: Message) => Promise<Message>;
  /** Messages are there no more: who waits for them waits no longer. */
  readonly forget: (messages: readonly Message[]) => void;
  /** The server is there: sends all that waits. */
  readonly resume: () => void;
}

/** What delivery is made of. */
export interface DeliveryServices {
  readonly ctx: Context;
  readonly book: Book;
  readonly isThere: () => boolean;
}

// Without a connection, or when it breaks before there is an answer: nothing was refused.
const waiting: readonly unknown[] = ['userAgent.notConnected', 'userAgent.notStarted'];

/** Nothing is sent before something is posted or resumed. */
export function createDelivery({ ctx, book, isThere }: DeliveryServices): Delivery {
  const busy = new Set<string>();
  // Written since the page was loaded, and not tried yet.
  const fresh = new Set<string>();
  const waiters = new Map<string, (message: Message) => void>();

  const tell = (message: Message | undefined): void => {
    if (!message || message.status === 'received') return;
    ctx.emit(`messages.${message.status}`, { message });
  };
  const settle = (message: Message): void => {
    waiters.get(message.id)?.(message);
    waiters.delete(message.id);
  };
  const pump = (peer: string): void => {
    if (busy.has(peer) || !isThere()) return;
    const next = book.thread(peer)?.messages.find(({ status }) => status === 'queued');
    if (!next) return;
    busy.add(peer);
    tell(book.change(next.id, { status: 'sending', statusCode: null }));
    void outcomeOf(ctx, next, !fresh.delete(next.id)).then((outcome) => {
      busy.delete(peer);
      if (ctx.signal.aborted) return;
      const message = book.change(next.id, outcome);
      tell(message);
      settle(message ?? { ...next, ...outcome });
      // What waits for the connection is not tried before it is there again.
      if (outcome.status !== 'queued') pump(peer);
      else for (const other of book.thread(peer)?.messages ?? []) settle(other);
    });
  };
  const queue = (message: Message): Message => {
    tell(message);
    pump(message.peer);
    return book.find(message.id) ?? message;
  };
  return {
    post: (peer, text) => {
      const message: Message = {
        ...{ id: newId(), peer, name: '', direction: 'outgoing', text, at: ctx.clock.now() },
        ...{ status: 'queued', statusCode: null, isRead: true },
      };
      fresh.add(message.id);
      book.add(message);
      return queue(message);
    },
    retry: (id) => {
      if (book.find(id)?.status !== 'failed') return undefined;
      const message = book.change(id, { status: 'queued', statusCode: null });
      return message && queue(message);
    },
    settled: (message) =>
      isThere() && (message.status === 'queued' || message.status === 'sending')
        ? new Promise((resolve) => {
            waiters.set(message.id, resolve);
          })
        : Promise.resolve(message),
    forget: (messages) => {
      for (const message of messages) {
        fresh.delete(message.id);
        settle(message);
      }
    },
    resume: () => {
      for (const { peer } of book.threads()) pump(peer);
    },
  };
}

type Outcome = Pick<Message, 'status' | 'statusCode'>;

async function outcomeOf(
  ctx: Context,
  { id, peer, text }: Message,
  isAgain: boolean,
): Promise<Outcome> {
  try {
    const { statusCode } = await ctx.require('userAgent').request('MESSAGE', `sip:${peer}`, {
      ...choiceOf(ctx),
      body: text,
      contentType: 'text/plain;charset=utf-8',
      // The same again after a lost connection: who has it already shows it once.
      dialog: { callId: id, localTag: id.slice(0, 8), cseq: 1 },
    });
    // Who already has a request answers 482 to one that is the same (RFC 3261 section 8.2.2.2).
    const isThere = statusCode < 300 || (isAgain && statusCode === 482);
    return { status: isThere ? 'sent' : 'failed', statusCode };
  } catch (error) {
    const { code } = asPhoneError(error, 'userAgent.requestFailed');
    // Of the error itself: one of another copy of the library is wrapped without it.
    const { statusCode = null } = error as Partial<PhoneError>;
    return waiting.includes(code)
      ? { status: 'queued', statusCode: null }
      : { status: 'failed', statusCode };
  }
}
