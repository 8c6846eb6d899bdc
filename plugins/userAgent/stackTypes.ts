/**
 * The members of JsSIP 3.13.8 that the adapter touches, private ones included. Everything that
 * depends on JsSIP's inside is named here, so that an update of it is checked in one place.
 */

import type {
  RawIncoming,
  RawMessage,
  RawNameAddr,
  RawRequest,
  RawUri,
} from './stackMessageTypes.ts';

export type * from './stackMessageTypes.ts';

/** JsSIP's own class of agents. */
export type { UA as JsSipAgent } from 'jssip';

/** JsSIP's own class of addresses. */
export type { URI as JsSipUri } from 'jssip';

/** A dialog (RFC 3261 section 12). */
export interface RawDialog {
  readonly id: {
    readonly call_id: string;
    readonly local_tag: string;
    readonly remote_tag: string;
    readonly toString: () => string;
  };
  /** 2 when it is confirmed. */
  readonly _state: number;
  uac_pending_reply: boolean;
  local_seqnum: number;
  _outgoing_ack_seqnum: number | null;
  readonly isTerminated: () => boolean;
  readonly sendRequest: RawSession['sendRequest'];
  readonly _createRequest: (
    method: string,
    headers: readonly string[],
    body: string | null,
  ) => RawRequest;
}

/** Handlers of a client transaction. */
export interface RawSenderHandlers {
  readonly onRequestTimeout: () => void;
  readonly onTransportError: () => void;
  readonly onAuthenticated: (request: RawRequest) => void;
  readonly onReceiveResponse: (response: RawMessage) => void;
}

/** Handlers of an in-dialog request. */
export interface RawRequestHandlers {
  readonly onSuccessResponse?: (response: RawMessage) => void;
  readonly onErrorResponse?: (response: RawMessage) => void;
  readonly onTransportError?: () => void;
  readonly onRequestTimeout?: () => void;
  readonly onDialogError?: () => void;
}

/** What `refer` returns. */
export interface RawReferSubscriber {
  readonly on: (event: string, listener: (data: RawReferEvent) => void) => void;
}

/** What a REFER subscriber tells. */
export interface RawReferEvent {
  readonly response?: RawMessage | null;
  readonly cause?: string;
  readonly status_line?: { readonly status_code: number };
}

/** The session timer of a session (RFC 4028); times are in seconds. */
export interface RawSessionTimers {
  readonly enabled: boolean;
  readonly refresher: boolean;
  running: boolean;
  defaultExpires: number;
  currentExpires: number;
  /** Ours: what a 422 asked for. */
  minimum?: number;
}

/** An RTCSession. */
export interface RawSession {
  readonly connection: RTCPeerConnection | null;
  readonly direction: 'incoming' | 'outgoing';
  readonly remote_identity: RawNameAddr;
  readonly local_identity: RawNameAddr;
  readonly contact: string;
  readonly isEnded: () => boolean;
  readonly isEstablished: () => boolean;
  readonly isReadyToReOffer: () => boolean;
  readonly on: (event: string, listener: (data: unknown) => void) => void;
  readonly answer: (options: object) => void;
  readonly terminate: (options: object) => void;
  readonly refer: (target: string | RawUri, options: object) => RawReferSubscriber | false;
  readonly sendRequest: (
    method: string,
    options?: {
      readonly extraHeaders?: readonly string[];
      readonly body?: string;
      readonly eventHandlers?: RawRequestHandlers;
    },
  ) => unknown;
  onTransportError: () => void;
  onRequestTimeout: () => void;
  readonly onDialogError: () => void;
  receiveRequest: (request: RawIncoming) => void;
  _receiveInviteResponse: (response: RawMessage) => void;
  _request: RawIncoming | RawRequest;
  /** An answer is acknowledged and hung up on at once. */
  _is_canceled: boolean;
  _status: number;
  readonly _earlyDialogs: Readonly<Record<string, RawDialog>>;
  _receiveRefer: (request: RawIncoming) => void;
  readonly init_incoming: (request: RawIncoming, begun: (session: RawSession) => void) => void;
  readonly _ua: {
    readonly configuration: { readonly uri: RawUri };
    /** Ours. */
    readonly foreign: Map<string, readonly string[]>;
  };
  readonly _dialog: RawDialog | null | undefined;
  _localHold: boolean;
  _rtcReady: boolean;
  _connection: RTCPeerConnection | null;
  _localMediaStream: MediaStream | null;
  _connectionPromiseQueue: Promise<unknown>;
  readonly _sessionTimers: RawSessionTimers;
  readonly _createLocalDescription: (
    type: 'offer' | 'answer',
    constraints: RTCOfferOptions | null,
  ) => Promise<string>;
  readonly _mangleOffer: (sdp: string) => string;
  readonly _setLocalMediaStatus: () => void;
  readonly _handleSessionTimersInIncomingResponse: (response: RawMessage) => void;
  _handleSessionTimersInIncomingRequest: (request: RawMessage, headers: string[]) => void;
  _runSessionTimer: () => void;
  readonly emit: (event: string, data: object) => void;
}

/** JsSIP's class of calls. */
export interface RawSessionClass {
  readonly prototype: {
    _createLocalDescription: (
      this: RawSession,
      type: 'offer' | 'answer',
      constraints: RTCOfferOptions | null,
    ) => Promise<string>;
    _createRTCConnection: (
      this: RawSession,
      config: RTCConfiguration,
      constraints: unknown,
    ) => void;
  };
}

/** What an end of a session carries. */
export interface RawEnd {
  readonly originator: 'local' | 'remote' | 'system';
  readonly message: RawMessage | null;
  readonly cause: string;
}

/** A transaction; ours to a request of the phone has handlers. */
export interface RawTransaction {
  readonly id: string;
  readonly request: RawMessage & { readonly setHeader?: (name: string, value: string) => void };
  readonly eventHandlers?: {
    onReceiveResponse: (response: RawMessage) => void;
    onTransportError: () => void;
  };
}

/** The connection of an agent, over one socket at a time. */
export interface RawTransport {
  ondata: (data: unknown) => void;
  readonly sip_uri: string;
  readonly sockets: readonly { readonly socket: { via_transport: string } }[];
  readonly recovery_options: { min_interval: number; max_interval: number };
  /** How often it was tried to connect again. */
  readonly recover_attempts: number;
  _reconnect: (error?: unknown) => void;
  readonly send: (message: string) => boolean;
}

/** An agent. */
export interface RawAgent {
  readonly _registrator: { readonly register: () => void; readonly unregister: () => void };
  _status: number;
  /** By Call-ID and tag. */
  readonly _sessions: Readonly<Record<string, unknown>>;
  readonly _transport: RawTransport;
  /** Those that this agent began, by branch: INVITEs and all others. */
  readonly _transactions: Readonly<Record<'ict' | 'nict', Readonly<Record<string, unknown>>>>;
  readonly _contact: { toString: (options?: object) => string };
  readonly _findDialog: (
    callId: string | undefined,
    fromTag: string | undefined,
    toTag: string,
  ) => RawDialog | null;
}
