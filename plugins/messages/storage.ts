import { createStore, promisifyRequest } from 'idb-keyval';
import type { Message, MessageStore, MessageStatus } from './types.ts';

/** Messages in IndexedDB, one record each, so that a change writes one message and not a thread. */
function browserStore(): MessageStore {
  const run = createStore('cordboard.messages', 'messages');
  const keyOf = (owner: string, { peer, id }: Message): IDBValidKey => [owner, peer, id];
  return {
    load: (owner) =>
      run('readonly', (store) =>
        // In the order of keys a list comes after every text: these are all keys that begin with the owner.
        promisifyRequest(
          store.getAll(IDBKeyRange.bound([owner], [owner, []])) as IDBRequest<unknown[]>,
        ),
      ),
    put: (owner, messages) =>
      run('readwrite', (store) => {
        for (const message of messages) store.put(message, keyOf(owner, message));
        return promisifyRequest(store.transaction);
      }),
    remove: (owner, messages) =>
      run('readwrite', (store) => {
        for (const message of messages) store.delete(keyOf(owner, message));
        return promisifyRequest(store.transaction);
      }),
  };
}

const nowhere: MessageStore = {
  load: () => Promise.resolve([]),
  put: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

/** The configured store; one that keeps nothing where it is switched off or the browser has none. */
export function storeOf(given: boolean | MessageStore, mayRemember: () => boolean): MessageStore {
  if (typeof given === 'object') return given;
  return given && typeof indexedDB !== 'undefined' && mayRemember() ? browserStore() : nowhere;
}

/** A store whose writes keep their order, and whose failures are told once and change nothing. */
export interface Keeper {
  readonly load: (owner: string) => Promise<readonly Message[]>;
  readonly put: (owner: string, messages: readonly Message[]) => void;
  readonly remove: (owner: string, messages: readonly Message[]) => void;
}

/** Keeps messages in `store`. */
export function createKeeper(store: MessageStore, failed: (error: unknown) => void): Keeper {
  let last: Promise<unknown> = Promise.resolve();
  let isTold = false;
  const tell = (error: unknown): void => {
    if (!isTold) failed(error);
    isTold = true;
  };
  const inOrder = (work: () => Promise<void>): void => {
    last = last.then(work).catch(tell);
  };
  return {
    load: async (owner) => {
      try {
        await last;
        return [...(await store.load(owner))].flatMap((found) => checked(found) ?? []);
      } catch (error) {
        tell(error);
        return [];
      }
    },
    put: (owner, messages) => {
      if (owner !== '') inOrder(() => store.put(owner, messages));
    },
    remove: (owner, messages) => {
      if (owner !== '') inOrder(() => store.remove(owner, messages));
    },
  };
}

const statuses: readonly string[] = [
  'received',
  'queued',
  'sending',
  'sent',
  'failed',
] satisfies MessageStatus[];

// Other scripts of the page, and other versions of this one, may have written there.
function checked(found: unknown): Message | null {
  if (typeof found !== 'object' || found === null) return null;
  const { id, peer, name, direction, text, at, status, statusCode, isRead } = found as Partial<
    Record<keyof Message, unknown>
  >;
  const areTexts = [id, peer, name, text].every((value) => typeof value === 'string');
  const isPlaced = direction === 'incoming' || direction === 'outgoing';
  if (!areTexts || !isPlaced || !Number.isFinite(at) || !statuses.includes(String(status))) {
    return null;
  }
  const message = { id, peer, name, direction, text, at } as Message;
  return {
    ...message,
    // What was on its way when the page was left is sent again, under the same Call-ID.
    status: status === 'sending' ? 'queued' : (status as MessageStatus),
    statusCode: typeof statusCode === 'number' ? statusCode : null,
    isRead: isRead !== false,
  };
}
