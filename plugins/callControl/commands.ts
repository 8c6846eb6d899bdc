import { PhoneError } from '../../src/core/index.ts';
import type { Call, Calls, ReferRequest } from '../../src/core/index.ts';
import { referred, transferOwner } from './transfer.ts';
import type { CallControlApi } from './types.ts';

/** What shares the screen in the call in focus. */
export interface ScreenCapture {
  readonly startScreenCapture: () => unknown;
  readonly stopScreenCapture: () => unknown;
}

/** What the commands need besides the calls. */
export interface CommandServices {
  readonly calls: Calls;
  /** Calls the last target again; undefined when no user agent is there. */
  readonly redial: (() => Promise<unknown>) | undefined;
  /** Shares the screen; undefined when nothing here can. */
  readonly screen: ScreenCapture | undefined;
  /** What somebody outside of all calls asks for. */
  readonly stranger: () => ReferRequest | undefined;
  /** Takes what was typed for a transfer, if there is a dialpad, and clears it there. */
  readonly takeTarget: () => string;
}

/** The API without what concerns drawing: each command acts on the call in focus. */
export function createCommands(services: CommandServices): Omit<CallControlApi, 'updateRenders'> {
  const { calls, redial, screen, stranger, takeTarget } = services;
  const on =
    (command: (call: Call) => Promise<void>): (() => Promise<void>) =>
    async () => {
      await command(inFocus(calls));
    };
  const owner = (): Call => transferOwner(calls) ?? inFocus(calls);
  const asked = (): ReferRequest => {
    const request = referred(calls)?.getRefer() ?? stranger();
    if (!request) throw new PhoneError('call.stateInvalid');
    return request;
  };
  const targetOf = (call: Call, given = ''): string => {
    const isCollecting = call.isInTransfer();
    const address = given.trim() || (isCollecting ? takeTarget() : '');
    // Without this the core would take a second press without a target as giving up.
    if (isCollecting && address === '') throw new PhoneError('call.targetMissing');
    return address;
  };
  return {
    redial: async () => {
      await (redial ?? missing('redial', 'userAgent'))();
    },
    cancel: on((call) => call.cancel()),
    hangup: on((call) => call.hangup()),
    hold: on((call) => call.hold()),
    unhold: on((call) => call.unhold()),
    mute: on((call) => call.mute({ audio: true })),
    unmute: on((call) => call.unmute({ audio: true })),
    muteVideo: on((call) => call.mute({ video: true })),
    unmuteVideo: on((call) => call.unmute({ video: true })),
    startVideo: on(async (call) => {
      await call.startVideo();
      // Who turns the camera on wants to be seen.
      await call.unmute({ video: true });
    }),
    stopVideo: on((call) => call.stopVideo()),
    startScreenShare: on(async () => {
      await (screen?.startScreenCapture ?? missing('startScreenShare', 'mediaDevices'))();
    }),
    stopScreenShare: on(async () => {
      await (screen?.stopScreenCapture ?? missing('stopScreenShare', 'mediaDevices'))();
    }),
    transfer: async (target) => {
      const call = inFocus(calls);
      const address = targetOf(call, target);
      await call.transfer(address === '' ? undefined : address);
    },
    transferAttended: async (target) => {
      const call = owner();
      if (call.snapshot.transfer?.status === 'consulting') await call.attendedTransfer();
      else await call.attendedTransferStart(targetOf(call, target));
    },
    transferAttendedToBlind: async () => {
      await owner().transferToBlind();
    },
    followRefer: async () => {
      await asked().accept();
    },
    declineRefer: async () => {
      await asked().reject();
    },
    cancelTransfer: async () => {
      await owner().cancelTransfer();
    },
    answer: (options) => on((call) => call.answer(options))(),
    reject: on((call) => call.reject()),
  };
}

function missing(method: string, plugin: string): () => never {
  return () => {
    throw new PhoneError('plugin.missing', {
      message: `${method}() needs the plugin "${plugin}".`,
    });
  };
}

function inFocus(calls: Calls): Call {
  const call = calls.primary();
  if (!call || call.isEnded()) throw new PhoneError('call.stateInvalid');
  return call;
}
