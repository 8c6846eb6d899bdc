import type { Off } from '../scope.ts';
import type { ByKind } from './snapshot.ts';

type Kind = keyof ByKind;

/** What becomes of captured tracks without our doing. */
export interface TrackNews {
  /** The operating system or a headset has muted what is captured, or lets it through again. */
  readonly systemMuted: (muted: ByKind) => void;
  /** Which kinds have no live track any more: unplugged, or taken away. */
  readonly missing: (missing: ByKind) => void;
}

/**
 * Watches the track of a kind from then on, in place of the one before. A captured track is muted by the
 * system only: the phone's own mute is `enabled`. And only the browser ends it with an event.
 */
export function watchTracks(
  services: TrackNews,
): (kind: Kind, track?: MediaStreamTrack | null) => void {
  const muted = { audio: false, video: false };
  const missing = { audio: false, video: false };
  const stops: Record<Kind, Off> = { audio: () => undefined, video: () => undefined };
  return (kind, track) => {
    stops[kind]();
    const update = (): void => {
      const isMuted = track?.muted ?? false;
      // Nothing to send where something was; a call that has not begun misses nothing.
      const isMissing = track === null || track?.readyState === 'ended';
      if (muted[kind] !== isMuted) services.systemMuted({ ...muted, [kind]: isMuted });
      if (missing[kind] !== isMissing) services.missing({ ...missing, [kind]: isMissing });
      muted[kind] = isMuted;
      missing[kind] = isMissing;
    };
    for (const type of ['mute', 'unmute', 'ended']) track?.addEventListener(type, update);
    stops[kind] = () => {
      for (const type of ['mute', 'unmute', 'ended']) track?.removeEventListener(type, update);
    };
    update();
  };
}
