/** One line that is watched. */
export interface BlfKeyOptions {
  /** The number or address of the line; also what the key is called by. */
  readonly id: string;
  /** What stands on the key; the id when it is left out. */
  readonly name?: string;
  /** `dialog` (RFC 4235), the default, tells calls; `presence` only whether somebody is there. */
  readonly eventType?: 'dialog' | 'presence';
  /** The type of body that is asked for, when it is not the usual one of the event type. */
  readonly acceptType?: string;
}

/** `blf` in the configuration. */
export interface BlfOptions {
  /** The lines to watch from the start. */
  readonly keys: readonly BlfKeyOptions[];
  /** Seconds that each subscription is asked to last. Default 3600. */
  readonly subscribe_expires: number;
  /**
   * How a ringing line is picked up: `replaces` calls the caller in its place (RFC 3891); anything else
   * is a feature code that is dialled before the number of the line, such as `**`; '' switches it off.
   */
  readonly pickup: string;
}

/** What a line does. `busy`: it is in a call or makes one. `unknown`: nobody says. */
export type BlfStatus = 'unknown' | 'idle' | 'ringing' | 'busy' | 'held';

/** One end of a call on a watched line. All of it is text from the network. */
export interface BlfParty {
  readonly display: string;
  /** The address, such as `sip:2002@example.com`. */
  readonly identity: string;
  /** Where the phone itself can be reached. */
  readonly target: string;
}

/** A call on a watched line (RFC 4235 section 4.1). */
export interface BlfCall {
  readonly id: string;
  readonly state: 'trying' | 'proceeding' | 'early' | 'confirmed';
  /** Who began it: `recipient` when the line was called. '' when the server does not say. */
  readonly direction: 'initiator' | 'recipient' | '';
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** False while one of both sides holds it. */
  readonly isRendering: boolean;
  readonly local: BlfParty;
  readonly remote: BlfParty;
}

/** A key at one moment. */
export interface BlfKey {
  readonly id: string;
  readonly name: string;
  readonly eventType: 'dialog' | 'presence';
  readonly status: BlfStatus;
  /** The call that the status is about, or null. */
  readonly callInfo: BlfCall | null;
}

/** What `addKey` takes, in libwebphone’s order. */
export type BlfKeyArguments = readonly [
  id: string,
  name?: string | null,
  eventType?: 'dialog' | 'presence',
  acceptType?: string,
];

/** The public API of the plugin: `phone.blf`. */
export interface BlfApi {
  readonly getKeys: () => readonly BlfKey[];
  readonly getKey: (id: string) => BlfKey | undefined;
  /** Watches one more line. One that is watched already stays as it is, and is given back. */
  readonly addKey: (...key: BlfKeyArguments) => BlfKey;
  /** Watches a line no more. */
  readonly removeKey: (id: string) => void;
  /** Watches the line of a key again after `unsubscribe`. */
  readonly subscribe: (id: string) => void;
  /** Keeps the key and stops watching its line. */
  readonly unsubscribe: (id: string) => void;
  readonly subscribeAll: () => void;
  readonly unsubscribeAll: () => void;
  /** Calls the line. Rejects as `userAgent.call`, and with `call.stateInvalid` without such a key. */
  readonly dial: (id: string) => Promise<void>;
  /**
   * Takes the call that rings at the line. Rejects as `userAgent.call`, and with `call.stateInvalid`
   * when nothing rings there, or the server does not tell by which tags.
   */
  readonly pickup: (id: string) => Promise<void>;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

/** What an event about a key carries. */
export interface BlfKeyEvent {
  readonly key: BlfKey;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    blf: BlfApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'blf.created': Readonly<Record<string, never>>;
    /** A line is watched. */
    'blf.key.added': BlfKeyEvent;
    /** A line is watched no more. */
    'blf.key.removed': BlfKeyEvent;
    /** The server is asked for the state of a line. */
    'blf.key.subscribed': BlfKeyEvent;
    /** The state of a line is told no more. */
    'blf.key.unsubscribed': BlfKeyEvent;
    /** A line does something else than before. */
    'blf.key.status.updated': BlfKeyEvent;
    /** The line is free. */
    'blf.key.status.idle': BlfKeyEvent;
    /** The line is called. */
    'blf.key.status.ringing': BlfKeyEvent;
    /** The line is in a call or makes one. */
    'blf.key.status.busy': BlfKeyEvent;
    /** The call of the line is held. */
    'blf.key.status.held': BlfKeyEvent;
    /** The line is busy or its call is held; libwebphone’s word for both. */
    'blf.key.status.incall': BlfKeyEvent;
    /** Nobody says what the line does. */
    'blf.key.status.unknown': BlfKeyEvent;
    /** Another call is the one that the status is about, or it has changed. */
    'blf.key.callinfo.updated': BlfKeyEvent;
  }
}
