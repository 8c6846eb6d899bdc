import { toneCountry, toneTexts } from './toneChoice.ts';
import { parseTone, toneKinds } from './toneNotation.ts';
import type { Cadences, TonePlanText } from './toneNotation.ts';

// Columns: dial | ringback | busy | congestion | number unobtainable | call waiting.
//
// Each row is that of its country in one of the published tables:
//   S  ITU-T E.180 Supplement 2 (01/94), Various tones used in national networks
//   B  the list of the same name annexed to ITU Operational Bulletin No. 781 (02/2003)
//   N  no ITU table: a norm or an operator's specification, named where it is known
// A letter alone is for the whole row; `B: busy` is for what differs. Of several tones for one
// thing, the first of the digital exchanges is taken. Where no tone is named for a number that is
// unobtainable, a special information tone of the country's own takes its place; where that is
// E.180's, or where none is named at all, the entry reads E.180.
// Decision 0009 says how far this was verified.

/** The call-progress tones of each country, by its ISO 3166 code in lower case. */
export const tonePlans: Readonly<Record<string, TonePlanText>> = {
  // S: 400//425, the first.
  ae: '350+440 | 400+450 0.4 0.2 0.4 2 | 400 0.375 0.375 | 400 0.4 0.35 0.225 0.525 | 400 | E.180',
  // S
  ar: '425 | 425 1 4 | 425 0.3 0.2 | 425 0.3 0.4 | E.180 | 425 0.3 10',
  // S; B: call waiting.
  at: '420 | 420 1 5 | 420 0.4 0.4 | 420 0.2 0.2 | 950 0.33/1400 0.33/1800 0.33 1 | 420 0.04 1.96',
  // S. Of the congestion tone every second burst is 10 dB lower, which is not played.
  au: '425*25 | 400*17 0.4 0.2 0.4 2 | 400 0.375 0.375 | 400 0.375 0.375 | 400 2.5 0.5 | 425 0.1 0.1/525 0.1 4.7',
  // S; B: special information, call waiting.
  be: '425 | 425 1 3 | 425 0.5 0.5 | 425 0.167 0.167 | 900 0.33/1400 0.33/1800 0.33 1 | 1400 0.175 0.175 0.175 3.5',
  // B; S prints 1800/1400/1800 for number unobtainable.
  bg: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | E.180 | 425 0.15 0.15 0.15 4',
  // S
  br: '425 | 425 1 4 | 425 0.25 0.25 | E.180 | 425 0.75 0.25 0.25 0.25 | 425 0.05 1',
  // S
  ca: '350+440 | 440+480 2 4 | 480+620 0.5 0.5 | 480+620 0.25 0.25 | E.180 | E.180',
  // S; B: call waiting.
  ch: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.2 0.2 | E.180 | 425 0.2 0.2 0.2 4',
  // S; N: call waiting, Telefónica CTC.
  cl: '400 | 400 1 3 | 400 0.5 0.5 | 400 0.2 0.2 | E.180 | 400 0.25 8.75',
  // S
  cn: '450 | 450 1 4 | 450 0.35 0.35 | 450 0.7 0.7 | 450 0.1 0.1 0.1 0.1 0.1 0.1 0.4 0.4 | 450 0.4 4',
  // S
  cy: '350+450 | 425 1.5 3 | 425 0.5 0.5 | 425 0.25 0.25 | 425 2.5 0.5 | 425 0.2 0.6',
  // S; B: congestion, call waiting.
  cz: '425 0.33 0.33 0.66 0.66 | 425 1 4 | 425 0.33 0.33 | 425 0.165 0.165 | 950 0.33 0.03/1400 0.33 0.03/1800 0.33 1 | 425 0.33 9',
  // S
  de: '425 | 425 1 4 | 425 0.48 0.48 | 425 0.24 0.24 | E.180 | 425 0.2 0.2 0.2 5',
  // S; B: busy, congestion, call waiting.
  dk: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.2 0.2 | 950 0.33/1400 0.33/1800 0.33 1 | !425 0.2 0.6 0.2 3 0.2 0.2 0.2',
  // S
  es: '425 | 425 1.5 3 | 425 0.2 0.2 | 425 0.2 0.2 0.2 0.2 0.2 0.6 | 425 0.2 0.2 0.2 0.6 | 425 0.175 0.175 0.175 3.5',
  // S
  fi: '425 | 425 1 4 | 425 0.3 0.3 | 425 0.2 0.2 | E.180 | 425 0.15 0.15 0.15 8',
  // S; B: call waiting.
  fr: '440 | 440 1.5 3.5 | 440 0.5 0.5 | E.180 | 950 0.3 0.03/1400 0.3 0.03/1800 0.3 1 | 440 0.3 10',
  // S; N: call waiting, BT SIN 350.
  gb: '350+440 | 400+450 0.4 0.2 0.4 2 | 400 0.375 0.375 | 400 0.4 0.35 0.225 0.525 | 400 | 400 0.1 4',
  // S
  gr: '425 0.2 0.3 0.7 0.8 | 425 1 4 | 425 0.3 0.3 | 425 0.15 0.15 | 950 0.33/1450 0.33/1800 0.33 1 | 425 0.3 10',
  // S and B; S: call waiting.
  hk: '350+440 | 440+480 0.4 0.2 0.4 3 | 480+620 0.5 0.5 | 480+620 0.25 0.25 | 480+620 | 440 0.5 0.5 0.5 0.5 0.5 8.5',
  // S
  hr: '425 0.2 0.3 0.7 0.8 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | 950 0.33/1400 0.33/1800 0.33 1 | 425 0.3 8',
  // B
  hu: '425 | 425 1.25 3.75 | 425 0.3 0.3 | 425 0.3 0.3 | E.180 | 425 0.04 1.96',
  // S; B: call waiting.
  id: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | 425 2 0.5 | 425 0.15 0.15 0.15 10',
  // S
  ie: '400+425+450 | 400+450 0.4 0.2 0.4 2 | 425 0.5 0.5 | E.180 | 425 6 1 | E.180',
  // S
  il: '400 | 400 1 3 | 400 0.5 0.5 | E.180 | 975 0.33/1400 0.33/1800 0.33 1 | 400 0.1 0.1 0.1 0.1 0.6 3',
  // S: of 33//50//400x25 the last; B: congestion, call waiting.
  in: '400*25 | 400*25 0.4 0.2 0.4 2 | 400 0.75 0.75 | 400 0.25 0.25 | 400 2.5 0.5 | 400 0.2 0.1 0.2 7.5',
  // S
  ir: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | E.180 | 425 0.2 0.2 0.2 10',
  // S
  is: '425 | 425 1.2 4.7 | 425 0.25 0.25 | 425 0.25 0.25 | E.180 | 425 0.2 0.6 0.2 5',
  // B
  it: '425 0.2 0.2 0.6 1 | 425 1 4 | 425 0.5 0.5 | 425 0.2 0.2 | E.180 | 425 0.4 0.1 0.25 0.1 0.15 14',
  // S: its special information tone; call waiting after 0 to 4 s.
  jp: '400 | 400*16 1 2 | 400 0.5 0.5 | 400 0.5 0.5 | 400 0.1 0.1 | !400*16 0.5 4/400 0.05 0.45 0.05 3.45',
  // S
  kr: '350+440 | 440+480 1 2 | 480+620 0.5 0.5 | 480+620 0.3 0.2 | 450 0.2 0.1 0.2 1.5 | 350+440 0.25 0.25 0.25 3.25',
  // S
  lu: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | E.180 | E.180',
  // S
  mo: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | E.180 | 425 0.2 0.6',
  // S; N: call waiting.
  mx: '425 | 425 1 4 | 425 0.25 0.25 | 425 0.25 0.25 | E.180 | 425 0.2 0.6 0.2 10',
  // S
  my: '425 | 425 0.4 0.2 0.4 2 | 425 0.5 0.5 | 425 0.25 0.25 | 425 2.5 0.5 | 425 1 10 0.5 0.25 0.5 10 0.5 0.25',
  // S and B
  nl: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | E.180 | 425 0.5 9.5',
  // S; N: call waiting.
  no: 'E.180 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | E.180 | 425 0.2 0.6 0.2 10',
  // S; N: number unobtainable, Telecom TNA 102.
  nz: '400 | 400+450 0.4 0.2 0.4 2 | 400 0.5 0.5 | 400 0.25 0.25 | 400 0.075 0.1 0.075 0.1 0.075 0.1 0.075 0.4 | 400 0.25 0.25 0.25 3.25',
  // S; B: busy, call waiting.
  ph: '425 | 425+480 1 4 | 480+620 0.5 0.5 | 480+620 0.25 0.25 | 480+720 0.25 0.25 | 440 0.3 10',
  // S and B
  pl: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.5 0.5 | E.180 | 425 0.15 0.15 0.15 4',
  // S
  pt: '425 | 425 1 5 | 425 0.5 0.5 | 425 0.2 0.2 | 425 0.2 0.2 | 425 0.2 0.2 0.2 5',
  // S: of 400//450 and their modulated pairs the second; the end of the tone for a number that is
  // unobtainable (0.03 on) is joined to its beginning (0.033 on).
  ro: '450 | 450*25 2 4 | 450 0.15 0.2 | E.180 | 450 0.063 0.03 0.033 0.03 0.033 0.03 0.033 0.03 0.033 0.03 0.033 0.13 | E.180',
  // S; N: congestion, call waiting, GOST 45.223.
  ru: 'E.180 | 425 0.8 3.2 | 425 0.4 0.4 | 425 0.175 0.175 | E.180 | 425 0.2 5',
  // S
  sa: '425 | 425 1.2 4.6 | 425 0.5 0.5 | E.180 | E.180 | 425 0.2 0.6 0.2 4',
  // S
  se: '425 | 425 1 5 | 425 0.25 0.25 | 425 0.25 0.75 | 950 0.33/1400 0.33/1800 0.33 1 | !425 0.2 0.5 0.2',
  // S
  sg: '425 | 425*24 0.4 0.2 0.4 2 | 425 0.75 0.75 | 425 0.25 0.25 | 425 2.5 0.5 | 425 0.3 0.2 0.3 3.2',
  // S, which prints 1600 Hz for the 1800 of the special information tone.
  si: '425 0.7 0.8 0.2 0.3 | 425 1 4 | 425 0.5 0.5 | 425 0.2 0.2 | E.180 | E.180',
  // S
  sk: '425 0.33 0.33 0.66 0.66 | 425 1 4 | 425 0.33 0.33 | 425 0.165 0.165 | 950 0.33 0.03/1400 0.33 0.03/1800 0.33 1 | 425 1 0.17 0.33 3.5',
  // S; B: dial, congestion.
  th: '400*50 | 400 1 4 | 400 0.5 0.5 | 400 0.3 0.3 | 400 0.1 0.9 0.1 0.9 0.1 0.9 0.1 0.9 0.1 0.9 0.1 0.9 0.3 0.7 | E.180',
  // S and B; B: call waiting.
  tr: '450 | 450 2 4 | 450 0.5 0.5 | 450 0.2 0.2 0.2 0.2 0.2 0.2 0.6 0.2 | 450 0.2 0.2 | 450 0.2 0.6 0.2 8',
  // N: makers of exchanges.
  tw: '350+440 | 440+480 1 2 | 480+620 0.5 0.5 | 480+620 0.25 0.25 | E.180 | 350+440 0.25 0.25 0.25 3.25',
  // S; B: call waiting.
  us: '350+440 | 440+480 2 4 | 480+620 0.5 0.5 | 480+620 0.25 0.25 | E.180 | 440 0.3 10',
  // S
  uy: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | E.180 | 425 0.2 0.2 0.2 4.4',
  // B
  ve: '425 | 425 1 4 | 425 0.5 0.5 | 425 0.25 0.25 | 950 0.33/1440 0.33/1800 0.33 1 | 400+450 0.3 6',
  // S
  za: '400*33 | 400*33 0.4 0.2 0.4 2 | 400 0.5 0.5 | 400 0.25 0.25 | 400 2.5 0.5 | 400*33 0.25 0.25 0.25 0.25 0.25 0.25 0.25 7.25',
};

/** The tones of the configured country, or of that of the language, ready to be played. */
export function countryTones(configured: string, language: string): Cadences {
  const texts = toneTexts(tonePlans[toneCountry(configured, language)]);
  const own = toneKinds.map((kind) => [kind, parseTone(texts[kind])]);
  // Object.fromEntries forgets the keys it was given.
  return Object.fromEntries(own) as Cadences;
}
