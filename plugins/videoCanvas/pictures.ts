import type { BindElement, Call, Off } from '../../src/core/index.ts';
import type { VideoCore } from './context.ts';

/** Plain elements that show the pictures of the call in focus. */
export interface Pictures {
  readonly elements: Readonly<Record<'localVideo' | 'remoteVideo', BindElement>>;
  /** What holds the far end's picture in the page, if it is drawn. */
  readonly stage: () => Element | null | undefined;
}

type TrackOf = (call: Call) => MediaStreamTrack | undefined;

/** Whether the far end shows a picture. */
export const hasRemote = ({ snapshot }: Call): boolean => snapshot.receiving.video;
/** Whether this side has a picture. */
export const hasLocal = ({ snapshot }: Call): boolean => snapshot.localVideo !== 'none';

/** Feeds the elements that templates name; nothing listens while there are none. */
export function createPictures({ ctx }: Pick<VideoCore, 'ctx'>): Pictures {
  const bound = new Map<HTMLVideoElement, TrackOf>();
  // Made by the core, not here: a function of this place would hold the element that it began with,
  // and a minifier makes one of any that is written apart.
  let listening: readonly Off[] = [];

  const feed = (): void => {
    const call = ctx.calls.primary();
    for (const [element, trackOf] of bound) show(element, call && trackOf(call));
  };
  const bind =
    (trackOf: TrackOf): BindElement =>
    (element) => {
      if (!(element instanceof HTMLVideoElement)) return () => undefined;
      if (bound.size === 0) {
        listening = [ctx.on('call.primary.update', feed), ctx.on('call.demoted', feed)];
      }
      bound.set(element, trackOf);
      feed();
      return () => {
        show(element);
        bound.delete(element);
        if (bound.size === 0) for (const off of listening) off();
      };
    };
  const remoteTrack: TrackOf = (call) =>
    hasRemote(call) ? call.getRemoteTrack('video') : undefined;
  return {
    elements: {
      localVideo: bind((call) => (hasLocal(call) ? call.getLocalTrack('video') : undefined)),
      remoteVideo: bind(remoteTrack),
    },
    stage: () => [...bound].find(([, trackOf]) => trackOf === remoteTrack)?.[0].parentElement,
  };
}

function show(element: HTMLVideoElement, track?: MediaStreamTrack): void {
  const shown =
    element.srcObject instanceof MediaStream ? element.srcObject.getTracks()[0] : undefined;
  if (shown === track) return;
  // The attribute alone does not mute what a script feeds; the sound comes out elsewhere.
  element.muted = true;
  element.srcObject = track ? new MediaStream([track]) : null;
  if (track) element.play().catch(() => undefined);
}
