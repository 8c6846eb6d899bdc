/** What a stretch of sound is made of: its loudest frequency in Hz, and its level from 0 to 1. */
export interface Heard {
  readonly hz: number;
  readonly rms: number;
}

/** The root mean square of samples between -1 and 1. */
function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** The power of one frequency in Hz within samples taken at `rate` per second (Goertzel). */
function powerAt(samples: Float32Array, rate: number, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let last = 0;
  let beforeLast = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  return last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
}

/** The loudest frequency between 100 and 3,900 Hz, to about 5 Hz, and the level. */
export function dominant(samples: Float32Array, rate: number): Heard {
  const window = samples.subarray(0, Math.min(samples.length, rate));
  const search = (from: number, to: number, step: number): number => {
    let best = from;
    let most = -1;
    for (let hz = from; hz <= to; hz += step) {
      const power = powerAt(window, rate, hz);
      if (power > most) [best, most] = [hz, power];
    }
    return best;
  };
  // A coarse step must not be wider than what a window of this length can tell apart.
  const coarse = Math.max(1, Math.floor(rate / Math.max(window.length, 1) / 2));
  const about = search(100, 3900, Math.min(coarse, 20));
  return { hz: about, rms: rms(samples) };
}

/** A stretch of a sine: `count` samples from number `from` (0) on, `rate` of them a second. */
export interface Stretch {
  readonly hz: number;
  readonly rate: number;
  readonly from?: number;
  readonly count: number;
}

/** Samples of a sine at half of full scale. */
export function sine({ hz, rate, from = 0, count }: Stretch): Float32Array {
  const step = (2 * Math.PI * hz) / rate;
  return Float32Array.from({ length: count }, (_, index) => 0.5 * Math.sin(step * (from + index)));
}
