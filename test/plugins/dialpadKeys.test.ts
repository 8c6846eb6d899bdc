import { expect, it } from 'vitest';
import { defaultTones, keyOf } from '../../plugins/dialpad/keys.ts';

// ITU-T Q.23: row by row, the low frequency and the four high ones.
const columns = [1209, 1336, 1477, 1633];
const signals = Object.entries({ 697: '123A', 770: '456B', 852: '789C', 941: '*0#D' }).flatMap(
  ([low, chars]) =>
    Array.from(chars, (char, place) => [char, Number(low), columns[place] ?? 0] as const),
);

it.each(signals)('the key %s has the tones %d and %d Hz', (char, low, high) => {
  const name = keyOf(char);
  expect(name && [...defaultTones[name]].sort((one, other) => one - other)).toEqual([low, high]);
});
