import type { Call, CallSnapshot } from '../../src/core/index.ts';

/** `callList` in the configuration. */
export interface CallListOptions {
  /**
   * Moves the focus to the button that answers when a call comes, and back to where it was when the call ends
   * unanswered. A field that has the focus keeps it: somebody may be typing. In a frame so does the page around it.
   * Default false.
   */
  readonly focusIncoming: boolean;
  /** Seconds after which the notice of a missed or failed call goes away by itself. Default 60. */
  readonly noticeDuration: number;
}

/** What the plugin remembers besides the calls themselves. */
export interface CallListState {
  /** The last refused operation of a call, by call id. */
  readonly errors: Readonly<Record<string, unknown>>;
  /** Ended calls that are worth telling: missed, failed or broken off. The newest first. */
  readonly notices: readonly CallSnapshot[];
  /** The calls that ended, until the next one comes. */
  readonly ended: readonly CallSnapshot[];
}

/** The public API of the plugin: `phone.callList`. */
export interface CallListApi {
  /** All calls that have not ended, oldest first. */
  readonly getCalls: () => readonly Call[];
  /** The call of this id, or without an id the call in focus; undefined when there is none. */
  readonly getCall: (callId?: string | null) => Call | undefined;
  /**
   * Moves the focus to this call: the present one is held, this one resumed if it is held here. Null
   * or `new` puts the present call aside, so that another can be dialled. Resolves when both far
   * ends have spoken, also when one of them refused; does nothing for the call in focus. Rejects
   * with `call.ended` when there is no such call, and then changes nothing.
   */
  readonly switchCall: (callId: string | null) => Promise<void>;
  /**
   * Ends a call, whatever its state, and so takes it off the list; a call that is not on the list is
   * let be.
   */
  readonly removeCall: (callId: string) => Promise<void>;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    callList: CallListApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'callList.created': Readonly<Record<string, never>>;
    /** A call joined the list. */
    'callList.calls.added': { readonly callId: string; readonly call: CallSnapshot };
    /** Another call is in focus, or none (null). */
    'callList.calls.changed': {
      readonly current: CallSnapshot | null;
      readonly previous: CallSnapshot | null;
    };
    /** A call left the list because it ended. */
    'callList.calls.removed': { readonly callId: string; readonly call: CallSnapshot };
  }
}
