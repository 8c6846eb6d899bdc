import { mediaError } from '../mediaError.ts';
import type { MediaSource } from './call.ts';
import { PhoneError } from '../errors.ts';

/** Asks the browser for each call anew; what a phone without the mediaDevices plugin uses. */
export function createDirectMedia(): MediaSource {
  // By track, not by stream: what a call sends of its stream may have been replaced.
  const opened = new Map<string, MediaStreamTrack[]>();
  const stop = (tracks: readonly MediaStreamTrack[]): void => {
    for (const track of tracks) track.stop();
  };
  const keep = (callId: string, tracks: readonly MediaStreamTrack[]): void => {
    const held = opened.get(callId);
    held?.push(...tracks);
    if (held) return;
    stop(tracks);
    throw new PhoneError('call.ended');
  };
  return {
    open: async (callId, wants) => {
      opened.set(callId, []);
      const stream = await ask(wants);
      keep(callId, stream.getTracks());
      return stream;
    },
    add: async (callId, kind) => {
      const [track] = (await ask({ [kind]: true })).getTracks();
      if (!track) throw new PhoneError('media.noDevice');
      keep(callId, [track]);
      return track;
    },
    remove: (callId, kind) => {
      const tracks = opened.get(callId);
      if (!tracks) return;
      stop(tracks.filter((track) => track.kind === kind));
      opened.set(
        callId,
        tracks.filter((track) => track.kind !== kind),
      );
    },
    close: (callId) => {
      stop(opened.get(callId) ?? []);
      opened.delete(callId);
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
