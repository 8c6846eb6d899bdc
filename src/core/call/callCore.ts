import type { Clock } from '../clock.ts';
import type { Call, CallOptions, EmitCallEvent, MediaSource, SoundPath } from './call.ts';
import type { LocalMedia } from './localMedia.ts';
import type { Playback } from './playback.ts';
import type { OperationQueue } from './queue.ts';
import type { CallChange } from './reduce.ts';
import type { ReferRequest, RenderElements, SipSession } from './session.ts';
import type { CallSnapshot, PendingOperation } from './snapshot.ts';

/** What a call needs of the phone. */
export interface CallEnvironment {
  readonly clock: Clock;
  readonly options: CallOptions;
  readonly media: () => MediaSource;
  readonly soundPath: () => SoundPath | undefined;
  /** Emits `call.<type>` and its mirror. */
  readonly emitter: (call: () => CallSnapshot) => EmitCallEvent;
  /** Moves the focus to this call, the policy for the others included. */
  readonly takeFocus: (callId: string) => Promise<void>;
  /** Makes another call, by the same account. Rejects with `plugin.missing` when nothing here can. */
  readonly place: (target: string, account: string) => Promise<Call>;
  readonly sessionOf: (callId: string) => SipSession | undefined;
  readonly callOf: (callId: string) => Call | undefined;
  /** The call that was added last. */
  readonly newest: () => Call | undefined;
  /** Is told when the call is over and its last event has been heard. */
  readonly over: (callId: string) => void;
  readonly isBusy: (callId: string) => boolean;
  readonly report: (error: unknown) => void;
  /** Where the call is played and shown. */
  readonly render?: RenderElements | undefined;
}

/** What the parts of a call share. */
export interface CallCore {
  readonly session: SipSession;
  readonly environment: CallEnvironment;
  readonly queue: OperationQueue;
  readonly playback: Playback;
  readonly local: LocalMedia;
  /** A REFER that waits for an answer. */
  readonly referral: { request: ReferRequest | undefined };
  readonly emit: EmitCallEvent;
  readonly now: () => CallSnapshot;
  /** Applies a change; true when it changed something. */
  readonly change: (change: CallChange) => boolean;
  /** Lets out exactly what the snapshot allows. */
  readonly applySending: () => void;
}

/** The commands of a call, as `Call` declares them. */
export type Commands = Pick<
  Call,
  | 'answer'
  | 'reject'
  | 'cancel'
  | 'hangup'
  | 'terminate'
  | 'hold'
  | 'unhold'
  | 'mute'
  | 'unmute'
  | 'sendDTMF'
  | 'transfer'
  | 'cancelTransfer'
  | 'attendedTransferStart'
  | 'attendedTransfer'
  | 'attendedTransferCancel'
  | 'transferToBlind'
  | 'renegotiate'
  | 'startVideo'
  | 'stopVideo'
  | 'shareSound'
  | 'sendMix'
  | 'replaceSenderTrack'
  | 'removeSenderTrack'
>;

/** Runs one operation through the call's queue and shows it as pending meanwhile. */
export type RunQueued = (
  operation: PendingOperation,
  kind: string,
  run: () => Promise<void>,
) => Promise<void>;
