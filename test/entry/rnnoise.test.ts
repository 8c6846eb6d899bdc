import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startRnnoise } from '../../src/noiseSuppression/rnnoise.ts';
import type { Suppressor } from '../../src/noiseSuppression/rnnoise.ts';
import { outcome, speechInNoise } from '../support/speechInNoise.ts';

// The file that the package brings, without a browser around it.
const file = readFileSync(
  fileURLToPath(import.meta.resolve('@sapphi-red/web-noise-suppressor/rnnoise.wasm')),
);
const openRnnoise = startRnnoise(new WebAssembly.Module(file));
const scene = speechInNoise(10, -40);

/** All that comes out when blocks of this length go in. */
function through(suppressor: Suppressor, input: Float32Array, block: number): Float32Array {
  const output = new Float32Array(input.length);
  for (let at = 0; at < input.length; at += block) {
    suppressor.pass(input.subarray(at, at + block), output.subarray(at, at + block));
  }
  return output;
}

describe('RNNoise', () => {
  it('takes the noise of pauses away by 20 dB or more and leaves the words, 960 samples later', () => {
    const output = through(openRnnoise(), scene.mixed, 128);
    const { pausesFell, wordsFell, likeness } = outcome(scene, output, 960);
    expect(pausesFell).toBeGreaterThan(20);
    expect(Math.abs(wordsFell)).toBeLessThan(1);
    expect(likeness).toBeGreaterThan(0.95);
    // A sample earlier or later they fit less well.
    for (const delay of [950, 970]) {
      expect(outcome(scene, output, delay).likeness).toBeLessThan(likeness);
    }
  });

  it('gives the same for blocks of any length', () => {
    const short = scene.mixed.subarray(0, 48_000);
    expect(through(openRnnoise(), short, 441)).toEqual(through(openRnnoise(), short, 128));
  });

  it('keeps two streams apart', () => {
    const short = scene.mixed.subarray(0, 48_000);
    const [one, other] = [openRnnoise(), openRnnoise()];
    const [heard, unheard] = [new Float32Array(128), new Float32Array(128)];
    const alone = through(openRnnoise(), short, 128);
    for (let at = 0; at < short.length; at += 128) {
      one.pass(short.subarray(at, at + 128), heard);
      other.pass(undefined, unheard);
      expect(heard).toEqual(alone.subarray(at, at + 128));
      expect(unheard).toEqual(new Float32Array(128));
    }
  });

  it('has room for ten thousand streams, one after the other', () => {
    for (let count = 0; count < 10_000; count += 1) openRnnoise().free();
    expect(through(openRnnoise(), scene.mixed.subarray(0, 4800), 128)[4000]).not.toBe(0);
  });
});
