/** Where messages are kept over a reload. Each promise may reject: then they last until the page is left. */
export interface MessageStore {
  /** All messages of an account, which is named as `1001@example.com`, in any order. They are checked. */
  readonly load: (owner: string) => Promise<readonly unknown[]>;
  /** Adds messages, or replaces those with the same `id`. They are plain data. */
  readonly put: (owner: string, messages: readonly Message[]) => Promise<void>;
  readonly remove: (owner: string, messages: readonly Message[]) => Promise<void>;
}

/** `messages` in the configuration. */
export interface MessagesOptions {
  /** The id of the account that messages go through; '' is the first of the agent. Default ''. */
  readonly account: string;
  /** When to send: as soon as the phone is registered, or connected. Default `registration`. */
  readonly after: 'registration' | 'connection';
  /** Tell others that the user types (RFC 3994). Default true. */
  readonly composing: boolean;
  /** True keeps messages in IndexedDB, false only until the page is left; or a place of your own. */
  readonly storage: boolean | MessageStore;
  /** Bytes of a text from which a hint says that it may be too long (RFC 3428 section 8). Default 1300. */
  readonly warn_bytes: number;
  /** Bytes of a text beyond which it is not sent, and not taken either (413). Default 65536. */
  readonly max_bytes: number;
  /** How many messages of each thread are kept. Default 500. */
  readonly messages_kept: number;
  /** How many threads are kept. Those in which the user never wrote go first, never the newest. Default 100. */
  readonly threads_kept: number;
}

/**
 * How a message stands. `queued`: it waits for the connection. `sent`: answered with 2xx; with 202 the
 * server has it and will try to deliver it (RFC 3428 section 7). `failed`: refused, or not answered.
 */
export type MessageStatus = 'received' | 'queued' | 'sending' | 'sent' | 'failed';

/** A message at one moment. */
export interface Message {
  readonly id: string;
  /** The other side, as `2002@example.com`. */
  readonly peer: string;
  /** The other side's display name, when it sent the message and has one. Any text at all. */
  readonly name: string;
  readonly direction: 'incoming' | 'outgoing';
  /** As it was written: any text at all, never HTML. */
  readonly text: string;
  /** When it came in or was written: milliseconds since 1970, by the clock of this device. */
  readonly at: number;
  readonly status: MessageStatus;
  /** The SIP status that decided it, or null. */
  readonly statusCode: number | null;
  readonly isRead: boolean;
}

/** All messages from and to one side. */
export interface Thread {
  readonly peer: string;
  /** The display name that it used last, or ''. */
  readonly name: string;
  readonly unread: number;
  /** The other side types at present. */
  readonly isComposing: boolean;
  /** Oldest first. */
  readonly messages: readonly Message[];
}

/** The public API of the plugin: `phone.messages`. */
export interface MessagesApi {
  /** The thread with the newest message first. */
  readonly getThreads: () => readonly Thread[];
  /** The thread with a number or address. */
  readonly getThread: (peer: string) => Thread | undefined;
  /** The unread messages of all threads. */
  readonly getUnread: () => number;
  /**
   * Sends a text. Resolves with the message when it is `sent` or `failed`, or `queued` because there is
   * no connection; it is then sent later. Rejects with `call.targetMissing`, `call.targetInvalid`, and
   * with `messages.textInvalid` when the text is blank or too long.
   */
  readonly send: (peer: string, text: string) => Promise<Message>;
  /** Sends a failed message again and resolves as `send`; undefined when there is no such one. */
  readonly retry: (id: string) => Promise<Message | undefined>;
  /** Opens a thread, which may be a new one, or shows the list again with null. Throws as `send`. */
  readonly select: (peer: string | null) => void;
  /** The other side of the open thread, or null. */
  readonly getSelected: () => string | null;
  /** Counts all messages of a thread as read. */
  readonly markRead: (peer: string) => void;
  /** Forgets a thread, stored messages and what waits to be sent included. */
  readonly removeThread: (peer: string) => void;
  /**
   * Says that the user types to somebody, at every change of the text; with an empty text that they
   * stopped. Somebody without a thread is not told.
   */
  readonly typing: (peer: string, text: string) => void;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

/** What an event about a message carries. */
export interface MessageEvent {
  readonly message: Message;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    messages: MessagesApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'messages.created': Readonly<Record<string, never>>;
    /** The kept messages of an account are there. */
    'messages.loaded': { readonly owner: string; readonly threads: readonly Thread[] };
    /** A message came in; once, however often it was sent. */
    'messages.received': MessageEvent & { readonly thread: Thread };
    /** A message waits for the connection. */
    'messages.queued': MessageEvent;
    /** A message is on its way. */
    'messages.sending': MessageEvent;
    /** A message was taken by the other side, or by the server when `statusCode` is 202. */
    'messages.sent': MessageEvent;
    /** A message was refused, or nobody answered. */
    'messages.failed': MessageEvent;
    /** The messages of a thread were read. */
    'messages.read': { readonly thread: Thread };
    /** The other side began or stopped typing. */
    'messages.composing': { readonly peer: string; readonly isComposing: boolean };
    /** A thread was forgotten, by wish or because there are too many. */
    'messages.removed': { readonly peer: string };
  }
}
