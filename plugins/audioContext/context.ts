import type { PluginContext, Store } from '../../src/core/index.ts';
import type { AudioContextOptions, AudioContextState } from './types.ts';

/** What the parts of the plugin share. */
export interface AudioCore {
  readonly ctx: PluginContext<'audioContext', AudioContextOptions, never, 'mediaDevices'>;
  readonly store: Store<AudioContextState>;
}
