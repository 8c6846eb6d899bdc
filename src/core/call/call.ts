import type { CallEventTable, CallEventType } from './events.ts';
import type {
  AnswerOptions,
  DtmfOptions,
  EndOptions,
  ReferRequest,
  RenegotiateOptions,
  TransferOptions,
} from './session.ts';
import type { ByKind, CallDirection, CallSnapshot, LocalVideo } from './snapshot.ts';

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
   * Another call as target is replaced by the transferred one, whoever called whom; one that still
   * rings is cancelled, and its target is called anew (RFC 3891 section 3 allows nothing better).
   * Without a target the call is held and waits for one (`transfer.collecting`). Rejects with
   * `transfer.refused` when the REFER was, and with `transfer.failed` when it was accepted and the
   * target did not answer; the call then comes back.
   */
  readonly transfer: (target?: string | Call, options?: TransferOptions) => Promise<void>;
  /** Gives up a transfer that waits for its target or asks it, and resumes the call. */
  readonly cancelTransfer: () => Promise<void>;
  /**
   * Holds the call and calls `target`, to ask first. Resolves when the target is being called; the
   * consultation then has the focus. Without a target the call waits for one. Rejects as
   * `userAgent.call` does, or with `plugin.missing` when nothing here makes calls.
   */
  readonly attendedTransferStart: (target?: string) => Promise<void>;
  /** Transfers to the one who was asked. Rejects as `transfer`, or with `call.stateInvalid`. */
  readonly attendedTransfer: (options?: TransferOptions) => Promise<void>;
  /** The same as `cancelTransfer`, by the name of libwebphone's fork; hangs up on who was asked. */
  readonly attendedTransferCancel: () => Promise<void>;
  /** Transfers to the target without asking, or without asking any longer. */
  readonly transferToBlind: (options?: TransferOptions) => Promise<void>;
  /** Exchanges a new offer and answer. Rejects with `call.operationRefused`. */
  readonly renegotiate: (options?: RenegotiateOptions) => Promise<void>;
  /**
   * Opens the camera and sends it, with a new offer where the call had no picture of ours so far.
   * Rejects with `media.*`, or with `call.operationRefused`; the call then goes on without it.
   */
  readonly startVideo: () => Promise<void>;
  /** Sends no picture any more and lets go of the camera. The far end's picture stays. */
  readonly stopVideo: () => Promise<void>;
  /**
   * Sends `track` instead of the present one of its kind; muted and held stay what they are. A
   * picture is a `camera` unless it is said to be a `screen`, which the camera's mute leaves alone.
   * Rejects with `call.operationRefused` when the far end has to agree and does not.
   */
  readonly replaceSenderTrack: (
    track: MediaStreamTrack,
    source?: Exclude<LocalVideo, 'none'>,
  ) => Promise<void>;
  /** Sends nothing of this kind any more. */
  readonly removeSenderTrack: (kind: 'audio' | 'video') => Promise<void>;
  /**
   * Mixes a sound, such as that of a shared screen, into what is sent, until it is given null. Muted
   * and held silence it too. Does nothing where no plugin mixes sound (`audioContext` does).
   */
  readonly shareSound: (track: MediaStreamTrack | null) => Promise<void>;
  /**
   * Sends a mix in place of the microphone, with no new offer, until it is given null. What is in it of
   * `getLocalTrack('audio')` is the microphone, muted as ever; the rest is silenced by hold alone. For
   * conferences; it is up to the caller to end the track.
   */
  readonly sendMix: (track: MediaStreamTrack | null) => Promise<void>;

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
  /** True while the call waits for a target to ask, or the target is being asked. */
  readonly isAttendedTransferPending: () => boolean;
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
  /** The element that shows the remote picture, once there is one. */
  readonly getRemoteVideo: () => HTMLVideoElement | undefined;
  /** The element that shows this side's picture, once there is one. */
  readonly getLocalVideo: () => HTMLVideoElement | undefined;
  /** The track that this side has for the far end, processed as it is sent. */
  readonly getLocalTrack: (kind: 'audio' | 'video') => MediaStreamTrack | undefined;
  /** The track of the far end, unprocessed. */
  readonly getRemoteTrack: (kind: 'audio' | 'video') => MediaStreamTrack | undefined;
  /** The far end's request to call somebody, while it waits for an answer. */
  readonly getRefer: () => ReferRequest | undefined;
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
  /**
   * A stream of the call's own: its tracks are clones, never shared with another call; those of `given` where
   * the application has a stream.
   */
  readonly open: (callId: string, wants: ByKind, given?: MediaStream) => Promise<MediaStream>;
  /** One more track for a call that has others already, such as a camera. Rejects with `media.*`. */
  readonly add: (callId: string, kind: 'audio' | 'video') => Promise<MediaStreamTrack>;
  /** Stops what was opened of this kind for the call, and leaves the rest alone. */
  readonly remove: (callId: string, kind: 'audio' | 'video') => void;
  /** Stops all that was opened for the call; may come before `open` has settled. */
  readonly close: (callId: string) => void;
}

/** The way that sound takes between a device and the far end. */
export interface SoundPath {
  /** The track to be sent in place of the captured one, with `added` mixed in. */
  readonly outgoing: (
    callId: string,
    track: MediaStreamTrack,
    added: MediaStreamTrack | null,
  ) => Promise<MediaStreamTrack>;
  /** The track to be played in place of the one that arrived. */
  readonly incoming: (callId: string, track: MediaStreamTrack) => Promise<MediaStreamTrack>;
  /** The call is over: nothing of it is left behind. */
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
  /** Keys that act while nothing on the page has the focus. Default true. */
  readonly globalKeyShortcuts?: boolean;
  readonly keys?: {
    /**
     * Held down, the space bar turns the microphone's mute around: push to talk for who is muted, a
     * cough button for who is not. The camera stays as it is.
     */
    readonly spacebar?: SpacebarOptions;
  };
}

/** `call.keys.spacebar` in the configuration. */
export interface SpacebarOptions {
  /** Default true. */
  readonly enabled?: boolean;
  /** Takes the place of push to talk; hears the key go down and come up. */
  readonly action?: (event: KeyboardEvent, call: Call) => void;
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
