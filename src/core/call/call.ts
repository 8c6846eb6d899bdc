import type { CallEventTable, CallEventType } from './events.ts';
import type {
  AnswerOptions,
  DtmfOptions,
  EndOptions,
  RenegotiateOptions,
  TransferOptions,
} from './session.ts';
import type { ByKind, CallDirection, CallSnapshot } from './snapshot.ts';

/** Which media a command means; what is left out is not touched. */
export interface KindOptions {
  readonly audio?: boolean;
  readonly video?: boolean;
}

/**
 * A call. Commands return promises that settle when the far end has spoken and reject with a
 * `PhoneError`; what the call is at any moment is in its `snapshot`. Its members are plain
 * functions and may be passed around.
 */
export interface Call {
  /** The phone's own id for the call, not the SIP Call-ID. */
  readonly id: string;
  /** The call as it is now; frozen, replaced at each change. */
  readonly snapshot: CallSnapshot;
  /** Takes an incoming call. Rejects with `media.*` when the microphone cannot be had. */
  readonly answer: (options?: AnswerOptions) => Promise<void>;
  /** Refuses an incoming call with `statusCode` (300 to 699). Rejects with `call.stateInvalid`. */
  readonly reject: (options?: EndOptions) => Promise<void>;
  /** Gives up an outgoing call that is not answered yet, or refuses an incoming one. */
  readonly cancel: (options?: EndOptions) => Promise<void>;
  /** Ends the call, whatever its state. Never rejects. */
  readonly hangup: (options?: EndOptions) => Promise<void>;
  /** The same as `hangup`, by libwebphone's name. */
  readonly terminate: (options?: EndOptions) => Promise<void>;
  /** Holds the call. Rejects with `call.operationRefused`; the call then goes on as before. */
  readonly hold: () => Promise<void>;
  /** Resumes the call. Rejects with `call.operationRefused`; the call then goes on as before. */
  readonly unhold: () => Promise<void>;
  /** Stops sending the named media at once; both when nothing is named. */
  readonly mute: (options?: KindOptions) => Promise<void>;
  /** Sends the named media again, if nothing else forbids it; both when nothing is named. */
  readonly unmute: (options?: KindOptions) => Promise<void>;
  /** Sends digits 0-9 * # A-D. Resolves when the last one is sent; rejects with `dtmf.invalid`. */
  readonly sendDTMF: (tones: string, options?: DtmfOptions) => Promise<void>;
  /**
   * Transfers the call to `target`: resolves when the target has answered, and ends this leg then.
   * Without a target the call is held and waits for one (`transfer.collecting`). Rejects with
   * `transfer.refused` or `transfer.failed`; the call then comes back.
   */
  readonly transfer: (target?: string, options?: TransferOptions) => Promise<void>;
  /** Gives up a transfer that waits for its target and resumes the call. */
  readonly cancelTransfer: () => Promise<void>;
  /** Exchanges a new offer and answer. Rejects with `call.operationRefused`. */
  readonly renegotiate: (options?: RenegotiateOptions) => Promise<void>;
  /** Sends `track` instead of the present one of its kind; muted and held stay what they are. */
  readonly replaceSenderTrack: (track: MediaStreamTrack) => Promise<void>;
  /** Sends nothing of this kind any more. */
  readonly removeSenderTrack: (kind: 'audio' | 'video') => Promise<void>;

  /** The same as `id`, by libwebphone's name. */
  readonly getId: () => string;
  /** True until the call has ended. */
  readonly hasSession: () => boolean;
  /** True for the call in focus. */
  readonly isPrimary: () => boolean;
  /** True until the call is answered or over. */
  readonly isInProgress: () => boolean;
  /** True from the acknowledged answer to the end. */
  readonly isEstablished: () => boolean;
  /** True once the call is over, however it ended. */
  readonly isEnded: () => boolean;
  /** True while an incoming call waits for an answer. */
  readonly isRinging: () => boolean;
  /** True while the call waits for a transfer target. */
  readonly isInTransfer: () => boolean;
  /** True when either side holds the call; `snapshot.hold` tells which. */
  readonly isOnHold: () => boolean;
  /** True when audio or video is muted; `snapshot.muted` tells which. */
  readonly isMuted: () => boolean;
  /** libwebphone's words: `terminating` is incoming, `originating` is outgoing. */
  readonly getDirection: () => 'terminating' | 'originating';
  /** `Display (user)`, or the user alone. */
  readonly localIdentity: () => string;
  /** `Display (user)`, or the user alone. */
  readonly remoteIdentity: () => string;
  /** The user part of the far end's address. */
  readonly remoteURIUser: () => string;
  /** The peer connection, once there is one. */
  readonly getPeerConnection: () => RTCPeerConnection | undefined;
  /** True from the first offer or answer of this side on. */
  readonly hasPeerConnection: () => boolean;
  /** The element that plays the remote sound, once there is some. */
  readonly getRemoteAudio: () => HTMLAudioElement | undefined;
  /** libwebphone's flat description of the call, for templates. */
  readonly summary: () => CallSummary;
}

/** libwebphone's flat description of a call, its 15 keys and `muted`, which its documentation had. */
export interface CallSummary {
  readonly callId: string;
  /** False once the call has ended. */
  readonly hasSession: boolean;
  /** Neither answered nor over yet. */
  readonly progress: boolean;
  readonly established: boolean;
  readonly ended: boolean;
  /** On hold by either side. */
  readonly held: boolean;
  /** Audio or video is muted. */
  readonly muted: boolean;
  readonly isAudioMuted: boolean;
  readonly isVideoMuted: boolean;
  /** The call in focus. */
  readonly primary: boolean;
  /** Waits for a transfer target. */
  readonly inTransfer: boolean;
  /** `terminating` is incoming, `originating` outgoing. */
  readonly direction: 'terminating' | 'originating';
  readonly terminating: boolean;
  readonly originating: boolean;
  /** `Display (user)`, or the user alone. */
  readonly localIdentity: string;
  /** `Display (user)`, or the user alone. */
  readonly remoteIdentity: string;
}

/** Opens and closes the user's microphone and camera for calls. */
export interface MediaSource {
  /** A stream of the call's own: its tracks are clones, never shared with another call. */
  readonly open: (callId: string, wants: ByKind) => Promise<MediaStream>;
  /** Stops all that was opened for the call; may come before `open` has settled. */
  readonly close: (callId: string) => void;
}

/** What happens to other calls when the focus moves; the call list sets it. */
export interface FocusPolicy {
  /** The call loses the focus to another one, or to none. */
  readonly leaving: (call: Call) => Promise<void>;
  /** The call gets the focus by the user's choice. */
  readonly entering: (call: Call) => Promise<void>;
}

/** `call` in the configuration. */
export interface CallOptions {
  /** Start each call with the microphone muted. Default false. */
  readonly startWithAudioMuted?: boolean;
  /** Start each call with the camera muted. Default false. */
  readonly startWithVideoMuted?: boolean;
  /** Milliseconds after which a hold, resume, renegotiation or transfer is given up. Default 40000. */
  readonly operationTimeout?: number;
  /** How digits travel by default. Default `RFC4733`. */
  readonly dtmf?: DtmfOptions;
}

/** Emits one event of a call and, for the call in focus, its mirror. */
export type EmitCallEvent = <Type extends CallEventType>(
  type: Type,
  fields: Omit<CallEventTable[Type], 'callId' | 'call'>,
) => void;

/** libwebphone's word for a direction. */
export function directionWord(direction: CallDirection): 'terminating' | 'originating' {
  return direction === 'incoming' ? 'terminating' : 'originating';
}
