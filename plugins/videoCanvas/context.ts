import type { PluginContext, Store } from '../../src/core/index.ts';
import type { VideoCanvasOptions, VideoCanvasState } from './types.ts';

/** What the parts of the plugin share. */
export interface VideoCore {
  readonly ctx: PluginContext<'videoCanvas', VideoCanvasOptions, never, 'dialpad' | 'userAgent'>;
  readonly store: Store<VideoCanvasState>;
}
