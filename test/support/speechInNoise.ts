/** Sound of one channel at 48 kHz: something like speech, with pauses, in white noise. */
export interface SpeechInNoise {
  readonly speech: Float32Array<ArrayBuffer>;
  readonly mixed: Float32Array<ArrayBuffer>;
}

/** What became of it. */
export interface Outcome {
  /** By how many dB the sound of the pauses fell. */
  readonly pausesFell: number;
  /** By how many dB the sound of the words fell. */
  readonly wordsFell: number;
  /** How much of the words' wave is the speech that went in: 1 for all of it. */
  readonly likeness: number;
}

const rate = 48_000;
/** Of each turn of 2 s the first 1.2 s are words. */
const turn = 2 * rate;
const words = [0.1, 1.1] as const;
const pause = [1.4, 1.9] as const;

// First, second and third formant of five vowels, in Hz.
const vowels = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [570, 840, 2410],
] as const;
const bandwidths = [80, 100, 140] as const;
const weights = [1, 0.5, 0.25] as const;

/** The same numbers in every run, from 0 to 1. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A resonance of a throat, sample by sample. */
function resonator(bandwidth: number): (sample: number, hz: number) => number {
  const decay = Math.exp((-Math.PI * bandwidth) / rate);
  let [last, before] = [0, 0];
  return (sample, hz) => {
    const sum =
      sample * (1 - decay) +
      2 * decay * Math.cos((2 * Math.PI * hz) / rate) * last -
      decay * decay * before;
    [last, before] = [sum, last];
    return sum;
  };
}

/** Pulses of a voice through the formants of a vowel, five syllables a second. */
function voice(length: number): Float32Array<ArrayBuffer> {
  const resonators = bandwidths.map(resonator);
  let phase = 0;
  return new Float32Array(length).map((_none, index) => {
    const time = index / rate;
    phase += (120 + 25 * Math.sin(4.4 * time) + 10 * Math.sin(19.5 * time)) / rate;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    const syllable = Math.floor(time * 5);
    const vowel = vowels[syllable % vowels.length] ?? vowels[0];
    const sum = resonators.reduce(
      (all, resonate, place) => all + resonate(pulse, vowel[place] ?? 0) * (weights[place] ?? 0),
      0,
    );
    return index % turn < 1.2 * rate ? sum * Math.sin(Math.PI * (time * 5 - syllable)) ** 0.7 : 0;
  });
}

function power(sound: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += (sound[index] ?? 0) ** 2;
  return sum / (to - from);
}

/** Speech at -20 dBFS, pauses included, in white noise at `noiseDb` dBFS. */
export function speechInNoise(seconds: number, noiseDb: number): SpeechInNoise {
  const raw = voice(seconds * rate);
  const gain = 0.1 / Math.sqrt(power(raw, 0, raw.length));
  const speech = raw.map((sample) => sample * gain);
  const roll = dice(1);
  // Of a sum of four rolls the variance is a third.
  const loudness = 10 ** (noiseDb / 20) * Math.sqrt(3);
  const mixed = speech.map((sample) => sample + loudness * (roll() + roll() + roll() + roll() - 2));
  return { speech, mixed };
}

/** Compares what came out, `delay` samples late, with what went in; the first 4 s are for learning. */
export function outcome(
  { speech, mixed }: SpeechInNoise,
  output: Float32Array,
  delay: number,
): Outcome {
  const late = output.subarray(delay);
  const turns = Math.floor(late.length / turn);
  const fell = ([from, to]: readonly [number, number]): number => {
    let [before, after] = [0, 0];
    for (let at = 2 * turn; at < turns * turn; at += turn) {
      before += power(mixed, at + from * rate, at + to * rate);
      after += power(late, at + from * rate, at + to * rate);
    }
    return 10 * Math.log10(before / after);
  };
  const [begin, end] = [2 * turn + words[0] * rate, 2 * turn + words[1] * rate];
  let product = 0;
  for (let index = begin; index < end; index += 1) {
    product += (speech[index] ?? 0) * (late[index] ?? 0);
  }
  const length = Math.sqrt(power(speech, begin, end) * power(late, begin, end)) * (end - begin);
  return { pausesFell: fell(pause), wordsFell: fell(words), likeness: product / length };
}
