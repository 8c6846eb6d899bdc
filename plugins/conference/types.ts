import type { Call, CallSnapshot } from '../../src/core/index.ts';

/** `conference` in the configuration. */
export interface ConferenceOptions {
  /** Who makes the conference: this browser, or a bridge on the server. Default `local`. */
  readonly strategy: 'local' | 'bridge';
  /** What the bridge is called by, such as `sip:conference@example.com`. Default ''. */
  readonly bridge_uri: string;
  /** How many people a local conference may have, the user included. Default 5. */
  readonly maxParticipants: number;
}

/** Who came or went. */
export interface News {
  readonly kind: 'joined' | 'left' | 'over';
  readonly names: readonly string[];
  /** The same was the news before, and is to be said once more. */
  readonly isAgain?: boolean;
}

/** What the plugin remembers. */
export interface ConferenceState {
  /** Of the conference there is, or null. */
  readonly id: string | null;
  /** The ids of its calls, in the order in which they came. With a bridge: the one call to it. */
  readonly legs: readonly string[];
  /** The ids of those whom nobody hears. */
  readonly silenced: readonly string[];
  /** The last refused operation of a call, by its id. */
  readonly errors: Readonly<Record<string, unknown>>;
  /** Why the last command came to nothing, or null. */
  readonly error: unknown;
  /** Who came or went last, and which. */
  readonly news: News | null;
  /** True while calls are being joined. */
  readonly isBusy: boolean;
}

/** The public API of the plugin: `phone.conference`. */
export interface ConferenceApi {
  /** True while there is a conference. */
  readonly isActive: () => boolean;
  /** Of the conference there is, or null. */
  readonly getConferenceId: () => string | null;
  /** Its calls, in the order in which they came; with a bridge the one call to it. */
  readonly getLegs: () => readonly Call[];
  /** Whether a call is in it. */
  readonly isLeg: (callId: string) => boolean;
  /** Whether a call could join: it is up, in no transfer, and there is room. */
  readonly canAdd: (callId: string) => boolean;
  /** Whether `merge()` would do something. */
  readonly canMerge: () => boolean;
  /**
   * Makes a conference of these calls, or takes them into the one there is; without ids of all that
   * can join, the call in focus first. If one of them is muted, all are. Resolves when all are resumed,
   * or with a bridge when they have been transferred to it. Rejects with `call.stateInvalid` when fewer
   * than two would be in it, there is no room, or one cannot join; `media.failed` where the browser
   * mixes no sound; with a bridge as `userAgent.call` and `transfer`, and with `call.targetMissing`
   * when it is not configured.
   */
  readonly merge: (callIds?: readonly string[]) => Promise<void>;
  /** Takes one more call in, or makes a conference of it and the call in focus. As `merge`. */
  readonly addToConference: (callId: string) => Promise<void>;
  /**
   * Takes one call out, which is then held; or, without an id, all: the call in focus goes on, the
   * others are held. Rejects with `call.stateInvalid` when there is no such call in it.
   */
  readonly split: (callId?: string) => Promise<void>;
  /** Hangs up one call. Rejects with `call.stateInvalid` when it is not in the conference. */
  readonly drop: (callId: string) => Promise<void>;
  /** Hangs up all of its calls. */
  readonly endConference: () => Promise<void>;
  /** Holds one call, or all: the others go on. Rejects with `call.operationRefused`. */
  readonly hold: (callId?: string) => Promise<void>;
  /** Resumes one call, or all. Rejects with `call.operationRefused`. */
  readonly unhold: (callId?: string) => Promise<void>;
  /** True when all of its calls are on hold. */
  readonly isOnHold: () => boolean;
  /** True when the user is muted in it. */
  readonly isMuted: () => boolean;
  /**
   * Nobody hears this caller any more, the user included; without an id the call in focus. Throws
   * `call.stateInvalid` when it is in no conference of this browser's own.
   */
  readonly muteCaller: (callId?: string) => void;
  /** Everybody hears this caller again; without an id the call in focus. Throws as `muteCaller`. */
  readonly unmuteCaller: (callId?: string) => void;
  /** Whether nobody hears this caller; without an id the call in focus. */
  readonly isCallerMuted: (callId?: string) => boolean;
  /** Moves the focus to another of its calls; nobody is held for it. */
  readonly switchLeg: (callId: string) => Promise<void>;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

/** A call of a conference. */
export interface LegEvent {
  readonly callId: string;
  readonly call: CallSnapshot;
}

/** An event without a payload. */
type Plain = Readonly<Record<string, never>>;

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    conference: ConferenceApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'conference.created': Plain;
    /** There is a conference of these calls. */
    'conference.started': { readonly conferenceId: string; readonly callIds: readonly string[] };
    /** One more call is in it. */
    'conference.leg.added': LegEvent;
    /** A call is not in it any more. */
    'conference.leg.removed': LegEvent;
    /** Another of its calls is in focus. */
    'conference.leg.switched': LegEvent;
    /** A call has been transferred to the bridge. */
    'conference.leg.transferred': LegEvent;
    /** The conference is dissolved: by the user, or because one call alone is left. */
    'conference.split': { readonly reason: 'user' | 'leg-ended' };
    /** The conference is over, and its calls with it. */
    'conference.ended': { readonly reason: 'user' | 'leg-ended' };
    /** Calls could not be joined. */
    'conference.failed': { readonly error: unknown };
    /** All of its calls were put on hold. */
    'conference.hold': Plain;
    /** All of its calls were resumed. */
    'conference.unhold': Plain;
    /** Nobody hears this caller any more. */
    'conference.caller.muted': LegEvent;
    /** Everybody hears this caller again. */
    'conference.caller.unmuted': LegEvent;
  }
}
