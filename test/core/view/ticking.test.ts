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
