import { PhoneError } from '../core/errors.ts';

/** The addresses of what is loaded. */
export interface Files {
  /** The script of the AudioWorklet. */
  readonly worklet: string;
  /** RNNoise. */
  readonly wasm: string;
}

// Magic number and version: the smallest module there is (WebAssembly Core Specification, 5.5.16).
const emptyModule = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

// By address. What has failed is tried again for the next call.
const modules = new Map<string, Promise<WebAssembly.Module>>();

/** Makes the context know the worklet, and gives the module that its processors are made with. */
export async function loadInto(context: AudioContext, files: Files): Promise<WebAssembly.Module> {
  await checkPolicy();
  const [module] = await Promise.all([
    compiledOnce(files.wasm),
    addWorklet(context, files.worklet),
  ]);
  return module;
}

/**
 * Compiling is what a policy refuses, and what a wrong file does not survive either, with the same
 * kind of error. A module that is surely right tells them apart, before anything is loaded.
 */
async function checkPolicy(): Promise<void> {
  try {
    await WebAssembly.compile(emptyModule);
  } catch (cause) {
    throw new PhoneError('media.wasmRefused', { cause });
  }
}

/** A context evaluates each address once, however often it is added. */
async function addWorklet(context: AudioContext, address: string): Promise<void> {
  try {
    await context.audioWorklet.addModule(address);
  } catch (cause) {
    throw failure(address, cause);
  }
}

function compiledOnce(address: string): Promise<WebAssembly.Module> {
  const known = modules.get(address);
  if (known !== undefined) return known;
  const module = compiled(address).catch((cause: unknown) => {
    modules.delete(address);
    throw failure(address, cause);
  });
  modules.set(address, module);
  return module;
}

async function compiled(address: string): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  // Not as a stream: that needs a server that knows the type application/wasm.
  return WebAssembly.compile(await response.arrayBuffer());
}

function failure(address: string, cause: unknown): PhoneError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Noise suppression could not load ${address}: ${reason}`;
  return new PhoneError('media.processorFailed', { message, cause });
}
