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

/** What scenes are read from. The part that draws may import nothing that runs elsewhere too. */
export interface SceneSource extends VideoCore {
  /** Writes milliseconds as `m:ss`, in the digits of the language. */
  readonly clockTime: (milliseconds: number) => string;
  readonly hasRemote: (call: Call) => boolean;
  readonly hasLocal: (call: Call) => boolean;
}

/** The scene as it is now. */
export function readScene(source: SceneSource): Scene {
  const { ctx, store, hasRemote, hasLocal } = source;
  const call = ctx.calls.primary();
  return {
    ...store.get(),
    facts: { call: call?.snapshot, isReady: ctx.optional('userAgent')?.isReady() ?? true },
    remoteVideo: call && hasRemote(call) ? call.getRemoteVideo() : undefined,
    localVideo: call && hasLocal(call) ? call.getLocalVideo() : undefined,
    lines: ctx.options.strings.map(({ name }) => texts[name]?.(source) ?? '').filter(Boolean),
  };
}

// A configuration may name a line that there is not; the others are written all the same.
const texts: Partial<Readonly<Record<string, (source: SceneSource) => string>>> = {
  dialpadTarget: ({ ctx }) => ctx.optional('dialpad')?.getTarget() ?? '',
  remoteIdentity: ({ ctx }) => ctx.calls.primary()?.remoteIdentity() ?? '',
  callTimer: ({ ctx, clockTime }) => {
    const since = ctx.calls.primary()?.snapshot.establishedAt ?? null;
    return since === null ? '' : clockTime(ctx.clock.now() - since);
  },
};
