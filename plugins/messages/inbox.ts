import { PhoneError } from '../../src/core/index.ts';
import type { PluginRegistry } from '../../src/core/index.ts';
import { createBook } from './book.ts';
import type { Book } from './book.ts';
import { createTyping } from './composing.ts';
import type { Typing } from './composing.ts';
import { accountOf, bytesOf, isServerThere } from './context.ts';
import type { Context } from './context.ts';
import { createDelivery } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import { messageOf, takeMessage } from './incoming.ts';
import { peerOf, senderOf } from './peers.ts';
import { createKeeper, storeOf } from './storage.ts';
import type { Keeper } from './storage.ts';
import type { Message } from './types.ts';

/** What there is of messages behind the picture. */
export interface Inbox {
  readonly book: Book;
  readonly typing: Typing;
  /** The name of the thread with a number or address. Throws `call.targetMissing`, `call.targetInvalid`. */
  readonly peerOf: (target: string) => string;
  /** Queues a text. Throws as `peerOf`, and `messages.textInvalid`. */
  readonly post: (target: string, text: string) => Message;
  readonly retry: Delivery['retry'];
  readonly settled: Delivery['settled'];
  readonly read: (peer: string) => void;
  /** Brings the kept messages, and follows the connection from here on. */
  readonly start: () => void;
}

/** What stands around the inbox. */
export interface Surroundings {
  readonly changed: () => void;
  /** Whether the user sees the messages of a thread as they come in. */
  readonly isSeen: (peer: string) => boolean;
  /** A thread that the user has opened. */
  readonly isOpen: (peer: string) => boolean;
  /** Somebody else has logged in. */
  readonly left: () => void;
}

/** The messages of whatever account the phone is started with. */
export function createInbox(ctx: Context, around: Surroundings): Inbox {
  const own = (): string => accountOf(ctx).address;
  const owned = createOwned(ctx, {
    ...around,
    removed: (messages) => {
      delivery.forget(messages);
    },
  });
  const { book, typing } = owned;
  const delivery = createDelivery({ ctx, book, isThere: () => isServerThere(ctx) });
  const read = (peer: string): void => {
    if (!book.read(peer)) return;
    const thread = book.thread(peer);
    if (thread) ctx.emit('messages.read', { thread });
  };
  followRequests(ctx, { book, typing, isSeen: around.isSeen });
  return {
    book,
    typing,
    read,
    peerOf: (target) => peerOf(target, own()),
    post: (target, text) => {
      const peer = peerOf(target, own());
      if (text.trim() === '' || bytesOf(text) > ctx.options.max_bytes) {
        throw new PhoneError('messages.textInvalid');
      }
      typing.sent(peer);
      return delivery.post(peer, text);
    },
    retry: delivery.retry,
    settled: delivery.settled,
    start: () => {
      const open = (): void => {
        void owned.open(own(), delivery.resume);
      };
      followServer(ctx, { typing, open, resume: delivery.resume });
      open();
    },
  };
}

interface Owned {
  readonly book: Book;
  readonly typing: Typing;
  /** Shows the messages of an account in place of those of another, and then calls `loaded`. */
  readonly open: (owner: string, loaded: () => void) => Promise<void>;
}

// What one account wrote and got is nothing for who logs in with another.
function createOwned(
  ctx: Context,
  { changed, isOpen, left, removed }: Surroundings & { readonly removed: Delivery['forget'] },
): Owned {
  let owner = '';
  const keeper = keeperOf(ctx);
  const book = createBook(
    { messages: ctx.options.messages_kept, threads: ctx.options.threads_kept },
    {
      changed,
      put: (messages) => {
        keeper.put(owner, messages);
      },
      removed: (messages) => {
        keeper.remove(owner, messages);
        removed(messages);
      },
      dropped: (peer) => {
        typing.arrived(peer);
        ctx.emit('messages.removed', { peer });
      },
      isComposing: (peer) => typing.isComposing(peer),
      isKept: isOpen,
    },
  );
  const typing = createTyping(ctx, (peer) => book.thread(peer) !== undefined, changed);
  return {
    book,
    typing,
    open: async (next, loaded) => {
      if (next === owner) return;
      const isOther = owner !== '';
      owner = next;
      if (isOther) {
        typing.reset();
        book.clear();
        left();
      }
      const messages = await keeper.load(next);
      if (ctx.signal.aborted || owner !== next) return;
      book.merge(messages);
      ctx.emit('messages.loaded', { owner, threads: book.threads() });
      loaded();
    },
  };
}

function keeperOf(ctx: Context): Keeper {
  // A phone that is to remember nothing keeps no messages either.
  const mayRemember = (): boolean => {
    ctx.memory.set('isKept', true);
    return ctx.memory.get('isKept') === true;
  };
  return createKeeper(storeOf(ctx.options.storage, mayRemember), (error) => {
    ctx.log.warn('Messages cannot be kept; they last until the page is left.', error);
  });
}

interface Requests {
  readonly book: Book;
  readonly typing: Typing;
  readonly isSeen: Surroundings['isSeen'];
}

type Request = Parameters<Parameters<PluginRegistry['userAgent']['onRequest']>[0]['take']>[0];

function followRequests(ctx: Context, { book, typing, isSeen }: Requests): void {
  const agent = ctx.require('userAgent');
  const receive = (request: Request, peer: string): void => {
    typing.arrived(peer);
    const isRead = isSeen(peer);
    const message = { ...messageOf(request, peer, ctx.clock.now()), isRead };
    if (!book.add(message)) return;
    const thread = book.thread(peer);
    if (thread)
      ctx.emit('messages.received', { message: book.find(message.id) ?? message, thread });
  };
  ctx.onDestroy(
    agent.onRequest({
      method: 'MESSAGE',
      account: accountOf(ctx).id,
      take: (given) => {
        takeMessage(given, {
          maxBytes: ctx.options.max_bytes,
          senderOf: (from) => {
            const peer = senderOf(from, accountOf(ctx).address);
            if (peer === null) ctx.log.warn('A message came from an address that is none.');
            return peer;
          },
          text: receive,
          composing: ({ body }, peer) => {
            typing.take(peer, body);
          },
        });
      },
    }),
  );
}

interface ServerWatch {
  readonly typing: Typing;
  readonly open: () => void;
  readonly resume: () => void;
}

function followServer(ctx: Context, { typing, open, resume }: ServerWatch): void {
  const { after } = ctx.options;
  ctx.on(
    after === 'connection' ? 'userAgent.connected' : 'userAgent.registration.registered',
    resume,
  );
  // Only now is it known whose messages they are.
  ctx.on('userAgent.started', open);
  for (const event of ['userAgent.disconnected', 'userAgent.stopped'] as const) {
    // It may have been another account.
    ctx.on(event, () => {
      if (!isServerThere(ctx)) typing.reset();
    });
  }
}
