import type { Call } from '../../src/core/index.ts';
import type { VideoCore } from './context.ts';
import type { CanvasFacts, VideoCanvasState } from './types.ts';

/** What there is to draw at a moment. */
export interface Scene extends VideoCanvasState {
  readonly facts: CanvasFacts;
  readonly localVideo: HTMLVideoElement | undefined;
  readonly remoteVideo: HTMLVideoElement | undefined;
  /** The texts, from top to bottom. */
  readonly lines: readonly string[];
}

/** What scenes are read from; `clockTime` writes milliseconds as `m:ss`. */
export interface SceneSource extends VideoCore {
  readonly clockTime: (milliseconds: number) => string;
}

/** The scene as it is now. */
export function readScene(source: SceneSource): Scene {
  const { ctx, store } = source;
  const call = ctx.calls.primary();
  return {
    ...store.get(),
    facts: { call: call?.snapshot, isReady: ctx.optional('userAgent')?.isReady() ?? true },
    remoteVideo: call && hasRemote(call) ? call.getRemoteVideo() : undefined,
    localVideo: call && hasLocal(call) ? call.getLocalVideo() : undefined,
    lines: ctx.options.strings.map(({ name }) => texts[name]?.(source) ?? '').filter(Boolean),
  };
}

const hasRemote = ({ snapshot }: Call): boolean => snapshot.receiving.video;
const hasLocal = ({ snapshot }: Call): boolean => snapshot.localVideo !== 'none';

// A configuration may name a line that there is not; the others are written all the same.
const texts: Partial<Readonly<Record<string, (source: SceneSource) => string>>> = {
  dialpadTarget: ({ ctx }) => ctx.optional('dialpad')?.getTarget() ?? '',
  remoteIdentity: ({ ctx }) => ctx.calls.primary()?.remoteIdentity() ?? '',
  callTimer: ({ ctx, clockTime }) => {
    const since = ctx.calls.primary()?.snapshot.establishedAt ?? null;
    return since === null ? '' : clockTime(ctx.clock.now() - since);
  },
};
