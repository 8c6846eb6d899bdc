import type { CallEnd, CallSnapshot, Party } from './snapshot.ts';
import type { DtmfOptions, ReferRequest } from './session.ts';

/** What every event of a call carries. */
export interface CallEvent {
  /** The id of the call. */
  readonly callId: string;
  /** The call as it is now, the change included. */
  readonly call: CallSnapshot;
}

/** An event that stems from a SIP message. */
export interface SipCallEvent extends CallEvent {
  /** The SIP stack's own object. Unstable: its shape may change in any release. */
  readonly event: unknown;
}

/** How a transfer goes on. */
export interface TransferEvent extends CallEvent {
  /** Where the call is transferred to. */
  readonly target: string;
  /** The last SIP status heard of it, or null. */
  readonly statusCode: number | null;
}

/** A REFER that came in, and how it goes on. */
export interface ReferEvent extends SipCallEvent {
  /** Whom the far end wants this phone to call. */
  readonly target: Party;
  /** The last status of the target, or null. */
  readonly statusCode: number | null;
  /** Answers it, while it waits. */
  readonly request: ReferRequest;
}

/** A call that ended. */
export interface CallEndEvent extends SipCallEvent {
  /** How and why. */
  readonly end: CallEnd;
}

/** A track that came or went. */
export interface TrackEvent extends CallEvent {
  readonly track: MediaStreamTrack;
}

/** An element that plays or shows the media of a call; it is in no page until somebody puts it there. */
export interface ElementEvent<
  Element extends HTMLMediaElement = HTMLMediaElement,
> extends CallEvent {
  readonly element: Element;
}

