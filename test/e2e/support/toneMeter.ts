/** A stretch of sound that a table announces: from when to when, in seconds. */
export interface Stretch {
  readonly hertz: readonly number[];
  /** The modulating frequency; 0 for none. */
  readonly modulation: number;
  readonly from: number;
  readonly to: number;
}

/** What a table announces of a tone. */
export interface Announced {
  readonly stretches: readonly Stretch[];
  /** The seconds to record: twice what is repeated, and the beginning of the third time. */
  readonly seconds: number;
}

/** Samples from -1 to 1, and how many of them are a second. */
export interface Recording {
  readonly samples: Float32Array;
  readonly rate: number;
}

interface Part {
  readonly isOnce: boolean;
  readonly hertz: readonly number[];
  readonly modulation: number;
  readonly times: readonly number[];
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Reads a tone of the table, on its own: nothing of the code that plays it is used. */
export function announced(text: string): Announced {
  const parts = text.split('/').map((part): Part => {
    const [head = '', ...times] = part.trim().split(' ');
    const [hertz = '', modulation = '0'] = head.replace('!', '').split('*');
    return {
      isOnce: head.startsWith('!'),
      hertz: hertz.split('+').map(Number),
      modulation: Number(modulation),
      times: times.map(Number),
    };
  });
  const repeated = parts.filter(({ isOnce }) => !isOnce);
  const isEndless = repeated.some(({ times }) => times.length === 0);
  const once = sum(parts.filter(({ isOnce }) => isOnce).flatMap(({ times }) => times));
  const period = isEndless ? 1 : sum(repeated.flatMap(({ times }) => times));
  const seconds = once + (repeated.length === 0 ? 0.3 : 2 * period + 0.05);
  const stretches: Stretch[] = [];
  let at = 0;
  const play = ({ hertz, modulation, times }: Part): void => {
    if (times.length === 0) stretches.push({ hertz, modulation, from: at, to: (at = seconds) });
    times.forEach((time, place) => {
      const end = at + time;
      if (place % 2 === 0 && at < seconds) stretches.push({ hertz, modulation, from: at, to: end });
      at = end;
    });
  };
  parts.filter(({ isOnce }) => isOnce).forEach(play);
  while (repeated.length > 0 && at < seconds) repeated.forEach(play);
  return { stretches, seconds };
}

/** True when a tone follows another without a pause. */
export function touches(one: Stretch | undefined, next: Stretch): one is Stretch {
  return one !== undefined && Math.abs(one.to - next.from) < 1e-6;
}

/** Where sound begins and ends, in turn. */
export function announcedEdges({ stretches, seconds }: Announced): readonly number[] {
  const edges: number[] = [];
  stretches.forEach((stretch, place) => {
    if (!touches(stretches[place - 1], stretch)) edges.push(stretch.from);
    const next = stretches[place + 1];
    if (next === undefined || !touches(stretch, next)) edges.push(stretch.to);
  });
  // What happens about the end of the recording may fall into it or not.
  return edges.filter((edge) => edge < seconds - 0.02);
}

/** The level that counts as sound, and the gap in seconds that beats and swells may leave. */
const soundFrom = 0.06;
const longestDip = 0.016;

/** Where sound begins and ends in a recording, in seconds. */
export function heardEdges({ samples, rate }: Recording): readonly number[] {
  const edges: number[] = [];
  let last = -Infinity;
  samples.forEach((sample, place) => {
    if (Math.abs(sample) < soundFrom) return;
    const at = place / rate;
    if (at - last > longestDip) edges.push(...(last === -Infinity ? [at] : [last, at]));
    last = at;
  });
  const end = samples.length / rate;
  if (last !== -Infinity) edges.push(last);
  return edges.filter((edge) => edge < end - 0.02);
}

/** One sine of a sum: where it is expected and where it was found, in hertz, and how strong. */
export interface Component {
  readonly expected: number;
  readonly found: number;
  readonly expectedLevel: number;
  readonly level: number;
}

/** What sounds in a stretch. */
export interface Spectrum {
  readonly components: readonly Component[];
  /** The part of all the power that is in these components; 1 when there is nothing else. */
  readonly share: number;
}

/** Measures half a second of a stretch, or what there is of it between its edges. */
export function spectrum(recording: Recording, stretch: Stretch): Spectrum {
  const { samples, rate } = recording;
  const start = Math.ceil((stretch.from + 0.006) * rate);
  const end = Math.floor(Math.min(stretch.to - 0.006, stretch.from + 0.5) * rate);
  const cut = samples.subarray(start, end);
  const weights = Float64Array.from(
    cut,
    (_, place) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (place + 0.5)) / cut.length),
  );
  const weighted = weights.map((weight, place) => weight * (cut[place] ?? 0));
  const level = (hertz: number): number => amplitude(weighted, hertz / rate) / mean(weights);
  const components = expectedOf(stretch).map(({ hertz, expectedLevel }) => {
    const found = peak(level, hertz);
    return { expected: hertz, found, expectedLevel, level: level(found) };
  });
  const power = mean(weighted.map((sample) => sample ** 2)) / mean(weights.map((w) => w ** 2));
  return { components, share: sum(components.map((found) => found.level ** 2 / 2)) / power };
}

