import type { Call, MediaOptions, Off, PhoneError } from '../../src/core/index.ts';
import type { AccountChoice, AccountEvent, StartArguments } from './choice.ts';
import type { ReferOptions } from './referTypes.ts';
import type { RequestOptions, RequestTaker, SipResponse } from './requests.ts';

export type * from './authentication.ts';
export type { AutoAnswerObstacle } from './callingTypes.ts';
export type { AccountChoice, AccountEvent, StartArguments } from './choice.ts';
export type { IceServersProvider, ProvidedIceServers, TokenProvider } from './provided.ts';
export type * from './optionTypes.ts';
export type { ReferOptions, StrangerReferEvent } from './referTypes.ts';
export type {
  IncomingRequest,
  RequestDialog,
  RequestOptions,
  RequestTaker,
  SipMessage,
  SipResponse,
} from './requests.ts';

/** Options of `userAgent.call`. */
export interface CallMediaOptions extends MediaOptions, AccountChoice {
  /** Call without telling who calls (RFC 3323). Default false. */
  readonly anonymous?: boolean;
  /** Send the camera too. Default: whether `mediaStream` has a picture. */
  readonly video?: boolean;
  /** Offer to receive video without sending any; libwebphone's name. Default false. */
  readonly receive_video?: boolean;
}

/** What the plugin shows of an account; never a credential. */
export interface UserAgentState {
  readonly isStarted: boolean;
  readonly isConnected: boolean;
  readonly isConnecting: boolean;
  readonly isRegistered: boolean;
  readonly isRegistering: boolean;
  /** A call is up that was answered without the user. */
  readonly isAutoAnswered: boolean;
  /** Such a call lets sound out at this moment: it is neither muted nor held. */
  readonly isMicrophoneOpen: boolean;
  readonly username: string;
  readonly realm: string;
  /** What is wrong at present, or null. */
  readonly error: PhoneError | null;
}

/** How an account stands. */
export interface AccountState extends UserAgentState {
  readonly id: string;
}

/**
 * The public API of the plugin: `phone.userAgent`. With several accounts, `account` among the options
 * of a method says which one is meant.
 */
