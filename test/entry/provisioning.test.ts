import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { boot } from '../../src/entry/boot.ts';
import { defineElement } from '../../src/entry/element.ts';
import type { CordboardPhoneElement } from '../../src/entry/element.ts';
import type { Webphone } from '../../src/entry/index.ts';

const first = { storage: false, provisioning: { refresh: 300 } };
const second = { ...first, dialpad: { enabled: false } };

let answer: object;
let renewed: Webphone[];
const hear = (event: Event): void => {
  renewed.push((event as CustomEvent<Webphone>).detail);
};

beforeAll(() => {
  defineElement();
});

beforeEach(() => {
  answer = first;
  renewed = [];
  document.addEventListener('cordboard.renewed', hear);
  const headers = { 'content-type': 'application/json' };
  const fetched = (): Promise<Response> =>
    Promise.resolve(new Response(JSON.stringify(answer), { headers }));
  vi.stubGlobal('fetch', vi.fn(fetched));
  vi.spyOn(console, 'warn').mockReturnValue(undefined);
});

afterEach(async () => {
  document.removeEventListener('cordboard.renewed', hear);
  for (const phone of renewed) phone.destroy();
  document.body.replaceChildren();
  await new Promise((resolve) => setTimeout(resolve));
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Asks, and waits until another phone is there or the answer was refused. */
async function ask(phone: Webphone, config: object): Promise<string> {
  answer = config;
  const told = new Promise<string>((resolve) => {
    for (const name of ['phone.destroyed', 'provisioning.failed'] as const) {
      phone.once(name, () => {
        resolve(name);
      });
    }
  });
  await phone.plugins.provisioning?.refresh();
  const what = await told;
  await new Promise((resolve) => setTimeout(resolve));
  return what;
}

describe('the section "provisioning" of a script tag', () => {
  it('makes another phone in the same target, and keeps the old one for a wrong configuration', async () => {
    const target = document.body.appendChild(document.createElement('div'));
    target.id = 'phone';
    const phone = await boot({ config: 'phone.json', target: 'phone' });
    if (!phone) throw new Error('no phone was made');
    const places = target.childElementCount;
    expect(await ask(phone, { ...first, dialpad: { renderTargets: 7 } })).toBe(
      'provisioning.failed',
    );
    expect(target.childElementCount).toBe(places);
    expect(renewed).toEqual([]);
    expect(await ask(phone, second)).toBe('phone.destroyed');
    expect(renewed.map(({ plugins }) => plugins.dialpad)).toEqual([undefined]);
    expect(target.childElementCount).toBe(places - 1);
    expect(target.querySelector('[data-cordboard="dialpad"]')).toBeNull();
    expect(target.querySelector('[data-cordboard="callList"]')).not.toBeNull();
    // It goes on: the next one takes the place of that one.
    const [fresh] = renewed;
    if (!fresh) throw new Error('no phone was made');
    expect(await ask(fresh, first)).toBe('phone.destroyed');
    expect(target.childElementCount).toBe(places);
  });
});

describe('the section "provisioning" of <cordboard-phone>', () => {
  let element: CordboardPhoneElement;
  const shown = (name: string): number =>
    element.shadowRoot?.querySelectorAll(`[data-cordboard="${name}"]`).length ?? 0;

  beforeEach(async () => {
    element = document.createElement('cordboard-phone');
    element.setAttribute('config', 'phone.json');
    document.body.append(element);
    await element.ready;
  });

  it('makes another phone in the same element, which tells of it', async () => {
    const old = await element.ready;
    const made: unknown[] = [];
    element.addEventListener('phone.created', () => made.push(element.phone));
    expect(await ask(old, second)).toBe('phone.destroyed');
    expect(element.phone).not.toBe(old);
    expect(made).toEqual([element.phone]);
    expect(await element.ready).toBe(element.phone);
    expect([shown('dialpad'), shown('callList')]).toEqual([0, 1]);
    expect(await ask(await element.ready, first)).toBe('phone.destroyed');
    expect([shown('dialpad'), shown('callList')]).toEqual([1, 1]);
  });

  it('is ready with the phone of a configuration that the page sets when the old phone goes', async () => {
    const old = await element.ready;
    let ready: Promise<Webphone> | undefined;
    const set = (): void => {
      element.config = { storage: false };
      ready = element.ready;
    };
    element.addEventListener('phone.destroyed', set, { once: true });
    expect(await ask(old, second)).toBe('phone.destroyed');
    const phone = await ready;
    expect(phone?.plugins.provisioning).toBeUndefined();
    expect(element.phone).toBe(phone);
    expect([shown('dialpad'), shown('callList')]).toEqual([1, 1]);
  });

  it('keeps the phone, and says nothing in the element, when the configuration is wrong', async () => {
    const old = await element.ready;
    const failed = vi.fn();
    element.addEventListener('phone.configuration.failed', failed);
    expect(await ask(old, { ...first, dialpad: { renderTargets: 7 } })).toBe('provisioning.failed');
    expect(element.phone).toBe(old);
    expect(failed).not.toHaveBeenCalled();
    expect([shown('failure'), shown('callList')]).toEqual([0, 1]);
    expect(await ask(old, second)).toBe('phone.destroyed');
  });

  it('is none when it is null', async () => {
    element.config = { storage: false, provisioning: null, blf: undefined } as object;
    const { plugins } = await element.ready;
    expect([plugins.provisioning, plugins.blf]).toEqual([undefined, undefined]);
  });

  it('needs an address when the configuration came from none', async () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    element.config = first;
    await new Promise((resolve) => setTimeout(resolve));
    await expect(element.ready).rejects.toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ path: 'provisioning.url' }),
      ]) as unknown,
    });
  });
});
