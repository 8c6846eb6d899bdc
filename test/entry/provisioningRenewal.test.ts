import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { boot } from '../../src/entry/boot.ts';
import { defineElement } from '../../src/entry/element.ts';
import type { CordboardPhoneElement } from '../../src/entry/element.ts';
import type { Webphone } from '../../src/entry/index.ts';
import { incoming } from '../support/fakeSession.ts';

// What another phone is made of: what the plugin was given, and nothing that is read a second time.

const url = 'https://pbx.example.com/acme/phone.json';
const first = { storage: false, provisioning: { refresh: 300 } };
const second = { ...first, dialpad: { enabled: false } };
const third = { ...first, callList: { enabled: false } };

interface Asked {
  readonly address: string;
  readonly token: string | null;
  readonly credentials: string | undefined;
}

let files: Record<string, string>;
let asked: Asked[];
let element: CordboardPhoneElement;
let booted: Webphone | undefined;

beforeAll(() => {
  defineElement();
});

beforeEach(() => {
  files = { [url]: JSON.stringify(first) };
  asked = [];
  vi.stubGlobal('fetch', (address: string, init: RequestInit = {}) => {
    const token = new Headers(init.headers).get('authorization');
    asked.push({ address, token, credentials: init.credentials });
    const text = files[address];
    const headers = { 'content-type': 'application/json' };
    const status = text === undefined ? 404 : 200;
    return Promise.resolve(new Response(text ?? '', { status, headers }));
  });
  vi.spyOn(console, 'warn').mockReturnValue(undefined);
  element = document.createElement('cordboard-phone');
});

afterEach(async () => {
  booted?.destroy();
  booted = undefined;
  document.body.replaceChildren();
  await turns();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Long enough for what must not happen, as all that it takes has been loaded. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve));
};

/** A phone in the element. */
async function made(config: object | string): Promise<Webphone> {
  element.config = config;
  document.body.append(element);
  return element.ready;
}

/** The address gives this from now on, and the phone asks. */
async function give(config: object, phone: Webphone | undefined): Promise<void> {
  files[url] = JSON.stringify(config);
  asked = [];
  await phone?.plugins.provisioning?.refresh();
}

/** The phone is gone, for another one, or the other one was refused. */
const over = (phone: Webphone | undefined): Promise<void> =>
  new Promise((resolve) => {
    for (const name of ['phone.destroyed', 'provisioning.failed'] as const) {
      phone?.once(name, () => {
        resolve();
      });
    }
  });

/** As `give`, and whatever comes of it is done. */
async function say(config: object): Promise<void> {
  const { phone } = element;
  const changed = vi.fn();
  phone?.once('provisioning.changed', changed);
  const done = over(phone);
  await give(config, phone);
  await (changed.mock.calls.length > 0 ? done.then(() => element.ready) : turns());
}

const shown = (selector: string): number =>
  element.shadowRoot?.querySelectorAll(selector).length ?? 0;
const panels = (): readonly number[] =>
  ['dialpad', 'callList'].map((name) => shown(`[data-cordboard="${name}"]`));

