import type { Call } from '../../src/core/index.ts';
import { hasLocal, hasRemote } from './pictures.ts';
import type { VideoCanvasOptions, VideoCanvasState } from './types.ts';

/** What the model is made of. */
export interface ModelSource {
  readonly call: Call | undefined;
  readonly state: VideoCanvasState;
  readonly options: VideoCanvasOptions;
  /** The browser can fill the screen. */
  readonly canFullscreen: boolean;
}

/** The data of the template. */
export function toModel(source: ModelSource): Readonly<Record<string, unknown>> {
  const { call, state, options, canFullscreen } = source;
  const [local, remote] = state.images;
  return {
    ...(call && ofCall(call, state.images)),
    isPlain: options.canvas === '',
    canFullscreen: canFullscreen && options.fullscreen.show,
    framesPerSecond: state.framesPerSecond,
    local,
    remote,
  };
}

function ofCall(
  call: Call,
  [local, remote]: VideoCanvasState['images'],
): Readonly<Record<string, unknown>> {
  const isHeld = call.isOnHold();
  const isReceiving = hasRemote(call);
  const isSending = hasLocal(call);
  return {
    // While it is held the picture comes back any moment.
    isShown: isReceiving || isSending || (isHeld && call.snapshot.media.video),
    isSending,
    hasRemote: isReceiving && remote?.enabled,
    hasLocal: isSending && local?.enabled,
    isHeld,
    source: call.snapshot.localVideo,
  };
}
