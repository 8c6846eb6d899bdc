import type { ErrorCode } from '../errors.ts';

/**
 * Where a call stands. `reconnecting`: established, but its media or signalling is being repaired. That is
 * kept for a later version: nothing repairs them yet, so no call has this status.
 */
export type CallStatus = 'connecting' | 'ringing' | 'established' | 'reconnecting' | 'ended';

/** Who started the call, seen from here. */
export type CallDirection = 'incoming' | 'outgoing';

/** One end of a call. */
export interface Party {
  /** The display name, or '' (RFC 3261 section 20.20). */
  readonly name: string;
  /** The user part of the address, such as `1001`. */
  readonly user: string;
  /** The whole address, such as `sip:1001@example.com`. */
  readonly uri: string;
}

/** A pair of flags, one per kind of media. */
export interface ByKind {
  readonly audio: boolean;
  readonly video: boolean;
}

/** A command that has been sent and not yet been answered by the far end. */
export type PendingOperation =
  'answer' | 'hold' | 'unhold' | 'renegotiate' | 'transfer' | 'video' | 'end';

/** What this side sends as its picture. */
export type LocalVideo = 'none' | 'camera' | 'screen';

/** How far a transfer has come (RFC 3515). */
export interface TransferState {
  /**
   * collecting: waits for a target; consulting: the target is asked first, in a call of its own;
   * started: REFER sent; accepted: the far end agreed to try; completed: the target answered; failed:
   * refused, or the target did not answer.
   */
  readonly status: 'collecting' | 'consulting' | 'started' | 'accepted' | 'completed' | 'failed';
  /** attended: the target has been spoken to, and its call is replaced (RFC 5589 section 7). */
  readonly kind: 'blind' | 'attended';
  /** The address it goes to, '' while collecting. */
  readonly target: string;
  /** The last SIP status heard of it, in the response to REFER or in a NOTIFY. */
  readonly statusCode: number | null;
  /** The id of the call in which the target is or was asked, or null. */
  readonly consultationId: string | null;
  /** Why it failed; `transfer.refused` when the REFER itself was. Null unless it failed. */
  readonly error: ErrorCode | null;
}

/**
 * How far a REFER that came in has got: asked for; accepted here; the INVITE is on its way; the target
 * rings; it has answered; or it came to nothing, here or there.
 */
export type ReferStep =
  'requested' | 'requestAccepted' | 'inviteSent' | 'progress' | 'accepted' | 'rejected';

/** What the far end asked this phone for by REFER (RFC 3515). */
export interface ReferState {
  readonly status: ReferStep;
  /** Whom to call. */
  readonly target: Party;
  /** Who asks, as `Referred-By` tells, or ''. */
  readonly referredBy: string;
  /** The last status of the target, or null. */
  readonly statusCode: number | null;
}

/** How and why a call ended. */
export interface CallEnd {
  /** Who ended it; `network` when the connection or the media was lost. */
  readonly by: 'local' | 'remote' | 'network';
  /** True when the call was never established. */
  readonly failed: boolean;
  /** The SIP status code that ended it, or null after a BYE. */
  readonly statusCode: number | null;
  /** Key of the sentence for the user, in the locale section that `section` names. */
  readonly key: string;
  /** The locale section that holds the sentence. */
  readonly section: 'cause' | 'response';
  /** The Q.850 cause from a `Reason` header (RFC 3326), or null. */
  readonly q850: number | null;
  /** True when somebody called and nobody here or elsewhere took the call. */
  readonly isMissed: boolean;
  /** Whether the same call can succeed later, after a change, or never. */
  readonly retry: 'never' | 'later' | 'changed';
}

/** All that is known of a call at one moment: plain, frozen data; a change makes a new one. */
export interface CallSnapshot {
  /** The phone's own id for the call, not the SIP Call-ID. */
  readonly id: string;
  /** The account that it is made or received by, `default` unless there are several; '' when none is. */
  readonly account: string;
  /** How that account is told from the others, or '' where there is one only. */
  readonly accountName: string;
  readonly direction: CallDirection;
  readonly status: CallStatus;
  /** The far end, as it names itself or as it was called. */
  readonly remote: Party;
  /** This end. */
  readonly local: Party;
  /** How an incoming call asks to be announced: its `Alert-Info` headers (RFC 3261 section 20.4). */
  readonly alertInfo: readonly string[];
  /** Which side holds the call, as agreed with the far end. */
  readonly hold: { readonly local: boolean; readonly remote: boolean };
  /** What the user has muted here. */
  readonly muted: ByKind;
  /** What is muted at the device, for all calls. */
  readonly deviceMuted: ByKind;
  /** What the operating system or the headset has muted, behind the phone's back. */
  readonly systemMuted: ByKind;
  /** Which media the caller offers, in an incoming call; what an answer may take and send. */
  readonly offered: ByKind;
  /** What this side had for the far end and has no more: its device is gone, or it was taken away. */
  readonly missing: ByKind;
  /** Which media the session carries, in either direction. */
  readonly media: ByKind;
  /** Which media the far end sends, as agreed with it. */
  readonly receiving: ByKind;
  /** Which media this side lets out at this moment: what is not true here, the far end does not get. */
  readonly sending: ByKind;
  /** What this side's picture is, whether it may be sent at this moment or not. */
  readonly localVideo: LocalVideo;
  /** True while early media (RFC 3960) plays, before the call is answered. */
  readonly hasEarlyMedia: boolean;
  /** The command that waits for the far end, or null. */
  readonly pending: PendingOperation | null;
  /** How far a transfer has come; null before the first one. */
  readonly transfer: TransferState | null;
  /** What the far end asked this phone for; null before the first time. */
  readonly refer: ReferState | null;
  /** True for the call in focus: the one that the microphone, dialpad and controls belong to. */
  readonly isPrimary: boolean;
  /** True while the call is in a conference that has the focus: the microphone is for it too. */
  readonly isJoined: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970, or null before the call is established. */
  readonly establishedAt: number | null;
  /** Milliseconds since 1970, or null before the call has ended. */
  readonly endedAt: number | null;
  /** How and why it ended; null before that. */
  readonly end: CallEnd | null;
}

/** What a snapshot starts from. */
export interface NewCall {
  readonly id: string;
  readonly account?: string;
  readonly accountName?: string;
  readonly direction: CallDirection;
  readonly remote: Party;
  readonly local: Party;
  readonly alertInfo?: readonly string[];
  readonly startedAt: number;
  readonly offered?: ByKind;
  readonly muted?: ByKind;
  readonly deviceMuted?: ByKind;
}

const neither: ByKind = { audio: false, video: false };

/** The first snapshot of a call. */
export function firstSnapshot(call: NewCall): CallSnapshot {
  return Object.freeze({
    id: call.id,
    account: call.account ?? '',
    accountName: call.accountName ?? '',
    direction: call.direction,
    status: call.direction === 'incoming' ? 'ringing' : 'connecting',
    remote: call.remote,
    local: call.local,
    alertInfo: call.alertInfo ?? [],
    hold: { local: false, remote: false },
    muted: call.muted ?? neither,
    deviceMuted: call.deviceMuted ?? neither,
    systemMuted: neither,
    missing: neither,
    offered: call.offered ?? neither,
    media: { audio: true, video: false },
    receiving: neither,
    // Nothing is let out before the call is in focus.
    sending: neither,
    localVideo: 'none',
    hasEarlyMedia: false,
    pending: null,
    transfer: null,
    refer: null,
    isPrimary: false,
    isJoined: false,
    startedAt: call.startedAt,
    establishedAt: null,
    endedAt: null,
    end: null,
  });
}
