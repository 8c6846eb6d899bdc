import { mediaError } from '../mediaError.ts';
import type { MediaSource } from './call.ts';
import { PhoneError } from '../errors.ts';

/** Asks the browser for each call anew; what a phone without the mediaDevices plugin uses. */
export function createDirectMedia(): MediaSource {
  const streams = new Map<string, MediaStream | null>();
  const stop = (stream: MediaStream): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    open: async (callId, wants) => {
      streams.set(callId, null);
      const stream = await ask(wants);
      if (!streams.has(callId)) {
        stop(stream);
        throw new PhoneError('call.ended');
      }
      streams.set(callId, stream);
      return stream;
    },
    add: async (callId, kind) => {
      const [track] = (await ask({ [kind]: true })).getTracks();
      const stream = streams.get(callId);
      if (!track || !stream) {
        track?.stop();
        throw new PhoneError(track ? 'call.ended' : 'media.noDevice');
      }
      stream.addTrack(track);
      return track;
    },
    remove: (callId, kind) => {
      const stream = streams.get(callId);
      for (const track of stream?.getTracks() ?? []) {
        if (track.kind !== kind) continue;
        track.stop();
        stream?.removeTrack(track);
      }
    },
    close: (callId) => {
      const stream = streams.get(callId);
      streams.delete(callId);
      if (stream) stop(stream);
    },
  };
}

async function ask(wants: MediaStreamConstraints): Promise<MediaStream> {
  // The property is missing on insecure pages, whatever its type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new PhoneError('media.insecure');
  if (!wants.audio && !wants.video) return new MediaStream();
  return devices.getUserMedia(wants).catch((error: unknown) => {
    throw mediaError(error);
  });
}
