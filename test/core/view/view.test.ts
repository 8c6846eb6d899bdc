import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRenderer } from '../../../src/core/view/renderer.ts';
import type { Renderer, ViewServices } from '../../../src/core/view/types.ts';

const english = { hold: 'Hold' };
const german = { hold: 'Halten' };

let reports: unknown[] = [];
let texts: Record<string, string> = english;
let lang = 'en';
let renderer: Renderer;

const services: ViewServices = {
  uid: 'cb1',
  texts: () => texts,
  locale: () => ({ lang, dir: lang === 'ar' ? 'rtl' : 'ltr' }),
  used: () => undefined,
  after: () => undefined,
  report: (plugin, error) => reports.push([plugin, String(error)]),
};

function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`nothing matches ${selector}`);
  return element;
}

beforeEach(() => {
  reports = [];
  texts = english;
  lang = 'en';
  document.body.innerHTML = '<div id="phone"></div><div id="second"></div>';
  renderer = createRenderer(services);
});

afterEach(() => {
  renderer.destroy();
});

describe('when a view is drawn', () => {
  it('draws once for many invalidations, after everything else of the turn', async () => {
    let count = 0;
    const model = vi.fn(() => ({ count }));
    const view = renderer.view({ plugin: 'dialpad', template: '<p>{{count}}</p>', model });
    view.addTarget('phone');
    view.addTarget('second');
    for (; count < 5; count += 1) view.invalidate();
    expect(find('#phone').textContent).toBe('');
    await Promise.resolve();
    expect(find('#phone').textContent).toBe('5');
    expect(find('#second').textContent).toBe('5');
    expect(model).toHaveBeenCalledTimes(1);
  });

  it('gives texts, a uid per target and the data of the target to the template', () => {
    const view = renderer.view({
      plugin: 'dialpad',
      template: '<p id="{{uid}}-p">{{t.hold}} {{who}} {{data.extra}}</p>',
      model: () => ({ who: '<b>' }),
    });
    view.addTarget('phone');
    view.addTarget({ root: { elementId: 'second' }, data: { extra: 'more' } });
    renderer.flush();
    expect(find('#cb1-dialpad-1-p').textContent).toBe('Hold <b> ');
    expect(find('#cb1-dialpad-2-p').textContent).toBe('Hold <b> more');
  });

  it('touches nothing while the model stays equal', () => {
    const view = renderer.view({
      plugin: 'dialpad',
      template: '<p>{{deep.list.0}}</p>',
      model: () => ({ deep: { list: ['x'] } }),
    });
    view.addTarget('phone');
    renderer.flush();
    const observer = new MutationObserver(() => undefined);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    view.invalidate();
    renderer.flush();
    expect(observer.takeRecords()).toEqual([]);
    observer.disconnect();
  });

  it('follows the language, its direction and its texts', () => {
    const view = renderer.view({
      plugin: 'dialpad',
      template: '<p>{{t.hold}}</p><ul data-rows="calls"></ul>',
      rows: { calls: { template: '<li>{{t.hold}} {{id}}</li>', key: 'id' } },
      model: () => ({ calls: [{ id: 1 }] }),
    });
    view.addTarget('phone');
    renderer.flush();
    expect(find('#phone').lang).toBe('en');
    texts = german;
    lang = 'ar';
    renderer.invalidateAll();
    renderer.flush();
    expect(find('#phone').textContent).toBe('HaltenHalten 1');
    expect(find('#phone').lang).toBe('ar');
    expect(find('#phone').dir).toBe('rtl');
    expect(find('#phone').dataset['cordboard']).toBe('dialpad');
  });

  it('lets a target bring its own template, which may loop over the rows itself', () => {
    let names = ['Ann'];
    const view = renderer.view({
      plugin: 'callList',
      template: '<ul data-rows="calls"></ul>',
      partials: { row: '[{{name}}]' },
      rows: { calls: { template: '<li>{{name}}</li>', key: 'name' } },
      model: () => ({ calls: names.map((name) => ({ name })) }),
    });
    view.addTarget('phone');
    view.addTarget({ root: find('#second'), template: '{{#calls}}{{>row}}{{/calls}}' });
    renderer.flush();
    names = ['Ann', 'Bob'];
    view.invalidate();
    renderer.flush();
    expect(find('#phone').textContent).toBe('AnnBob');
    expect(find('#second').textContent).toBe('[Ann][Bob]');
  });

  it('draws into a shadow root and marks its host', () => {
    const shadow = find('#phone').attachShadow({ mode: 'open' });
    const view = renderer.view({ plugin: 'p', template: '<b>in</b>', model: () => ({}) });
    view.addTarget(shadow);
    renderer.flush();
    expect(shadow.querySelector('b')?.textContent).toBe('in');
    expect(find('#phone').lang).toBe('en');
    expect(view.roots).toEqual([shadow]);
  });
});

