import type { Call, Off, PluginContext, Store } from '../../src/core/index.ts';
import type { MediaDevicesOptions, MediaDevicesState } from './types.ts';

/** What a share is made of. */
export interface ShareParts {
  readonly ctx: PluginContext<'mediaDevices', MediaDevicesOptions>;
  readonly store: Store<MediaDevicesState>;
  readonly call: Call;
  /** The screen, and its sound where the browser gives it. */
  readonly stream: MediaStream;
  /** The call needs no camera as long as it shows a screen. */
  readonly releaseCamera: Off;
}

/** A screen that a call shows. */
export interface Share {
  readonly callId: string;
  /** Goes back to the camera, or to no picture if there was none. */
  readonly stop: () => Promise<void>;
  /** Lets go of the screen and leaves the call alone. */
  readonly close: Off;
}

/** Shows a screen in a call until it is stopped here, by the browser, or by another picture. */
export async function shareScreen(parts: ShareParts): Promise<Share> {
  const { ctx, store, call, stream, releaseCamera } = parts;
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
  releaseCamera();
  store.set({ isSharing: true });
  ctx.emit('mediaDevices.screenCapture.started', { stream });
  if (sound) call.shareSound(sound).catch(warn);
  return { callId: call.id, stop, close };
}
