import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languages } from '../../src/entry/language.part.ts';
import { coreStrings } from '../../src/core/strings.ts';

type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

const read = (language: string): Texts =>
  JSON.parse(readFileSync(`locales/${language}.json`, 'utf8')) as Texts;
const english: Texts = { ...read('en'), error: coreStrings['error'] ?? {} };

const plural = /_(zero|one|two|few|many|other)$/;

/** Every text by `section.key`; the forms of a plural are one of them. */
function keysOf(texts: Texts): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [section, strings] of Object.entries(texts)) {
    for (const [key, text] of Object.entries(strings)) {
      const name = `${section}.${key.replace(plural, '_')}`;
      found.set(name, [...(found.get(name) ?? []), text]);
    }
  }
  return found;
}

const variablesIn = (text: string): readonly string[] =>
  [
    ...new Set([...text.matchAll(/\{\{(\w+)(?:, number)?\}\}/g)].map(([, name = '']) => name)),
  ].sort();

it('has a file for each language that is offered, and no other', () => {
  const files = readdirSync('locales').filter((name) => name.endsWith('.json'));
  expect(files.sort()).toEqual(['en', ...languages].map((name) => `${name}.json`).sort());
});

it.each(['en', ...languages])('writes the ellipsis as one character: %s', (language) => {
  expect(JSON.stringify(read(language))).not.toContain('...');
});

describe.each([...languages])('%s', (language) => {
  const texts = read(language);
  const keys = keysOf(texts);

  it('has every text of English and no other, in the order of the alphabet', () => {
    expect([...keys.keys()].sort()).toEqual([...keysOf(english).keys()].sort());
    expect(Object.keys(texts)).toEqual(Object.keys(texts).sort());
    for (const strings of Object.values(texts)) {
      expect(Object.keys(strings)).toEqual(Object.keys(strings).sort());
    }
  });

  it('names the same variables as English does', () => {
    const wrong = [...keysOf(english)].filter(([name, forms]) => {
      const needed = variablesIn(forms.at(-1) ?? '');
      // One or two may be said in words: "a new message".
      const may = (text: string): boolean =>
        name.endsWith('_') && variablesIn(text).every((variable) => needed.includes(variable));
      return !(keys.get(name) ?? []).every(
        (text) => variablesIn(text).join() === needed.join() || may(text),
      );
    });
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  it('has the plural forms that its numbers ask for', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [section, strings] of Object.entries(texts)) {
      const stems = new Set(
        Object.keys(strings)
          .filter((key) => plural.test(key))
          .map((key) => key.replace(plural, '')),
      );
      for (const stem of stems) {
        const own = Object.keys(strings).filter((key) => key.replace(plural, '') === stem);
        expect(own.sort(), `${section}.${stem}`).toEqual(
          forms.map((form) => `${stem}_${form}`).sort(),
        );
      }
    }
  });

  it('calls a button by what it shows, whoever it is about (WCAG 2.5.3)', () => {
    const shown = {
      callList: ['answer', 'decline'],
      conference: ['add', 'drop', 'hold', 'mute', 'split'],
      messages: ['retry'],
    };
    const wrong = Object.entries(shown).flatMap(([section, names]) =>
      names.filter((name) => {
        const { [name]: text = '?', [`${name}Named`]: spoken = '' } = texts[section] ?? {};
        const words = text.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        // Where words are written apart, whole ones: an article makes another word of it.
        const isApart = !/^(ja|ko|zh)/.test(language);
        const whole = isApart ? String.raw`(?<!\p{L})${words}(?!\p{L})` : words;
        return !new RegExp(whole, 'u').test(spoken.toLowerCase());
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('tells what the button does apart from the state: to hold is not to be held', () => {
    const says = (section: string, key: string): string | undefined =>
      texts[section]?.[key]?.toLowerCase().replace('…', '');
    const states = [says('blf', 'held'), says('callList', 'held'), says('conference', 'held')];
    // Drawn in the place of the state, while the button is still there.
    states.push(says('callList', 'holding'), says('conference', 'holding'));
    expect(states).not.toContain(says('callControl', 'hold'));
    expect(states).not.toContain(says('conference', 'hold'));
  });

  it('leaves no text empty, and no ends of it untidy', () => {
    const all = Object.values(texts).flatMap((strings) => Object.entries(strings));
    expect(all.filter(([, text]) => text === '' || text !== text.trim())).toEqual([]);
  });

  it('is translated: hardly a sentence is the English one', () => {
    const same = [...keysOf(english)].filter(
      ([name, [text = '']]) => text.split(' ').length > 2 && keys.get(name)?.[0] === text,
    );
    expect(same.map(([name]) => name)).toEqual([]);
  });
});

// Where one verb says both that somebody calls and that it rings, the name before it is the caller.
it.each([
  ['pl', 'Dzwoni'],
  ['ru', 'Звонит'],
  ['uk', 'Дзвонить'],
])('in %s does not say of who is called that they call', (language, calls) => {
  const { blf, callList } = read(language);
  expect([blf?.['ringing'], callList?.['ringing']?.replace('…', '')]).not.toContain(calls);
});

it('tells translators of every text that is heard and not seen, or spoken when it appears', () => {
  const notes = readFileSync('locales/README.md', 'utf8');
  const templates = readdirSync('templates').filter((name) => name.endsWith('.mustache'));
  const heard = templates.flatMap((name) => {
    const text = readFileSync(`templates/${name}`, 'utf8');
    const found = text.matchAll(/(?:aria-label="|data-say[^>]*>)\{\{t\.(\w+)\}\}/g);
    return [...found].map(([, key = '']) => key);
  });
  const isNoted = (key: string): boolean => key.endsWith('Spoken') || notes.includes(`\`${key}\``);
  expect(heard).toContain('keypad');
  expect(heard.filter((key) => !isNoted(key))).toEqual([]);
});
