import type { AnswerOptions, Party, ReferRequest } from '../../src/core/index.ts';

/** Whether a button is drawn: always, never, or in calls that have a picture. */
export type Showing = boolean | 'auto';

/** `callControl` in the configuration. */
export interface CallControlOptions {
  /** The camera's button. Default `auto`: a phone for sound shows none. */
  readonly video: { readonly show: Showing };
  /** The button for the screen, where browser and `mediaDevices` can share it. Default `auto`. */
  readonly screenShare: { readonly show: Showing };
}

/** What the plugin remembers besides the call itself. */
export interface CallControlState {
  /** What an action was refused for, or null. */
  readonly error: unknown;
  /** True while a redial is on its way: there is no call yet that could tell. */
  readonly isRedialing: boolean;
  /** Where the last call was transferred to, until another call comes, or ''. */
  readonly transferredTo: string;
  /** What those ask for who are in no call with this phone (REFER), until it is answered; oldest first. */
  readonly strangers: readonly Stranger[];
}

/** Somebody who asks this phone from outside to call somebody. */
export interface Stranger {
  readonly request: ReferRequest;
  readonly target: Party;
  readonly from: string;
  readonly fromName: string;
}

/**
 * The public API of the plugin: `phone.callControl`. Every method acts on the call in focus and
 * rejects with `call.stateInvalid` when there is none, else as the command of the call does.
 */
export interface CallControlApi {
  /** Calls the last target again. Rejects with `plugin.missing` when there is no user agent. */
  readonly redial: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  readonly hangup: () => Promise<void>;
  readonly hold: () => Promise<void>;
  readonly unhold: () => Promise<void>;
  /** Mutes the microphone only. */
  readonly mute: () => Promise<void>;
  readonly unmute: () => Promise<void>;
  /** Mutes the camera only: it stays open, and the far end sees black. */
  readonly muteVideo: () => Promise<void>;
  readonly unmuteVideo: () => Promise<void>;
  /** Opens the camera and sends it, unmuted. Rejects as the call's `startVideo`. */
  readonly startVideo: () => Promise<void>;
  /** Lets go of the camera, whose light goes off. The far end's picture stays. */
  readonly stopVideo: () => Promise<void>;
  /** Sends the screen in place of the camera. Rejects with `plugin.missing` without `mediaDevices`. */
  readonly startScreenShare: () => Promise<void>;
  readonly stopScreenShare: () => Promise<void>;
  /**
   * With a target: transfers the call there. Without one the first time: holds the call and collects
   * a target; the second time: takes the dialpad's target, or rejects with `call.targetMissing` and
   * goes on collecting.
   */
  readonly transfer: (target?: string) => Promise<void>;
  /**
   * Asks before the transfer: with a target, calls it; without one the first time, collects it; when
   * the target is being asked, transfers to it. Rejects as the call's `attendedTransferStart`.
   */
  readonly transferAttended: (target?: string) => Promise<void>;
  /** Transfers without asking, or without asking any longer. */
  readonly transferAttendedToBlind: () => Promise<void>;
  /**
   * Calls whom the far end of a call, or a stranger, asks this phone to call (REFER). Rejects with `call.stateInvalid`
   * when none does, else as the `accept` of that request.
   */
  readonly followRefer: () => Promise<void>;
  /** Refuses to. */
  readonly declineRefer: () => Promise<void>;
  /** Gives up a transfer that waits for its target or asks it. */
  readonly cancelTransfer: () => Promise<void>;
  /** Takes the call, with sound alone unless `options` ask for more. */
  readonly answer: (options?: AnswerOptions) => Promise<void>;
  readonly reject: () => Promise<void>;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    callControl: CallControlApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'callControl.created': Readonly<Record<string, never>>;
  }
}
