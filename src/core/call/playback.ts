import type { Off } from '../scope.ts';

/** Plays the remote sound of one call in an element of its own, which is never in the page. */
export interface Playback {
  readonly element: () => HTMLAudioElement | undefined;
  /** Follows the tracks of a connection from now on. */
  readonly attach: (connection: RTCPeerConnection) => void;
  readonly dispose: Off;
}

/** What a playback tells. */
export interface PlaybackReport {
  readonly track: (track: MediaStreamTrack) => void;
  readonly element: (element: HTMLAudioElement) => void;
  readonly blocked: (element: HTMLAudioElement) => void;
}

/** A playback; no element exists before remote sound arrives. */
export function createPlayback(report: PlaybackReport): Playback {
  let element: HTMLAudioElement | undefined;
  let detach: Off = () => undefined;

  const play = (track: MediaStreamTrack): void => {
    if (!element) {
      element = new Audio();
      element.autoplay = true;
      report.element(element);
    }
    const target = element;
    // A stream of our own: the far end may group its tracks in any way, or name no stream at all.
    target.srcObject = new MediaStream([track]);
    target.play().catch((error: unknown) => {
      // An element that got another source meanwhile says AbortError; only a refusal is news.
      if (error instanceof DOMException && error.name === 'NotAllowedError') report.blocked(target);
    });
  };
  return {
    element: () => element,
    attach: (connection) => {
      detach();
      const onTrack = ({ track }: RTCTrackEvent): void => {
        report.track(track);
        if (track.kind === 'audio') play(track);
      };
      connection.addEventListener('track', onTrack);
      detach = () => {
        connection.removeEventListener('track', onTrack);
      };
      for (const { track } of connection.getReceivers()) {
        if (track.kind === 'audio' && track.readyState === 'live') play(track);
      }
    },
    dispose: () => {
      detach();
      if (!element) return;
      element.pause();
      element.srcObject = null;
    },
  };
}
