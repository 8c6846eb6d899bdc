import { errorSentence, isolated } from '../../src/core/index.ts';
import type { CallSnapshot } from '../../src/core/index.ts';
import { nameOf, noTransfer, ofTransfer, questionOf } from './transfer.ts';
import type { TransferModel, Translate } from './transfer.ts';
import type { CallControlOptions, CallControlState, Showing } from './types.ts';

/** What the model is made of. */
export interface CallControlSource {
  /** The call in focus, if there is one that has not ended. */
  readonly call: CallSnapshot | undefined;
  /** The call that is to be transferred to the one in focus, or is that one. */
  readonly owner: CallSnapshot | undefined;
  /** A call whose far end asks this phone to call somebody. */
  readonly referred: CallSnapshot | undefined;
  readonly state: CallControlState;
  /** What `redial` would call, or ''. */
  readonly redialTarget: string;
  /** True when a target can be called to ask it first. */
  readonly hasAgent: boolean;
  /** True when a dialpad collects the target of a transfer. */
  readonly hasDialpad: boolean;
  /** True when browser and plugins can share the screen. */
  readonly hasScreen: boolean;
  readonly options: CallControlOptions;
  readonly t: Translate;
}

/** What the model tells of the call in focus. `can…`: it makes sense now; `is…ing`: it is on its way. */
export interface ControlledCall extends TransferModel {
  /** The status of the call, or ''. */
  readonly status: string;
  readonly name: string;
  readonly isHeld: boolean;
  readonly isMuted: boolean;
  readonly isVideoMuted: boolean;
  /** The session has a picture, in either direction. */
  readonly hasVideo: boolean;
  /** The camera is open and not muted. */
  readonly isCameraOn: boolean;
  /** The screen is sent in place of the camera. */
  readonly isSharing: boolean;
  /** A picture is on its way in or out. */
  readonly isChangingVideo: boolean;
  readonly canAnswerVideo: boolean;
  /** The camera's button makes sense. */
  readonly canVideo: boolean;
  /** The button for the screen makes sense. */
  readonly canShare: boolean;
  /** Who else has muted the microphone, in words, or ''. */
  readonly notice: string;
  /** The call is answered and not about to end. */
  readonly isUp: boolean;
  readonly canAnswer: boolean;
  readonly canReject: boolean;
  readonly canCancel: boolean;
  readonly canHangup: boolean;
  readonly isAnswering: boolean;
  readonly isEnding: boolean;
  readonly isHolding: boolean;
  readonly isResuming: boolean;
}

/** The data of `callControl.mustache`. */
export interface CallControlModel extends ControlledCall, Readonly<Record<string, unknown>> {
  readonly hasCall: boolean;
  /** The account that the call is made or received by when there are several, or ''. */
  readonly account: string;
  readonly canRedial: boolean;
  readonly isRedialing: boolean;
  readonly redialTarget: string;
  /** Any of the buttons at the bottom is there. */
  readonly hasMain: boolean;
  /** The plugin shows a field of its own for the target of a transfer. */
  readonly hasOwnTarget: boolean;
  /** A target can be asked before the transfer. */
  readonly canAsk: boolean;
  /** What the far end of a call asks this phone for by REFER, as a question, or ''. */
  readonly question: string;
  /** That a call was transferred, in words, or ''. */
  readonly completed: string;
  /** There is nothing to control and nothing to redial. */
  readonly isIdle: boolean;
  /** Why the last action was refused, in words, or ''. */
  readonly error: string;
}

/** The model of the controls. Pure. */
export function toModel(source: CallControlSource): CallControlModel {
  const { call, state, redialTarget, hasAgent, hasDialpad, t } = source;
  const isRedialable = !call && redialTarget !== '';
  return {
    ...(call ? { ...ofCall(call, source), ...ofPicture(call, source) } : nothing),
    hasCall: call !== undefined,
    account: call?.accountName ?? '',
    canRedial: isRedialable,
    hasMain: call !== undefined || isRedialable,
    isRedialing: state.isRedialing,
    hasOwnTarget: !hasDialpad,
    canAsk: hasAgent,
    question: questionOf(source.referred, state.strangers, t),
    completed:
      state.transferredTo === '' ? '' : t('transferred', { target: isolated(state.transferredTo) }),
    redialTarget,
    isIdle: !call && !isRedialable,
    error: state.error === null ? '' : errorSentence(state.error, t),
  };
}

const nothing: ControlledCall = {
  status: '',
  name: '',
  isHeld: false,
  isMuted: false,
  isVideoMuted: false,
  hasVideo: false,
  isCameraOn: false,
  isSharing: false,
  isChangingVideo: false,
  canAnswerVideo: false,
  canVideo: false,
  canShare: false,
  notice: '',
  isUp: false,
  canAnswer: false,
  canReject: false,
  canCancel: false,
  canHangup: false,
  isAnswering: false,
  isEnding: false,
  isHolding: false,
  isResuming: false,
  ...noTransfer,
};

type Picture = Pick<
  ControlledCall,
  | 'isVideoMuted'
  | 'hasVideo'
  | 'isCameraOn'
  | 'isSharing'
  | 'isChangingVideo'
  | 'canAnswerVideo'
  | 'canVideo'
  | 'canShare'
>;

const isAnswered = ({ status }: CallSnapshot): boolean =>
  status === 'established' || status === 'reconnecting';
const isUpNow = (call: CallSnapshot): boolean => isAnswered(call) && call.pending !== 'end';

function ofPicture(call: CallSnapshot, { options, hasScreen }: CallControlSource): Picture {
  const { video, screenShare } = options;
  const { muted, media, localVideo, offered } = call;
  const hasPicture = media.video || localVideo !== 'none';
  const shows = (show: Showing): boolean => isUpNow(call) && (show === 'auto' ? hasPicture : show);
  const isSharing = localVideo === 'screen';
  return {
    isVideoMuted: muted.video,
    hasVideo: media.video,
    isCameraOn: localVideo === 'camera' && !muted.video,
    isSharing,
    isChangingVideo: call.pending === 'video',
    canAnswerVideo: !isAnswered(call) && offered.video && video.show !== false,
    // While the screen is shared there is no camera to switch.
    canVideo: !isSharing && shows(video.show),
    canShare: hasScreen && (shows(screenShare.show) || (isSharing && isUpNow(call))),
  };
}

function noticeOf({ deviceMuted, systemMuted }: CallSnapshot, t: Translate): string {
  if (systemMuted.audio) return t('systemMuted');
  return deviceMuted.audio ? t('deviceMuted') : '';
}

function ofCall(
  call: CallSnapshot,
  { owner, t }: CallControlSource,
): Omit<ControlledCall, keyof Picture> {
  const { status, pending, hold, muted } = call;
  const isTaken = isAnswered(call);
  const isUp = isUpNow(call);
  const isIncoming = call.direction === 'incoming';
  return {
    status,
    name: nameOf(call, t),
    isHeld: hold.local || hold.remote,
    isMuted: muted.audio,
    notice: noticeOf(call, t),
    isUp,
    canAnswer: !isTaken && isIncoming,
    canReject: !isTaken && isIncoming,
    canCancel: !isTaken && !isIncoming,
    canHangup: isTaken,
    isAnswering: pending === 'answer',
    isEnding: pending === 'end',
    isHolding: pending === 'hold',
    isResuming: pending === 'unhold',
    ...ofTransfer({ call, owner, isUp, t }),
  };
}
