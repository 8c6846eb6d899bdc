import type { Off } from '../scope.ts';
import type { LocalFailure } from './cause.ts';
import type { ByKind, CallDirection, Party, ReferStep } from './snapshot.ts';

/** What a SIP session reports. Facts only: a thing is said after the far end has agreed to it. */
export type SessionFact =
  | {
      readonly type: 'progress';
      readonly statusCode: number;
      readonly hasMedia: boolean;
      readonly event: unknown;
    }
  | { readonly type: 'established'; readonly event: unknown }
  | {
      readonly type: 'held';
      readonly side: 'local' | 'remote';
      readonly on: boolean;
      readonly event: unknown;
    }
  | { readonly type: 'connection'; readonly connection: RTCPeerConnection }
  /** `receiving` are the kinds that the far end sends. */
  | { readonly type: 'media'; readonly media: ByKind; readonly receiving: ByKind }
  | { readonly type: 'renegotiated' }
  /** The far end is shown as another one: by its own word, or because another one is called. */
  | { readonly type: 'identity'; readonly remote: Party }
  /** The call is going to another address, because the one called before said so. */
  | {
      readonly type: 'redirected';
      readonly target: Party;
      readonly statusCode: number;
      readonly event: unknown;
    }
  /** A digit by INFO; `duration` is in milliseconds. */
  | {
      readonly type: 'dtmf';
      readonly tone: string;
      readonly duration: number;
      readonly event: unknown;
    }
  | {
      readonly type: 'info';
      readonly contentType: string;
      readonly body: string;
      readonly event: unknown;
    }
  /** The far end asks this phone to call somebody, or such a request has gone on. */
  | {
      readonly type: 'refer';
      readonly step: ReferStep;
      readonly request: ReferRequest;
      readonly statusCode: number | null;
      readonly event: unknown;
    }
  | { readonly type: 'ended'; readonly end: SessionEnd; readonly event: unknown };

/** How the session ended, in the protocol's terms. */
export interface SessionEnd {
  readonly by: 'local' | 'remote' | 'network';
  /** The final status code, or null after a BYE. */
  readonly statusCode: number | null;
  /** The values of the `Reason` headers (RFC 3326) of the message that ended it. */
  readonly reasons: readonly string[];
  /** What this side found wrong, where the codes do not tell it. */
  readonly failure?: LocalFailure | undefined;
  /** True when the connection to the server was missing or lost, and that ended the call. */
  readonly localOffline?: boolean | undefined;
}

/** Elements of the page that a call is played and shown in, in place of its own. */
export interface RenderElements {
  /**
   * An audio element plays the far end's sound. A video element shows its picture and makes no sound, which
   * comes out of the call's own audio element, where volume and loudspeaker are chosen.
   */
  readonly remote?: HTMLMediaElement;
  /** Plays the far end's sound, where `remote` is for its picture. */
  readonly sound?: HTMLAudioElement;
  /** Shows this side's picture; it makes no sound. */
  readonly local?: HTMLVideoElement;
}

/** What a call is made or answered with in place of what it would open by itself. */
export interface MediaOptions {
  /** Sent in place of the user's devices: the call has clones of its tracks, and the stream stays as it is. */
  readonly mediaStream?: MediaStream | undefined;
  readonly render?: RenderElements;
}

/** Options of an answer. */
export interface AnswerOptions extends MediaOptions {
  /** Send and accept the microphone. Default true. */
  readonly audio?: boolean;
  /** Send the camera when the caller offers video. Default: whether `mediaStream` has a picture. */
  readonly video?: boolean;
  /** Take the caller's video. Default: as `video`. */
  readonly receiveVideo?: boolean;
  /** Give the call the focus. Default true. */
  readonly takeFocus?: boolean;
  /** Headers for the 200, each as `Name: value`. */
  readonly headers?: readonly string[];
}

/** What a session needs to answer. */
export interface SessionAnswer {
  readonly stream: MediaStream;
  readonly video: boolean;
  readonly receiveVideo: boolean;
  readonly headers: readonly string[];
}

/** Options of a refusal or of an end. */
export interface EndOptions {
  /** 300 to 699 for a refusal. Default 486 when busy with another call, else 480. */
  readonly statusCode?: number;
  /** Reason phrase in place of the catalogue's. */
  readonly reason?: string;
  /** Headers for the request or response, each as `Name: value`. */
  readonly headers?: readonly string[];
}

/** Options of `sendDTMF`. */
export interface DtmfOptions {
  /** How the digits travel: RTP events (RFC 4733) or SIP INFO. Default from the configuration. */
  readonly transport?: 'RFC4733' | 'INFO';
  /** Milliseconds that each tone lasts at the far end, 70 to 6000. Default 140. */
  readonly duration?: number;
  /** Milliseconds between two tones, at least 50. Default 70. */
  readonly gap?: number;
  /** Headers for INFO, each as `Name: value`. */
  readonly headers?: readonly string[];
}

