import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRenderer } from '../../../src/core/view/renderer.ts';
import type { Fact, Renderer, View, ViewServices } from '../../../src/core/view/types.ts';

let renderer: Renderer;
let views: readonly View[];
let facts: readonly Fact[];
let reported: string[];
let words: Readonly<Record<string, string>>;
let shown: { note: string; trouble: string; isLong: boolean };

const says = (): readonly Fact[] => facts;
const services: ViewServices = {
  uid: 'cb1',
  texts: () => words,
  locale: () => ({ lang: 'en', dir: 'ltr' }),
  used: () => undefined,
  after: (ms, task) => setTimeout(task, ms),
  report: (plugin, error) => {
    if (!(error instanceof Error) || error.message !== 'broken') throw error;
    reported.push(plugin);
  },
};

const template =
  '<section><p data-say>{{note}}</p>{{#isLong}}<div id="{{uid}}-x">more</div>{{/isLong}}</section>' +
  '{{#isLong}}<div id="{{uid}}-y">below</div>{{/isLong}}<b data-say="now">{{trouble}}</b>';

beforeEach(async () => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div id="one"></div><div id="two"></div><div id="three"></div>';
  facts = [];
  words = {};
  shown = { note: 'found', trouble: '', isLong: false };
  renderer = createRenderer(services);
  views = [
    renderer.view({ plugin: 'a', template, model: () => ({ ...shown }) }),
    renderer.view({ plugin: 'b', template, model: () => ({ ...shown }) }),
    renderer.view({ plugin: 'c', template, model: () => ({}), says }),
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

it('is not in a place that is not displayed, nor in a button', async () => {
  const two = document.querySelector('#two');
  vi.spyOn(Element.prototype, 'getClientRects').mockImplementation(function (this: Element) {
    return { length: two?.contains(this) ? 0 : 1 } as DOMRectList;
  });
  document.querySelector('#one')?.remove();
  await show({ note: 'held' });
  expect(document.querySelectorAll('#three > [part="announcer"]')).toHaveLength(1);
  vi.restoreAllMocks();
  const button = document.createElement('button');
  document.querySelector('#three')?.before(button);
  button.append(document.querySelector('#three') ?? '');
  await show({ note: 'resumed' });
  expect(document.querySelectorAll('#two > [part="announcer"]')).toHaveLength(1);
});

it('says what comes with the first place', async () => {
  renderer.destroy();
  facts = [];
  document.body.innerHTML = '';
  renderer = createRenderer(services);
  const view = renderer.view({ plugin: 'c', template: '<p></p>', model: () => ({}), says });
  view.addTarget('late');
  await vi.advanceTimersByTimeAsync(1000);
  facts = [{ text: 'Bob calls', isUrgent: true }];
  document.body.innerHTML = '<div id="late"></div>';
  view.invalidate();
  await vi.advanceTimersByTimeAsync(200);
  expect(lines('assertive')).toEqual(['Bob calls']);
});

it('says the same of two that have a key each', async () => {
  facts = ['1', '2'].map((key) => ({ key, text: 'Unknown calls' }));
  await show({});
  facts = facts.slice(1);
  await show({});
  expect(lines('polite')).toEqual(['Unknown calls', 'Unknown calls']);
});

it('says nothing again when a place is taken out and put back, unless it is so anew', async () => {
  const view = renderer.view({
    plugin: 'd',
    template: '<p data-say>{{text}}</p>',
    model: () => ({ text }),
  });
  let text = '';
  const draw = async (next: string): Promise<void> => {
    text = next;
    view.invalidate();
    await show({});
  };
  document.body.append(Object.assign(document.createElement('div'), { id: 'four' }));
  const off = view.addTarget('four');
  await draw('refused');
  off();
  await draw('refused');
  view.addTarget('four');
  await draw('refused');
  // By the page this time, which has an element of its own.
  document.querySelector('#four')?.remove();
  await draw('refused');
  document.body.append(Object.assign(document.createElement('div'), { id: 'four' }));
  await draw('refused');
  expect(lines('polite')).toEqual(['refused']);
  await draw('');
  await draw('refused');
  expect(lines('polite')).toEqual(['refused', 'refused']);
});

it('is not lost with the place that was taken out before it was said', async () => {
  await show({ note: 'held' }, 100);
  document.querySelector('#one')?.remove();
  await vi.advanceTimersByTimeAsync(100);
  expect(document.querySelectorAll('#two > [part="announcer"]')).toHaveLength(1);
  expect(lines('polite')).toEqual([]);
  await vi.advanceTimersByTimeAsync(100);
  expect(lines('polite')).toEqual(['held']);
});

it('is said as soon as there is a place again', async () => {
  const places = ['one', 'two', 'three'].map((id) => document.querySelector(`#${id}`));
  await show({ note: 'held' }, 100);
  for (const place of places) place?.remove();
  await vi.advanceTimersByTimeAsync(1000);
  document.body.append(...places.flatMap((place) => place ?? []));
  await show({});
  expect(lines('polite')).toEqual(['held']);
});

describe('in other words', () => {
  beforeEach(async () => {
    facts = [{ key: '1', text: 'Bob: ended' }];
    await show({ note: 'held' });
    words = {};
  });

  const before = ['Bob: ended', 'held'];

  it('says nothing again', async () => {
    facts = [{ key: '1', text: 'Bob: beendet' }];
    await show({ note: 'gehalten' });
    expect(lines('polite')).toEqual(before);
    await show({});
    expect(lines('polite')).toEqual(before);
  });

  it('says what is new in the same turn', async () => {
    facts = [
      { key: '1', text: 'Bob: beendet' },
      { key: '2', text: 'Eve: Im Gespräch' },
    ];
    await show({ note: 'gehalten', trouble: 'abgelehnt' });
    expect(lines('polite')).toEqual([...before, 'Eve: Im Gespräch']);
    expect(lines('assertive')).toEqual(['abgelehnt']);
  });

  it('says in them what waits to be said', async () => {
    facts = [...facts, { key: '2', text: 'Eve calls' }];
    await show({}, 50);
    words = {};
    facts = [
      { key: '1', text: 'Bob: beendet' },
      { key: '2', text: 'Eve ruft an' },
    ];
    await show({ note: 'gehalten' });
    expect(lines('polite')).toEqual([...before, 'Eve ruft an']);
  });
});

it('goes on without what one plugin cannot say', async () => {
  reported = [];
  facts = [{ text: 'Bob: In call' }];
  renderer.view({
    plugin: 'broken',
    template: '',
    model: () => ({}),
    says: () => {
      throw new Error('broken');
    },
  });
  await show({ note: 'held' });
  expect(lines('polite')).toEqual(['Bob: In call', 'held']);
  expect(new Set(reported)).toEqual(new Set(['broken']));
});

it('does not stand in the way of a place that the page has emptied', async () => {
  const one = document.querySelector('#one');
  one?.replaceChildren();
  document.querySelector('#two')?.remove();
  document.querySelector('#three')?.remove();
  facts = [{ text: 'Bob: In call' }];
  views[2]?.invalidate();
  await vi.advanceTimersByTimeAsync(200);
  await show({ note: 'found' });
  expect(one?.querySelector('section')?.textContent).toBe('found');
});

it('goes with the phone', () => {
  renderer.destroy();
  expect(regions()).toEqual([]);
});
