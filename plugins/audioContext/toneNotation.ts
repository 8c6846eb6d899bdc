/** The tones a caller hears of a network: what ITU-T E.180 calls audible tones. */
export type ToneKind = 'dial' | 'ringback' | 'busy' | 'congestion' | 'unobtainable' | 'callWaiting';

/** All kinds, in the order of the columns of a `TonePlanText`. */
export const toneKinds: readonly ToneKind[] = [
  'dial',
  'ringback',
  'busy',
  'congestion',
  'unobtainable',
  'callWaiting',
];

/**
 * The tones of one country in one line: six tones as `parseTone` reads them, between `|`, in the
 * order of `toneKinds`. `E.180` stands where the country's table names no tone and the recommended
 * one is played.
 */
export type TonePlanText = string;

/** One stretch of a cadence. */
export interface ToneStep {
  /** What sounds together, in whole hertz; none is silence. */
  readonly frequencies: readonly number[];
  /** The hertz by which the one frequency swells and fades, from full to nothing (f1 x f2). */
  readonly modulation?: number;
  /** How long it lasts; `Infinity` for a continuous tone, which is always the last step. */
  readonly seconds: number;
}

/** A tone in time. */
export interface ToneCadence {
  readonly steps: readonly ToneStep[];
  /** The first step of what is played again and again after the last one; null: played once. */
  readonly repeatsFrom: number | null;
}

/** A tone of each kind. */
export type Cadences = Readonly<Record<ToneKind, ToneCadence>>;

/** The longest cadence in seconds: what is played is held in memory, 192 kB a second at 48 kHz. */
export const longestCadence = 30;

const shortestStep = 0.01;

const group = /^(!?)(?:(\d+)\*(\d+)|(\d+(?:\+\d+)*))((?: \d+(?:\.\d+)?)*)$/;

interface Group {
  readonly isOnce: boolean;
  readonly steps: readonly ToneStep[];
}

/**
 * Reads a tone: groups between `/`, each of them the frequencies and then seconds of sound and
 * silence in turn, as the ITU tables print them. `400+450 0.4 0.2 0.4 2` is two frequencies at
 * once, twice and with a pause; `400*25` one that is modulated by 25 Hz; without seconds it is
 * continuous. The whole is repeated, except leading groups marked with `!`.
 *
 * Throws a `RangeError` for anything else: tables are the phone's own, and tested.
 */
export function parseTone(text: string): ToneCadence {
  const groups = text.split('/').map((part) => readGroup(part.trim().replace(/\s+/g, ' ')));
  const read = groups.filter((found) => found !== null);
  if (read.length < groups.length || !isPlayable(read)) {
    throw new RangeError(`"${text}" is no tone.`);
  }
  const steps = read.flatMap((found) => found.steps);
  const once = read.slice(0, leadOf(read)).flatMap((found) => found.steps).length;
  return { steps, repeatsFrom: once === steps.length ? null : once };
}

function readGroup(text: string): Group | null {
  const [, once, carrier, modulation, sum = '', times = ''] = group.exec(text) ?? [];
  if (once === undefined) return null;
  const tone =
    carrier === undefined
      ? { frequencies: sum.split('+').map(Number) }
      : { frequencies: [Number(carrier)], modulation: Number(modulation) };
  const seconds = times === '' ? [Infinity] : times.trim().split(' ').map(Number);
  return {
    isOnce: once === '!',
    steps: seconds.map((length, place) =>
      place % 2 === 0 ? { ...tone, seconds: length } : { frequencies: [], seconds: length },
    ),
  };
}

function isPlayable(groups: readonly Group[]): boolean {
  const lead = leadOf(groups);
  const steps = groups.flatMap((found) => found.steps);
  const finite = steps.map(({ seconds }) => seconds).filter((seconds) => seconds !== Infinity);
  return (
    groups.every(({ isOnce }, place) => isOnce === place < lead) &&
    // What never ends can be neither played once nor repeated together with something else.
    (finite.length === steps.length ||
      (finite.length === steps.length - 1 &&
        groups.length - lead === 1 &&
        steps.at(-1)?.seconds === Infinity)) &&
    finite.every((seconds) => seconds >= shortestStep) &&
    finite.reduce((total, seconds) => total + seconds, 0) <= longestCadence &&
    steps.every(isAudible)
  );
}

/** How many groups are played once, before the others. */
function leadOf(groups: readonly Group[]): number {
  const first = groups.findIndex(({ isOnce }) => !isOnce);
  return first === -1 ? groups.length : first;
}

function isAudible({ frequencies, modulation }: ToneStep): boolean {
  const [first = 0] = frequencies;
  return (
    frequencies.every((hertz) => hertz >= 20 && hertz <= 20_000) &&
    (modulation === undefined || (modulation > 0 && modulation < first))
  );
}
