import { PhoneError, asPhoneError } from '../errors.ts';
import type { CallCore, Commands, RunQueued } from './callCore.ts';
import type { LocalVideo } from './snapshot.ts';

type MediaCommands = Pick<
  Commands,
  'startVideo' | 'stopVideo' | 'replaceSenderTrack' | 'removeSenderTrack' | 'shareSound'
>;

/** What a call sends: other tracks of a kind, a picture where there was none, a sound mixed in. */
export function createMediaCommands(core: CallCore, queued: RunQueued): MediaCommands {
  const { environment, now, local } = core;
  const send = createPictureSender(core, queued);
  let starting: Promise<void> | undefined;

  const start = async (): Promise<void> => {
    const media = environment.media();
    const track = await media.add(now().id, 'video').catch((error: unknown) => {
      throw asPhoneError(error, 'media.failed');
    });
    try {
      if (now().status === 'ended') throw new PhoneError('call.ended');
      await send(track, 'camera');
    } catch (error) {
      media.remove(now().id, 'video');
      throw error;
    }
  };
  return {
    startVideo: async () => {
      requireLive(core);
      if (now().localVideo === 'camera') return;
      // A second press while the browser asks for the camera is the same wish.
      starting ??= start().finally(() => {
        starting = undefined;
      });
      await starting;
    },
    stopVideo: async () => {
      requireLive(core);
      if (now().localVideo === 'none') return;
      // Before the far end agrees: by then the camera may be on again.
      await send(null, 'none', () => {
        environment.media().remove(now().id, 'video');
      });
    },
    replaceSenderTrack: async (track, source = 'camera') => {
      requireLive(core);
      if (track.kind === 'video') await send(track, source);
      else await local.replace('audio', track);
      core.applySending();
    },
    removeSenderTrack: async (kind) => {
      requireLive(core);
      if (kind === 'video') await send(null, 'none');
      else await local.replace('audio', null);
    },
    shareSound: async (track) => {
      await local.addSound(track);
      core.applySending();
    },
  };
}

function requireLive({ now }: CallCore): void {
  if (now().status === 'ended') throw new PhoneError('call.ended');
}

function isUp({ now }: CallCore): boolean {
  return now().status === 'established' || now().status === 'reconnecting';
}

/** Lets go of the camera of a call whose far end has answered with sound alone. */
export async function releaseUntaken({
  session,
  local,
  environment,
  now,
  change,
}: CallCore): Promise<void> {
  if (now().localVideo !== 'camera' || session.takes('video') || !session.takes('audio')) return;
  await local.replace('video', null);
  change({ type: 'localVideo', source: 'none' });
  environment.media().remove(now().id, 'video');
}

type SendPicture = (
  track: MediaStreamTrack | null,
  source: LocalVideo,
  taken?: () => void,
) => Promise<void>;

function createPictureSender(core: CallCore, queued: RunQueued): SendPicture {
  const { session, local, change, now } = core;
  const offer = async (wish: string): Promise<void> => {
    // Before the call is up its first offer or answer has the picture in it already.
    if (!isUp(core)) return;
    await queued('video', `video ${wish}`, () => session.renegotiate({}));
  };
  return async (track, source, taken) => {
    const asksForOffer = await local.replace('video', track);
    if (track === null) {
      // Nothing goes out any more, whatever the far end says to it.
      change({ type: 'localVideo', source });
      taken?.();
      if (asksForOffer) await offer('off').catch(() => undefined);
      return;
    }
    try {
      if (asksForOffer) await offer('on');
      // An agreement may leave the picture out; while the far end holds the call it takes nothing.
      if (asksForOffer && isUp(core) && !now().hold.remote && !session.takes('video')) {
        throw new PhoneError('call.operationRefused');
      }
    } catch (error) {
      await local.replace('video', null);
      change({ type: 'localVideo', source: 'none' });
      throw error;
    }
    change({ type: 'localVideo', source });
  };
}
