import type { Inputs, MediaCore } from './inputs.ts';
import type { Streams } from './streams.ts';
import type { InputKind } from './types.ts';

/** The pictures of calls while the camera is set to none. */
export interface Pictures {
  /** Takes the camera's picture out of everything and lets go of the camera. */
  readonly stop: () => void;
  /** Brings the pictures back that `stop` took, if the calls still have none. */
  readonly resume: (kind: InputKind) => void;
}

/** What happens to pictures when none is chosen. */
export function createPictures({ ctx }: MediaCore, inputs: Inputs, streams: Streams): Pictures {
  const stopped = new Set<string>();
  return {
    stop: () => {
      for (const requestId of inputs.capture.videoinput.requests()) {
        const call = ctx.calls.get(requestId);
        if (call?.snapshot.localVideo === 'camera') {
          stopped.add(requestId);
          call.stopVideo().catch((error: unknown) => {
            ctx.log.warn('A picture could not be taken away.', error);
          });
        }
        // At once: the far end's answer changes nothing about it.
        streams.remove(requestId, 'video');
      }
    },
    resume: (kind) => {
      if (kind !== 'videoinput') return;
      for (const callId of stopped) {
        const call = ctx.calls.get(callId);
        // A shared screen stays.
        if (call?.snapshot.localVideo !== 'none') continue;
        call.startVideo().catch((error: unknown) => {
          ctx.log.warn('A picture could not be brought back.', error);
        });
      }
      stopped.clear();
    },
  };
}
