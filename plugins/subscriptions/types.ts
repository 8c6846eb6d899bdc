import type { Off, PhoneError } from '../../src/core/index.ts';

/** `subscriptions` in the configuration. */
export interface SubscriptionsOptions {
  /** Seconds that a subscription is asked to last where its owner says nothing else. Default 3600. */
  readonly expires: number;
  /**
   * When to subscribe: as soon as the phone is registered, or as soon as it is connected, for phones
   * that do not register. Default `registration`.
   */
  readonly after: 'registration' | 'connection';
  /** Seconds; the first pause before a failed subscription is tried again. Default 5. */
  readonly retry_min_interval: number;
  /** Seconds; the longest pause, to which the pauses double. Default 300. */
  readonly retry_max_interval: number;
}

/**
 * How a subscription stands. `waiting`: for the server to be there, or for the next attempt.
 * `subscribing`: asked for, no word yet. `pending`: somebody has to allow it. `active`: it works.
 * `ended`: it was given up, and is tried again after the next registration; or it was unsubscribed.
 */
export type SubscriptionStatus = 'waiting' | 'subscribing' | 'pending' | 'active' | 'ended';

/** A subscription at one moment. */
export interface SubscriptionSnapshot {
  readonly id: string;
  /** The number or address whose state is told. */
  readonly target: string;
  /** The event package, such as `dialog`. */
  readonly event: string;
  readonly status: SubscriptionStatus;
  /** Why it is not active: a reason of RFC 6665 section 4.1.3, or ''. */
  readonly reason: string;
  /** What went wrong with the last request, or null. */
  readonly error: PhoneError | null;
  /** Milliseconds from the failure to the next attempt; null when none is planned. */
  readonly retryIn: number | null;
  /** Milliseconds since 1970; null while nothing is agreed. */
  readonly expiresAt: number | null;
}

/** What a NOTIFY says. */
export interface Notification {
  readonly subscription: SubscriptionSnapshot;
  /** The type of `body` in lower case and without parameters; '' when there is no body. */
  readonly contentType: string;
  /** As it came from the network: any text at all. */
  readonly body: string;
  /** Another one than before: the state begins anew, and versions count from the start. */
  readonly session: string;
}

/** What to subscribe to. */
export interface SubscribeOptions {
  /** A number or address; '' is the account that the phone registers. */
  readonly target: string;
  /** The event package (RFC 6665 section 7.2), such as `presence`. */
  readonly event: string;
  /** The types of body that are understood; no Accept header when it is left out. */
  readonly accept?: string;
  /** Seconds. */
  readonly expires?: number;
  /** More header lines of each SUBSCRIBE. */
  readonly headers?: readonly string[];
  /** Hears each NOTIFY, those without a body too. */
  readonly onNotify?: (notification: Notification) => void;
  /** Hears each change of the snapshot. */
  readonly onChange?: (subscription: SubscriptionSnapshot) => void;
}

/** A subscription in the hands of who asked for it. */
export interface Subscription {
  readonly snapshot: () => SubscriptionSnapshot;
  /** Asks for the whole state again, as when a notification was missed. */
  readonly refresh: () => void;
  /** Ends it. Resolves when the server has answered, whatever it said. */
  readonly unsubscribe: () => Promise<void>;
}

/** An element of a document from the network: plain data, nothing of the browser's. */
export interface XmlElement {
  /** Without a prefix. */
  readonly name: string;
  /** '' when it has none. */
  readonly namespace: string;
  /** By name, those of other namespaces left out. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The text directly in it, without spaces around. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** The root that a document must have. */
export interface XmlRoot {
  readonly name: string;
  readonly namespace: string;
}

/** The public API of the plugin: `phone.subscriptions`. */
export interface SubscriptionsApi {
  /**
   * Subscribes, and goes on doing so over lost connections and failures until it is unsubscribed.
   * Throws `call.headerInvalid`; what fails later is told by `onChange`.
   */
  readonly subscribe: (options: SubscribeOptions) => Subscription;
  /** All that are not unsubscribed. */
  readonly list: () => readonly SubscriptionSnapshot[];
  /**
   * Reads an XML body as plain data. Null when it is not well-formed, has another root, a document
   * type or entities of its own, more than 100,000 characters, 5,000 elements or 16 levels.
   */
  readonly readXml: (body: string, root: XmlRoot) => XmlElement | null;
  /**
   * Runs `begin` now and whenever the server is there again, as subscriptions do, and `end` when it
   * is gone (`lost`) or about to be left (`leaving`: what is sent now still goes out).
   */
  readonly follow: (begin: () => void, end: (how: 'lost' | 'leaving') => void) => Off;
  /** Milliseconds to wait after so many failures in a row; more or less by chance. */
  readonly pauseAfter: (failures: number) => number;
}

/** What an event about a subscription carries. */
export interface SubscriptionEvent {
  readonly subscription: SubscriptionSnapshot;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    subscriptions: SubscriptionsApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'subscriptions.created': Readonly<Record<string, never>>;
    /** A subscription stands otherwise than before. */
    'subscriptions.changed': SubscriptionEvent;
    /** A NOTIFY came in; `body` is any text from the network. */
    'subscriptions.notified': SubscriptionEvent & Pick<Notification, 'contentType' | 'body'>;
    /** A subscription was refused, ended by the server, or not answered. */
    'subscriptions.failed': SubscriptionEvent & {
      readonly error: PhoneError | null;
      readonly reason: string;
      /** Milliseconds; null when it is not tried again before the next registration. */
      readonly retryIn: number | null;
    };
  }
}
