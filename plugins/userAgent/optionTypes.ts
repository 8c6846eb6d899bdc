import type { DeepPartial } from '../../src/core/index.ts';
import type { AuthenticationOptions } from './authentication.ts';
import type { IceServersProvider } from './provided.ts';

/** One WebSocket of the server, with its weight; higher weights are tried first. */
export interface WeightedSocket {
  /** A `ws:` or `wss:` address (RFC 7118). */
  readonly socket: string;
  /** Any number; equal weights share the load by chance. Default 0. */
  readonly weight?: number;
}

/** `userAgent.transport`. */
export interface TransportOptions {
  /** Addresses of the server's WebSockets; required to start. A text, a list, or weighted ones. */
  readonly sockets: string | readonly (string | WeightedSocket)[];
  /** Seconds; the longest pause between two attempts to connect again. Default 30. */
  readonly recovery_max_interval: number;
  /** Seconds; the shortest pause between two attempts to connect again. Default 2. */
  readonly recovery_min_interval: number;
  /**
   * How often each server is tried again after the connection was lost; 0 is never. Without it there
   * is no limit. SIP.js: `wsServerMaxReconnection`.
   */
  readonly ws_server_max_reconnection?: number;
  /**
   * Seconds between two attempts, always the same, in place of pauses that grow from
   * `recovery_min_interval` to `recovery_max_interval`. SIP.js: `wsServerReconnectionTimeout`.
   */
  readonly ws_server_reconnection_timeout?: number;
  /** Log what passes the wire, credentials redacted. Default false. SIP.js: `traceSip`. */
  readonly trace_sip?: boolean;
  /** Name the server in the Route of each request outside of a dialog. Default false. SIP.js: `usePreloadedRoute`. */
  readonly use_preloaded_route?: boolean;
  /**
   * An address of the test net (RFC 5737) in place of a name, in Contact and Via, or the host that is
   * given. Default false. SIP.js: `hackIpInContact`.
   */
  readonly hack_ip_in_contact?: boolean | string;
  /** Say TCP in Via, for servers that do not know WS and WSS. Default false. SIP.js: `hackViaTcp`. */
  readonly hack_via_tcp?: boolean;
  /** Say `transport=wss` in addresses, against RFC 7118. Default false. SIP.js: `hackWssInTransport`. */
  readonly hack_wss_in_transport?: boolean;
}

/** `userAgent.user_agent.custom_headers`: header lines, each as `Name: value`. */
export interface CustomHeaders {
  /** Added to every INVITE that establishes a call. */
  readonly establish_call: readonly string[];
  /** Added to every REGISTER. */
  readonly register: readonly string[];
}

/** How grave a line of the agent's own log is; SIP.js also counts them, from 0 for `error` to 3. */
export type SipLogLevel = 'error' | 'warn' | 'log' | 'debug';

/** `userAgent.user_agent.log`, as in SIP.js. Credentials are redacted. */
export interface SipLogOptions {
  /** Write to the phone's log, which is the console unless `log.sink` takes it. Default true. */
  readonly builtin_enabled?: boolean;
  /** The least grave level that is logged, as a word or a number from 0 to 3. Default `log`. */
  readonly level?: SipLogLevel | number;
  /**
   * Hears each line: its level; what it comes from, as `cordboard.userAgent`, `.call`, `.transport`
   * or `.transaction`; the id of the call or transaction it is about, or ''; and the text.
   */
  readonly connector?: (
    ...line: [level: SipLogLevel, category: string, label: string, content: string]
  ) => void;
}

/** Where a description comes from: this browser, or the far end. */
export interface DescriptionSource {
  readonly originator: 'local' | 'remote';
}

/** `userAgent.user_agent.media`: what stands in the place of SIP.js' `sessionDescriptionHandlerFactory`. */
export interface MediaPortOptions {
  /** Makes the connection of a call. It must do all that an `RTCPeerConnection` does. */
  readonly peerConnection?: (config: RTCConfiguration) => RTCPeerConnection;
  /**
   * Change each description, one after the other, as those of SIP.js do: a local one before the browser
   * takes it and once more as it is sent, with its candidates; a remote one before it is applied. One
   * that throws or rejects fails what is being negotiated.
   */
  readonly modifiers?: readonly ((
    description: RTCSessionDescriptionInit,
    source: DescriptionSource,
  ) => RTCSessionDescriptionInit | Promise<RTCSessionDescriptionInit>)[];
}

