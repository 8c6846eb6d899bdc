import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { conference } from '../../plugins/conference/index.ts';
import { defineElement } from '../../src/entry/element.ts';
import type { CordboardPhoneElement } from '../../src/entry/element.ts';
import type { EventName, PhoneError, WebphoneConfig } from '../../src/entry/index.ts';
import { incoming } from '../support/fakeSession.ts';
import { note } from './elementPlugin.ts';

const names = ['audioContext', 'callControl', 'callList', 'dialpad', 'mediaDevices', 'userAgent'];
const config: WebphoneConfig = { storage: false };

let element: CordboardPhoneElement;
let said: ReturnType<typeof vi.fn>;

beforeAll(() => {
  defineElement();
});

beforeEach(() => {
  said = vi.spyOn(console, 'error').mockReturnValue(undefined);
  element = document.createElement('cordboard-phone');
});

afterEach(async () => {
  document.body.replaceChildren();
  await turn();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const parts = (): readonly string[] =>
  [...(element.shadowRoot?.querySelectorAll('[data-cordboard]') ?? [])]
    .map((place) => place.getAttribute('part') ?? '')
    .sort();

const textOf = (part: string): string =>
  element.shadowRoot?.querySelector(`[part="${part}"]`)?.textContent ?? '';

const heard = (...events: readonly EventName[]): readonly string[] => {
  const list: string[] = [];
  for (const name of events) element.addEventListener(name, () => list.push(name));
  return list;
};

const answers = (body: string, status = 200): ReturnType<typeof vi.fn> => {
  const fetched = vi.fn(() => Promise.resolve(new Response(body, { status })));
  vi.stubGlobal('fetch', fetched);
  return fetched;
};

describe('<cordboard-phone>', () => {
  it('is defined once: who defines it again gets the same class', () => {
    expect(defineElement()).toBe(customElements.get('cordboard-phone'));
    expect(defineElement('other-phone')).not.toBe(defineElement());
    expect(new (defineElement('other-phone') ?? fail())()).toBeInstanceOf(HTMLElement);
  });

  it('draws the whole phone in its shadow root, each plugin in a part of its name', async () => {
    element.config = config;
    document.body.append(element);
    const phone = await element.ready;
    await turn();
    expect(element.phone).toBe(phone);
    expect(parts()).toEqual([...names, 'videoCanvas']);
    expect(element.shadowRoot?.querySelector('[part~="call"]')).not.toBeNull();
    expect(element.shadowRoot?.adoptedStyleSheets).toHaveLength(1);
    expect(element.getAttributeNames()).toEqual([]);
  });

  it('leaves out what is switched off and what is drawn elsewhere, and draws plugins of others', async () => {
    const place = document.body.appendChild(document.createElement('div'));
    element.config = {
      ...{ ...config, dialpad: { enabled: false }, callList: { renderTargets: [place] } },
      ...{ audioContext: { renderTargets: [] }, plugins: [note()] },
    };
    document.body.append(element);
    await element.ready;
    await turn();
    expect(parts()).toEqual(['callControl', 'mediaDevices', 'note', 'userAgent', 'videoCanvas']);
    expect(textOf('note')).toBe('Noted');
    expect(place.dataset['cordboard']).toBe('callList');
  });

  it('reads a file, an element of the page, or the JSON that stands in it', async () => {
    const fetched = answers('{"storage":false,"call":{"autoFocus":"newest"}}');
    element.setAttribute('config', 'phone.json');
    document.body.append(element);
    expect((await element.ready).plugins.dialpad).toBeDefined();
    expect(fetched).toHaveBeenCalledWith('phone.json', expect.anything());

    const script = document.createElement('script');
    script.type = 'application/json';
    script.id = 'phone-config';
    script.textContent = '{"storage":false,"dialpad":{"enabled":false}}';
    document.body.append(script);
    element.config = '#phone-config';
    await turn();
    expect((await element.ready).plugins.dialpad).toBeUndefined();

    const other = document.createElement('cordboard-phone');
    const inside = script.cloneNode(true) as Element;
    other.append(inside);
    document.body.append(other);
    expect((await other.ready).plugins.dialpad).toBeUndefined();
  });

  it('takes a configuration that was set before the class was known', async () => {
    const early = document.createElement('early-phone') as CordboardPhoneElement;
    early.config = config;
    document.body.append(early);
    defineElement('early-phone');
    expect((await early.ready).plugins.userAgent).toBeDefined();
    expect(early.config).toBe(config);
  });
});

describe('a section with the name of a plugin that is not built in', () => {
  it('brings the plugin and those that it requires, and draws it', async () => {
    element.config = { ...config, blf: { keys: [{ id: '1002', name: 'Bob' }] } };
    document.body.append(element);
    const { plugins } = await element.ready;
    await turn();
    expect(plugins.blf?.getKeys().map(({ name }) => name)).toEqual(['Bob']);
    expect(plugins.subscriptions).toBeDefined();
    expect(parts()).toContain('blf');
    expect(textOf('blf')).toContain('Bob');
  });

  it('is checked like any other, and gives way to the plugin itself', async () => {
    element.config = { ...config, presence: { publish_expires: 0 } };
    document.body.append(element);
    await expect(element.ready).rejects.toMatchObject({
      code: 'configuration.invalid',
      problems: [expect.objectContaining({ path: 'presence.publish_expires' })],
    });
    element.config = { ...config, plugins: [conference()], conference: { enabled: false } };
    await turn();
    expect((await element.ready).plugins.conference).toBeDefined();
    element.config = { ...config, messages: { enabled: false } };
    await turn();
    expect((await element.ready).plugins.messages).toBeUndefined();
  });

  it('is warned of when nobody knows the name', async () => {
    const warned = vi.spyOn(console, 'warn').mockReturnValue(undefined);
    const list = vi.fn();
    element.addEventListener('phone.configuration.warning', ({ detail }) => {
      list(detail.path);
    });
    element.config = { ...config, ...{ blff: {}, voicemail: {} } };
    document.body.append(element);
    expect((await element.ready).plugins.voicemail).toBeDefined();
    expect(list.mock.calls).toEqual([['blff']]);
    expect(warned).toHaveBeenCalledTimes(1);
  });

  it('does not keep the phone from being made when its file cannot be had', async () => {
    vi.doMock('../../plugins/messages/index.ts', () => {
      throw new Error('404');
    });
    const list = vi.fn();
    element.addEventListener('phone.plugin.failed', ({ detail }) => {
      list(detail.plugin, (detail.error as PhoneError).code);
    });
    element.config = { ...config, messages: {} };
    document.body.append(element);
    expect((await element.ready).plugins.messages).toBeUndefined();
    vi.doUnmock('../../plugins/messages/index.ts');
    expect(list.mock.calls).toEqual([['messages', 'phone.partMissing']]);
  });
});

describe('events', () => {
  it('are those of the phone, the payload in detail, from its creation to its end', async () => {
    const list = heard('phone.created', 'language.changed', 'call.ringing.started');
    const seen = vi.fn();
    element.addEventListener('phone.created', ({ detail }) => {
      seen(detail.plugins.length, element.phone?.calls.list().length);
    });
    element.addEventListener('call.ringing.started', ({ detail, bubbles, cancelable }) => {
      seen(detail.call.remote.user, bubbles, cancelable);
    });
    element.addEventListener('phone.destroyed', () => {
      seen('destroyed');
    });
    element.config = config;
    document.body.append(element);
    const phone = await element.ready;
    phone.calls.add(incoming());
    await turn();
    element.remove();
    await turn();
    expect(list).toEqual(['language.changed', 'phone.created', 'call.ringing.started']);
    expect(seen.mock.calls).toEqual([[7, 0], ['2002', false, false], ['destroyed']]);
  });

  it('do not take the place of the listeners in the configuration', async () => {
    const created = vi.fn();
    const list = heard('phone.created');
    element.config = { ...config, listeners: { 'phone.created': created } };
    document.body.append(element);
    await element.ready;
    expect([created.mock.calls.length, list]).toEqual([1, ['phone.created']]);
  });
});

describe('leaving the page', () => {
  it('destroys the phone, and coming back makes another one', async () => {
    element.config = config;
    document.body.append(element);
    const first = await element.ready;
    const list = heard('phone.destroyed');
    element.remove();
    await turn();
    expect([list, element.phone, parts()]).toEqual([['phone.destroyed'], undefined, []]);
    document.body.append(element);
    await turn();
    expect(await element.ready).not.toBe(first);
    expect(element.phone).toBeDefined();
  });

  it('and coming back in the same turn, as who is moved does, keeps phone and call', async () => {
    element.config = config;
    const aside = document.body.appendChild(document.createElement('aside'));
    document.body.append(element);
    const phone = await element.ready;
    const call = phone.calls.add(incoming());
    aside.append(element);
    await turn();
    element.remove();
    document.body.prepend(element);
    await turn();
    expect(element.phone).toBe(phone);
    expect(call.snapshot.status).toBe('ringing');
  });

  it('while the configuration is loaded gives that up, without a word', async () => {
    const list = heard('phone.created', 'phone.configuration.failed');
    answers('{}');
    element.setAttribute('config', 'phone.json');
    document.body.append(element);
    const { ready } = element;
    await Promise.resolve();
    element.remove();
    await expect(ready).rejects.toMatchObject({ code: 'phone.destroyed' });
    await turn();
    expect([list, element.phone, textOf('error')]).toEqual([[], undefined, '']);
  });

  it('leaves a phone that the application has destroyed alone', async () => {
    element.config = config;
    document.body.append(element);
    (await element.ready).destroy();
    expect(element.phone).toBeUndefined();
  });
});

describe('another configuration', () => {
  it('makes another phone; one that says the same does not', async () => {
    element.config = { ...config, dialpad: { convertAlpha: true } } as WebphoneConfig;
    document.body.append(element);
    const first = await element.ready;
    element.config = { ...config, dialpad: { convertAlpha: true } } as WebphoneConfig;
    await turn();
    expect(element.phone).toBe(first);
    element.config = { ...config, dialpad: { enabled: false } };
    expect((await element.ready).plugins.dialpad).toBeUndefined();
    expect(element.phone).not.toBe(first);
    expect(parts()).not.toContain('dialpad');
  });

  it('from the address that it has already is none: nothing is loaded, and no call ends', async () => {
    const fetched = answers('{"storage":false}');
    element.config = 'phone.json';
    document.body.append(element);
    const phone = await element.ready;
    element.config = 'phone.json';
    element.setAttribute('config', 'phone.json');
    await turn();
    expect(element.phone).toBe(phone);
    expect(fetched).toHaveBeenCalledTimes(1);
    element.config = 'other.json';
    expect(await element.ready).not.toBe(phone);
    expect(fetched).toHaveBeenLastCalledWith('other.json', expect.anything());
  });

  it('by the attribute waits while there is one by the property', async () => {
    const fetched = answers('{"storage":false}');
    element.config = config;
    document.body.append(element);
    const first = await element.ready;
    element.setAttribute('config', 'phone.json');
    await turn();
    expect(element.phone).toBe(first);
    expect(fetched).not.toHaveBeenCalled();
    element.config = null;
    await turn();
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(await element.ready).not.toBe(first);
  });
});

describe('a configuration that cannot be used', () => {
  const secret = '{"userAgent":{"authentication":{"password":"s3cret"}';

  const failure = async (): Promise<PhoneError> => {
    const told: PhoneError[] = [];
    element.addEventListener('phone.configuration.failed', ({ detail }) => told.push(detail.error));
    document.body.append(element);
    await turn();
    await expect(element.ready).rejects.toBe(told[0]);
    expect(told).toHaveLength(1);
    expect(element.phone).toBeUndefined();
    expect(textOf('error')).toBe('The configuration of the phone is not valid.');
    const [error] = told;
    if (!error) throw new Error('nothing was told');
    return error;
  };

  const wrong = { call: { operationTimeout: 'long' } } as unknown as WebphoneConfig;

  it.each<
    readonly [string, { at?: string; file?: string; status?: number; given?: object }, string]
  >([
    ['missing', {}, 'needs config="phone.json"'],
    ['a file that is not there', { at: 'phone.json', file: '', status: 404 }, 'phone.json: 404'],
    ['an element that is not there', { at: '#nowhere' }, '#nowhere: not found'],
    ['no JSON', { at: 'phone.json', file: secret }, 'phone.json: no JSON'],
    ['a list', { at: 'phone.json', file: '[]' }, 'phone.json: no object'],
    ['null', { at: 'phone.json', file: 'null' }, 'phone.json: no object'],
    [
      'plugins',
      { at: 'phone.json', file: '{"plugins":["blf"]}' },
      'phone.json: plugins are sections',
    ],
    ['wrong in a key', { given: wrong }, 'call.operationTimeout'],
  ])('(%s) is told in words, by one event, and on the console', async (_, how, words) => {
    if (how.file !== undefined) answers(how.file, how.status);
    element.config = how.given ?? how.at;
    const error = await failure();
    expect(error.code).toBe('configuration.invalid');
    expect(textOf('detail')).toContain(words);
    expect(String(said.mock.calls)).toContain(words);
    const drawn = element.shadowRoot?.textContent;
    expect(JSON.stringify([said.mock.calls, error, error.cause, drawn])).not.toContain('s3cret');
  });

  it('gives way to one that can', async () => {
    await failure();
    element.config = config;
    await turn();
    expect((await element.ready).plugins.userAgent).toBeDefined();
    expect(textOf('error')).toBe('');
  });
});

describe('attributes', () => {
  const wrapper = (): HTMLElement | null | undefined =>
    element.shadowRoot?.querySelector<HTMLElement>('[part="phone"]');

  it('theme decides the looks, also while a call runs; anything else is the page’s choice', async () => {
    element.config = config;
    element.theme = 'dark';
    document.body.append(element);
    const phone = await element.ready;
    expect(wrapper()?.dataset['theme']).toBe('dark');
    element.setAttribute('theme', 'light');
    expect([element.theme, wrapper()?.dataset['theme']]).toEqual(['light', 'light']);
    element.theme = 'contrast';
    expect([element.theme, wrapper()?.dataset['theme']]).toEqual(['contrast', 'contrast']);
    element.theme = 'auto';
    expect([element.theme, wrapper()?.dataset['theme']]).toEqual(['auto', undefined]);
    await turn();
    expect(element.phone).toBe(phone);
  });

  it('lang goes before the language of the configuration, and changes it in the running phone', async () => {
    const own = { de: { dialpad: { call: 'Anrufen' } }, fr: { dialpad: { call: 'Appeler' } } };
    element.config = { ...config, i18n: { lng: 'fr', resources: own } };
    element.lang = 'de';
    document.body.append(element);
    const phone = await element.ready;
    await turn();
    expect(phone.i18n.language()).toBe('de');
    expect(element.shadowRoot?.querySelector('[part="dialpad"]')?.getAttribute('lang')).toBe('de');
    element.removeAttribute('lang');
    await turn();
    expect([phone.i18n.language(), element.phone]).toEqual(['fr', phone]);
    expect(element.lang).toBe('');
    element.lang = 'de';
    await turn();
    expect(phone.i18n.language()).toBe('de');
    element.lang = '';
    await turn();
    expect(phone.i18n.language()).toBe('fr');
    expect(said).not.toHaveBeenCalled();
  });

  it('an empty lang says nothing, and one that is set while the texts come is not lost', async () => {
    const own = { de: { dialpad: { call: 'Anrufen' } }, fr: { dialpad: { call: 'Appeler' } } };
    let come = (_: object): void => undefined;
    const slow = new Promise<object>((resolve) => {
      come = resolve;
    });
    const loadLanguage = (language: string): Promise<never> =>
      (language === 'fr' ? slow : Promise.resolve({})) as Promise<never>;
    element.config = { ...config, i18n: { lng: 'fr', resources: own, loadLanguage } };
    element.setAttribute('lang', '');
    document.body.append(element);
    await turn();
    element.lang = 'de';
    come({});
    const phone = await element.ready;
    await turn();
    expect(phone.i18n.language()).toBe('de');
    element.lang = '';
    await turn();
    expect(phone.i18n.language()).toBe('fr');
  });
});

function fail(): never {
  throw new Error('there are no custom elements');
}
