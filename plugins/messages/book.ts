import type { Message, Thread } from './types.ts';

/** How much is kept. */
export interface Bounds {
  readonly messages: number;
  readonly threads: number;
}

/** What hears of the changes. */
export interface BookListener {
  readonly changed: () => void;
  /** Messages are new or others than before. */
  readonly put: (messages: readonly Message[]) => void;
  /** Messages are there no more. */
  readonly removed: (messages: readonly Message[]) => void;
  /** A thread is there no more. */
  readonly dropped: (peer: string) => void;
  readonly isComposing: (peer: string) => boolean;
  /** A thread that stays although there are too many. */
  readonly isKept: (peer: string) => boolean;
}

/** All messages, by the other side. */
export interface Book {
  readonly threads: () => readonly Thread[];
  readonly thread: (peer: string) => Thread | undefined;
  readonly find: (id: string) => Message | undefined;
  /** Adds a message; false when it is there already. */
  readonly add: (message: Message) => boolean;
  readonly change: (id: string, patch: Partial<Message>) => Message | undefined;
  /** Counts a thread as read; false when it was. */
  readonly read: (peer: string) => boolean;
  readonly remove: (peer: string) => void;
  /** Adds what was kept, and leaves alone what is known better. */
  readonly merge: (messages: readonly Message[]) => void;
  /** Forgets everything here, and nothing where it is kept. */
  readonly clear: () => void;
}

type Threads = Map<string, readonly Message[]>;

/** An empty book. */
export function createBook(bounds: Bounds, listener: BookListener): Book {
  const shelf = new Shelf(bounds, listener);
  const { threads } = shelf;
  const thread = (peer: string): Thread | undefined => {
    const messages = threads.get(peer);
    return messages && threadOf(peer, messages, listener.isComposing(peer));
  };
  return {
    thread,
    threads: () =>
      [...threads.keys()]
        .flatMap((peer) => thread(peer) ?? [])
        .sort((a, b) => newest(b) - newest(a)),
    find: (id) => shelf.find(id),
    add: (message) => {
      if (shelf.has(message)) return false;
      shelf.place([message]);
      shelf.tell([message]);
      // Whoever writes is heard, however many others the user talks to.
      shelf.makeRoom(message.peer);
      return true;
    },
    change: (id, patch) => {
      const known = shelf.find(id);
      if (known) shelf.replace([{ ...known, ...patch }]);
      return shelf.find(id);
    },
    read: (peer) => {
      const unread = threads.get(peer)?.filter(({ isRead }) => !isRead) ?? [];
      if (unread.length > 0) shelf.replace(unread.map((one) => ({ ...one, isRead: true })));
      return unread.length > 0;
    },
    remove: (peer) => {
      shelf.remove(peer);
    },
    merge: (messages) => {
      shelf.place(messages.filter((message) => !shelf.has(message)));
      shelf.makeRoom();
      listener.changed();
    },
    clear: () => {
      shelf.clear();
      listener.changed();
    },
  };
}

/** Where the messages stand, within bounds. */
class Shelf {
  readonly threads: Threads = new Map();
  /** The peer of each message, by its id. */
  readonly #peers = new Map<string, string>();
  readonly #bounds: Bounds;
  readonly #listener: BookListener;

  constructor(bounds: Bounds, listener: BookListener) {
    this.#bounds = bounds;
    this.#listener = listener;
  }

  has({ id }: Message): boolean {
    return this.#peers.has(id);
  }

  find(id: string): Message | undefined {
    return this.threads.get(this.#peers.get(id) ?? '')?.find((message) => message.id === id);
  }

  /** Puts new messages where their time belongs, and takes away the oldest that are too many. */
  place(messages: readonly Message[]): void {
    const byPeer: Threads = new Map();
    for (const message of messages) {
      this.#peers.set(message.id, message.peer);
      byPeer.set(message.peer, [...(byPeer.get(message.peer) ?? []), Object.freeze(message)]);
    }
    for (const [peer, added] of byPeer) {
      const all = [...(this.threads.get(peer) ?? []), ...added].sort((a, b) => a.at - b.at);
      const spare = Math.max(0, all.length - this.#bounds.messages);
      const gone = all.slice(0, spare);
      for (const { id } of gone) this.#peers.delete(id);
      this.threads.set(peer, Object.freeze(all.slice(spare)));
      if (gone.length > 0) this.#listener.removed(gone);
    }
  }

  replace(changes: readonly Message[]): void {
    const byId = new Map(changes.map((message) => [message.id, Object.freeze(message)]));
    for (const peer of new Set(changes.map((message) => message.peer))) {
      const all = this.threads.get(peer) ?? [];
      const next = all.map((message) => byId.get(message.id) ?? message);
      this.threads.set(peer, Object.freeze(next));
    }
    this.tell(changes);
  }

  tell(messages: readonly Message[]): void {
    this.#listener.put(messages);
    this.#listener.changed();
  }

  remove(peer: string): void {
    const messages = this.threads.get(peer);
    if (!messages) return;
    this.threads.delete(peer);
    for (const { id } of messages) this.#peers.delete(id);
    this.#listener.removed(messages);
    this.#listener.dropped(peer);
    this.#listener.changed();
  }

  makeRoom(newcomer?: string): void {
    while (this.threads.size > this.#bounds.threads) {
      const spare = leastMissed(
        this.threads,
        (peer) => peer === newcomer || this.#listener.isKept(peer),
      );
      if (spare === undefined) return;
      this.remove(spare);
    }
  }

  clear(): void {
    this.threads.clear();
    this.#peers.clear();
  }
}

function threadOf(peer: string, messages: readonly Message[], isComposing: boolean): Thread {
  return Object.freeze({
    peer,
    name: messages.reduce((last, { name }) => name || last, ''),
    unread: messages.filter(({ isRead }) => !isRead).length,
    isComposing,
    messages,
  });
}

const newest = ({ messages }: Pick<Thread, 'messages'>): number => messages.at(-1)?.at ?? 0;

const isOwn = ({ direction }: Message): boolean => direction === 'outgoing';

// Strangers who write from ever new addresses must not push out whom the user talks to.
function leastMissed(threads: Threads, isKept: (peer: string) => boolean): string | undefined {
  const spare = [...threads]
    .filter(([peer]) => !isKept(peer))
    .map(([peer, messages]) => ({ peer, at: newest({ messages }), isMissed: messages.some(isOwn) }))
    .sort((a, b) => Number(a.isMissed) - Number(b.isMissed) || a.at - b.at);
  return spare[0]?.peer;
}
