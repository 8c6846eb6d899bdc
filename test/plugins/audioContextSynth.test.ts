import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseTone } from '../../plugins/audioContext/toneNotation.ts';
import { playTone } from '../../plugins/audioContext/toneSynth.ts';

// What is heard is measured in Chromium (test/e2e/tones.test.ts); here is what is asked of it.

/** A node that remembers what was made of it; `nodes` are all but the output. */
class FakeNode extends EventTarget {
  readonly connect = vi.fn((to: unknown) => to);
  readonly disconnect = vi.fn();
  readonly start = vi.fn();
  readonly stop = vi.fn();
  readonly gain = { setValueAtTime: vi.fn(() => this.gain), linearRampToValueAtTime: vi.fn() };

  readonly options: Partial<AudioBufferSourceOptions>;

  constructor(context: unknown, options: Partial<AudioBufferSourceOptions> = {}) {
    super();
    this.options = options;
    if (context !== null) nodes.push(this);
  }
}

const nodes: FakeNode[] = [];

function outputOf(state: AudioContextState): AudioNode {
  const createBuffer = (_: number, length: number, sampleRate: number): unknown => {
    const samples = new Float32Array(length);
    return { getChannelData: () => samples, length, duration: length / sampleRate };
  };
  const context = { sampleRate: 48_000, currentTime: 2, state, createBuffer };
  return Object.assign(new FakeNode(null), { context }) as unknown as AudioNode;
}

function play(text: string, state: AudioContextState = 'running') {
  nodes.splice(0);
  const output = outputOf(state);
  const tone = playTone(parseTone(text), output);
  const [source, fader] = nodes as [FakeNode, FakeNode];
  const { buffer } = source.options;
  return { tone, output, source, fader, samples: buffer?.getChannelData(0) ?? [] };
}

beforeEach(() => {
  vi.stubGlobal('AudioBufferSourceNode', FakeNode);
  vi.stubGlobal('GainNode', FakeNode);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a tone', () => {
  it('is one looped buffer, as long as its cadence', () => {
    const { output, source, fader, samples } = play('440+480 2 4');
    expect(nodes).toHaveLength(2);
    expect(samples).toHaveLength(6 * 48_000);
    expect(Math.max(...samples.slice(0, 96_000))).toBeLessThanOrEqual(1);
    expect(samples.slice(96_000).every((sample) => sample === 0)).toBe(true);
    expect(source.options).toMatchObject({ loop: true, loopStart: 0, loopEnd: 6 });
    expect(source.connect).toHaveBeenCalledWith(fader);
    expect(fader.connect).toHaveBeenCalledWith(output);
    expect(source.start).toHaveBeenCalledOnce();
  });

  it('repeats only what is to be repeated', () => {
    expect(play('!425 0.2 0.5 0.2').source.options).toMatchObject({ loop: false });
    expect(play('!400*16 0.5 4/400 0.05 3.45').source.options).toMatchObject({
      loop: true,
      loopStart: 4.5,
      loopEnd: 8,
    });
    expect(play('425').source.options).toMatchObject({ loop: true, loopStart: 0, loopEnd: 1 });
  });

  it('fades when it is stopped, and then takes its nodes away', async () => {
    const { tone, source, fader } = play('425 1 4');
    tone.stop();
    tone.stop();
    expect(fader.gain.linearRampToValueAtTime).toHaveBeenCalledExactlyOnceWith(0, 2.005);
    expect(source.stop).toHaveBeenCalledExactlyOnceWith(2.005);
    expect(source.disconnect).not.toHaveBeenCalled();
    source.dispatchEvent(new Event('ended'));
    await tone.ended;
    expect(source.disconnect).toHaveBeenCalled();
    expect(fader.disconnect).toHaveBeenCalled();
  });

  it('takes its nodes away at once where the clock stands still', async () => {
    const { tone, source, fader } = play('425 1 4', 'suspended');
    tone.stop();
    await tone.ended;
    expect(source.disconnect).toHaveBeenCalled();
    expect(fader.disconnect).toHaveBeenCalled();
  });
});
