import { Idiomorph } from 'idiomorph';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRenderer } from '../../../src/core/view/renderer.ts';
import type { Renderer, View } from '../../../src/core/view/types.ts';

let renderer: Renderer;
let view: View;
let model: Record<string, unknown> = {};

function start(template: string): void {
  model = {};
  view = renderer.view({ plugin: 'dialpad', template, model: () => ({ ...model }) });
  view.addTarget('phone');
  renderer.flush();
}

function draw(next: Record<string, unknown>): void {
  model = { ...model, ...next };
  view.invalidate();
  renderer.flush();
}

function get<E extends Element>(selector: string, type: new () => E): E {
  const found = document.querySelector(selector);
  if (found instanceof type) return found;
  throw new Error(`nothing matches ${selector}`);
}

beforeEach(() => {
  document.body.innerHTML = '<div id="phone"></div>';
  renderer = createRenderer({
    uid: 'cb1',
    texts: (
      (table) => () =>
        table
    )({}),
    locale: () => ({ lang: 'en', dir: 'ltr' }),
    used: () => undefined,
    after: () => undefined,
    report: (_, error) => {
      throw error;
    },
  });
});

afterEach(() => {
  renderer.destroy();
});

// `extra` changes the shape of the page, so that both ways of morphing are gone through.
const shapes = [{ note: 'n' }, { note: 'o', extra: true }, { note: 'p', extra: false }];

it('keeps the caret while a row changes', () => {
  start('{{#extra}}<b>x</b>{{/extra}}<p>{{note}}</p><input value="{{value}}">');
  const input = get('input', HTMLInputElement);
  input.focus();
  input.value = '0123';
  input.setSelectionRange(1, 2);
  for (const shape of shapes) {
    draw(shape);
    expect(document.activeElement).toBe(input);
    expect([input.value, input.selectionStart, input.selectionEnd]).toEqual(['0123', 1, 2]);
  }
});

it('writes a value that the template really changed, and keeps the caret in the middle', () => {
  start('<input value="{{value}}"><textarea>{{value}}</textarea>');
  const input = get('input', HTMLInputElement);
  draw({ value: '12' });
  expect(input.value).toBe('12');
  expect(get('textarea', HTMLTextAreaElement).value).toBe('12');
  input.focus();
  input.setSelectionRange(1, 1);
  draw({ value: '123' });
  expect([input.value, input.selectionStart]).toEqual(['123', 1]);
  input.setSelectionRange(3, 3);
  draw({ value: '123 4' });
  expect([input.value, input.selectionStart]).toEqual(['123 4', 5]);
  draw({ value: '' });
  expect(input.value).toBe('');
});

it('keeps what the user ticked, wrote, chose and opened', () => {
  start(
    '{{#extra}}<b>x</b>{{/extra}}<p>{{note}}</p><input type="checkbox"><textarea>a</textarea>' +
      '<select><option selected>1</option><option>2</option></select><details>d</details>',
  );
  get('input', HTMLInputElement).checked = true;
  get('textarea', HTMLTextAreaElement).value = 'mine';
  get('select', HTMLSelectElement).value = '2';
  get('details', HTMLDetailsElement).open = true;
  for (const shape of shapes) {
    draw(shape);
    expect(get('input', HTMLInputElement).checked).toBe(true);
    expect(get('textarea', HTMLTextAreaElement).value).toBe('mine');
    expect(get('select', HTMLSelectElement).value).toBe('2');
    expect(get('details', HTMLDetailsElement).open).toBe(true);
  }
});

it('follows the template where it ticks, chooses and opens something itself', () => {
  start(
    '<input type="checkbox" {{#on}}checked{{/on}}><details {{#on}}open{{/on}}>d</details>' +
      '<select><option>1</option><option {{#on}}selected{{/on}}>2</option></select>',
  );
  for (const on of [true, false]) {
    draw({ on });
    expect(get('input', HTMLInputElement).checked).toBe(on);
    expect(get('details', HTMLDetailsElement).open).toBe(on);
    expect(get('select', HTMLSelectElement).value).toBe(on ? '2' : '1');
  }
});

it('leaves preserved elements completely alone', () => {
  start(
    '{{#extra}}<div>x</div>{{/extra}}<p>{{note}}</p>' +
      '<div id="{{uid}}-video" data-preserve class="{{note}}"></div>',
  );
  const preserved = get('#cb1-dialpad-1-video', HTMLElement);
  preserved.innerHTML = '<i>foreign</i>';
  for (const shape of shapes) {
    draw(shape);
    expect(get('#cb1-dialpad-1-video', HTMLElement)).toBe(preserved);
    expect(preserved.className).toBe('');
    expect(preserved.innerHTML).toBe('<i>foreign</i>');
  }
});

