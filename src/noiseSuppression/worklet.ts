import { processorName, startRnnoise } from './rnnoise.ts';
import type { Suppressor } from './rnnoise.ts';

/** What the processor is made with, as `processorOptions`. */
interface Made {
  readonly processorOptions: { readonly module: WebAssembly.Module };
}

// The part of AudioWorkletGlobalScope that is used here; TypeScript's DOM has only the page's side.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new (made: Made) => unknown): void;

/** One channel of sound, in blocks of any length. */
type Channels = readonly (readonly Float32Array[])[];

// One memory for all streams of a context.
let open: (() => Suppressor) | undefined;

class NoiseSuppression extends AudioWorkletProcessor {
  #suppressor: Suppressor | undefined;
  #isOpen = true;

  constructor({ processorOptions: { module } }: Made) {
    super();
    open ??= startRnnoise(module);
    this.#suppressor = open();
    this.port.onmessage = () => {
      this.#isOpen = false;
      this.#suppressor?.free();
      this.#suppressor = undefined;
    };
    this.port.postMessage('ready');
  }

  process([input]: Channels, [output]: Channels): boolean {
    const [from, to] = [input?.[0], output?.[0]];
    if (to === undefined) return this.#isOpen;
    try {
      this.#suppressor?.pass(from, to);
    } catch {
      // A caller with noise is better than none.
      this.#suppressor = undefined;
    }
    if (this.#suppressor === undefined && from !== undefined) to.set(from);
    return this.#isOpen;
  }
}

registerProcessor(processorName, NoiseSuppression);