describe('another phone', () => {
  it('is made of the one answer, and asks as the page said, for as long as the page is there', async () => {
    await made({ ...first, provisioning: { url, credentials: 'include', token: () => 't1' } });
    const question = [{ address: url, token: 'Bearer t1', credentials: 'include' }];
    // The first answer is the phone's own.
    await say(first);
    for (const [config, found] of [
      [second, [0, 1]],
      [{ storage: false }, [1, 1]],
      [second, [0, 1]],
    ] as const) {
      const old = element.phone;
      await say(config);
      expect(asked).toEqual(question);
      expect(element.phone).not.toBe(old);
      expect(panels()).toEqual(found);
      await say(config);
      expect(asked).toEqual(question);
    }
  });

  it('asks as its file says where the first one was read there, and no more when it says nothing', async () => {
    await made(url);
    await say({ ...second, provisioning: { credentials: 'include' } });
    await say({ ...third, provisioning: {} });
    expect(asked.map(({ credentials }) => credentials)).toEqual(['include']);
    await say({ storage: false });
    expect(asked.map(({ credentials }) => credentials)).toEqual(['same-origin']);
    expect(element.phone?.plugins.provisioning).toBeUndefined();
    expect(panels()).toEqual([1, 1]);
  });

  it('has the templates that are named in it, from beside it and with the token', async () => {
    files['https://pbx.example.com/acme/own.mustache'] = '<p class="own">own</p>';
    await made({ ...first, provisioning: { url, token: () => 't1' } });
    await say(first);
    const named = { ...first, dialpad: { template: 'own.mustache' } };
    await say(named);
    expect(asked.map(({ address, token }) => [address, token])).toEqual([
      [url, 'Bearer t1'],
      ['https://pbx.example.com/acme/own.mustache', 'Bearer t1'],
    ]);
    expect(shown('.own')).toBe(1);
    // It is known what was read, whatever stands in it by now.
    const old = element.phone;
    await say(named);
    expect(element.phone).toBe(old);
    await say(first);
    expect(shown('.own')).toBe(0);
  });

  it('stays away when a template is missing, and comes once it is there', async () => {
    const old = await made(url);
    const named = { ...first, dialpad: { template: 'own.mustache' } };
    await say(named);
    expect(element.phone).toBe(old);
    files['https://pbx.example.com/acme/own.mustache'] = '<p class="own">own</p>';
    await say(named);
    expect(shown('.own')).toBe(1);
  });

  it('does not send the token to a server of another origin that the file names', async () => {
    const other = 'https://other.example.com/phone.json';
    files[other] = JSON.stringify(first);
    await made({ ...first, provisioning: { url, token: () => 't1' } });
    await say(first);
    await say({ ...second, provisioning: { url: other } });
    await say(second);
    expect(asked).toEqual([{ address: other, token: null, credentials: 'same-origin' }]);
  });

  it.each([
    ['its own', {}],
    ['a page with a section', { provisioning: { url } }],
  ])(
    'stays at another address that a file names, templates too: the first one %s',
    async (_, own) => {
      const other = 'https://other.example.com/new/phone.json';
      const named = { ...second, dialpad: { template: 'own.mustache' } };
      files[other] = JSON.stringify(named);
      files['https://other.example.com/new/own.mustache'] = '<p class="own">own</p>';
      await made('provisioning' in own ? { ...first, ...own } : url);
      await say(first);
      await say({ ...first, provisioning: { url: other } });
      await say({ ...first, provisioning: { url: other } });
      expect(shown('.own')).toBe(1);
      const phone = element.phone;
      await say({ ...first, provisioning: { url: other } });
      expect(asked.map(({ address }) => address)).toEqual([other]);
      expect(element.phone).toBe(phone);
    },
  );

  it('has what the page adds to what was read', async () => {
    const heard = vi.fn();
    const adapt = (config: object): object => ({
      ...config,
      listeners: { 'phone.created': heard },
    });
    await made({ ...first, provisioning: { url, adapt } });
    await say(first);
    await say(second);
    await say(third);
    expect(heard).toHaveBeenCalledTimes(2);
    expect(panels()).toEqual([1, 0]);
  });
});

describe('a renewal that waits for the end of a call', () => {
  /** The second configuration is read, and while what it needs is loaded a call begins. */
  const waits = async (phone: Webphone): Promise<ReturnType<typeof incoming>> => {
    const call = incoming();
    const begun = new Promise<void>((resolve) => {
      phone.once('provisioning.applying', () => {
        phone.calls.add(call);
        resolve();
      });
    });
    await give(second, phone);
    await begun;
    await turns();
    return call;
  };

  it.each([
    ['goes back', first, [1, 1]],
    ['changes again', third, [1, 0]],
  ])('in the element, when the file %s', async (_, last, found) => {
    const old = await made(url);
    const call = await waits(old);
    const created = vi.fn();
    element.addEventListener('phone.created', created);
    await give(last, old);
    expect(element.phone).toBe(old);
    expect(panels()).toEqual([1, 1]);
    const done = over(old);
    call.end();
    await (last === first ? turns() : done);
    await turns();
    expect(panels()).toEqual(found);
    expect(created).toHaveBeenCalledTimes(last === first ? 0 : 1);
    expect(element.phone === old).toBe(last === first);
  });

  it.each([
    ['goes back', first, []],
    ['changes again', third, [undefined]],
  ])('of the script tag, when the file %s', async (_, last, found) => {
    const target = document.body.appendChild(document.createElement('div'));
    target.id = 'phone';
    const renewed: Webphone[] = [];
    const hear = (event: Event): void => {
      renewed.push((event as CustomEvent<Webphone>).detail);
    };
    document.addEventListener('cordboard.renewed', hear);
    booted = await boot({ config: url, target: 'phone' });
    if (!booted) throw new Error('no phone was made');
    const places = target.childElementCount;
    const call = await waits(booted);
    await give(last, booted);
    const done = over(booted);
    call.end();
    await (last === first ? turns() : done);
    await turns();
    document.removeEventListener('cordboard.renewed', hear);
    expect(renewed.map(({ plugins }) => plugins.callList)).toEqual(found);
    expect(target.childElementCount).toBe(places - found.length);
    for (const phone of renewed) phone.destroy();
  });

  it('is none any more when the element has left the page', async () => {
    const call = await waits(await made(url));
    element.remove();
    await turns();
    call.end();
    await turns();
    expect([element.phone, ...panels()]).toEqual([undefined, 0, 0]);
  });
});
