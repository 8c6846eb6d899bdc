import type { PhoneError } from '../../src/core/index.ts';

/** How somebody is to be had. `unknown`: nobody says. */
export type PresenceStatus = 'unknown' | 'available' | 'away' | 'busy' | 'onThePhone' | 'offline';

/** Somebody who is watched. */
export interface BuddyOptions {
  /** The number or address; also what the buddy is called by. */
  readonly id: string;
  /** The name to show; the id when it is left out. */
  readonly name?: string;
}

/** `presence` in the configuration. */
export interface PresenceOptions {
  /** Who is watched from the start. */
  readonly buddies: readonly BuddyOptions[];
  /** Seconds that each subscription is asked to last. Default 3600. */
  readonly subscribe_expires: number;
  /** Tell the server the own state (PUBLISH, RFC 3903). Default true. */
  readonly publish: boolean;
  /** Seconds that the own state is asked to last. Default 3600. */
  readonly publish_expires: number;
  /** The own address as the published document names it; servers go by who speaks. Default `pres:self`. */
  readonly entity: string;
  /** The own state at the start. Default `available`. */
  readonly status: OwnStatus;
  /** Be `onThePhone` for others while a call is up. Default true. */
  readonly follow_calls: boolean;
}

/** What a user can say of himself. */
export type OwnStatus = Exclude<PresenceStatus, 'unknown'>;

/** Somebody at one moment. */
export interface Buddy {
  readonly id: string;
  readonly name: string;
  readonly status: PresenceStatus;
  /** What they say in words, '' when nothing: text from the network. */
  readonly note: string;
}

/** The own state. */
export interface OwnPresence {
  /** As it was set; while a call is up others may be told `onThePhone`. */
  readonly status: OwnStatus;
  readonly note: string;
  /** Whether the server has taken what is to be told. */
  readonly isPublished: boolean;
  /** Why the server did not take it, or null. */
  readonly error: PhoneError | null;
}

/** The public API of the plugin: `phone.presence`. */
export interface PresenceApi {
  readonly getBuddies: () => readonly Buddy[];
  readonly getBuddy: (id: string) => Buddy | undefined;
  /** Watches somebody more. Who is watched already stays, and is given back. */
  readonly watch: (id: string, name?: string) => Buddy;
  readonly unwatch: (id: string) => void;
  readonly getOwn: () => OwnPresence;
  /** Tells the server a new own state, as soon as it is there. A note left out stays. */
  readonly setStatus: (status: OwnStatus, note?: string) => void;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    presence: PresenceApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'presence.created': Readonly<Record<string, never>>;
    /** Somebody is watched. */
    'presence.buddy.added': { readonly buddy: Buddy };
    /** Somebody is watched no more. */
    'presence.buddy.removed': { readonly buddy: Buddy };
    /** Somebody is to be had otherwise than before, or says something else. */
    'presence.buddy.updated': { readonly buddy: Buddy };
    /** The own state was set anew. */
    'presence.own.updated': { readonly own: OwnPresence };
    /** The server has taken the own state. */
    'presence.own.published': { readonly own: OwnPresence };
    /** The server did not take the own state. `retryIn` is in milliseconds, null when it is not tried again. */
    'presence.own.failed': { readonly error: PhoneError; readonly retryIn: number | null };
  }
}