/** `userAgent.user_agent`. */
export interface AgentOptions {
  /** The contact URI; its host also stands in Via. A random one by default. */
  readonly contact_uri: string;
  /** The name shown to those who are called. */
  readonly display_name: string;
  /** The UUID of this instance (RFC 5626); by default one per account and tab, kept over a reload. */
  readonly instance_id: string;
  /** Seconds after which an incoming call that nobody answers is refused. Default 60. */
  readonly no_answer_timeout: number;
  /** Register as soon as the phone is connected. Default true. */
  readonly register: boolean;
  /** Seconds that a registration is asked to last. Default 300. */
  readonly register_expires: number;
  /** The User-Agent header. Default `cordboard/<version>`. */
  readonly user_agent: string;
  /** Put behind `user_agent` and a blank in that header. SIP.js: `userAgentString`. */
  readonly user_agent_string?: string;
  /** False: the phone waits for `start`. As `userAgent.autostart`; one of them is enough. Default true. */
  readonly autostart?: boolean;
  /** Where to register, as `sip:registrar.example.com`; the domain by default. SIP.js: `registrarServer`. */
  readonly registrar_server?: string;
  /**
   * Emit `userAgent.received.notify` for a NOTIFY without a subscription, and answer it 200. Default
   * false: it is answered 481 (RFC 6665 section 4.1.3). SIP.js: `allowLegacyNotifications`.
   */
  readonly allow_legacy_notifications?: boolean;
  readonly log?: SipLogOptions;
  readonly media?: MediaPortOptions;
  /** What `redial()` calls before anything was dialled. Default `*97`. */
  readonly redial: string;
  readonly custom_headers: CustomHeaders;
  /** More parameters of the Contact in REGISTER, such as those for push. */
  readonly custom_parameters: { readonly contact_uri: Readonly<Record<string, string>> };
  /** Settings of every `RTCPeerConnection`: STUN and TURN servers and the rest. */
  readonly pc_config: RTCConfiguration;
  /**
   * Gives STUN and TURN servers in addition to those of `pc_config`, with passwords that do not last. Asked
   * at the start, and again when four fifths of their life are over. A call waits for them for three
   * seconds at most and then goes out without.
   */
  readonly ice_servers?: IceServersProvider;
  /** Milliseconds after which an offer goes out with the ICE candidates there are. Default 500. */
  readonly ice_gathering_timeout: number;
  /** Session timers (RFC 4028). Default true. */
  readonly session_timers: boolean;
  /**
   * Provisional responses that are acknowledged (100rel, RFC 3262). `supported`: where the far end wants
   * it too; `required`: calls of ours fail with 420 where it does not. Default `unsupported`, by which an
   * incoming call that requires it is refused with 420.
   */
  readonly rel100: 'unsupported' | 'supported' | 'required';
  /**
   * Tags of SIP extensions that the application sees to, named in `Supported` of INVITE and REGISTER. An
   * INVITE that requires one of them is not refused with 420.
   */
  readonly supported: readonly string[];
  /**
   * Show who the far end is as the server says, by `P-Asserted-Identity` (RFC 3325) or `Remote-Party-ID`.
   * Default true; false where whoever calls could write such a header.
   */
  readonly trust_identity: boolean;
  /**
   * Answer calls that ask for it without the user (`answer-after`, `alert-autoanswer`): `idle` while there is
   * no other call, `always` during other calls too. Default `off`: a caller then opens no microphone.
   */
  readonly auto_answer: 'off' | 'idle' | 'always';
  /**
   * What to do when a call of ours is redirected (3xx, RFC 3261 section 8.1.3.4): `follow` calls the new address,
   * `domain` does when it is in the account's own domain, `deny` lets the call fail. Default `domain`.
   */
  readonly redirect_policy: 'domain' | 'follow' | 'deny';
  /**
   * What to do when the far end of a call asks this phone to call somebody else (REFER, RFC 3515). Default
   * `ask`: whoever hears `call.refer.requested`, as a drawn `callControl` does; nobody there is a `deny`.
   */
  readonly refer_policy: 'follow' | 'ask' | 'deny';
  /**
   * Take a REFER of somebody who is in no call with this phone. Default false: it is answered 405.
   * A stranger can then ask this phone to call whom they like, and it is a person or a listener of
   * `userAgent.refer.requested` that stands between: it is never followed without an answer.
   */
  readonly allow_out_of_dialog_refers: boolean;
  /**
   * Whether somebody else may take the place of the far end of a call (RFC 3891). `required` lets this
   * phone call only those who support it, too. Default `supported`.
   */
  readonly replaces: 'supported' | 'unsupported' | 'required';
}

/** One entry of `userAgent.accounts`. */
export interface AccountOptions {
  /** How the account is named in methods, payloads and pictures; `default` is the account of the flat keys. */
  readonly id: string;
  /** What is left out is as in `userAgent.transport`. */
  readonly transport?: Partial<TransportOptions>;
  /** Nothing of `userAgent.authentication` is used for it. */
  readonly authentication?: Partial<AuthenticationOptions>;
  /** What is left out is as in `userAgent.user_agent`, but for `instance_id` and `contact_uri`. */
  readonly user_agent?: DeepPartial<AgentOptions>;
}

/** `userAgent` in the configuration. */
export interface UserAgentOptions {
  readonly transport: TransportOptions;
  readonly authentication: AuthenticationOptions;
  readonly user_agent: AgentOptions;
  /** More accounts in the same phone, each with an agent of its own; the flat keys are account `default`. */
  readonly accounts: readonly AccountOptions[];
  /** libwebphone's place for `user_agent.custom_headers`; both are added. */
  readonly custom_headers: CustomHeaders;
  /** libwebphone's place for `user_agent.custom_parameters`; both are added. */
  readonly custom_parameters: { readonly contact_uri: Readonly<Record<string, string>> };
  /** Trace SIP messages and events on the console from the start, credentials redacted. Default false. */
  readonly debug: boolean;
  /** Start when the phone is made, if a socket, a domain and some credentials are configured. Default true. */
  readonly autostart: boolean;
}
