import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRenderer } from '../../../src/core/view/renderer.ts';
import type { Fact, Renderer, View } from '../../../src/core/view/types.ts';

let renderer: Renderer;
let views: readonly View[];
let facts: readonly Fact[];
let shown: { note: string; trouble: string; isLong: boolean };

const template =
  '<section><p data-say>{{note}}</p>{{#isLong}}<div id="{{uid}}-x">more</div>{{/isLong}}</section>' +
  '{{#isLong}}<div id="{{uid}}-y">below</div>{{/isLong}}<b data-say="now">{{trouble}}</b>';

beforeEach(async () => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div id="one"></div><div id="two"></div><div id="three"></div>';
  facts = [];
  shown = { note: 'found', trouble: '', isLong: false };
  renderer = createRenderer({
    uid: 'cb1',
    texts: () => ({}),
    locale: () => ({ lang: 'en', dir: 'ltr' }),
    used: () => undefined,
    after: (ms, task) => setTimeout(task, ms),
    report: (_, error) => {
      throw error;
    },
  });
  views = [
    renderer.view({ plugin: 'a', template, model: () => ({ ...shown }) }),
    renderer.view({ plugin: 'b', template, model: () => ({ ...shown }) }),
    renderer.view({ plugin: 'c', template, model: () => ({}), says: () => facts }),
  ];
  views[0]?.addTarget('one');
  views[0]?.addTarget('two');
  views[1]?.addTarget('three');
  await vi.advanceTimersByTimeAsync(1000);
});

afterEach(() => {
  renderer.destroy();
  vi.useRealTimers();
});

const regions = (): readonly Element[] => [...document.querySelectorAll('[part="announcer"]')];
const lines = (how: string): readonly (string | null)[] =>
  [...document.querySelectorAll(`[aria-live="${how}"] > *`)].map(({ textContent }) => textContent);

async function show(change: Partial<typeof shown>, wait = 200): Promise<void> {
  shown = { ...shown, ...change };
  for (const view of views) view.invalidate();
  await vi.advanceTimersByTimeAsync(wait);
}

it('stands once in a phone that is drawn in several places, and says nothing of what it finds', () => {
  expect(regions()).toHaveLength(1);
  expect(document.querySelectorAll('[aria-live]')).toHaveLength(2);
  expect(regions()[0]?.textContent).toBe('');
});

it('says what is marked once, wherever and however often it is drawn', async () => {
  await show({ note: 'held', trouble: 'refused' });
  expect(lines('polite')).toEqual(['held']);
  expect(lines('assertive')).toEqual(['refused']);
  await show({ isLong: true });
  expect(lines('polite')).toEqual(['held']);
});

it('says what is said beside templates, also of what is not drawn', async () => {
  facts = [{ text: 'Bob: In call' }, { text: 'Eve calls', isUrgent: true }];
  await show({});
  expect(lines('polite')).toEqual(['Bob: In call']);
  expect(lines('assertive')).toEqual(['Eve calls']);
});

it('says the same again only when it was not so in between', async () => {
  await show({ note: 'held' });
  await show({ note: '' });
  await show({ note: 'held' });
  expect(lines('polite')).toEqual(['held', 'held']);
});

it('says nothing of what is over at once', async () => {
  await show({ note: 'holding' }, 50);
  await show({ note: 'held' });
  expect(lines('polite')).toEqual(['held']);
});

it('is the same element through every draw, and forgets what it said', async () => {
  const [before] = regions();
  await show({ note: 'held', isLong: true });
  await show({ isLong: false });
  await show({ isLong: true }, 6000);
  expect(regions()).toEqual([before]);
  expect(before?.parentElement?.lastElementChild).toBe(before);
  expect(before?.textContent).toBe('');
});

it('moves when its place goes or is drawn no more, before it says a word', async () => {
  document.querySelector('#one')?.remove();
  await show({ note: 'held' }, 0);
  expect(document.querySelectorAll('#two > [part="announcer"]')).toHaveLength(1);
  expect(lines('polite')).toEqual([]);
  await show({});
  expect(lines('polite')).toEqual(['held']);
});

it('goes with the phone', () => {
  renderer.destroy();
  expect(regions()).toEqual([]);
});