/** A sum is of equal parts; a full modulation puts half of the carrier to either side of it. */
function expectedOf({ hertz, modulation }: Stretch): { hertz: number; expectedLevel: number }[] {
  if (modulation === 0) {
    return hertz.map((value) => ({ hertz: value, expectedLevel: 1 / hertz.length }));
  }
  const [carrier = 0] = hertz;
  return [
    { hertz: carrier - modulation, expectedLevel: 0.25 },
    { hertz: carrier, expectedLevel: 0.5 },
    { hertz: carrier + modulation, expectedLevel: 0.25 },
  ];
}

const mean = (values: Float64Array): number =>
  values.reduce((total, value) => total + value, 0) / values.length;

/** The amplitude of one frequency, given in turns per sample (Goertzel's algorithm). */
function amplitude(samples: Float32Array | Float64Array, turns: number): number {
  const turn = 2 * Math.cos(2 * Math.PI * turns);
  let [last, before] = [0, 0];
  samples.forEach((sample) => {
    const next = sample + turn * last - before;
    before = last;
    last = next;
  });
  return (2 * Math.sqrt(last ** 2 + before ** 2 - turn * last * before)) / samples.length;
}

/** The loudest frequency within 2 %, between the steps by a parabola. */
function peak(level: (hertz: number) => number, near: number): number {
  const step = near / 400;
  const places = Array.from({ length: 17 }, (_, place) => near + (place - 8) * step);
  const levels = places.map(level);
  const top = levels.indexOf(Math.max(...levels));
  const [before = 0, at = 0, after = 0] = levels.slice(Math.max(0, top - 1));
  const loudest = places[top] ?? 0;
  if (top === 0 || top === places.length - 1) return loudest;
  return loudest + (step * (before - after)) / (2 * (before - 2 * at + after));
}

/**
 * How much louder the right one of two tones is, 20 ms before and 20 ms after the border between
 * them; the lower of both.
 */
export function borderContrast(recording: Recording, one: Stretch, next: Stretch): number {
  const { samples, rate } = recording;
  const ratio = (from: number, loud: Stretch, quiet: Stretch): number => {
    const cut = samples.subarray(Math.round(from * rate), Math.round((from + 0.02) * rate));
    const level = ({ hertz: [hertz = 0] }: Stretch): number => amplitude(cut, hertz / rate);
    return level(loud) / level(quiet);
  };
  return Math.min(ratio(one.to - 0.04, one, next), ratio(one.to + 0.02, next, one));
}

/** The sharpest bend in a recording, against that of a full sine of the highest frequency. */
export function roughness({ samples, rate }: Recording, { stretches }: Announced): number {
  const highest = Math.max(
    ...stretches.flatMap((found) => found.hertz.map((h) => h + found.modulation)),
  );
  const smooth = 2 - 2 * Math.cos((2 * Math.PI * highest) / rate);
  let [before = 0, last = 0] = samples;
  let sharpest = 0;
  for (const sample of samples.subarray(2)) {
    sharpest = Math.max(sharpest, Math.abs(before - 2 * last + sample));
    before = last;
    last = sample;
  }
  return sharpest / smooth;
}
