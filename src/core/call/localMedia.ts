import { PhoneError } from '../errors.ts';
import type { Off } from '../scope.ts';
import type { MediaSource, SoundPath } from './call.ts';
import type { SipSession } from './session.ts';
import { createSentMix } from './sentMix.ts';
import type { SentMix } from './sentMix.ts';
import type { ByKind, LocalVideo } from './snapshot.ts';
import { watchTracks } from './watchTracks.ts';
import type { TrackNews } from './watchTracks.ts';

type Kind = keyof ByKind;
type Tracks = Partial<Record<Kind, MediaStreamTrack>>;

/** What a call sends: its tracks, and what they become on the way to the far end. */
export interface LocalMedia {
  /** Opens what the call wants. The tracks are those to be sent. Rejects with `media.*`. */
  readonly open: (wants: ByKind, given?: MediaStream) => Promise<MediaStream>;
  /** The application's stream that it was opened with, if any. */
  readonly given: () => MediaStream | undefined;
  /** Sends another track of a kind, or none. True when the far end has to hear of it in an offer. */
  readonly replace: (kind: Kind, track: MediaStreamTrack | null) => Promise<boolean>;
  /** Mixes a sound into what is sent, or takes it out again. */
  readonly addSound: (track: MediaStreamTrack | null) => Promise<void>;
  readonly sendMix: SentMix['send'];
  readonly gate: SentMix['gate'];
  /** Sends the sound on the way that it goes now. */
  readonly reroute: () => Promise<void>;
  /** The track that goes to the far end. */
  readonly track: (kind: Kind) => MediaStreamTrack | undefined;
  /** The call has no tracks after all: its answer did not come about. */
  readonly reset: Off;
  readonly dispose: Off;
}

/** What the tracks of a call depend on. */
export interface LocalMediaServices extends TrackNews {
  readonly callId: string;
  readonly session: SipSession;
  readonly source: () => MediaSource;
  readonly path: () => SoundPath | undefined;
  readonly report: (error: unknown) => void;
  /** Lets out what the call may send now. */
  readonly apply: Off;
  /** What is sent of a kind is another track now. */
  readonly changed: (
    kind: Kind,
    track: MediaStreamTrack | undefined,
    former: MediaStreamTrack | undefined,
  ) => void;
  readonly showing: (video: LocalVideo) => void;
}

/** The tracks that one call sends. */
export function createLocalMedia(services: LocalMediaServices): LocalMedia {
  const { callId, session } = services;
  // What was captured, and what is sent of it: another track where the sound is processed.
  const captured: Tracks = {};
  const sent: Tracks = {};
  const watch = watchTracks(services);
  const [serial, clones] = [createSerial(), createClones(services)];
  const mix = createSentMix(session, () => sent.audio, services.apply);
  // What the call is made with, until it has a connection.
  let opened: MediaStream | undefined;
  let own: MediaStream | undefined;
  let added: MediaStreamTrack | null = null;
  let isOver = false;

  const routed = (track: MediaStreamTrack): Promise<MediaStreamTrack> =>
    routeOf(services, track, added);
  const note = createNote(sent, services);
  const use = async (kind: Kind, track: MediaStreamTrack | null): Promise<boolean> => {
    set(captured, kind, track ?? undefined);
    watch(kind, track);
    const outgoing = track && kind === 'audio' ? await routed(track) : track;
    if (isOver) return false;
    exchange(opened, sent[kind], outgoing);
    const asksForOffer = await session.replaceTrack(kind, mix.instead(kind, outgoing));
    note(kind, outgoing ?? undefined);
    return asksForOffer;
  };
  const take = async (track: MediaStreamTrack): Promise<MediaStreamTrack> => {
    set(captured, kindOf(track), track);
    watch(kindOf(track), track);
    return track.kind === 'audio' ? await routed(track) : track;
  };
  const reset = (): void => {
    services.path()?.close(callId);
    opened = clones.stop();
    for (const kind of ['audio', 'video'] as const) {
      watch(kind);
      set(captured, kind);
      note(kind);
    }
  };
  const reroute = async (): Promise<void> => {
    if (captured.audio && !isOver) await use('audio', captured.audio);
  };
  return {
    open: async (wants, given) => {
      own = given;
      const stream = await clones.open(wants, given);
      const tracks = await Promise.all(stream.getTracks().map(take));
      // The call may have ended meanwhile, and its way with it.
      if (isOver) throw abandoned(services);
      for (const track of tracks) note(kindOf(track), track);
      if (sent.video) services.showing('camera');
      return (opened = streamOf(tracks, stream));
    },
    given: () => own,
    replace: (kind, track) => serial(() => (isOver ? Promise.resolve(false) : use(kind, track))),
    addSound: (track) => {
      added = track;
      return serial(reroute);
    },
    sendMix: (track) => serial(() => mix.send(track)),
    gate: mix.gate,
    reroute: () => serial(reroute),
    track: (kind) => sent[kind],
    reset,
    dispose: () => {
      isOver = true;
      reset();
    },
  };
}

function createNote(
  sent: Tracks,
  { apply, changed }: LocalMediaServices,
): (kind: Kind, track?: MediaStreamTrack) => void {
  return (kind, track) => {
    const former = sent[kind];
    set(sent, kind, track);
    // Not for a moment does a mix have more of it than it may.
    apply();
    if (former !== track) changed(kind, track, former);
  };
}

function abandoned({ path, callId }: LocalMediaServices): PhoneError {
  path()?.close(callId);
  return new PhoneError('call.ended');
}

function streamOf(tracks: readonly MediaStreamTrack[], stream: MediaStream): MediaStream {
  const isSame = tracks.every((track) => stream.getTrackById(track.id) !== null);
  return isSame ? stream : new MediaStream([...tracks]);
}

// Two calls may send the same stream: each has its own tracks, which its mute and its end are for.
function createClones({ source, callId }: LocalMediaServices): {
  readonly open: LocalMedia['open'];
  /** What is sent of them from then on: nothing. */
  readonly stop: () => MediaStream | undefined;
} {
  let tracks: readonly MediaStreamTrack[] = [];
  return {
    open: async (wants, given) => {
      if (!given) return source().open(callId, wants);
      tracks = given
        .getTracks()
        .filter((track) => wants[kindOf(track)])
        .map((track) => track.clone());
      return new MediaStream([...tracks]);
    },
    stop: () => {
      for (const track of tracks) track.stop();
      return undefined;
    },
  };
}

async function routeOf(
  { path, callId, report }: LocalMediaServices,
  track: MediaStreamTrack,
  added: MediaStreamTrack | null,
): Promise<MediaStreamTrack> {
  try {
    return (await path()?.outgoing(callId, track, added)) ?? track;
  } catch (error) {
    // A call that is heard unprocessed is better than one that is not heard.
    report(error);
    return track;
  }
}

function exchange(
  stream: MediaStream | undefined,
  former: MediaStreamTrack | undefined,
  track: MediaStreamTrack | null,
): void {
  if (former) stream?.removeTrack(former);
  if (track) stream?.addTrack(track);
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

function kindOf({ kind }: MediaStreamTrack): Kind {
  return kind === 'video' ? 'video' : 'audio';
}

function set(record: Tracks, kind: Kind, track?: MediaStreamTrack): void {
  if (track) record[kind] = track;
  // A key that is there says that there is a track.
  else Reflect.deleteProperty(record, kind);
}
