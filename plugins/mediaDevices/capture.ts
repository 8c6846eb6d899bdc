import { PhoneError } from '../../src/core/index.ts';
import type { Wish } from './open.ts';

/** What a capture needs. */
export interface CaptureServices {
  /** Opens the device; null leaves the choice to the services. */
  readonly open: (wish: Wish | null) => Promise<MediaStreamTrack>;
  readonly started: (track: MediaStreamTrack) => void;
  readonly stopped: (track: MediaStreamTrack) => void;
  /** The browser ended the track: the device is gone. */
  readonly lost: () => void;
  /** The operating system or the headset has muted the device, or lets it through again. */
  readonly silenced: (isSilenced: boolean) => void;
}

/** Takes a request's fresh track in the place of its old one. */
export type Move = (
  requestId: string,
  fresh: MediaStreamTrack,
  old: MediaStreamTrack | undefined,
) => Promise<void>;

/**
 * One device, opened once for everybody: a hidden master, and a clone of it for each request. The
 * master runs exactly as long as there are requests.
 */
export interface Capture {
  /** A clone of the request's own. Rejects with `media.*`, or `call.ended` when released meanwhile. */
  readonly acquire: (requestId: string) => Promise<MediaStreamTrack>;
  readonly release: (requestId: string) => void;
  /** Opens another device and moves all requests to it. Opens nothing when there are none. */
  readonly replace: (wish: Wish, move: Move) => Promise<void>;
  /** The request's track as it is now: the device may have been replaced since `acquire`. */
  readonly current: (requestId: string) => MediaStreamTrack | undefined;
  readonly master: () => MediaStreamTrack | undefined;
  readonly isNeeded: () => boolean;
  /** False when a request has a track of a device that is gone. */
  readonly isWhole: () => boolean;
  /** Who has a track. */
  readonly requests: () => readonly string[];
  /** The master and all clones. */
  readonly tracks: () => readonly MediaStreamTrack[];
}

interface Holder {
  /** All clones of the request that may be live: two of them while one replaces the other. */
  readonly tracks: Set<MediaStreamTrack>;
}

/** A capture of one kind; nothing is opened before the first request. */
export function createCapture(services: CaptureServices): Capture {
  const holders = new Map<string, Holder>();
  const isNeeded = (): boolean => holders.size > 0;
  const master = createMaster(services, isNeeded);

  const release = (requestId: string): void => {
    const holder = holders.get(requestId);
    holders.delete(requestId);
    for (const track of holder?.tracks ?? []) track.stop();
    if (!isNeeded()) master.stop();
  };
  return {
    acquire: async (requestId) => {
      const holder: Holder = { tracks: new Set() };
      holders.set(requestId, holder);
      const isWanted = (): boolean => holders.get(requestId) === holder;
      try {
        const opened = await master.ensure();
        if (!isWanted()) throw new PhoneError('call.ended');
        // The device may have been replaced since; its successor is what everybody else has.
        const clone = (master.track() ?? opened).clone();
        holder.tracks.add(clone);
        return clone;
      } catch (error) {
        if (isWanted()) release(requestId);
        throw error;
      }
    },
    release,
    replace: async (wish, move) => {
      await master.settled();
      if (!isNeeded()) return;
      const fresh = await services.open(wish);
      if (!isNeeded()) {
        fresh.stop();
        return;
      }
      const old = master.adopt(fresh);
      const moves = [...holders].map(([requestId, holder]) =>
        moveHolder(holder, fresh, (next, last) => move(requestId, next, last)),
      );
      await Promise.all(moves);
      old?.stop();
    },
    current: (requestId) => [...(holders.get(requestId)?.tracks ?? [])].at(-1),
    master: master.track,
    isNeeded,
    isWhole: () =>
      [...holders.values()].every(({ tracks }) => [...tracks].at(-1)?.readyState !== 'ended'),
    requests: () => [...holders.keys()],
    tracks: () => [
      ...[master.track()].filter((track) => track !== undefined),
      ...[...holders.values()].flatMap(({ tracks }) => [...tracks]),
    ],
  };
}

interface Master {
  readonly track: () => MediaStreamTrack | undefined;
  /** The live track, opened if need be; all who ask meanwhile wait for the same one. */
  readonly ensure: () => Promise<MediaStreamTrack>;
  /** Takes another track; the former one is given back, still live. */
  readonly adopt: (track: MediaStreamTrack) => MediaStreamTrack | undefined;
  readonly stop: () => void;
  /** Resolves when nothing is being opened. */
  readonly settled: () => Promise<unknown>;
}

function createMaster(services: CaptureServices, isNeeded: () => boolean): Master {
  let live: MediaStreamTrack | undefined;
  let opening: Promise<MediaStreamTrack> | undefined;

  const onEnded = (): void => {
    const track = drop();
    if (!track) return;
    onMuted();
    services.stopped(track);
    services.lost();
  };
  const onMuted = (): void => {
    services.silenced(live?.muted ?? false);
  };
  const drop = (): MediaStreamTrack | undefined => {
    const track = live;
    live = undefined;
    track?.removeEventListener('ended', onEnded);
    for (const type of ['mute', 'unmute']) track?.removeEventListener(type, onMuted);
    return track;
  };
  const adopt = (track: MediaStreamTrack): MediaStreamTrack | undefined => {
    const old = drop();
    live = track;
    track.addEventListener('ended', onEnded);
    for (const type of ['mute', 'unmute']) track.addEventListener(type, onMuted);
    if (!old) services.started(track);
    onMuted();
    return old;
  };
  const open = async (): Promise<MediaStreamTrack> => {
    const track = await services.open(null);
    if (!isNeeded()) {
      // Everybody has left while the browser was asking.
      track.stop();
      throw new PhoneError('call.ended');
    }
    adopt(track);
    return track;
  };
  return {
    track: () => live,
    ensure: () => {
      if (live) return Promise.resolve(live);
      opening ??= open().finally(() => {
        opening = undefined;
      });
      return opening;
    },
    adopt,
    stop: () => {
      const track = drop();
      if (!track) return;
      track.stop();
      onMuted();
      services.stopped(track);
    },
    settled: () => opening?.catch(() => undefined) ?? Promise.resolve(),
  };
}

async function moveHolder(
  { tracks }: Holder,
  master: MediaStreamTrack,
  move: (fresh: MediaStreamTrack, old: MediaStreamTrack | undefined) => Promise<void>,
): Promise<void> {
  const before = [...tracks];
  const old = before.at(-1);
  // A request that still waits for its first track gets one of the new device by itself.
  if (!old) return;
  const fresh = master.clone();
  fresh.enabled = old.enabled;
  tracks.add(fresh);
  try {
    await move(fresh, old);
  } catch {
    // Which of the two the call sends is not known: both live until the request is released.
    return;
  }
  for (const track of before) {
    track.stop();
    tracks.delete(track);
  }
}