it('gives the focus to the element that takes the place of the focused one', () => {
  start(
    '{{#long}}<textarea id="to">12</textarea>{{/long}}{{^long}}<input id="to" value="12">{{/long}}',
  );
  const input = get('input', HTMLInputElement);
  input.focus();
  input.setSelectionRange(1, 2);
  draw({ long: true });
  const area = get('textarea', HTMLTextAreaElement);
  expect(document.activeElement).toBe(area);
  expect([area.selectionStart, area.selectionEnd]).toEqual([1, 2]);
});

it('takes away attributes that the template no longer draws', () => {
  start('<button {{#off}}disabled title="no"{{/off}}>x</button>');
  draw({ off: true });
  expect(get('button', HTMLButtonElement).disabled).toBe(true);
  draw({ off: false });
  expect(get('button', HTMLButtonElement).getAttributeNames()).toEqual([]);
});

it.each([
  ['goes away', '{{#isUp}}<button>Hang up</button>{{/isUp}}'],
  ['can no longer be pressed', '<button{{^isUp}} disabled{{/isUp}}>Hang up</button>'],
])('leaves the keyboard in the panel when the pressed button %s', (_, button) => {
  start(`<section tabindex="-1">${button}<p>{{note}}</p></section>`);
  draw({ isUp: true });
  get('button', HTMLButtonElement).focus();
  draw({ isUp: false, note: 'over' });
  expect(document.querySelector('button:not(:disabled)')).toBeNull();
  const panel = get('section', HTMLElement);
  expect(document.activeElement).toBe(panel);
  draw({ isUp: false, note: 'once more' });
  expect(document.activeElement).toBe(panel);
  // Where what a template has none of was put, the next draw took it away, and the focus with it.
  expect(panel.tabIndex).toBe(-1);
});

it('gives the keyboard to no button of the page around it', () => {
  document.body.innerHTML = '<ul><li><button>Log out</button><div id="phone"></div></li></ul>';
  start('<section tabindex="-1">{{#isUp}}<button id="end">Hang up</button>{{/isUp}}</section>');
  draw({ isUp: true });
  get('#end', HTMLButtonElement).focus();
  draw({ isUp: false });
  expect(document.activeElement).toBe(get('section', HTMLElement));
});

describe('what comes and goes in the middle', () => {
  /** Draws both, back and forth; what stays must be the elements that were there. */
  function toAndFro(template: string, kept: string, check: (extra: boolean) => void): void {
    start(template);
    const before = [...document.querySelectorAll(kept)];
    const morph = vi.spyOn(Idiomorph, 'morph');
    for (const extra of [true, false, true]) {
      draw({ extra, note: String(extra) });
      expect([...document.querySelectorAll(kept)]).toEqual(before);
      check(extra);
    }
    expect(morph).not.toHaveBeenCalled();
    morph.mockRestore();
  }

  it('touches nothing else', () => {
    toAndFro(
      '<ul><li>1</li>\n{{#extra}}<b>x</b> <i>y</i>\n{{/extra}}<li class="{{note}}">2</li></ul>',
      'ul, li',
      (extra) => {
        expect(get('ul', HTMLUListElement).textContent.replaceAll(/\s/g, '')).toBe(
          extra ? '1xy2' : '12',
        );
        expect(get('li + li, li:last-child', HTMLElement).className).toBe(String(extra));
      },
    );
  });

  it('is told from its neighbours by its part', () => {
    toAndFro(
      '{{#extra}}<button part="mute">m</button>{{/extra}}<button part="hangup">h</button>',
      '[part="hangup"]',
      (extra) => {
        const texts = [...document.querySelectorAll('button')].map((each) => each.textContent);
        expect(texts).toEqual(extra ? ['m', 'h'] : ['h']);
      },
    );
  });

  it('may be a text, an option, or at several depths at once', () => {
    toAndFro(
      '<p>{{#extra}}text{{/extra}}</p><div>{{#extra}}<b>x</b>{{/extra}}<span>s</span></div>' +
        '<select><option>1</option>{{#extra}}<option>2</option>{{/extra}}</select>',
      'p, div, span, select',
      (extra) => {
        expect(get('p', HTMLElement).textContent).toBe(extra ? 'text' : '');
        expect(document.querySelectorAll('div > b').length).toBe(extra ? 1 : 0);
        expect(get('select', HTMLSelectElement).length).toBe(extra ? 2 : 1);
      },
    );
  });

  it('opens and closes as the template says, when it has come', () => {
    start('<p>n</p>{{#extra}}<details {{#on}}open{{/on}}>d</details>{{/extra}}');
    draw({ extra: true, on: true });
    const details = get('details', HTMLDetailsElement);
    details.open = false;
    draw({ note: 'n' });
    expect(details.open).toBe(false);
    draw({ on: false });
    draw({ on: true });
    expect(details.open).toBe(true);
  });

  it('moves an element with an id, rather than making it again', () => {
    start('<p>{{#extra}}<input id="to">{{/extra}}</p>{{^extra}}<input id="to">{{/extra}}');
    const input = get('input', HTMLInputElement);
    input.value = 'mine';
    draw({ extra: true });
    expect(get('p > input', HTMLInputElement)).toBe(input);
    expect(input.value).toBe('mine');
  });
});
