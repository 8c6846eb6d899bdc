import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

// The worklet with the real RNNoise, on a thread that plays no sound.

interface Processor {
  readonly port: { readonly onmessage: () => void; readonly postMessage: ReturnType<typeof vi.fn> };
  readonly process: (inputs: Float32Array[][], outputs: Float32Array[][]) => boolean;
}

type Registered = new (made: {
  readonly processorOptions: { readonly module: WebAssembly.Module };
}) => Processor;

const file = readFileSync(
  fileURLToPath(import.meta.resolve('@sapphi-red/web-noise-suppressor/rnnoise.wasm')),
);
const register = vi.fn<(name: string, processor: Registered) => void>();

class FakeBase {
  readonly port = { onmessage: null, postMessage: vi.fn() };
}

beforeEach(() => {
  register.mockClear();
  vi.resetModules();
  vi.stubGlobal('AudioWorkletProcessor', FakeBase);
  vi.stubGlobal('registerProcessor', register);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function start(): Promise<Processor> {
  await import('../../src/noiseSuppression/worklet.ts');
  const [name, Registered] = register.mock.calls[0] ?? [];
  expect(name).toBe('cordboard-noise-suppression');
  if (Registered === undefined) throw new Error('nothing was registered');
  return new Registered({ processorOptions: { module: new WebAssembly.Module(file) } });
}

const silence = (): Float32Array[][] => [[new Float32Array(128)]];

/** What comes out for a block of sound at a constant 0.5. */
function sent(processor: Processor): number | undefined {
  const output = silence();
  expect(processor.process([[new Float32Array(128).fill(0.5)]], output)).toBe(true);
  return output[0]?.[0]?.[127];
}

it('says that it is ready, runs until it is told to stop, and then ends', async () => {
  const processor = await start();
  expect(processor.port.postMessage).toHaveBeenCalledExactlyOnceWith('ready');
  expect(processor.process(silence(), silence())).toBe(true);
  // A source that has ended leaves an input without channels.
  expect(processor.process([[]], silence())).toBe(true);
  processor.port.onmessage();
  expect(processor.process(silence(), silence())).toBe(false);
});

it('takes a steady sound for noise', async () => {
  const processor = await start();
  for (let block = 0; block < 400; block += 1) sent(processor);
  expect(Math.abs(sent(processor) ?? 1)).toBeLessThan(0.01);
});

it('sends the sound as it is from the moment RNNoise breaks', async () => {
  const { Instance } = WebAssembly;
  vi.stubGlobal('WebAssembly', {
    ...WebAssembly,
    Module: WebAssembly.Module,
    Instance: function Broken(module: WebAssembly.Module, imports: WebAssembly.Imports) {
      const exports = {
        ...new Instance(module, imports).exports,
        rnnoise_process_frame: () => {
          throw new WebAssembly.RuntimeError('unreachable');
        },
      };
      return { exports };
    },
  });
  const processor = await start();
  // The first frame is full after 480 samples, in the fourth block.
  const blocks = Array.from({ length: 6 }, () => sent(processor));
  expect(blocks).toEqual([0, 0, 0, 0.5, 0.5, 0.5]);
});