/** The events of a call, without their prefix; each is `call.<name>` and `call.primary.<name>`. */
export interface CallEventTable {
  /** A call exists: somebody calls, or the user has called. */
  created: CallEvent;
  /** The call came into focus; the microphone, dialpad and controls belong to it now. */
  promoted: CallEvent;
  /** The call lost the focus. */
  demoted: CallEvent;
  /** Something of the snapshot changed; emitted once per change, before the event that names it. */
  changed: CallEvent & { readonly previous: CallSnapshot };
  /** A provisional response (1xx) came, or an incoming call has been announced. */
  progress: SipCallEvent & { readonly statusCode: number };
  /** The call is up: answered and acknowledged. */
  established: SipCallEvent;
  /** The user took the call; the answer is on the wire. */
  answered: CallEvent;
  /** The user refused the call. */
  rejected: CallEvent & { readonly statusCode: number };
  /** The call is over, however it ended; `ended` or `failed` follows. */
  terminated: CallEvent & { readonly end: CallEnd };
  /** Somebody else takes the far end's place (RFC 3891), in the call `replacedBy`; this one ends. */
  replaced: CallEvent & { readonly replacedBy: string };
  /** An established call is over. */
  ended: CallEndEvent;
  /** A call ended before it was established. */
  failed: CallEndEvent;
  /** Emitted once a second while the call is established. `duration` is in milliseconds. */
  timeupdate: CallEvent & {
    readonly answerTime: Date;
    readonly duration: number;
    /** The duration as text, such as `1:05`; in Latin digits, whatever the language. */
    readonly prettyDuration: string;
  };
  /** One side holds the call, agreed with the other. */
  hold: SipCallEvent & { readonly originator: 'local' | 'remote' };
  /** One side resumed the call, agreed with the other. */
  unhold: SipCallEvent & { readonly originator: 'local' | 'remote' };
  /** The far end is another one now, or calls itself something else; `call.remote` is the new one. */
  'identity.changed': CallEvent & { readonly previous: Party };
  /** The address that was called wants `target` to be called instead, which is now called. */
  redirected: SipCallEvent & { readonly target: Party; readonly statusCode: number };
  /** The user muted the named media. */
  muted: CallEvent & { readonly audio: boolean; readonly video: boolean };
  /** The user unmuted the named media. */
  unmuted: CallEvent & { readonly audio: boolean; readonly video: boolean };
  /** The phone waits for a transfer target. */
  'transfer.collecting': CallEvent;
  /** The user gave up a transfer that was waiting for its target. */
  'transfer.cancelled': CallEvent;
  /** The phone waits for the target that is to be asked first. */
  'transfer.attended.collecting': CallEvent;
  /** The target is being asked; `snapshot.transfer.consultationId` tells in which call. */
  'transfer.attended.consulting': TransferEvent;
  /** An attended transfer was given up, or the consultation ended without it. */
  'transfer.attended.cancelled': CallEvent;
  /** A REFER is on its way. */
  'transfer.started': TransferEvent;
  /** The far end agreed to try the transfer, or told how it goes on. */
  'transfer.accepted': TransferEvent;
  /** The far end told that the target has answered; `transfer.completed` follows. */
  'transfer.confirmed': TransferEvent;
  /**
   * The call is transferred. `statusCode` is null when the far end took the REFER and hung up without
   * a word of the target.
   */
  'transfer.completed': TransferEvent;
  /** The transfer was refused, or the target did not answer. The call goes on where it can. */
  'transfer.failed': TransferEvent;
  /** The far end asks this phone to call somebody. */
  'refer.requested': ReferEvent;
  /** The request was accepted, here or by the configuration. */
  'refer.requestAccepted': ReferEvent;
  /** The target is being called. */
  'refer.inviteSent': ReferEvent;
  /** The target rings. */
  'refer.progress': ReferEvent;
  /** The target has answered. */
  'refer.accepted': ReferEvent;
  /** Nobody is called: it was refused here, or the target did not answer. This call goes on. */
  'refer.rejected': ReferEvent;
  /** Digits were sent. */
  'send.dtmf': CallEvent & { readonly signal: string; readonly options: DtmfOptions };
  /** A digit came in by INFO. `duration` is in milliseconds. */
  'receive.dtmf': SipCallEvent & { readonly tone: string; readonly duration: number };
  /** Another INFO came in. */
  'receive.info': SipCallEvent & { readonly contentType: string; readonly body: string };
  /** A new offer and answer were exchanged. */
  renegotiated: CallEvent;
  /** An incoming call waits for the user. */
  'ringing.started': CallEvent;
  /** An incoming call no longer waits. */
  'ringing.stopped': CallEvent;
  /** The call has its peer connection. */
  peerconnection: CallEvent & { readonly peerConnection: RTCPeerConnection };
  /** Remote sound or picture arrived. */
  'peerconnection.add.track': TrackEvent;
  /** The element that plays the remote sound was made. */
  'remote.audio.element': ElementEvent<HTMLAudioElement>;
  /** The element that shows the remote picture was made; it makes no sound. */
  'remote.video.element': ElementEvent<HTMLVideoElement>;
  /** The element that shows this side's picture was made. */
  'local.video.element': ElementEvent<HTMLVideoElement>;
  /** The browser refused to play the remote sound before a gesture of the user. */
  'remote.audio.blocked': ElementEvent;
  /** The far end sends sound. */
  'remote.audio.added': TrackEvent;
  /** The far end sends no sound any more. */
  'remote.audio.removed': TrackEvent;
  /** The far end sends a picture. */
  'remote.video.added': TrackEvent;
  /** The far end sends no picture any more. */
  'remote.video.removed': TrackEvent;
  /** This side has sound for the far end; `snapshot.sending` tells whether it is let out. */
  'local.audio.added': TrackEvent;
  /** This side's sound was taken away, or replaced. */
  'local.audio.removed': TrackEvent;
  /** This side has a picture for the far end; `snapshot.sending` tells whether it is let out. */
  'local.video.added': TrackEvent;
  /** This side's picture was taken away, or replaced. */
  'local.video.removed': TrackEvent;
  /** A command was refused or timed out; the call goes on in its former state. */
  'operation.failed': CallEvent & { readonly operation: string; readonly error: unknown };
}

/** The names of call events without their prefix. */
export type CallEventType = keyof CallEventTable;

type Prefixed<Prefix extends string> = {
  [Type in CallEventType as `${Prefix}.${Type}`]: CallEventTable[Type];
};

/** Every event of calls: `call.*`, the same for the call in focus, and `call.primary.update`. */
export interface CallEvents extends Prefixed<'call'>, Prefixed<'call.primary'> {
  /** Follows every event of the call in focus. `type` is its name without the prefix. */
  'call.primary.update': CallEvent & { readonly type: CallEventType };
}
