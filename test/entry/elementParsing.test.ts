import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineElement } from '../../src/entry/element.ts';
import type { CordboardPhoneElement, PhoneDomEvent } from '../../src/entry/element.ts';

beforeAll(() => {
  defineElement();
});

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue(undefined);
  vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading');
});

afterEach(async () => {
  document.body.replaceChildren();
  await turn();
  vi.restoreAllMocks();
});

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const parsed = async (): Promise<void> => {
  vi.mocked(vi.spyOn(document, 'readyState', 'get')).mockReturnValue('interactive');
  document.dispatchEvent(new Event('DOMContentLoaded'));
  await turn();
  // What was told meanwhile has a turn of its own.
  await turn();
};

/** A script with a configuration, and the element; either of them first. */
async function put(text: string, order: 'after' | 'before'): Promise<CordboardPhoneElement> {
  const script = document.createElement('script');
  script.type = 'application/json';
  script.id = 'config';
  script.textContent = text;
  const element = document.createElement('cordboard-phone');
  element.setAttribute('config', '#config');
  document.body.append(...(order === 'after' ? [script, element] : [element, script]));
  await turn();
  return element;
}

describe('while the page is being parsed', () => {
  it('a phone whose configuration stands before it is made, and drawn', async () => {
    const element = await put('{"storage":false}', 'after');
    expect(element.phone).toBeDefined();
    expect(element.shadowRoot?.querySelector('[part="target"]')).not.toBeNull();
  });

  it.each([
    ['one that stands behind it may be half there', '{"storage":false}', 'before'],
    [
      'what it is drawn into may stand further down',
      '{"storage":false,"dialpad":{"renderTargets":["keys"]}}',
      'after',
    ],
    [
      'so may the canvas of its pictures',
      '{"storage":false,"videoCanvas":{"canvas":"picture"}}',
      'after',
    ],
  ] as const)('it waits for the rest: %s', async (_, text, order) => {
    const element = await put(text, order);
    expect(element.phone).toBeUndefined();
    const place = document.body.appendChild(document.createElement('div'));
    place.id = 'keys';
    await parsed();
    expect(element.phone).toBeDefined();
    expect(place.childElementCount > 0).toBe(text.includes('keys'));
  });

  it('what it tells waits for the scripts further down, which hear it in its order', async () => {
    const element = await put('{"storage":false}', 'after');
    const heard: string[] = [];
    for (const name of ['phone.created', 'language.changed'] as const)
      element.addEventListener(name, () => heard.push(name));
    await element.phone?.i18n.changeLanguage('en');
    expect(heard).toEqual([]);
    await parsed();
    expect(heard).toEqual(['language.changed', 'phone.created', 'language.changed']);
    await element.phone?.i18n.changeLanguage('en');
    expect(heard).toHaveLength(4);
  });

  it('what it tells is heard by a script that waits for the page, too', async () => {
    const element = await put('{"storage":false}', 'after');
    const heard = vi.fn();
    const over = parsed();
    // The browser has done all promises of one listener before the next one hears of it.
    for (let turns = 0; turns < 9; turns += 1) await Promise.resolve();
    element.addEventListener('phone.created', heard);
    await over;
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('why there is no phone is told then too', async () => {
    const element = await put('{"storage":7}', 'after');
    const heard = vi.fn((event: PhoneDomEvent<'phone.configuration.failed'>) => event.detail);
    element.addEventListener('phone.configuration.failed', heard);
    await parsed();
    expect(heard.mock.results[0]?.value).toMatchObject({
      error: { code: 'configuration.invalid' },
    });
  });
});
