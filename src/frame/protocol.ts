import type { CallSnapshot, ErrorCode } from '../core/index.ts';

/**
 * What a page may have the phone in a frame do. A call is named by its id; without one the call in
 * focus is meant.
 */
export interface FrameCommands {
  /** Calls a number or an address; resolves with the id of the call. */
  readonly call: (target: string) => string;
  readonly answer: (callId?: string) => void;
  readonly reject: (callId?: string) => void;
  readonly hangup: (callId?: string) => void;
  readonly hold: (callId?: string) => void;
  readonly unhold: (callId?: string) => void;
  readonly mute: (callId?: string) => void;
  readonly unmute: (callId?: string) => void;
  /** Sends tones: 0-9, *, # and A-D. */
  readonly dtmf: (tones: string, callId?: string) => void;
  /** Hands the call on without asking the other one first. */
  readonly transfer: (target: string, callId?: string) => void;
  readonly register: () => void;
  readonly unregister: () => void;
  /** The calls that there are. */
  readonly calls: () => readonly CallSnapshot[];
}

/** The names of the commands. */
export type FrameCommand = keyof FrameCommands;

/** A failure as it crosses the border. */
export interface FrameFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What the page says. */
export type ToFrame =
  | { readonly cordboard: 'hello' }
  | {
      readonly cordboard: 'command';
      readonly id: number;
      readonly name: string;
      readonly given: readonly unknown[];
    }
  | { readonly cordboard: 'listen'; readonly name: string; readonly isOn: boolean };

/** What the frame says. */
export type ToHost =
  | { readonly cordboard: 'ready' }
  // In answer to `hello`: there is no phone, and there will be none until the frame is loaded anew.
  | { readonly cordboard: 'broken'; readonly error: FrameFailure }
  | { readonly cordboard: 'result'; readonly id: number; readonly value?: unknown }
  | { readonly cordboard: 'failure'; readonly id: number; readonly error: FrameFailure }
  | { readonly cordboard: 'event'; readonly name: string; readonly payload: unknown };

/** Whether a message is ours at all: other scripts post some too. */
export function isOurs(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'cordboard' in data;
}
