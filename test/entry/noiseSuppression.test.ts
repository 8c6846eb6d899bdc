import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PhoneError } from '../../src/core/index.ts';
import { noiseSuppression } from '../../src/entry/noiseSuppression.ts';
import type { ProcessedTrack } from '../../src/entry/noiseSuppression.ts';

const emptyModule = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

type Start = 'ready' | 'fails' | 'silent';

/** The audio graph of a browser, as far as the processor touches it. */
class FakeNode {
  readonly port = { onmessage: null as (() => void) | null, postMessage: vi.fn() };
  readonly disconnect = vi.fn();
  onprocessorerror: (() => void) | null = null;
  readonly connect = vi.fn((next: unknown) => next);

  static start: Start = 'ready';
  static readonly made: { node: FakeNode; name: string; options: AudioWorkletNodeOptions }[] = [];

  constructor(_context: unknown, name: string, options: AudioWorkletNodeOptions) {
    FakeNode.made.push({ node: this, name, options });
    queueMicrotask(() => {
      if (FakeNode.start === 'ready') this.port.onmessage?.();
      if (FakeNode.start === 'fails') this.onprocessorerror?.();
    });
  }
}

const input = { kind: 'audio', stop: vi.fn() };
const output = { kind: 'audio', stop: vi.fn() };
const source = { connect: vi.fn((next: unknown) => next), disconnect: vi.fn() };
const destination = { channelCount: 2, stream: { getAudioTracks: () => [output] } };

function fakeContext(sampleRate = 48_000): {
  readonly addModule: ReturnType<typeof vi.fn>;
  readonly createMediaStreamSource: ReturnType<typeof vi.fn>;
  readonly context: AudioContext;
} {
  const addModule = vi.fn(() => Promise.resolve());
  const createMediaStreamSource = vi.fn(() => source);
  const context = {
    sampleRate,
    audioWorklet: { addModule },
    createMediaStreamSource,
    createMediaStreamDestination: () => destination,
  };
  return { addModule, createMediaStreamSource, context: context as unknown as AudioContext };
}

/** A server that has, at each address, what the test puts there. */
const files = new Map<string, BodyInit>();
const fetched = vi.fn((address: string) => {
  const body = files.get(address);
  return Promise.resolve(new Response(body ?? 'gone', { status: body === undefined ? 404 : 200 }));
});

let count = 0;
/** A folder no other test has loaded from: what is loaded stays loaded for the page. */
function folder(): string {
  count += 1;
  return `https://cdn.example/ns${count}`;
}

function process(assets: string, context: AudioContext): Promise<ProcessedTrack> {
  const made = noiseSuppression({ assets }).process(input as unknown as MediaStreamTrack, context);
  return Promise.resolve(made);
}

async function refusal(made: Promise<ProcessedTrack>): Promise<PhoneError> {
  const error: unknown = await made.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PhoneError);
  return error as PhoneError;
}

beforeEach(() => {
  FakeNode.start = 'ready';
  FakeNode.made.length = 0;
  files.clear();
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('AudioWorkletNode', FakeNode);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.clearAllMocks();
  vi.useRealTimers();
});

