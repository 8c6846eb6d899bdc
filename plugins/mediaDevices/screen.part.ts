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
  /**
   * Shows in a call what the user picks; another call that shows a screen stops. `given` is aborted
   * when it is not wanted any more.
   */
  readonly start: (call: Call, picked: Promise<MediaStream>, given: AbortSignal) => Promise<void>;
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

  const picture = async (
    picked: Promise<MediaStream>,
    given: AbortSignal,
  ): Promise<MediaStream> => {
    try {
      return await unlessAborted(picked, given);
    } catch (error) {
      // The browser's question cannot be taken back: its answer comes too late.
      if (given.aborted) picked.then(stopTracks, () => undefined);
      given.throwIfAborted();
      // The same name for a closed question and for a system that lets no browser see its screen.
      const { name = '', message = '' } = error as Partial<Error>;
      const isDismissed = name === 'NotAllowedError' && !/system|polic/i.test(message);
      throw failed(isDismissed ? 'media.dismissed' : null, error);
    }
  };
  const begin: Sharing['start'] = async (call, picked, given) => {
    const stream = await picture(picked, given);
    try {
      await share?.stop();
      given.throwIfAborted();
      const over = (): void => {
        // A share that is over would keep its call.
        share = undefined;
      };
      share = await shareScreen({ ...parts, given, over }, call, stream);
    } catch (error) {
      stopTracks(stream);
      throw failed(null, error);
    }
  };
  return {
    start: async (call, picked, given) => {
      try {
        await begin(call, picked, given);
      } catch (thrown) {
        const error = failed(null, thrown);
        if (given.aborted) throw error;
        // Whoever chose nothing knows it, and a call that is over has nothing to be tried again.
        if (error.code !== 'media.dismissed' && !call.isEnded()) {
          store.set({ failure: { kind: 'screen', error } });
        }
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

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

// A listener that stayed would keep what was picked until the next share.
function unlessAborted<Picked>(picked: Promise<Picked>, given: AbortSignal): Promise<Picked> {
  return new Promise((resolve, reject) => {
    const tell = (): void => {
      reject(given.reason as PhoneError);
    };
    if (given.aborted) tell();
    given.addEventListener('abort', tell, { once: true });
    picked.then(resolve, reject).finally(() => {
      given.removeEventListener('abort', tell);
    });
  });
}

interface ShareParts extends SharingParts {
  readonly given: AbortSignal;
  /** The share is over, whoever ended it. */
  readonly over: Off;
}

/** A screen that a call shows. */
interface Share extends Pick<Sharing, 'close' | 'stop'> {
  readonly callId: string;
}

/** Shows a screen in a call until it is stopped here, by the browser, or by another picture. */
async function shareScreen(
  { ctx, store, releaseCamera, failed, given, over }: ShareParts,
  call: Call,
  stream: MediaStream,
): Promise<Share> {
  const [picture] = stream.getVideoTracks();
  if (!picture) throw new Error('The browser gave no picture of the screen.');
  // The browser's own bar has ended it already.
  if (picture.readyState === 'ended') throw failed('media.dismissed', undefined);
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
    over();
    picture.removeEventListener('ended', onEnded);
    given.removeEventListener('abort', close);
    stopTracks(stream);
    if (sound && !call.isEnded()) call.shareSound(null).catch(warn);
    if (!store.get().isSharing) return;
    store.set({ isSharing: false });
    ctx.emit('mediaDevices.screenCapture.stopped', {});
  };
  const goBack = async (): Promise<void> => {
    // Why there is no camera is told where it is opened.
    if (hadCamera) await call.startVideo().catch(warn);
    if (isShown()) await call.stopVideo();
  };
  const stop = async (): Promise<void> => {
    if (!isOn) return;
    const wasShown = isShown();
    close();
    if (wasShown) await goBack();
  };
  const shown = call.replaceSenderTrack(picture, 'screen');
  // The browser's own bar ends it.
  const onEnded = (): void => {
    shown.then(stop).catch(warn);
  };
  picture.addEventListener('ended', onEnded);
  // Nobody sees it any more, whatever the far end says to the offer.
  given.addEventListener('abort', close, { once: true });
  try {
    await shown;
    if (given.aborted) await goBack();
  } catch (error) {
    close();
    if (hadCamera && !call.isEnded()) await call.startVideo().catch(warn);
    given.throwIfAborted();
    throw error;
  }
  given.throwIfAborted();
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
