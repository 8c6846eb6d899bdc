import { afterEach, describe, expect, it } from 'vitest';
import { createRenderer } from '../../../src/core/view/renderer.ts';
import type { Renderer, View } from '../../../src/core/view/types.ts';

let renderer: Renderer | undefined;

afterEach(() => {
  renderer?.destroy();
  document.body.replaceChildren();
});

interface Row {
  readonly id: string;
  readonly name: string;
  readonly duration: string;
}

function listOf(rows: () => readonly Row[], template: string): { view: View; draw: () => void } {
  const made = createRenderer({
    uid: 'cb',
    texts: () => ({}),
    locale: () => ({ lang: 'en', dir: 'ltr' }),
    used: () => undefined,
    after: () => undefined,
    report: (_, error) => {
      throw error;
    },
  });
  renderer = made;
  const root = document.body.appendChild(document.createElement('div'));
  const view = made.view({
    plugin: 'calls',
    template: '<ul data-rows="rows"></ul>',
    model: () => ({ rows: rows() }),
    rows: { rows: { template, key: 'id' } },
  });
  view.addTarget(root);
  made.flush();
  return {
    view,
    draw: () => {
      view.invalidate();
      made.flush();
    },
  };
}

const marked =
  '<li>{{name}} {{#duration}}<b data-text="duration">{{duration}}</b>{{/duration}}</li>';

describe('a field that counts', () => {
  it('is written into the text that is there, and nothing else is touched', () => {
    let rows: readonly Row[] = [{ id: '1', name: 'Ann', duration: '0:01' }];
    const { draw } = listOf(() => rows, marked);
    const text = document.querySelector('b')?.firstChild;
    rows = [{ id: '1', name: 'Ann', duration: '0:02' }];
    draw();
    expect(document.querySelector('li')?.textContent).toBe('Ann 0:02');
    expect(document.querySelector('b')?.firstChild).toBe(text);
  });

  it('is drawn with the rest of the row when something else changes too, or after it', () => {
    let rows: readonly Row[] = [{ id: '1', name: 'Ann', duration: '0:01' }];
    const { draw } = listOf(() => rows, marked);
    rows = [{ id: '1', name: 'Bob', duration: '0:02' }];
    draw();
    expect(document.querySelector('li')?.textContent).toBe('Bob 0:02');
    rows = [{ id: '1', name: 'Bob', duration: '0:03' }];
    draw();
    rows = [{ id: '1', name: 'Ann', duration: '0:01' }];
    draw();
    expect(document.querySelector('li')?.textContent).toBe('Ann 0:01');
  });

  it('comes and goes with its element', () => {
    let rows: readonly Row[] = [{ id: '1', name: 'Ann', duration: '' }];
    const { draw } = listOf(() => rows, marked);
    rows = [{ id: '1', name: 'Ann', duration: '0:01' }];
    draw();
    expect(document.querySelector('b')?.textContent).toBe('0:01');
    rows = [{ id: '1', name: 'Ann', duration: '' }];
    draw();
    expect(document.querySelector('b')).toBeNull();
  });

  it('counts in a template without the mark as well', () => {
    let rows: readonly Row[] = [{ id: '1', name: 'Ann', duration: '0:01' }];
    const { draw } = listOf(() => rows, '<li>{{name}} {{duration}}</li>');
    rows = [{ id: '1', name: 'Ann', duration: '0:02' }];
    draw();
    expect(document.querySelector('li')?.textContent).toBe('Ann 0:02');
  });
});

describe('a row that ticks', () => {
  const ann = (duration: string): Row => ({ id: '1', name: 'Ann', duration });
  const text = (): string => document.querySelector('li')?.textContent ?? '';

  function ticking(
    template: string,
  ): { tick: (time: string) => void; drawn: () => number } & ReturnType<typeof listOf> {
    let row = ann('0:01');
    let count = 0;
    const list = listOf(() => {
      count += 1;
      return [row];
    }, template);
    return {
      ...list,
      tick: (duration) => {
        row = ann(duration);
        list.view.tick('rows', '1', { duration });
        renderer?.flush();
      },
      drawn: () => count,
    };
  }

  it('is written without asking for the model, and stays so when that is drawn', () => {
    const { tick, drawn, draw } = ticking(marked);
    const { firstChild } = document.querySelector('b') ?? {};
    tick('0:02');
    expect([text(), drawn()]).toEqual(['Ann 0:02', 1]);
    draw();
    tick('0:03');
    expect([text(), drawn()]).toEqual(['Ann 0:03', 2]);
    expect(document.querySelector('b')?.firstChild).toBe(firstChild);
  });

  it('is drawn where the template does not mark what counts', () => {
    const { tick } = ticking('<li>{{name}} {{duration}}</li>');
    tick('0:02');
    expect(text()).toBe('Ann 0:02');
  });

  it('is drawn where the page has emptied the place', () => {
    const { tick } = ticking(marked);
    document.querySelector('ul')?.parentElement?.replaceChildren();
    tick('0:02');
    expect(text()).toBe('Ann 0:02');
  });

  it('is drawn in a place with another template, and written in the others', () => {
    const { tick, view, draw } = ticking(marked);
    const other = document.body.appendChild(document.createElement('div'));
    view.addTarget({ root: other, partials: { rows: '<li>for {{duration}}</li>' } });
    draw();
    tick('0:02');
    expect([text(), other.textContent]).toEqual(['Ann 0:02', 'for 0:02']);
  });

  it('that is not there is nothing to be drawn', () => {
    const { view, draw } = ticking(marked);
    view.tick('rows', '2', { duration: '0:02' });
    view.tick('others', '1', { duration: '0:02' });
    draw();
    expect(text()).toBe('Ann 0:01');
  });
});
