import { afterEach, expect, it, vi } from 'vitest';
import type * as Html from '../../../src/core/view/html.ts';

const policyKey = Symbol.for('cordboard.htmlPolicy');

/** A fresh copy of the module, as when a page loads the library once more. */
async function load(): Promise<typeof Html> {
  vi.resetModules();
  return import('../../../src/core/view/html.ts');
}

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, policyKey);
});

it('parses through one policy of the page, also when it is loaded twice', async () => {
  const createHTML = vi.fn((html: string) => html);
  const createPolicy = vi.fn(() => ({ createHTML }));
  vi.stubGlobal('trustedTypes', { createPolicy });
  for (let time = 0; time < 2; time += 1) {
    const { parseHtml } = await load();
    expect(parseHtml('<b>1</b>').firstElementChild?.localName).toBe('b');
  }
  expect(createPolicy.mock.calls.map(([name]: unknown[]) => name)).toEqual(['cordboard']);
  expect(createHTML).toHaveBeenCalledTimes(2);
});

it('parses without a policy where the page forbids one or the browser knows none', async () => {
  const createPolicy = vi.fn(() => {
    throw new TypeError('forbidden');
  });
  vi.stubGlobal('trustedTypes', { createPolicy });
  const { parseHtml } = await load();
  expect(parseHtml('<i>2</i>').textContent).toBe('2');
  expect(createPolicy).toHaveBeenCalledTimes(1);
});

it('refuses a row that is not exactly one element', async () => {
  const { parseElement } = await load();
  expect(parseElement(' <li>a</li> ').textContent).toBe('a');
  expect(() => parseElement('<li>a</li><li>b</li>')).toThrow('exactly one element');
  expect(() => parseElement('text')).toThrow('exactly one element');
});
