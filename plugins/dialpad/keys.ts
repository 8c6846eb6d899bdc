import type { KeyName, Tone } from './types.ts';

/** One key of the keypad. */
export interface Key {
  readonly name: KeyName;
  readonly char: string;
  /** The letters on it (ITU-T E.161), upper case. */
  readonly letters: string;
}

/** The twelve keys, row by row. */
export const keys: readonly Key[] = [
  { name: 'one', char: '1', letters: '' },
  { name: 'two', char: '2', letters: 'ABC' },
  { name: 'three', char: '3', letters: 'DEF' },
  { name: 'four', char: '4', letters: 'GHI' },
  { name: 'five', char: '5', letters: 'JKL' },
  { name: 'six', char: '6', letters: 'MNO' },
  { name: 'seven', char: '7', letters: 'PQRS' },
  { name: 'eight', char: '8', letters: 'TUV' },
  { name: 'nine', char: '9', letters: 'WXYZ' },
  { name: 'astrisk', char: '*', letters: '' },
  { name: 'zero', char: '0', letters: '+' },
  { name: 'pound', char: '#', letters: '' },
];

/** The frequencies of all sixteen signals in hertz (ITU-T Q.23). */
export const defaultTones: Readonly<Record<KeyName, Tone>> = {
  one: [1209, 697],
  two: [1336, 697],
  three: [1477, 697],
  a: [1633, 697],
  four: [1209, 770],
  five: [1336, 770],
  six: [1477, 770],
  b: [1633, 770],
  seven: [1209, 852],
  eight: [1336, 852],
  nine: [1477, 852],
  c: [1633, 852],
  astrisk: [1209, 941],
  zero: [1336, 941],
  pound: [1477, 941],
  d: [1633, 941],
};

const names = new Map<string, KeyName>([
  ...keys.map(({ char, name }) => [char, name] as const),
  ['A', 'a'],
  ['B', 'b'],
  ['C', 'c'],
  ['D', 'd'],
]);

/** The key that makes the tone of a character, if there is one. */
export function keyOf(char: string): KeyName | undefined {
  return names.get(char);
}

const digits = new Map<string, string>(
  keys
    .filter(({ letters }) => letters.length > 1)
    .flatMap(({ letters, char }) => Array.from(letters, (letter) => [letter, char] as const)),
);

/** The digit of the key that a letter stands on, or the character itself. */
export function digitOf(char: string): string {
  return digits.get(char.toUpperCase()) ?? char;
}
