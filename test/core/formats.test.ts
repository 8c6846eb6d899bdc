import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Formats from '../../src/core/formats.ts';

const seconds = (count: number): number => count * 1000;
const talk = seconds(3 * 60 + 12);
const long = seconds(26 * 3600 + 5);

// What has been made for a language is kept: each test begins without.
async function fresh(): Promise<typeof Formats> {
  vi.resetModules();
  return await import('../../src/core/formats.ts');
}

let formats: typeof Formats;

afterEach(() => {
  vi.unstubAllGlobals();
});

const isNew = 'DurationFormat' in Intl;
const ways = [
  ['where the browser has no Intl.DurationFormat', { ...intl(), DurationFormat: undefined }],
  ...(isNew ? [['where it has one', Intl] as const] : []),
] as const;

// The properties of `Intl` are not enumerable.
function intl(): object {
  return Object.fromEntries(
    Object.getOwnPropertyNames(Intl).map((name) => [name, Reflect.get(Intl, name) as unknown]),
  );
}

describe.each(ways)('a duration, %s', (_, global) => {
  beforeEach(async () => {
    vi.stubGlobal('Intl', global);
    formats = await fresh();
  });

  it.each([
    ['en', ['0:00', '3:12', '26:00:05']],
    ['ar', ['0:00', '3:12', '26:00:05']],
    ['ar-EG', ['٠:٠٠', '٣:١٢', '٢٦:٠٠:٠٥']],
    ['ar-AE', ['0:00', '3:12', '26:00:05']],
    ['fa', ['۰:۰۰', '۳:۱۲', '۲۶:۰۰:۰۵']],
    ['hi', ['0:00', '3:12', '26:00:05']],
    ['hi-u-nu-deva', ['०:००', '३:१२', '२६:००:०५']],
    ['de', ['0:00', '3:12', '26:00:05']],
    ['ja', ['0:00', '3:12', '26:00:05']],
  ])('in %s is %j', (language, written) => {
    const shown = [0, talk, long].map((time) => formats.clockTime(time, language));
    expect(shown).toEqual(written);
  });

  it.each([
    ['en', '3 minutes, 12 seconds', '26 hours, 5 seconds'],
    ['ar', '3 دقائق و12 ثانية', '26 ساعة و5 ثوان'],
    ['ar-EG', '٣ دقائق و١٢ ثانية', '٢٦ ساعة و٥ ثوان'],
    ['fa', '۳ دقیقه و ۱۲ ثانیه', '۲۶ ساعت و ۵ ثانیه'],
    ['hi', '3 मिनट और 12 सेकंड', '26 घंटे और 5 सेकंड'],
    ['de', '3 Minuten, 12 Sekunden', '26 Stunden, 5 Sekunden'],
    ['ja', '3 分 12 秒', '26 時間 5 秒'],
  ])('is said in %s: %s', (language, some, much) => {
    expect(formats.spokenTime(talk, language)).toBe(some);
    expect(formats.spokenTime(long, language)).toBe(much);
  });

  it('has a minute and a second in the singular, and begins with none', () => {
    expect(formats.spokenTime(seconds(61), 'en')).toBe('1 minute, 1 second');
    expect(formats.spokenTime(999, 'en')).toBe('0 seconds');
    expect(formats.spokenTime(seconds(60), 'en')).toBe('1 minute, 0 seconds');
  });

  it('of a clock that was set back is none', () => {
    expect(formats.clockTime(-5000, 'en')).toBe('0:00');
    expect(formats.spokenTime(-5000, 'en')).toBe('0 seconds');
  });

  it('without a language is in Latin digits, as in events', () => {
    const shown = [0, seconds(65), talk, long].map((time) => formats.clockTime(time));
    expect(shown).toEqual(['0:00', '1:05', '3:12', '26:00:05']);
  });
});

it('asks Intl.DurationFormat where there is one what stands between the digits, once for a language', async () => {
  let count = 0;
  class DurationFormat {
    format({ hours, minutes, seconds: rest }: Readonly<Record<string, number>>): string {
      count += 1;
      return `${String(hours)}.0${String(minutes)}.0${String(rest)}`;
    }
  }
  vi.stubGlobal('Intl', { ...intl(), DurationFormat });
  formats = await fresh();
  expect([talk, long].map((time) => formats.clockTime(time, 'da'))).toEqual(['3.12', '26.00.05']);
  expect(formats.spokenTime(talk, 'da')).toBe('3 minutter og 12 sekunder');
  expect(count).toBe(1);
});

describe('a list', () => {
  const three = ['3 a', '1 b', '9 c'];

  beforeEach(async () => {
    formats = await fresh();
  });

  it.each([
    ['en', '3 a, 1 b, and 9 c', '3 a, 1 b, 9 c'],
    ['ar', '3 a و1 b و9 c', '3 a و1 b و9 c'],
    ['fa', '3 a،\u200f 1 b، و 9 c', '3 a،\u200f 1 b،\u200f 9 c'],
    ['hi', '3 a, 1 b, और 9 c', '3 a, 1 b और 9 c'],
    ['de', '3 a, 1 b und 9 c', '3 a, 1 b und 9 c'],
    ['ja', '3 a、1 b、9 c', '3 a、1 b、9 c'],
  ])('in %s: %s', (language, all, narrow) => {
    expect(formats.listed(three, language)).toBe(all);
    expect(formats.listed(three, language, 'narrow')).toBe(narrow);
  });

  it('of one is that one, and of none nothing', () => {
    expect(formats.listed(['a'], 'en')).toBe('a');
    expect(formats.listed([], 'en')).toBe('');
  });
});
