import { newId } from '../../core/newId.ts';
import { isPlain } from './values.ts';

/** The names of the events of media elements that libwebphone passes on. */
const mediaEvents =
  'abort canplay canplaythrough durationchange emptied ended error loadeddata loadedmetadata ' +
  'loadstart pause play playing ratechange seeked seeking stalled suspend timeupdate volumechange waiting';

/** What libwebphone tells of a track. */
export interface TrackFacts {
  readonly trackKind: string;
  readonly selected: boolean;
  readonly deviceKind: string | undefined;
  readonly settings: MediaTrackSettings;
  readonly constraints: MediaTrackConstraints;
  readonly capabilities: MediaTrackCapabilities;
  readonly track: MediaStreamTrack;
  readonly mediaStream: MediaStream;
}

type Target = Record<string, unknown>;

/** libwebphone's static helpers: `getUtils()`. */
export const utils = {
  /** A UUID (RFC 9562). */
  uuid: (): string => newId(),
  /** As lodash `assign`. */
  assign: (target: object, ...sources: readonly unknown[]): object =>
    Object.assign(target, ...sources) as object,
  /** As lodash `merge`: into the first, deeply, and lists item by item. */
  merge: (target: object, ...sources: readonly unknown[]): object => {
    for (const source of sources) mergeInto(target as Target, source);
    return target;
  },
  /** An id for an element, `lwp` in front. */
  randomElementId: (): string => `lwp${newId().replaceAll('-', '').slice(0, 9)}`,
  /** The 21 events of media elements that are passed on. */
  mediaElementEvents: (): string[] => mediaEvents.split(' '),
  /** What there is to tell of a track; undefined without one. */
  trackParameters: (
    mediaStream?: MediaStream | null,
    track?: MediaStreamTrack | null,
  ): TrackFacts | undefined =>
    mediaStream && track
      ? {
          trackKind: track.kind,
          selected: track.readyState === 'live',
          deviceKind: utils.trackKindtoDeviceKind(track.kind),
          settings: track.getSettings(),
          constraints: track.getConstraints(),
          // Missing in some browsers, whatever its type says.
          capabilities: 'getCapabilities' in track ? track.getCapabilities() : {},
          track,
          mediaStream,
        }
      : undefined,
  trackKindtoDeviceKind: (kind: string): string | undefined =>
    utils.trackKinds().includes(kind) ? `${kind}input` : undefined,
  trackKinds: (): string[] => ['audio', 'video'],
  isChrome: (): boolean => /Chrome|CriOS/.test(navigator.userAgent),
} as const;

function mergeInto(target: Target, source: unknown): void {
  for (const [key, value] of Object.entries(Object(source) as Target)) {
    if (value === undefined || key === '__proto__') continue;
    if (Array.isArray(value) || isPlain(value)) {
      const below = target[key];
      const isDeep = typeof below === 'object' && below !== null;
      target[key] = isDeep ? below : Array.isArray(value) ? [] : {};
      mergeInto(target[key] as Target, value);
    } else target[key] = value;
  }
}
