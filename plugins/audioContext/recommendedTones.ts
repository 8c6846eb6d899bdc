import type { Cadences, ToneCadence, TonePlanText } from './toneNotation.ts';

/**
 * What ITU-T E.180/Q.35 (03/98) recommends: 425 Hz (sections 4 to 6), with cadences inside its
 * limits, the special information tone (section 7) where a number cannot be had, and a call
 * waiting tone of 0.3 to 0.5 s every 8 to 10 s (section 10). Played where the table of a country
 * names no tone, and where no country is known.
 */
export const recommendedTones: TonePlanText =
  '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | 950 0.33/1400 0.33/1800 0.33 1 | 425 0.3 10';

const tone = (hertz: number, ...seconds: readonly number[]): ToneCadence['steps'] =>
  seconds.map((length, place) => ({ frequencies: place === 0 ? [hertz] : [], seconds: length }));
const repeated = (...steps: ToneCadence['steps']): ToneCadence => ({ steps, repeatsFrom: 0 });

/** The same, ready to be played without the parts that read tables. */
export const recommendedCadences: Cadences = {
  dial: repeated(...tone(425, Infinity)),
  ringback: repeated(...tone(425, 1, 4)),
  busy: repeated(...tone(425, 0.5, 0.5)),
  congestion: repeated(...tone(425, 0.25, 0.25)),
  unobtainable: repeated(...tone(950, 0.33), ...tone(1400, 0.33), ...tone(1800, 0.33, 1)),
  callWaiting: repeated(...tone(425, 0.3, 10)),
};
