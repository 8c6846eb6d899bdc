import { PhoneError, asPhoneError, loadPart } from '../../src/core/index.ts';
import type { Call } from '../../src/core/index.ts';
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
export function createScreen({ ctx, store }: MediaCore, streams: Streams): Screen {
  let sharing: Sharing | undefined;
  let starting: Promise<void> | undefined;

  const begin = async (call: Call, picked: Promise<MediaStream>): Promise<void> => {
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
    await sharing.start(call, picked);
  };
  ctx.onDestroy(() => sharing?.close());
  return {
    isSharing: () => store.get().isSharing,
    startScreenCapture: (options = {}, useDisplayMedia = true) => {
      const call = ctx.calls.primary();
      if (!call?.isEstablished()) return Promise.reject(new PhoneError('call.stateInvalid'));
      if (sharing?.isWith(call.id)) return Promise.resolve();
      // Asked for in this very turn: a browser gives a screen in a gesture of the user only.
      starting ??= begin(call, pick(options, useDisplayMedia)).finally(() => {
        starting = undefined;
      });
      return starting;
    },
    stopScreenCapture: () => Promise.resolve(sharing?.stop()),
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
