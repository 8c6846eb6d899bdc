import type { AudioProcessor, ProcessedTrack } from '../core/audio/processor.ts';
import { PhoneError } from '../core/errors.ts';
import { loadInto } from '../noiseSuppression/load.ts';
import type { Files } from '../noiseSuppression/load.ts';
import { openNodes } from '../noiseSuppression/nodes.ts';
import { frameRate } from '../noiseSuppression/rnnoise.ts';

export type { AudioProcessor, ProcessedTrack };

/** How noise is suppressed. */
export interface NoiseSuppressionOptions {
  /**
   * The folder with `worklet.js` and `rnnoise.wasm`, relative to the page. Without it they are
   * taken from `noise-suppression/` beside this module, which bundlers that follow
   * `new URL(file, import.meta.url)` copy by themselves; for others copy that folder of the package
   * and name it here. The files must come as files: a bundler that makes `data:` addresses of small
   * ones has to be told not to (Vite: `build.assetsInlineLimit`), or the page's policy refuses them.
   */
  readonly assets?: string | URL;
}

/**
 * Takes the noise out of one's own voice, by RNNoise in an AudioWorklet. Nothing is loaded before
 * the first call that uses it, and then once a page: 160 kB of files.
 *
 * The sound becomes mono and 960 samples (20 ms) later. The context must run at 48000 Hz, the only
 * rate RNNoise knows: `new AudioContext({ sampleRate: 48000 })`. Switch the browser's own
 * `noiseSuppression` off for the microphone, or noise is suppressed twice.
 *
 * `process` rejects with a `PhoneError`, and has then opened nothing:
 * - `media.wasmRefused` when the page's Content-Security-Policy has no `'wasm-unsafe-eval'`, or the
 *   browser no WebAssembly. Nothing has been loaded then.
 * - `media.processorFailed` when a file is missing or another one, or the context has another rate;
 *   its message tells which.
 */
export function noiseSuppression(options: NoiseSuppressionOptions = {}): AudioProcessor {
  return {
    name: 'noiseSuppression',
    process: async (track, context): Promise<ProcessedTrack> => {
      if (context.sampleRate !== frameRate) {
        const message = `Noise suppression needs a context of ${frameRate} Hz, not ${context.sampleRate}.`;
        throw new PhoneError('media.processorFailed', { message });
      }
      const module = await loadInto(context, filesIn(options.assets));
      return openNodes(track, context, module);
    },
  };
}

function filesIn(assets: string | URL | undefined): Files {
  if (assets === undefined) {
    return {
      worklet: new URL('./noise-suppression/worklet.js', import.meta.url).href,
      wasm: new URL('./noise-suppression/rnnoise.wasm', import.meta.url).href,
    };
  }
  const folder = new URL(String(assets).replace(/\/?$/, '/'), document.baseURI);
  return {
    worklet: new URL('worklet.js', folder).href,
    wasm: new URL('rnnoise.wasm', folder).href,
  };
}
