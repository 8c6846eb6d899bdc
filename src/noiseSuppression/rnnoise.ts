/** Samples per frame of RNNoise: 10 ms. */
const frameLength = 480;
/** The only sample rate RNNoise was trained for, in Hz. */
export const frameRate = 48_000;
/** The name under which the worklet registers its processor. */
export const processorName = 'cordboard-noise-suppression';

// RNNoise reckons in 16-bit samples, Web Audio from -1 to 1.
const fullScale = 32_768;

/** The functions of rnnoise.h as WebAssembly exports them; pointers are bytes into `memory`. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __wasm_call_ctors: () => void;
  readonly malloc: (bytes: number) => number;
  readonly free: (pointer: number) => void;
  /** With 0 for the model that is built in. */
  readonly rnnoise_create: (model: number) => number;
  readonly rnnoise_destroy: (state: number) => void;
  /** Both pointers may be the same. Gives the probability of speech. */
  readonly rnnoise_process_frame: (state: number, output: number, input: number) => number;
}

/** Suppresses the noise of one stream of sound. */
export interface Suppressor {
  /**
   * Takes any number of samples and gives as many, which are 960 samples (20 ms) older: one frame
   * is being filled, and RNNoise itself keeps another one to overlap. Without input it takes
   * silence. Allocates nothing.
   */
  readonly pass: (input: Float32Array | undefined, output: Float32Array) => void;
  readonly free: () => void;
}

/** Starts RNNoise, once for all streams. Throws what WebAssembly throws when the file is another one. */
export function startRnnoise(module: WebAssembly.Module): () => Suppressor {
  const { exports } = new WebAssembly.Instance(module, { env: environment(() => rnnoise.memory) });
  const rnnoise = exports as unknown as Exports;
  rnnoise.__wasm_call_ctors();
  return () => suppressor(rnnoise);
}

/** What Emscripten wants of its surroundings. The memory does not grow: its 16 MB hold many streams. */
function environment(memory: () => WebAssembly.Memory): WebAssembly.ModuleImports {
  return {
    emscripten_resize_heap: () => 0,
    emscripten_memcpy_big: (to: number, from: number, bytes: number) => {
      new Uint8Array(memory().buffer).copyWithin(to, from, from + bytes);
    },
    __assert_fail: () => {
      throw new Error('RNNoise has failed');
    },
  };
}

function suppressor(rnnoise: Exports): Suppressor {
  const state = rnnoise.rnnoise_create(0);
  const pointer = rnnoise.malloc(frameLength * Float32Array.BYTES_PER_ELEMENT);
  if (state === 0 || pointer === 0) throw new Error('RNNoise has no memory left');
  const frame = new Float32Array(rnnoise.memory.buffer, pointer, frameLength).fill(0);
  let place = 0;
  return {
    pass: (input, output) => {
      for (let index = 0; index < output.length; index += 1) {
        // Each sample takes the place of the one that leaves, so one frame of memory is enough.
        output[index] = (frame[place] ?? 0) / fullScale;
        frame[place] = (input?.[index] ?? 0) * fullScale;
        place += 1;
        if (place < frameLength) continue;
        rnnoise.rnnoise_process_frame(state, pointer, pointer);
        place = 0;
      }
    },
    free: () => {
      rnnoise.rnnoise_destroy(state);
      rnnoise.free(pointer);
    },
  };
}
