/** `voicemail` in the configuration. */
export interface VoicemailOptions {
  /** Whose mailbox is watched; '' is the account that the phone registers. Default ''. */
  readonly target: string;
  /** What is called to hear the messages; '' is what the server names as its account. Default ''. */
  readonly mailbox: string;
  /** Subscribe to the mailbox. False for servers that tell it unasked. Default true. */
  readonly subscribe: boolean;
  /** Seconds that the subscription is asked to last. Default 3600. */
  readonly subscribe_expires: number;
}

/** How many messages of a kind there are (RFC 3842 section 5.2). */
export interface MessageCount {
  readonly fresh: number;
  readonly old: number;
  /** Of the new ones those that are urgent. */
  readonly urgentFresh: number;
  /** Of the old ones those that are urgent. */
  readonly urgentOld: number;
}

/** The kinds of messages that RFC 3458 knows. */
export type MessageKind = 'voice' | 'fax' | 'pager' | 'multimedia' | 'text' | 'none';

/** What is known of the mailbox. */
export interface VoicemailState {
  /** False until the server has told anything. */
  readonly isKnown: boolean;
  /** Whether new messages wait. */
  readonly isWaiting: boolean;
  /** What to call to hear them, '' when nobody says. */
  readonly account: string;
  /** The kinds that the server has counted. */
  readonly counts: Readonly<Partial<Record<MessageKind, MessageCount>>>;
}

/** The public API of the plugin: `phone.voicemail`. */
export interface VoicemailApi {
  readonly getState: () => VoicemailState;
  /** Calls the mailbox. Rejects as `userAgent.call`, and with `call.targetMissing`. */
  readonly call: () => Promise<void>;
  /** Asks the server again. */
  readonly refresh: () => void;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    voicemail: VoicemailApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'voicemail.created': Readonly<Record<string, never>>;
    /** The mailbox is not what it was. */
    'voicemail.updated': { readonly state: VoicemailState };
    /** There are more new messages than before. */
    'voicemail.received': { readonly state: VoicemailState; readonly added: number };
  }
}