/** Options of `transfer`. */
export interface TransferOptions {
  /** Headers for the REFER, each as `Name: value`. */
  readonly headers?: readonly string[];
  /** Hold the call before the transfer starts. Default true. */
  readonly hold?: boolean;
  /** Keep this leg, on hold, when the target has answered. Default false: it is ended. */
  readonly activeAfterTransfer?: boolean;
  /** Hears the final response to the REFER, whether it accepts or refuses. */
  readonly receiveResponse?: (response: ReferResponse) => void;
}

/** The final response to a REFER. */
export interface ReferResponse {
  readonly statusCode: number;
  /** The SIP stack's own object. Unstable: its shape may change in any release. */
  readonly event: unknown;
}

/** What is heard of a REFER (RFC 3515). */
export interface ReferReport {
  /** The final response to REFER, before anything is made of it. */
  readonly response: (response: ReferResponse) => void;
  /** The response to REFER itself accepted it (2xx). */
  readonly accepted: (statusCode: number) => void;
  /** A NOTIFY told a provisional status of the target. */
  readonly progress: (statusCode: number) => void;
}

/** Options of `accept` of a REFER. */
export interface ReferAcceptOptions {
  /** Call the target. Default true; false leaves that, and the NOTIFYs, to the application. */
  readonly followRefer?: boolean;
  /** Headers for the INVITE, each as `Name: value`. */
  readonly headers?: readonly string[];
  /** How the target is called. */
  readonly inviteOptions?: { readonly video?: boolean; readonly anonymous?: boolean };
  /** Change the offer to the target, one after the other (RFC 8866). */
  readonly modifiers?: readonly ((sdp: string) => string)[];
}

/** A REFER that came in (RFC 3515). Each may be answered once, then `call.stateInvalid` is thrown. */
export interface ReferRequest {
  /** Whom to call. */
  readonly target: Party;
  /** Who asks, as `Referred-By` (RFC 3892) tells, or ''. */
  readonly referredBy: string;
  /** Whether the target's call with the referrer is to be replaced (RFC 3891). */
  readonly isAttended: boolean;
  /** Calls the target; resolves when the INVITE is on the wire. Rejects with `media.*` among others. */
  readonly accept: (options?: ReferAcceptOptions) => Promise<void>;
  /** Tells the referrer 603. */
  readonly reject: () => Promise<void>;
  /** Tells the referrer that it is being tried (100). */
  readonly progress: () => Promise<void>;
  /**
   * Tells the referrer a status line, such as `SIP/2.0 180 Ringing`; 200 and above is the last word. When
   * nothing was answered before, that word is the answer: `requestAccepted` below 300, else `rejected`.
   */
  readonly sendNotify: (body: string) => Promise<void>;
}

/** Options of a re-INVITE. */
export interface RenegotiateOptions {
  /** Gather new ICE candidates (RFC 8445 section 9). */
  readonly iceRestart?: boolean;
  /** Headers for the re-INVITE, each as `Name: value`. */
  readonly headers?: readonly string[];
}

/**
 * The port between a call and a SIP stack. Promises settle with what the far end said and reject
 * with a `PhoneError`; no method changes what the session reports before that.
 */
export interface SipSession {
  readonly direction: CallDirection;
  readonly remote: Party;
  readonly local: Party;
  /** What the far end offers, for an incoming call. */
  readonly offered: ByKind;
  /** The values of the `Alert-Info` headers of an incoming call (RFC 3261 section 20.4). */
  readonly alertInfo: readonly string[];
  /** The peer connection, once there is one. */
  readonly connection: RTCPeerConnection | undefined;
  /** Hears facts. */
  readonly observe: (listener: (fact: SessionFact) => void) => Off;
  /** Sends the INVITE of an outgoing call; resolves when it is on the wire. */
  readonly start: (stream: MediaStream) => Promise<void>;
  /** Answers an incoming call; resolves when the answer is on the wire. */
  readonly answer: (answer: SessionAnswer) => Promise<void>;
  /**
   * Cancels, rejects or hangs up, whatever the state asks for. Never waits and never throws. With a
   * `failure` it is this phone that gives up, not its user.
   */
  readonly terminate: (options: EndOptions & { readonly failure?: LocalFailure }) => void;
  readonly hold: () => Promise<void>;
  readonly unhold: () => Promise<void>;
  readonly renegotiate: (options: RenegotiateOptions) => Promise<void>;
  /**
   * Resolves when the target has answered, rejects when it or the far end refused. A session as
   * target is the established one that the far end is to take the place of this phone in (RFC 3891).
   */
  readonly refer: (
    target: string | SipSession,
    headers: readonly string[],
    report: ReferReport,
  ) => Promise<void>;
  /** Resolves when the last digit is sent. */
  readonly sendDTMF: (tones: string, options: DtmfOptions) => Promise<void>;
  /** The only thing that lets media out: applied to every sender, now and after each change. */
  readonly setSending: (sending: ByKind) => void;
  /** Whether the far end takes what is sent of this kind, as negotiated last. */
  readonly takes: (kind: 'audio' | 'video') => boolean;
  /** Puts `track` in the place of the one that is sent. True when a new offer must tell the far end. */
  readonly replaceTrack: (
    kind: 'audio' | 'video',
    track: MediaStreamTrack | null,
  ) => Promise<boolean>;
}
