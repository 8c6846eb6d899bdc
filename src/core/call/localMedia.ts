import type { Off } from '../scope.ts';
import type { MediaSource, SoundPath } from './call.ts';
import type { SipSession } from './session.ts';
import type { ByKind, LocalVideo } from './snapshot.ts';

type Kind = keyof ByKind;

/** What a call sends: its tracks, and what they become on the way to the far end. */
export interface LocalMedia {
  /** Opens what the call wants. The tracks are those to be sent. Rejects with `media.*`. */
  readonly open: (wants: ByKind) => Promise<MediaStream>;
  /** Sends another track of a kind, or none. True when the far end has to hear of it in an offer. */
  readonly replace: (kind: Kind, track: MediaStreamTrack | null) => Promise<boolean>;
  /** Mixes a sound into what is sent, or takes it out again. */
  readonly addSound: (track: MediaStreamTrack | null) => Promise<void>;
  /** Sends the sound on the way that it goes now. */
  readonly reroute: () => Promise<void>;
  /** The track that goes to the far end. */
  readonly track: (kind: Kind) => MediaStreamTrack | undefined;
  readonly dispose: Off;
}

/** What the tracks of a call depend on. */
export interface LocalMediaServices {
  readonly callId: string;
  readonly session: SipSession;
  readonly source: () => MediaSource;
  readonly path: () => SoundPath | undefined;
  readonly report: (error: unknown) => void;
  /** What is sent of a kind is another track now. */
  readonly changed: (
    kind: Kind,
    track: MediaStreamTrack | undefined,
    former: MediaStreamTrack | undefined,
  ) => void;
  readonly showing: (video: LocalVideo) => void;
  /** The operating system or a headset has muted what is captured, or lets it through again. */
  readonly systemMuted: (muted: ByKind) => void;
}

/** The tracks that one call sends. */
export function createLocalMedia(services: LocalMediaServices): LocalMedia {
  const { callId, session, report } = services;
  // What was captured, and what is sent of it: another track where the sound is processed.
  const captured: Partial<Record<Kind, MediaStreamTrack>> = {};
  const sent: Partial<Record<Kind, MediaStreamTrack>> = {};
  const watch = watchSystem(services.systemMuted);
  // What the call is made with, until it has a connection.
  let opened: MediaStream | undefined;
  let added: MediaStreamTrack | null = null;
  let isOver = false;

  const routed = async (track: MediaStreamTrack): Promise<MediaStreamTrack> => {
    try {
      return (await services.path()?.outgoing(callId, track, added)) ?? track;
    } catch (error) {
      // A call that is heard unprocessed is better than one that is not heard.
      report(error);
      return track;
    }
  };
  const note = (kind: Kind, track?: MediaStreamTrack): void => {
    const former = sent[kind];
    set(sent, kind, track);
    if (former !== track) services.changed(kind, track, former);
  };
  const use = async (kind: Kind, track: MediaStreamTrack | null): Promise<boolean> => {
    set(captured, kind, track ?? undefined);
    watch(kind, track);
    const outgoing = track && kind === 'audio' ? await routed(track) : track;
    if (isOver) return false;
    const former = sent[kind];
    if (former) opened?.removeTrack(former);
    if (outgoing) opened?.addTrack(outgoing);
    const asksForOffer = await session.replaceTrack(kind, outgoing);
    note(kind, outgoing ?? undefined);
    return asksForOffer;
  };
  const serial = createSerial();
  const reroute = async (): Promise<void> => {
    if (captured.audio && !isOver) await use('audio', captured.audio);
  };
  const take = async (track: MediaStreamTrack): Promise<MediaStreamTrack> => {
    const kind = track.kind === 'video' ? 'video' : 'audio';
    set(captured, kind, track);
    watch(kind, track);
    const outgoing = kind === 'audio' ? await routed(track) : track;
    note(kind, outgoing);
    return outgoing;
  };
  return {
    open: async (wants) => {
      const stream = await services.source().open(callId, wants);
      const tracks = await Promise.all(stream.getTracks().map(take));
      if (sent.video) services.showing('camera');
      const isSame = tracks.every((track) => stream.getTrackById(track.id) !== null);
      return (opened = isSame ? stream : new MediaStream(tracks));
    },
    replace: (kind, track) => serial(() => use(kind, track)),
    addSound: (track) => {
      added = track;
      return serial(reroute);
    },
    reroute: () => serial(reroute),
    track: (kind) => sent[kind],
    dispose: () => {
      isOver = true;
      watch('audio', null);
      watch('video', null);
      services.path()?.close(callId);
      note('audio');
      note('video');
    },
  };
}

// One after the other: what was asked for last is what is sent in the end.
function createSerial(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

function set(
  record: Partial<Record<Kind, MediaStreamTrack>>,
  kind: Kind,
  track: MediaStreamTrack | undefined,
): void {
  if (track) record[kind] = track;
  // A key that is there says that there is a track.
  else Reflect.deleteProperty(record, kind);
}

// A captured track is muted by the system only; the phone's own mute is `enabled`.
function watchSystem(
  tell: (muted: ByKind) => void,
): (kind: Kind, track: MediaStreamTrack | null) => void {
  const muted = { audio: false, video: false };
  const stops: Record<Kind, Off> = { audio: () => undefined, video: () => undefined };
  return (kind, track) => {
    stops[kind]();
    const update = (): void => {
      const isMuted = track?.muted ?? false;
      if (muted[kind] === isMuted) return;
      muted[kind] = isMuted;
      tell({ ...muted });
    };
    track?.addEventListener('mute', update);
    track?.addEventListener('unmute', update);
    stops[kind] = () => {
      track?.removeEventListener('mute', update);
      track?.removeEventListener('unmute', update);
    };
    update();
  };
}
