import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRenderer } from '../../../src/core/view/renderer.ts';
import type { Renderer, View } from '../../../src/core/view/types.ts';

interface Row {
  readonly id: string;
  readonly muted?: boolean;
  readonly note?: string;
}

let rows: readonly Row[] = [];
let title = 'Calls';
let reports: string[] = [];
let renderer: Renderer;
let view: View;

const rowTemplate = `<li id="{{uid}}-{{id}}">
  <button aria-pressed="{{#muted}}true{{/muted}}{{^muted}}false{{/muted}}">{{t.mute}}</button>
  <input><span>{{note}}</span>{{#muted}}<em>muted</em>{{/muted}}
</li>`;

function list(): HTMLElement {
  const found = document.querySelector<HTMLElement>('[data-rows]');
  if (found === null) throw new Error('no list');
  return found;
}

function row(id: string): HTMLElement {
  const found = document.getElementById(`cb1-callList-1-${id}`);
  if (found === null) throw new Error(`no row ${id}`);
  return found;
}

function order(): string[] {
  return [...list().children].map(({ id }) => id.slice(-1));
}

function draw(next: readonly Row[]): MutationRecord[] {
  const observer = new MutationObserver(() => undefined);
  observer.observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  rows = next;
  view.invalidate();
  renderer.flush();
  const records = observer.takeRecords();
  observer.disconnect();
  return records;
}

const letters = (text: string): Row[] => Array.from(text, (id) => ({ id }));

beforeEach(() => {
  document.body.innerHTML = '<div id="phone"></div>';
  reports = [];
  title = 'Calls';
  renderer = createRenderer({
    uid: 'cb1',
    texts: (
      (table) => () =>
        table
    )({ mute: 'Mute' }),
    locale: () => ({ lang: 'en', dir: 'ltr' }),
    used: () => undefined,
    after: () => undefined,
    report: (_, error) => reports.push(String(error)),
  });
  view = renderer.view({
    plugin: 'callList',
    template: '<h2>{{title}}</h2>{{^calls}}<p>none</p>{{/calls}}<ul data-rows="calls"> </ul>',
    rows: { calls: { template: rowTemplate, key: 'id' } },
    model: () => ({ title, calls: rows.map((each) => ({ ...each })) }),
  });
  view.addTarget('phone');
});

afterEach(() => {
  renderer.destroy();
});

it('touches only the changed row', () => {
  draw(letters('abcd'));
  const button = row('b').querySelector('button');
  const records = draw(rows.map((each) => (each.id === 'b' ? { ...each, note: 'hello' } : each)));
  expect(row('b').querySelector('span')?.textContent).toBe('hello');
  expect(records.length).toBeGreaterThan(0);
  expect(records.every(({ target }) => row('b').contains(target))).toBe(true);
  draw(rows.map((each) => (each.id === 'b' ? { ...each, muted: true } : each)));
  expect(row('b').querySelector('em')?.textContent).toBe('muted');
  expect(row('b').querySelector('button')).toBe(button);
  expect(button?.getAttribute('aria-pressed')).toBe('true');
});

it('leaves the rows alone when only the surroundings change', () => {
  draw(letters('ab'));
  title = 'Other';
  const records = draw(rows);
  expect(document.querySelector('h2')?.textContent).toBe('Other');
  expect(records.some(({ target }) => list().contains(target))).toBe(false);
});

it('tells the template whether there are rows', () => {
  draw([]);
  expect(document.querySelector('p')?.textContent).toBe('none');
  draw(letters('a'));
  expect(document.querySelector('p:not([aria-live])')).toBeNull();
  expect(order()).toEqual(['a']);
});

it('inserts, removes and moves rows without making them anew', () => {
  draw(letters('abcdef'));
  const before = new Map(letters('abcdef').map(({ id }) => [id, row(id)]));
  for (const wanted of ['bcdefa', 'fabcde', 'xcfabe', 'ebafc', 'a', '', 'ba']) {
    const records = draw(letters(wanted));
    expect(order().join('')).toBe(wanted);
    if (wanted === 'bcdefa') expect(records.length).toBeLessThan(4);
    for (const id of wanted)
      if (wanted.length > 4 && id !== 'x') expect(row(id)).toBe(before.get(id));
  }
});

it('keeps the focus, caret and text of a row while rows change and move around it', () => {
  draw(letters('abcd'));
  const input = row('c').querySelector('input');
  if (input === null) throw new Error('no input');
  input.focus();
  input.value = 'typed';
  input.setSelectionRange(2, 3);
  let lost = 0;
  input.addEventListener('blur', () => (lost += 1));
  for (const wanted of ['cabd', 'dbca', 'bxc', 'c', 'ac']) {
    draw(letters(wanted).map((each) => ({ ...each, note: wanted, muted: wanted.length > 3 })));
    expect(order().join('')).toBe(wanted);
    expect(document.activeElement).toBe(input);
    expect([input.value, input.selectionStart, input.selectionEnd]).toEqual(['typed', 2, 3]);
  }
  expect(lost).toBe(0);
});

it('reports a row it cannot draw and draws the others', () => {
  draw([{ id: 'a' }, { id: 'a' }, { id: undefined as never }, { id: 'b' }]);
  expect(order()).toEqual(['a', 'b']);
  expect(reports).toEqual([expect.stringContaining('"a"'), expect.stringContaining('"id"')]);
});

it('replaces a row that becomes another kind of element, in its place', () => {
  const cells = renderer.view({
    plugin: 'other',
    template: '<div data-rows="calls"></div>',
    rows: {
      calls: {
        template: '{{#muted}}<b>{{id}}</b>{{/muted}}{{^muted}}<i>{{id}}</i>{{/muted}}',
        key: 'id',
      },
    },
    model: () => ({ calls: rows }),
  });
  const root = document.createElement('div');
  cells.addTarget(root);
  draw(letters('abc'));
  rows = rows.map((each) => (each.id === 'b' ? { ...each, muted: true } : each));
  cells.invalidate();
  renderer.flush();
  expect(root.firstElementChild?.innerHTML).toBe('<i>a</i><b>b</b><i>c</i>');
});
