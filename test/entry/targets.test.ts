import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { boot } from '../../src/entry/boot.ts';
import { defineElement } from '../../src/entry/element.ts';
import { createWebphone } from '../../src/entry/index.ts';
import type { LogLine, PhoneError, Webphone, WebphoneConfig } from '../../src/entry/index.ts';
import { incoming } from '../support/fakeSession.ts';
import { settled } from '../../src/testing/settled.ts';

// Templates, partials, rows and data of a target, as a configuration names them.

let phone: Webphone | undefined;
let log: LogLine[] = [];

afterEach(() => {
  phone?.destroy();
  phone = undefined;
  log = [];
  document.body.replaceChildren();
});

const put = (html: string): void => {
  document.body.innerHTML = html;
};
const textOf = (selector: string): string => {
  const text = document.querySelector(selector)?.textContent ?? 'not there';
  return text.replace(/\s+/g, ' ').trim();
};

/** A phone with one call from Bob, drawn. */
async function ringing(make: () => Promise<Webphone | undefined> | Webphone): Promise<void> {
  phone = await make();
  phone?.calls.add(incoming({ remote: { user: '1002', name: 'Bob' } }));
  await settled();
}

const config = (callList: NonNullable<WebphoneConfig['callList']>): WebphoneConfig => ({
  storage: false,
  callList,
  // What a draw or the configuration says when it goes wrong.
  log: { level: 'warn', sink: (line) => log.push(line) },
});
const problems = (): readonly string[] =>
  log.map(({ message, data }) => `${message} ${inspect(data)}`);

/** JSON alone, so each way of embedding can say it. */
const targets = {
  renderTargets: [
    'calls',
    {
      root: 'wall',
      template: '<h1>{{data.team}}: {{> who}}</h1>',
      partials: { who: '{{#calls}}<b>{{name}}</b>{{/calls}}{{^calls}}nobody{{/calls}}' },
      data: { team: 'Sales' },
    },
    {
      root: 'rows',
      partials: { calls: '<li>{{name}} from {{number}}, {{data.where}}</li>' },
      data: { where: 'desk' },
    },
  ],
} as const;
const places = '<div id="calls"></div><div id="wall"></div><div id="rows"></div>';

describe.each<readonly [string, () => Promise<Webphone | undefined> | Webphone]>([
  ['createWebphone', () => createWebphone(config(targets))],
  [
    'a script tag',
    () => {
      const json = JSON.stringify({ storage: false, callList: targets });
      const script = Object.assign(document.createElement('script'), {
        id: 'config',
        type: 'application/json',
        textContent: json,
      });
      const target = Object.assign(document.createElement('div'), { id: 'phone' });
      document.body.append(script, target);
      return boot({ config: '#config', target: 'phone' });
    },
  ],
  [
    '<cordboard-phone>',
    () => {
      defineElement();
      const element = document.createElement('cordboard-phone');
      const json = JSON.stringify({ storage: false, callList: targets });
      const script = Object.assign(document.createElement('script'), {
        type: 'application/json',
        textContent: json,
      });
      element.append(script);
      document.body.append(element);
      return element.ready;
    },
  ],
])('configured for %s', (_, make) => {
  it('each target has its own template, partials, rows and data', async () => {
    put(places);
    await ringing(make);
    expect(textOf('#calls [part="name"]')).toBe('Bob');
    expect(textOf('#wall')).toBe('Sales: Bob');
    expect(textOf('#rows li')).toBe('Bob from 1002, desk');
    // All but the row is the plugin's own.
    expect(textOf('#rows [part="title"]')).toBe(textOf('#calls [part="title"]'));
  });
});

describe('what is wrong in a target is told, and the others are drawn', () => {
  const wrong = async (target: object): Promise<readonly string[]> => {
    put(places);
    await ringing(() => createWebphone(config({ renderTargets: [target as never, 'calls'] })));
    expect(textOf('#calls [part="name"]')).toBe('Bob');
    return problems();
  };

  it('a partial that there is none of, by its name', async () => {
    expect((await wrong({ root: 'wall', template: '{{> whoo}}' })).join()).toMatch(
      /callList[^]*No partial "whoo"/,
    );
  });

  it('a template whose tags do not match', async () => {
    const told = await wrong({ root: 'wall', template: '{{#calls}}{{name}}' });
    expect(told.join()).toMatch(/callList[^]*Unclosed section "calls"/);
  });

  it('a row that is no one element', async () => {
    const told = await wrong({ root: 'wall', partials: { calls: '<li>{{name}}</li><li></li>' } });
    expect(told.join()).toMatch(/callList[^]*exactly one element/);
  });

  it('a root that another target has', async () => {
    expect((await wrong({ root: 'calls' })).join()).toMatch(
      /Two views cannot be drawn into the same element/,
    );
  });
});

describe('what is wrong in the shape of a target is refused, by its place in the configuration', () => {
  it.each([
    [{ template: '<p></p>' }, 'callList.renderTargets[0].root'],
    [{ root: 'wall', template: 7 }, 'callList.renderTargets[0].template'],
    [{ root: 'wall', partials: { who: 7 } }, 'callList.renderTargets[0].partials.who'],
    [{ root: 'wall', data: 'Sales' }, 'callList.renderTargets[0].data'],
  ])('%j', (target, path) => {
    let thrown: unknown;
    try {
      createWebphone({ callList: { renderTargets: [target as never] } }).destroy();
    } catch (error) {
      thrown = error;
    }
    expect((thrown as PhoneError).problems.map((problem) => problem.path)).toEqual([path]);
  });

  it('an unknown key is a warning', () => {
    const target = { root: 'wall', tempalte: '<p></p>' };
    phone = createWebphone(config({ renderTargets: [target] }));
    expect(problems().join()).toContain('Did you mean "template"?');
  });
});

it('two copies of the library give the elements of one page ids of their own', async () => {
  put('<div id="one"></div><div id="two"></div>');
  const make = (create: typeof createWebphone, root: string): Webphone =>
    create({ storage: false, dialpad: { renderTargets: [root] } });
  phone = make(createWebphone, 'one');
  vi.resetModules();
  const other = make((await import('../../src/entry/index.ts')).createWebphone, 'two');
  await settled();
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(4);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  other.destroy();
});