describe('noise suppression', () => {
  it('puts the worklet of its folder between the track and a new one, in mono', async () => {
    const assets = folder();
    files.set(`${assets}/rnnoise.wasm`, emptyModule);
    const { addModule, context } = fakeContext();
    const { track } = await process(assets, context);
    expect(track).toBe(output);
    expect(addModule).toHaveBeenCalledWith(`${assets}/worklet.js`);
    const [made] = FakeNode.made;
    expect(made?.options).toMatchObject({
      channelCount: 1,
      channelCountMode: 'explicit',
      outputChannelCount: [1],
    });
    const { module } = made?.options.processorOptions as { readonly module: unknown };
    expect(module).toBeInstanceOf(WebAssembly.Module);
    expect(source.connect).toHaveBeenCalledWith(made?.node);
    expect(made?.node.connect).toHaveBeenCalledWith(destination);
    expect(destination.channelCount).toBe(1);
  });

  it('looks beside the module when no folder is named', async () => {
    await refusal(Promise.resolve(noiseSuppression().process({} as never, fakeContext().context)));
    expect(fetched.mock.calls.map(([address]) => address)).toEqual([
      new URL('../../src/entry/noise-suppression/rnnoise.wasm', import.meta.url).href,
    ]);
  });

  it('takes a folder with or without a slash at its end, as text or as URL', async () => {
    const assets = folder();
    files.set(`${assets}/rnnoise.wasm`, emptyModule);
    const { addModule, context } = fakeContext();
    for (const given of [assets, `${assets}/`, new URL(assets)]) {
      await noiseSuppression({ assets: given }).process(input as never, context);
    }
    expect(addModule.mock.calls).toEqual(Array(3).fill([`${assets}/worklet.js`]));
  });

  it('fetches and compiles RNNoise once for all calls of the page', async () => {
    const assets = folder();
    files.set(`${assets}/rnnoise.wasm`, emptyModule);
    await Promise.all([1, 2].map(() => process(assets, fakeContext().context)));
    await process(assets, fakeContext().context);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('lets go of its nodes and of the track it made, and leaves the microphone alone', async () => {
    const assets = folder();
    files.set(`${assets}/rnnoise.wasm`, emptyModule);
    const { stop } = await process(assets, fakeContext().context);
    stop();
    const node = FakeNode.made[0]?.node;
    expect(source.disconnect).toHaveBeenCalled();
    expect(node?.disconnect).toHaveBeenCalled();
    expect(node?.port.postMessage).toHaveBeenCalledWith('stop');
    expect(output.stop).toHaveBeenCalled();
    expect(input.stop).not.toHaveBeenCalled();
  });
});

describe('noise suppression that cannot be had', () => {
  it('tells of a page whose policy refuses WebAssembly, and loads nothing', async () => {
    const cause = new WebAssembly.CompileError('disallowed by embedder');
    vi.spyOn(WebAssembly, 'compile').mockRejectedValue(cause);
    const { addModule, context } = fakeContext();
    const error = await refusal(process(folder(), context));
    expect(error).toMatchObject({ code: 'media.wasmRefused', cause });
    expect(fetched).not.toHaveBeenCalled();
    expect(addModule).not.toHaveBeenCalled();
    expect(FakeNode.made).toEqual([]);
  });

  it('tells of a browser without WebAssembly', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    const error = await refusal(process(folder(), fakeContext().context));
    expect(error.code).toBe('media.wasmRefused');
  });

  it('tells which file is missing, and tries again for the next call', async () => {
    const assets = folder();
    const error = await refusal(process(assets, fakeContext().context));
    expect(error.code).toBe('media.processorFailed');
    expect(error.message).toContain(`${assets}/rnnoise.wasm: HTTP 404`);
    expect(FakeNode.made).toEqual([]);
    files.set(`${assets}/rnnoise.wasm`, emptyModule);
    expect((await process(assets, fakeContext().context)).track).toBe(output);
  });

  it('tells that a file is no WebAssembly, and does not blame the policy', async () => {
    const assets = folder();
    files.set(`${assets}/rnnoise.wasm`, '<!doctype html>');
    const error = await refusal(process(assets, fakeContext().context));
    expect(error.code).toBe('media.processorFailed');
    expect(error.message).toContain(`${assets}/rnnoise.wasm`);
  });

  it('tells that the worklet is missing', async () => {
    const assets = folder();
    files.set(`${assets}/rnnoise.wasm`, emptyModule);
    const { addModule, context } = fakeContext();
    addModule.mockRejectedValue(new DOMException('Unable to load', 'AbortError'));
    const error = await refusal(process(assets, context));
    expect(error.code).toBe('media.processorFailed');
    expect(error.message).toContain(`${assets}/worklet.js: Unable to load`);
    expect(FakeNode.made).toEqual([]);
  });

  it('tells of a page without AudioWorklet, as one by plain http is', async () => {
    const context = { sampleRate: 48_000 } as AudioContext;
    const error = await refusal(process(folder(), context));
    expect(error.code).toBe('media.processorFailed');
  });

  it('tells of a context of another rate, and loads nothing', async () => {
    const error = await refusal(process(folder(), fakeContext(44_100).context));
    expect(error.code).toBe('media.processorFailed');
    expect(error.message).toContain('48000 Hz, not 44100');
    expect(fetched).not.toHaveBeenCalled();
  });

  it.each(['fails', 'silent'] as const)(
    'closes a node whose processor %s, and connects nothing',
    async (start) => {
      const assets = folder();
      files.set(`${assets}/rnnoise.wasm`, emptyModule);
      FakeNode.start = start;
      vi.useFakeTimers();
      const { createMediaStreamSource, context } = fakeContext();
      const refused = refusal(process(assets, context));
      await vi.waitFor(() => {
        expect(FakeNode.made).toHaveLength(1);
      });
      await vi.advanceTimersByTimeAsync(5000);
      expect((await refused).code).toBe('media.processorFailed');
      expect(FakeNode.made[0]?.node.port.postMessage).toHaveBeenCalledWith('stop');
      expect(createMediaStreamSource).not.toHaveBeenCalled();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('closes the node when the browser does not take the track', async () => {
    const assets = folder();
    files.set(`${assets}/rnnoise.wasm`, emptyModule);
    const { createMediaStreamSource, context } = fakeContext();
    const cause = new DOMException('no audio track', 'InvalidStateError');
    createMediaStreamSource.mockImplementation(() => {
      throw cause;
    });
    const error = await refusal(process(assets, context));
    expect(error).toMatchObject({ code: 'media.processorFailed', cause });
    expect(FakeNode.made[0]?.node.port.postMessage).toHaveBeenCalledWith('stop');
  });
});
