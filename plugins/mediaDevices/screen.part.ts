import type {
  Call,
  ErrorCode,
  Off,
  PhoneError,
  PluginContext,
  Store,
} from '../../src/core/index.ts';
import type { MediaDevicesOptions, MediaDevicesState } from './types.ts';

/** What sharing needs. */
export interface SharingParts {
  readonly ctx: PluginContext<'mediaDevices', MediaDevicesOptions>;
  readonly store: Store<MediaDevicesState>;
  /** The call needs no camera as long as it shows a screen. */
  readonly releaseCamera: (callId: string) => void;
  /** An error under a code, or under `media.screenFailed` if it is none of the phone's yet. */
  readonly failed: (code: ErrorCode | null, cause: unknown) => PhoneError;
}

/** The screen in calls, one at a time. */
export interface Sharing {
  /** Shows in a call what the user picks; another call that shows a screen stops. */
  readonly start: (call: Call, picked: Promise<MediaStream>) => Promise<void>;
  /** Goes back to the camera, or to no picture if there was none. */
  readonly stop: () => Promise<void>;
  /** Lets go of the screen and leaves the call alone. */
  readonly close: Off;
  /** True while this call shows a screen. */
  readonly isWith: (callId: string) => boolean;
}

/** Sharing, told by events and in the state. */
export function createSharing(parts: SharingParts): Sharing {
  const { ctx, store, failed } = parts;
  let share: Share | undefined;

  const picture = async (picked: Promise<MediaStream>): Promise<MediaStream> => {
    try {
      return await picked;
    } catch (error) {
      // The same name for a closed question and for a system that lets no browser see its screen.
      const { name = '', message = '' } = error as Partial<Error>;
      const isDismissed = name === 'NotAllowedError' && !/system|polic/i.test(message);
      throw failed(isDismissed ? 'media.dismissed' : null, error);
    }
  };
  const begin = async (call: Call, picked: Promise<MediaStream>): Promise<void> => {
    const stream = await picture(picked);
    try {
      await share?.stop();
      if (ctx.signal.aborted) throw failed('call.ended', undefined);
      share = await shareScreen(parts, call, stream);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw failed(null, error);
    }
    if (store.get().failure?.kind === 'screen') store.set({ failure: null });
  };
  return {
    start: async (call, picked) => {
      try {
        await begin(call, picked);
      } catch (thrown) {
        const error = failed(null, thrown);
        // Whoever chose nothing knows it.
        if (error.code !== 'media.dismissed') store.set({ failure: { kind: 'screen', error } });
        ctx.emit('mediaDevices.screenCapture.error', { error });
        throw error;
      }
    },
    stop: async () => {
      await share?.stop();
    },
    close: () => share?.close(),
    isWith: (callId) => store.get().isSharing && share?.callId === callId,
  };
}

/** A screen that a call shows. */
interface Share extends Pick<Sharing, 'close' | 'stop'> {
  readonly callId: string;
}

/** Shows a screen in a call until it is stopped here, by the browser, or by another picture. */
async function shareScreen(parts: SharingParts, call: Call, stream: MediaStream): Promise<Share> {
  const { ctx, store, releaseCamera } = parts;
  const [picture] = stream.getVideoTracks();
  if (!picture) throw new Error('The browser gave no picture of the screen.');
  const [sound] = stream.getAudioTracks();
  const hadCamera = call.snapshot.localVideo === 'camera';
  const warn = (error: unknown): void => {
    ctx.log.warn('Sharing the screen did not go as it should.', error);
  };
  let isOn = true;
  let unwatch: Off = () => undefined;

  const isOver = (): boolean => !isOn;
  const isShown = (): boolean =>
    call.snapshot.localVideo === 'screen' && call.snapshot.status !== 'ended';
  const close = (): void => {
    if (!isOn) return;
    isOn = false;
    unwatch();
    picture.removeEventListener('ended', onEnded);
    for (const track of stream.getTracks()) track.stop();
    if (sound && !call.isEnded()) call.shareSound(null).catch(warn);
    if (!store.get().isSharing) return;
    store.set({ isSharing: false });
    ctx.emit('mediaDevices.screenCapture.stopped', {});
  };
  const stop = async (): Promise<void> => {
    if (!isOn) return;
    const wasShown = isShown();
    close();
    if (!wasShown) return;
    // Why there is no camera is told where it is opened.
    if (hadCamera) await call.startVideo().catch(warn);
    if (isShown()) await call.stopVideo();
  };
  const shown = call.replaceSenderTrack(picture, 'screen');
  // The browser's own bar ends it.
  const onEnded = (): void => {
    shown.then(stop).catch(warn);
  };
  picture.addEventListener('ended', onEnded);
  try {
    await shown;
  } catch (error) {
    close();
    if (hadCamera) await call.startVideo().catch(warn);
    throw error;
  }
  if (isOver() || !isShown()) {
    close();
    throw new Error('The call has another picture by now.');
  }
  unwatch = ctx.on('call.changed', ({ callId }) => {
    // Another picture, none, or the end of the call: the screen is not needed any more.
    if (callId === call.id && !isShown()) close();
  });
  releaseCamera(call.id);
  store.set({ isSharing: true });
  ctx.emit('mediaDevices.screenCapture.started', { stream });
  if (sound) call.shareSound(sound).catch(warn);
  return { callId: call.id, stop, close };
}
