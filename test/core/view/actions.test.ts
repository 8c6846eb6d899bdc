import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRenderer } from '../../../src/core/view/renderer.ts';
import type { Action, ActionInput, Renderer } from '../../../src/core/view/types.ts';

let renderer: Renderer;
let seen: [string, ActionInput][] = [];
let reports: string[] = [];

const names = ['hold', 'send', 'pick', 'type', 'press', 'release', 'focused', 'row'];

function start(template: string, actions: Record<string, Action> = {}): void {
  const noted = names.map((name): [string, Action] => [name, (input) => seen.push([name, input])]);
  renderer
    .view({
      plugin: 'p',
      template,
      rows: { calls: { template: '<li><button data-action="row">x</button></li>', key: 'id' } },
      model: () => ({ calls: [{ id: 7 }] }),
      actions: { ...Object.fromEntries(noted), ...actions },
    })
    .addTarget('phone');
  renderer.flush();
}

function fire(selector: string, type: string, bubbles = true): Event {
  const event = new Event(type, { bubbles, cancelable: true });
  const element = document.querySelector(selector);
  if (element === null) throw new Error(`nothing matches ${selector}`);
  element.dispatchEvent(event);
  return event;
}

const said = (): unknown[] => seen.map(([name, { value }]) => [name, value]);

beforeEach(() => {
  document.body.innerHTML = '<div id="phone"></div>';
  seen = [];
  reports = [];
  renderer = createRenderer({
    uid: 'cb1',
    texts: (
      (table) => () =>
        table
    )({}),
    locale: () => ({ lang: 'en', dir: 'ltr' }),
    used: () => undefined,
    after: () => undefined,
    report: (_, error) => reports.push(String(error)),
  });
});

afterEach(() => {
  renderer.destroy();
});

it('runs an action on the default event of its element', () => {
  start(
    '<button data-action="hold" data-value="1"><i>x</i></button>' +
      '<form data-action="send"></form><select data-action="pick"><option>a</option></select>' +
      '<input type="range" data-action="pick" value="3"><input id="t" data-action="type" value="b">',
  );
  fire('i', 'click');
  expect(fire('form', 'submit').defaultPrevented).toBe(true);
  fire('select', 'change');
  fire('[type=range]', 'change');
  fire('#t', 'input');
  fire('#t', 'change');
  fire('#t', 'click');
  expect(said()).toEqual([
    ['hold', '1'],
    ['send', undefined],
    ['pick', 'a'],
    ['pick', '3'],
    ['type', 'b'],
  ]);
});

it('runs several actions on events of their own, silent ones included', () => {
  start('<button data-action="pointerdown->press pointerup->release focus->focused">0</button>');
  fire('button', 'pointerdown');
  fire('button', 'click');
  fire('button', 'pointerup');
  fire('button', 'focus', false);
  expect(seen.map(([name]) => name)).toEqual(['press', 'release', 'focused']);
});

it('tells the row an action belongs to', () => {
  start('<ul data-rows="calls"></ul>');
  fire('li button', 'click');
  expect(seen[0]?.[1].row).toBe('7');
  expect(seen[0]?.[1].element).toBe(document.querySelector('li button'));
});

it('does nothing on a disabled element', () => {
  start(
    '<button id="a" disabled data-action="hold">x</button>' +
      '<a aria-disabled="true" data-action="hold">y</a>' +
      '<form aria-disabled="true" data-action="send"></form>',
  );
  fire('#a', 'click');
  fire('a', 'click');
  expect(fire('form', 'submit').defaultPrevented).toBe(true);
  expect(seen).toEqual([]);
});

it('leaves the elements of a view drawn inside to that view', () => {
  start('<div id="inside" data-preserve data-action="hold"></div>');
  const inner = renderer.view({
    plugin: 'inner',
    template: '<button data-action="hold">x</button><s>none</s>',
    model: () => ({}),
    actions: { hold: () => reports.push('inner') },
  });
  inner.addTarget('inside');
  renderer.flush();
  fire('#inside button', 'click');
  fire('#inside s', 'click');
  expect(seen).toEqual([]);
  expect(reports).toEqual(['inner']);
});

it('reports actions that throw, reject or do not exist, and runs the others', async () => {
  start('<b data-action="click->boom click->later click->typo click->hold">x</b>', {
    boom: () => {
      throw new Error('boom');
    },
    later: () => Promise.reject(new Error('later')),
  });
  fire('b', 'click');
  await new Promise((done) => setTimeout(done));
  expect(said()).toEqual([['hold', undefined]]);
  expect([...reports].sort()).toEqual([
    'Error: There is no action "typo"',
    'Error: boom',
    'Error: later',
  ]);
});
