import { PhoneError, asPhoneError, loadPart } from '../../src/core/index.ts';
import type { Call } from '../../src/core/index.ts';
import { recovered } from './inputs.ts';
import type { MediaCore } from './inputs.ts';
import { browserDevices } from './open.ts';
import type { Share } from './screen.part.ts';
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
  let share: Share | undefined;
  let starting: Promise<void> | undefined;

  const begin = async (call: Call, picked: Promise<MediaStream>): Promise<void> => {
    const part = loadPart(() => import('./screen.part.ts'));
    // The user's answer first: whoever closes the question has nothing to wait for.
    part.catch(() => undefined);
    const stream = await picked;
    try {
      const { shareScreen } = await part;
      await share?.stop();
      if (ctx.signal.aborted) throw new PhoneError('call.ended');
      share = await shareScreen({
        ctx,
        call,
        stream,
        store,
        releaseCamera: () => {
          streams.remove(call.id, 'video');
        },
      });
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
    recovered(core, 'screen');
  };
  const start: Screen['startScreenCapture'] = (options = {}, useDisplayMedia = true) => {
    const call = ctx.calls.primary();
    if (!call?.isEstablished()) return Promise.reject(new PhoneError('call.stateInvalid'));
    if (store.get().isSharing && share?.callId === call.id) return Promise.resolve();
    // Asked for in this very turn: a browser gives a screen in a gesture of the user only.
    return begin(call, pick(options, useDisplayMedia)).catch((thrown: unknown) => {
      const error = asPhoneError(thrown, 'media.screenFailed');
      // Whoever chose nothing knows it.
      if (error.code !== 'media.dismissed') store.set({ failure: { kind: 'screen', error } });
      ctx.emit('mediaDevices.screenCapture.error', { error });
      throw error;
    });
  };
  ctx.onDestroy(() => share?.close());
  return {
    isSharing: () => store.get().isSharing,
    startScreenCapture: (options, useDisplayMedia) =>
      (starting ??= start(options, useDisplayMedia).finally(() => {
        starting = undefined;
      })),
    stopScreenCapture: async () => {
      await share?.stop();
    },
  };
}

async function pick(
  options: DisplayMediaStreamOptions,
  useDisplayMedia: boolean,
): Promise<MediaStream> {
  const devices = browserDevices();
  if (!devices) throw new PhoneError('media.insecure');
  try {
    return await (useDisplayMedia
      ? devices.getDisplayMedia({ video: true, audio: true, ...options })
      : devices.getUserMedia({ video: true, ...options }));
  } catch (cause) {
    // The same name for a closed question and for a system that lets no browser see its screen.
    const { name, message } = cause instanceof Error ? cause : { name: '', message: '' };
    const isDismissed = name === 'NotAllowedError' && !/system|polic/i.test(message);
    throw new PhoneError(isDismissed ? 'media.dismissed' : 'media.screenFailed', { cause });
  }
}
