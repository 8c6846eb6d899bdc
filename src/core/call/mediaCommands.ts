import { PhoneError, asPhoneError } from '../errors.ts';
import type { CallCore, Commands, RunQueued } from './callCore.ts';
import type { LocalVideo } from './snapshot.ts';

type MediaCommands = Pick<
  Commands,
  'startVideo' | 'stopVideo' | 'replaceSenderTrack' | 'removeSenderTrack' | 'shareSound' | 'sendMix'
>;

/** What a call sends: other tracks of a kind, a picture where there was none, a sound mixed in. */
export function createMediaCommands(core: CallCore, queued: RunQueued): MediaCommands {
  const { local } = core;
  const send = createPictureSender(core, queued);
  const camera = createCamera(core, send);
  return {
    startVideo: camera.start,
    stopVideo: camera.stop,
    replaceSenderTrack: async (track, source = 'camera') => {
      requireLive(core);
      if (track.kind === 'video') await send(track, source);
      else await local.replace('audio', track);
      core.applySending();
    },
    removeSenderTrack: async (kind) => {
      requireLive(core);
      if (kind === 'video') await camera.stop();
      else await local.replace('audio', null);
    },
    shareSound: async (track) => {
      await local.addSound(track);
      core.applySending();
    },
    sendMix: local.sendMix,
  };
}

interface Camera {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

function createCamera(core: CallCore, send: SendPicture): Camera {
  const { environment, now, local } = core;
  let starting: Promise<void> | undefined;
  // Whoever stops the picture stops the one that is only being started, too.
  let turn = 0;

  const open = async (): Promise<void> => {
    const media = environment.media();
    const mine = turn;
    try {
      const track = await media.add(now().id, 'video');
      if (mine !== turn) track.stop();
      else await send(track, 'camera');
    } catch (error) {
      if (mine === turn) {
        media.remove(now().id, 'video');
        throw asPhoneError(error, 'media.failed');
      }
    }
    if (now().status === 'ended') throw new PhoneError('call.ended');
    if (mine !== turn) throw new PhoneError('call.superseded');
  };
  return {
    start: async () => {
      requireLive(core);
      // Before the call is up, it has a picture because it was made or answered with one.
      if (!isUp(core)) throw new PhoneError('call.stateInvalid');
      if (now().localVideo === 'camera') return;
      // A second press while the browser asks for the camera is the same wish.
      const started = (starting ??= open());
      const forget = (): void => {
        if (starting === started) starting = undefined;
      };
      started.then(forget, forget);
      await started;
    },
    stop: async () => {
      requireLive(core);
      turn += 1;
      starting = undefined;
      const release = (): void => {
        environment.media().remove(now().id, 'video');
      };
      // Before the far end agrees: by then the camera may be on again.
      if (local.track('video')) await send(null, 'none', release);
      else release();
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
  const remove = async (source: LocalVideo, taken?: () => void): Promise<void> => {
    const asksForOffer = await local.replace('video', null);
    // Nothing goes out any more, whatever the far end says to it.
    change({ type: 'localVideo', source });
    taken?.();
    if (asksForOffer) await offer('off').catch(() => undefined);
  };
  const show = async (track: MediaStreamTrack): Promise<void> => {
    if (await local.replace('video', track)) {
      await offer('on');
      // An agreement may leave the picture out; while the far end holds the call it takes nothing.
      if (isUp(core) && !now().hold.remote && !session.takes('video')) {
        throw new PhoneError('call.operationRefused');
      }
    }
    // Another picture, or none, was asked for while the far end was thinking.
    if (local.track('video') !== track) throw new PhoneError('call.superseded');
  };
  return async (track, source, taken) => {
    if (track === null) {
      await remove(source, taken);
      return;
    }
    try {
      await show(track);
    } catch (error) {
      if (local.track('video') === track) {
        await local.replace('video', null);
        change({ type: 'localVideo', source: 'none' });
      }
      throw error;
    }
    change({ type: 'localVideo', source });
  };
}
