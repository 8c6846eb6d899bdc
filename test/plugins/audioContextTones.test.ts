import { describe, expect, it } from 'vitest';
import {
  recommendedCadences,
  recommendedTones,
} from '../../plugins/audioContext/recommendedTones.ts';
import { recommendedMark, toneCountry, toneTexts } from '../../plugins/audioContext/toneChoice.ts';
import { longestCadence, parseTone, toneKinds } from '../../plugins/audioContext/toneNotation.ts';
import { countryTones, tonePlans } from '../../plugins/audioContext/tonePlans.part.ts';

describe('the notation of tones', () => {
  it('reads seconds of sound and silence in turn', () => {
    expect(parseTone('400+450 0.4 0.2 0.4 2')).toEqual({
      steps: [
        { frequencies: [400, 450], seconds: 0.4 },
        { frequencies: [], seconds: 0.2 },
        { frequencies: [400, 450], seconds: 0.4 },
        { frequencies: [], seconds: 2 },
      ],
      repeatsFrom: 0,
    });
  });

  it('reads a continuous tone', () => {
    expect(parseTone('350+440')).toEqual({
      steps: [{ frequencies: [350, 440], seconds: Infinity }],
      repeatsFrom: 0,
    });
  });

  it('tells modulated from added', () => {
    expect(parseTone('400*25 1 2').steps[0]).toEqual({
      frequencies: [400],
      modulation: 25,
      seconds: 1,
    });
  });

  it('reads one tone after another', () => {
    const { steps, repeatsFrom } = parseTone(' 950 0.33 / 1400 0.33/1800  0.33 1 ');
    expect(steps.map(({ frequencies }) => frequencies[0])).toEqual([950, 1400, 1800, undefined]);
    expect(repeatsFrom).toBe(0);
  });

  it('plays once what is marked so', () => {
    expect(parseTone('!425 0.2 0.5 0.2').repeatsFrom).toBe(null);
    expect(parseTone('!400*16 0.5 4/400 0.05 3.45').repeatsFrom).toBe(2);
    expect(parseTone('!350+440 0.1 0.1/350+440')).toMatchObject({
      steps: [{ seconds: 0.1 }, { seconds: 0.1 }, { seconds: Infinity }],
      repeatsFrom: 2,
    });
  });

  it.each([
    ['nothing', ''],
    ['a word', 'dial'],
    ['the notation of Asterisk', '425/500,0/500'],
    ['a comma for a point', '425 0,5 0,5'],
    ['part of a hertz', '33.3 1 1'],
    ['a tone nobody hears', '10 1 1'],
    ['a tone nobody hears', '25000 1 1'],
    ['two that are modulated', '400+450*25 1 1'],
    ['a modulation above the tone', '400*450 1 1'],
    ['no modulation at all', '400*0 1 1'],
    ['no time at all', '425 0 1'],
    ['less than can be heard', '425 0.001 1'],
    ['two continuous tones', '!425/350'],
    ['more than is held in memory', `425 1 ${longestCadence}`],
    ['something after a continuous tone', '425/350 1'],
    ['something before a continuous tone that would be repeated', '350 1/425'],
    ['a continuous tone played once', '!425'],
    ['something played once in the end', '425 1 1/!350 1'],
  ])('refuses %s: %s', (_, text) => {
    expect(() => parseTone(text)).toThrow(RangeError);
  });
});

describe('the choice of a country', () => {
  it.each([
    ['gb', 'de-DE', 'gb'],
    ['GB', '', 'gb'],
    ['', 'en-GB', 'gb'],
    ['', 'de', 'de'],
    ['', 'en', 'us'],
    ['', 'pt', 'br'],
    ['', 'zh-Hant', 'tw'],
    ['', 'zh-Hant-HK', 'hk'],
    ['', 'no such language', ''],
    ['', '', ''],
  ])('configured %j, language %j: %j', (configured, language, country) => {
    expect(toneCountry(configured, language)).toBe(country);
  });

  it('falls back on what E.180 recommends', () => {
    const recommended = {
      dial: '425',
      ringback: '425 1 4',
      busy: '425 0.5 0.5',
      congestion: '425 0.25 0.25',
      unobtainable: '950 0.33/1400 0.33/1800 0.33 1',
      callWaiting: '425 0.3 10',
    };
    expect(toneTexts()).toEqual(recommended);
    expect(toneTexts(tonePlans[toneCountry('', 'es-419')])).toEqual(recommended);
    expect(toneTexts('400 | E.180')).toEqual({ ...recommended, dial: '400' });
    expect(countryTones('', 'no such language')).toEqual(recommendedCadences);
    expect(countryTones('gb', 'de').busy).toEqual(parseTone('400 0.375 0.375'));
  });
});

describe('the table of countries', () => {
  const countries = Object.keys(tonePlans);

  it('has these countries', () => {
    expect(countries.length).toBeGreaterThanOrEqual(30);
    expect(countries).toEqual([...countries].sort());
    // Every code is that of a country.
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect(countries.filter((code) => names.of(code.toUpperCase()) === undefined)).toEqual([]);
  });

  it.each(countries)('%s has a tone of every kind, and each can be played', (country) => {
    const row = tonePlans[country] ?? '';
    expect(row.split('|')).toHaveLength(toneKinds.length);
    const texts = toneTexts(row);
    for (const kind of toneKinds) {
      const { steps } = parseTone(texts[kind]);
      for (const { frequencies, modulation = 10 } of steps) {
        expect(frequencies.filter((hertz) => hertz < 50 || hertz > 2000)).toEqual([]);
        expect(modulation).toBeLessThanOrEqual(50);
      }
      expect(steps[0]?.frequencies).not.toEqual([]);
    }
  });

  it.each(countries)('%s says where it has a recommended tone', (country) => {
    const row = (tonePlans[country] ?? '').split('|').map((text) => text.trim());
    const recommended = recommendedTones.split('|').map((text) => text.trim());
    const texts = toneTexts(tonePlans[country]);
    row.forEach((text, place) => {
      const kind = toneKinds[place] ?? 'dial';
      expect(texts[kind]).toBe(text === recommendedMark ? recommended[place] : text);
    });
  });
});
