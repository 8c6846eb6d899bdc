import { PhoneError, asPhoneError, loadPart } from '../../src/core/index.ts';
import type { Call, ErrorCode } from '../../src/core/index.ts';
import { recovered } from './inputs.ts';
import type { MediaCore } from './inputs.ts';
import { browserDevices } from './open.ts';
import type { Sharing } from './screen.part.ts';
import type { Streams } from './streams.ts';
import type { MediaDevicesApi } from './types.ts';

/** The screen, shared with one call at a time. */
export type Screen = Pick<
  MediaDevicesApi,
  'isSharing' | 'startScreenCapture' | 'stopScreenCapture'
>;

/** Shares the screen; what keeps a share going is loaded with the first one. */
export function createScreen(core: MediaCore, streams: Streams): Screen {
  const { ctx, store } = core;
  let sharing: Sharing | undefined;
  let starting: Promise<void> | undefined;
  let wish = new AbortController();
  let leaving: Promise<unknown> | undefined;

  const begin = async (
    call: Call,
    picked: Promise<MediaStream>,
    given: AbortSignal,
  ): Promise<void> => {
    const before = leaving;
    // A refusal may come before there is anybody to hear it.
    picked.catch(() => undefined);
    try {
      const { createSharing } = await loadPart(() => import('./screen.part.ts'));
      sharing ??= createSharing({
        ctx,
        store,
        releaseCamera: (callId) => {
          streams.remove(callId, 'video');
        },
        failed: (code, cause) =>
          code ? new PhoneError(code, { cause }) : asPhoneError(cause, 'media.screenFailed'),
      });
    } catch (error) {
      // Whatever the user picks now is of no use.
      const drop = (stream: MediaStream): void => {
        for (const track of stream.getTracks()) track.stop();
      };
      picked.then(drop, () => undefined);
      throw error;
    }
    await before;
    await sharing.start(call, picked, given);
  };
  const giveUp = (code: ErrorCode): void => {
    if (!starting) return;
    wish.abort(new PhoneError(code));
    leaving = Promise.allSettled([leaving, starting]);
    starting = undefined;
  };
  ctx.onDestroy(() => {
    giveUp('call.ended');
    sharing?.close();
  });
  // What failed in a call that is over is nobody's trouble any more.
  ctx.on('call.terminated', () => {
    recovered(core, 'screen');
  });
  return {
    isSharing: () => store.get().isSharing,
    startScreenCapture: (options = {}, useDisplayMedia = true) => {
      recovered(core, 'screen');
      const call = ctx.calls.primary();
      if (!call?.isEstablished()) return Promise.reject(new PhoneError('call.stateInvalid'));
      if (sharing?.isWith(call.id)) return Promise.resolve();
      if (starting) return starting;
      wish = new AbortController();
      // Asked for in this very turn: a browser gives a screen in a gesture of the user only.
      const started = begin(call, pick(options, useDisplayMedia), wish.signal).finally(() => {
        if (starting === started) starting = undefined;
      });
      starting = started;
      return started;
    },
    stopScreenCapture: async () => {
      giveUp('call.superseded');
      await Promise.all([leaving, sharing?.stop()]);
    },
  };
}

async function pick(
  options: DisplayMediaStreamOptions,
  useDisplayMedia: boolean,
): Promise<MediaStream> {
  const devices = browserDevices();
  if (!devices) throw new PhoneError('media.insecure');
  return useDisplayMedia
    ? devices.getDisplayMedia({ video: true, audio: true, ...options })
    : devices.getUserMedia({ video: true, ...options });
}