describe('when containers come and go', () => {
  it('finds a re-mounted container again', () => {
    const view = renderer.view({
      plugin: 'p',
      template: '<b>all</b><ul data-rows="calls"></ul>',
      rows: { calls: { template: '<li>{{id}}</li>', key: 'id' } },
      model: () => ({ calls: [{ id: 'a' }] }),
    });
    view.addTarget('late');
    renderer.flush();
    expect(view.roots).toEqual([]);
    for (let round = 0; round < 2; round += 1) {
      document.body.innerHTML = '<div id="late"></div>';
      view.invalidate();
      renderer.flush();
      expect(find('#late').textContent).toBe('alla');
      expect(view.roots).toEqual([find('#late')]);
    }
    find('#late').replaceChildren();
    view.invalidate();
    renderer.flush();
    expect(find('#late').textContent).toBe('alla');
    expect(reports).toEqual([]);
  });

  it('leaves nothing behind', () => {
    const phone = find('#phone');
    phone.lang = 'fr';
    const heard = new Map<string, number>();
    const count = (by: number) => (type: string, _: unknown, capture: unknown) => {
      const key = `${type} ${String(capture)}`;
      heard.set(key, (heard.get(key) ?? 0) + by);
    };
    const added = vi.spyOn(phone, 'addEventListener').mockImplementation(count(1));
    const removed = vi.spyOn(phone, 'removeEventListener').mockImplementation(count(-1));
    const view = renderer.view({
      plugin: 'p',
      template: '<button data-action="focus->go keydown->go">x</button>',
      model: () => ({}),
      actions: { go: () => undefined },
    });
    const off = view.addTarget('phone');
    renderer.flush();
    expect([...heard].sort()).toContainEqual(['focus true', 1]);
    expect([...heard].sort()).toContainEqual(['keydown false', 1]);
    off();
    off();
    expect([...heard.values()].every((left) => left === 0)).toBe(true);
    expect(phone.outerHTML).toBe('<div id="phone" lang="fr"></div>');
    view.addTarget('phone');
    view.addTarget('second');
    renderer.flush();
    view.invalidate();
    renderer.destroy();
    renderer.flush();
    expect([...heard.values()].every((left) => left === 0)).toBe(true);
    expect(find('#second').outerHTML).toBe('<div id="second"></div>');
    expect(view.roots).toEqual([]);
    expect(added.mock.calls.length).toBe(removed.mock.calls.length);
  });

  it('does not let two views fight for one element', () => {
    const first = renderer.view({ plugin: 'one', template: '1', model: () => ({}) });
    const second = renderer.view({ plugin: 'two', template: '2', model: () => ({}) });
    const off = first.addTarget('phone');
    second.addTarget('phone');
    renderer.flush();
    expect(find('#phone').textContent).toBe('1');
    expect(reports).toEqual([['two', expect.stringContaining('same element')]]);
    off();
    second.invalidate();
    renderer.flush();
    expect(find('#phone').textContent).toBe('2');
  });

  it('does nothing where there is no document', () => {
    vi.stubGlobal('document', undefined);
    const view = renderer.view({ plugin: 'p', template: 'x', model: () => ({}) });
    const off = view.addTarget('phone');
    view.invalidate();
    renderer.flush();
    off();
    renderer.destroy();
    vi.unstubAllGlobals();
    expect(reports).toEqual([]);
    expect(find('#phone').textContent).toBe('');
  });
});

describe('when something is broken', () => {
  it('reports a throwing model or template and draws everything else', () => {
    let broken = true;
    const bad = renderer.view({
      plugin: 'bad',
      template: '<p>{{ok}}</p>',
      model: () => {
        if (broken) throw new Error('no model');
        return { ok: 'fine' };
      },
    });
    bad.addTarget('phone');
    const good = renderer.view({ plugin: 'good', template: '<i>good</i>', model: () => ({}) });
    good.addTarget({ root: document.createElement('div'), template: '{{#open}}' });
    good.addTarget('second');
    renderer.flush();
    expect(find('#second').textContent).toBe('good');
    expect(reports).toEqual([
      ['bad', 'Error: no model'],
      ['good', expect.stringContaining('Unclosed section')],
    ]);
    broken = false;
    bad.invalidate();
    renderer.flush();
    expect(find('#phone').textContent).toBe('fine');
  });

  it('does not run forever when a model asks for a draw', () => {
    const model = vi.fn(() => {
      view.invalidate();
      return {};
    });
    const view = renderer.view({ plugin: 'p', template: 'x', model });
    view.addTarget('phone');
    renderer.flush();
    renderer.flush();
    expect(model).toHaveBeenCalledTimes(1);
  });
});

describe('an element that is fed by hand', () => {
  const taken: string[] = [];
  const view = (model: () => Record<string, unknown>) =>
    renderer.view({
      plugin: 'video',
      template:
        '{{#isShown}}<i data-element="meter" data-preserve></i>{{/isShown}}<b>{{count}}</b>',
      model,
      elements: {
        meter: (element) => {
          taken.push('taken');
          element.textContent = 'fed';
          return () => taken.push('given up');
        },
      },
    });

  it('is taken once at each target, kept through draws, and given up when it goes', async () => {
    taken.length = 0;
    let state = { isShown: true, count: 0 };
    const drawn = view(() => state);
    drawn.addTarget('phone');
    const leave = drawn.addTarget('second');
    await Promise.resolve();
    expect(taken).toEqual(['taken', 'taken']);
    state = { isShown: true, count: 1 };
    drawn.invalidate();
    await Promise.resolve();
    expect([taken.length, find('#phone i').textContent]).toEqual([2, 'fed']);
    leave();
    expect(taken).toEqual(['taken', 'taken', 'given up']);
    state = { isShown: false, count: 2 };
    drawn.invalidate();
    await Promise.resolve();
    expect(taken.filter((word) => word === 'given up')).toHaveLength(2);
  });

  it('is given up with the phone', async () => {
    taken.length = 0;
    view(() => ({ isShown: true })).addTarget('phone');
    await Promise.resolve();
    renderer.destroy();
    expect(taken).toEqual(['taken', 'given up']);
  });
});
