import type { Off } from '../scope.ts';
import type { RenderElements } from './session.ts';
import type { ByKind } from './snapshot.ts';

type Kind = keyof ByKind;

/** The elements of a call by kind. */
export interface MediaElements {
  readonly audio: HTMLAudioElement;
  readonly video: HTMLVideoElement;
}

/** Plays what a call receives, and shows what it sends, in elements that are never in the page. */
export interface Playback {
  /** The element that plays what the far end sends, once there is something of that kind. */
  readonly remote: <Of extends Kind>(kind: Of) => MediaElements[Of] | undefined;
  /** The element that shows this side's picture, once there is one; it makes no sound. */
  readonly local: () => HTMLVideoElement | undefined;
  /** The track that the far end sends. */
  readonly track: (kind: Kind) => MediaStreamTrack | undefined;
  /** Follows the tracks of a connection from now on. */
  readonly attach: (connection: RTCPeerConnection) => void;
  /**
   * Uses these elements in place of its own from now on, for what has not begun to play; gives all that
   * it was told to use.
   */
  readonly render: (elements?: RenderElements) => RenderElements;
  /** Sends the sound on the way that it goes now. */
  readonly reroute: () => void;
  /** Shows another picture of this side, or none. */
  readonly show: (track: MediaStreamTrack | undefined) => void;
  readonly dispose: Off;
}

/** What a playback tells. */
export interface PlaybackReport {
  readonly track: (track: MediaStreamTrack) => void;
  readonly remoteAudio: (element: HTMLAudioElement) => void;
  readonly remoteVideo: (element: HTMLVideoElement) => void;
  readonly localVideo: (element: HTMLVideoElement) => void;
  readonly blocked: (element: HTMLMediaElement) => void;
  /** The track to be played in place of the one that arrived. */
  readonly route: (track: MediaStreamTrack) => Promise<MediaStreamTrack>;
}

type Elements = { [Of in Kind]?: MediaElements[Of] };

/** A playback; no element exists before there is something to play. */
export function createPlayback(report: PlaybackReport): Playback {
  const remote: Elements = {};
  let local: HTMLVideoElement | undefined;
  const given: RenderElements = {};
  const received: Partial<Record<Kind, MediaStreamTrack>> = {};
  const streams = new WeakSet();
  let detach: Off = () => undefined;
  let isOver = false;

  const elementFor = createElements(remote, given);
  const tell = (element: HTMLMediaElement): void => {
    if (element === remote.video) report.remoteVideo(remote.video);
    if (element === remote.audio) report.remoteAudio(remote.audio);
  };
  const play = (element: HTMLMediaElement, track: MediaStreamTrack): void => {
    // A stream of our own: the far end may group its tracks in any way, or name no stream at all.
    streams.add((element.srcObject = new MediaStream([track])));
    element.play().catch((error: unknown) => {
      // An element that got another source meanwhile says AbortError; only a refusal is news.
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      if (isRefused && !element.muted && !isOver) report.blocked(element);
    });
  };
  const receive = async (track: MediaStreamTrack): Promise<void> => {
    const kind = track.kind === 'video' ? 'video' : 'audio';
    received[kind] = track;
    const isFirst = !remote[kind];
    const element = elementFor(kind);
    const routed = kind === 'audio' ? await report.route(track) : track;
    if (!isOver && received[kind] === track) play(element, routed);
    // With its source: a browser leaves the loudspeaker that is chosen before that out of account.
    if (isFirst && !isOver) tell(element);
  };
  return {
    remote: (kind) => remote[kind],
    local: () => local,
    track: (kind) => received[kind],
    attach: (connection) => {
      detach();
      const onTrack = ({ track }: RTCTrackEvent): void => {
        void receive(track);
        report.track(track);
      };
      connection.addEventListener('track', onTrack);
      detach = () => {
        connection.removeEventListener('track', onTrack);
      };
      for (const { track } of connection.getReceivers()) {
        if (track.readyState === 'live') void receive(track);
      }
    },
    render: (elements) => Object.assign(given, elements),
    reroute: () => {
      if (received.audio && !isOver) void receive(received.audio);
    },
    show: (track) => {
      if (isOver) return;
      if (track && !local) report.localVideo((local = silent(given.local)));
      if (track && local) play(local, track);
      else if (local && streams.has(local.srcObject as MediaStream)) local.srcObject = null;
    },
    dispose: () => {
      isOver = true;
      detach();
      for (const element of [remote.audio, remote.video, local]) {
        // An element of the page may be another call's by now.
        if (!element || !streams.has(element.srcObject as MediaStream)) continue;
        element.pause();
        element.srcObject = null;
      }
    },
  };
}

function createElements(remote: Elements, given: RenderElements): (kind: Kind) => HTMLMediaElement {
  return (kind) => {
    const { remote: element, sound } = given;
    if (kind === 'video') {
      return (remote.video ??= silent(element instanceof HTMLVideoElement ? element : undefined));
    }
    const audio = element instanceof HTMLAudioElement ? element : sound;
    return (remote.audio ??= Object.assign(audio ?? new Audio(), { autoplay: true }));
  };
}

function silent(video = document.createElement('video')): HTMLVideoElement {
  video.autoplay = true;
  video.playsInline = true;
  // The sound of a call comes out of its audio element.
  video.muted = true;
  return video;
}