export interface UserAgentApi {
  /** Every account and how it stands, `default` first if there is one. */
  readonly accounts: () => readonly AccountState[];
  /**
   * Starts the agent with the configured credentials, or these instead. Resolves when it is started
   * (not yet connected); rejects with `userAgent.startFailed`, and can then be called again. Without
   * `account` the other accounts that have all they need are started as well.
   */
  readonly start: (...given: StartArguments) => Promise<void>;
  /** Ends the calls, removes this phone's own contact, and closes the connection: of all accounts, or of one. */
  readonly stop: (options?: AccountChoice) => Promise<void>;
  readonly isStarted: (options?: AccountChoice) => boolean;
  readonly isConnected: (options?: AccountChoice) => boolean;
  /** Traces SIP messages and events on the console; credentials and tokens are redacted. */
  readonly startDebug: () => void;
  readonly stopDebug: () => void;
  readonly toggleDebug: () => void;
  readonly isDebugging: () => boolean;
  /** Resolves when registered; rejects with `userAgent.registrationFailed` and its SIP code. */
  readonly register: (options?: AccountChoice) => Promise<void>;
  /** Removes this phone's contact, and no other device's. Resolves when the server has agreed. */
  readonly unregister: (options?: AccountChoice) => Promise<void>;
  readonly toggleRegistration: (options?: AccountChoice) => Promise<void>;
  readonly isRegistered: (options?: AccountChoice) => boolean;
  /** Calls the last target again, by the account that called it or by another one. */
  readonly redial: (options?: AccountChoice) => Promise<Call>;
  /** The last target that was called by any account, or the one that was set. */
  readonly getRedial: () => string;
  readonly setRedial: (target: string) => void;
  /**
   * Calls `target`, or the redial target when it is empty. Needs a connection, not a registration.
   * Resolves when the INVITE is on the wire; rejects with `userAgent.notStarted`,
   * `userAgent.notConnected`, `call.targetInvalid`, `call.headerInvalid`, `media.*` or `call.ended`.
   * `options` is true for an anonymous call, as in libwebphone, or an object.
   */
  readonly call: (
    target?: string | null,
    customHeaders?: readonly string[] | null,
    options?: boolean | CallMediaOptions | null,
  ) => Promise<Call>;
  /**
   * Sends a request outside of any call, as `OPTIONS` or `MESSAGE`, with the account's credentials.
   * An empty target is the account itself, as for `PUBLISH`.
   * Resolves with the final response, whatever its status; rejects with `userAgent.notStarted`,
   * `userAgent.notConnected`, `call.targetInvalid`, `call.headerInvalid`, and
   * `userAgent.requestFailed` with 408 when nobody answered.
   */
  readonly request: (
    method: string,
    target: string,
    options?: RequestOptions & AccountChoice,
  ) => Promise<SipResponse>;
  /**
   * Takes requests that come in outside of any call, before and after a start of the agent; to any
   * account, unless the taker names one.
   */
  readonly onRequest: (taker: RequestTaker) => Off;
  /**
   * Asks `target`, outside of any call, to call `referTo` (REFER, RFC 3515). Resolves when that one has
   * answered; rejects with `transfer.refused` when the request was, with `transfer.failed` when it was
   * accepted and came to nothing, or no more was heard of it, and as `request` does.
   */
  readonly refer: (target: string, referTo: string, options?: ReferOptions) => Promise<void>;
  /** Ends all calls, or those of one account. */
  readonly hangupAll: (options?: AccountChoice) => Promise<void>;
  /** True when started, connected and registered. Calls need the first two only. */
  readonly isReady: (options?: AccountChoice) => boolean;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

/** An event that carries the SIP stack's own object, which may change in any release. */
export interface StackEvent extends AccountEvent {
  readonly event: unknown;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    userAgent: UserAgentApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'userAgent.created': Readonly<Record<string, never>>;
    /** The agent runs; a connection follows. */
    'userAgent.started': AccountEvent;
    /** The agent is about to stop: what is sent now still goes out. */
    'userAgent.stopping': AccountEvent;
    /** The agent is stopped. */
    'userAgent.stopped': AccountEvent;
    /** A connection is being tried. */
    'userAgent.connecting': StackEvent & {
      readonly url: string;
      /** How many attempts have failed before this one. */
      readonly attempts: number;
    };
    /** The connection to the server is up. */
    'userAgent.connected': StackEvent & { readonly url: string };
    /** The connection, or an attempt at it, failed. It is tried again while the agent runs. */
    'userAgent.disconnected': StackEvent & {
      /** True when the line broke; false when it was closed in an orderly way. */
      readonly isError: boolean;
    };
    /** The server has registered this phone; renewals are silent. */
    'userAgent.registration.registered': StackEvent;
    /** This phone is registered no more: by its own wish, or because the server or the line is gone. */
    'userAgent.registration.unregistered': StackEvent;
    /** The server refused. `retryIn` is in milliseconds, null when it is not tried again. */
    'userAgent.registration.failed': StackEvent & {
      readonly statusCode: number | null;
      readonly error: PhoneError;
      readonly retryIn: number | null;
    };
    /** The registration is about to expire and is renewed. */
    'userAgent.registration.expiring': AccountEvent;
    /** A MESSAGE (RFC 3428) came in or went out. */
    'userAgent.received.message': StackEvent & {
      readonly originator: 'local' | 'remote';
      readonly from: string;
      readonly contentType: string;
      readonly body: string;
    };
    /** Each server was tried as often as `ws_server_max_reconnection` says; a stop and a start try again. */
    'userAgent.reconnection.ended': AccountEvent & { readonly attempts: number };
    /** A NOTIFY came in outside of any dialog; with `allow_legacy_notifications` only. */
    'userAgent.received.notify': StackEvent & {
      readonly package: string;
      readonly body: string;
    };
    /** The agent could not be started. */
    'userAgent.configuration.error': AccountEvent & { readonly error: PhoneError };
    /** The trace was switched on. */
    'userAgent.debug.start': Readonly<Record<string, never>>;
    /** The trace was switched off. */
    'userAgent.debug.stop': Readonly<Record<string, never>>;
  }
}
