import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MockInstance } from 'vitest';
import { defineElement } from '../../src/entry/element.ts';
import type { Webphone } from '../../src/entry/index.ts';

// The script of the frame's page, with the page around it that sends one word.

const parent = { postMessage: vi.fn() };
const said = vi.fn();
let heard: MockInstance<typeof window.addEventListener>;

beforeEach(() => {
  defineElement();
  vi.spyOn(window, 'parent', 'get').mockReturnValue(parent as never);
  heard = vi.spyOn(window, 'addEventListener');
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(said);
});

afterEach(async () => {
  document.body.replaceChildren();
  await turn();
  // The script serves for as long as its page is there.
  for (const [type, listener] of heard.mock.calls) window.removeEventListener(type, listener);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.resetModules();
  said.mockClear();
  parent.postMessage.mockClear();
});

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** The configuration that is beside the script from now on. */
function serve(config: object): void {
  const text = JSON.stringify({ storage: false, ...config });
  const headers = { 'content-type': 'application/json' };
  vi.stubGlobal('fetch', (address: string) => {
    const name = address.split('/locales/')[1];
    const found = name ? readFileSync(`locales/${name}`, 'utf8') : text;
    return Promise.resolve(new Response(found, { headers }));
  });
}

/** Runs the script with this configuration beside it. */
async function run(config: object): Promise<void> {
  serve(config);
  await import('../../src/entry/frame.ts');
}

/** What a page of this origin is answered by a frame that is configured so. */
async function answerTo(origin: string, frame: unknown): Promise<readonly unknown[]> {
  await run({ frame });
  return hello(origin);
}

/** The page around the frame says something. */
function say(origin: string, data: object): void {
  const event = new MessageEvent('message', { data, origin });
  Object.defineProperty(event, 'source', { value: parent });
  window.dispatchEvent(event);
}

/** What the page is answered when it greets the frame. */
async function hello(origin = ''): Promise<readonly unknown[]> {
  parent.postMessage.mockClear();
  say(origin, { cordboard: 'hello' });
  await vi.waitFor(() => {
    const isRefused = String(said.mock.calls).includes('are refused');
    expect(isRefused || parent.postMessage.mock.calls.length > 0).toBe(true);
  });
  await turn();
  return parent.postMessage.mock.calls.map(([answer]: unknown[]) => answer);
}

it('answers a page whose origin is in the list', async () => {
  const origins = ['https://app.example.com'];
  expect(await answerTo('https://app.example.com', { origins })).toEqual([{ cordboard: 'ready' }]);
  expect(said).not.toHaveBeenCalled();
});

it.each([
  ['a string, for its own origin', 'https://app.example.com', 'https://app.example.com'],
  ['a string, for a part of it', 'https://app.example', 'https://app.example.com'],
  ['several in a string', 'https://app.example', 'https://app.example.com https://b.example.com'],
  ['a list with something else in it', 'https://app.example', ['https://app.example', 1]],
  ['null', 'https://app.example', null],
  ['an object', 'https://app.example', { 'https://app.example': true }],
])('answers nobody when frame.origins is no list of strings: %s', async (_, origin, origins) => {
  expect(await answerTo(origin, { origins })).toEqual([]);
  expect(String(said.mock.calls)).toContain('frame.origins must be a list');
});

it.each([
  ['the origin with more behind it', 'https://app.example/', '"https://app.example"'],
  ['no scheme', 'app.example', '"https://app.example.com"'],
  ['any', '*', '"https://app.example.com"'],
])('says so when frame.origins names what is no origin: %s', async (_, origin, advice) => {
  expect(await answerTo('https://app.example', { origins: [origin] })).toEqual([]);
  expect(String(said.mock.calls)).toContain(advice);
});

it('answers no page in a sandbox, whose origin is that of all of them', async () => {
  expect(await answerTo('null', { origins: ['null'] })).toEqual([]);
  expect(String(said.mock.calls)).toContain('"null" is never the origin of a page');
});

it.each([
  ['a list', ['https://app.example'], 'frame.origins must be a list'],
  ['another key', { origin: ['https://app.example'] }, 'Unknown key "frame.origin"'],
])('says so when frame is %s', async (_, frame, line) => {
  expect(await answerTo('https://app.example', frame)).toEqual([]);
  expect(String(said.mock.calls)).toContain(line);
});

it.each([
  ['log', null, 'log: found null; accepted: an object'],
  ['log', { sink: 'console' }, 'log.sink: found text; accepted: a function'],
  ['provisioning', { adapt: 'x' }, 'provisioning.adapt: found text; accepted: a function'],
  ['provisioning', 'phone.json', 'provisioning: found text; accepted: an object'],
])('tells the page around it that %s cannot be %o', async (key, value, problem) => {
  const origin = 'https://app.example.com';
  await run({ frame: { origins: [origin] }, [key]: value });
  const [answer] = (await hello(origin)) as [{ readonly error: { readonly message: string } }];
  expect(answer).toMatchObject({ cordboard: 'broken', error: { code: 'configuration.invalid' } });
  expect(answer.error.message).toContain(problem);
  const shown = document.querySelector('cordboard-phone')?.shadowRoot?.textContent;
  expect(shown).toContain(problem.split(':')[0]);
});

it('gives its document the language and the direction of the phone, and keeps them so', async () => {
  const { documentElement } = document;
  documentElement.lang = 'en';
  await run({ i18n: { lng: 'ar' } });
  await vi.waitFor(() => {
    expect([documentElement.lang, documentElement.dir]).toEqual(['ar', 'rtl']);
  });
  const phone = await document.querySelector('cordboard-phone')?.ready;
  await phone?.i18n.changeLanguage('de');
  expect([documentElement.lang, documentElement.dir]).toEqual(['de', 'ltr']);
  documentElement.removeAttribute('lang');
  documentElement.removeAttribute('dir');
});

describe('a phone.json that changes', () => {
  const origins = ['https://app.example.com'];
  const first = { storage: false, frame: { origins }, provisioning: { refresh: 300 } };

  /** The frame with the first file, and what it is answered from then on. */
  async function start(): Promise<(config: object) => Promise<Webphone | undefined>> {
    await run(first);
    const element = await vi.waitFor(() => {
      const found = document.querySelector('cordboard-phone');
      if (!found) throw new Error('there is no element');
      return found;
    });
    await element.ready;
    return async (config) => {
      serve(config);
      const gone = new Promise<void>((resolve) => {
        element.addEventListener('phone.destroyed', () => {
          resolve();
        });
      });
      await element.phone?.plugins.provisioning?.refresh();
      await gone;
      return element.ready;
    };
  }

  it('is another phone in the frame, in its own language, for whom it says may command it', async () => {
    const change = await start();
    expect(await hello(origins[0])).toEqual([{ cordboard: 'ready' }]);
    const other = { ...first, frame: { origins: ['https://b.example.com'] } };
    const phone = await change({ ...other, i18n: { lng: 'ar' } });
    expect(phone?.plugins.provisioning).toBeDefined();
    expect(document.documentElement.lang).toBe('ar');
    expect(await hello('https://b.example.com')).toEqual([{ cordboard: 'ready' }]);
    expect(await hello(origins[0])).toEqual([]);
    // Not a word of a key that nobody knows.
    expect(said.mock.calls.filter(([line]) => !String(line).includes('are refused'))).toEqual([]);
    document.documentElement.removeAttribute('lang');
    document.documentElement.removeAttribute('dir');
  });

  it('tells the page what fails while the new phone is made', async () => {
    const change = await start();
    for (const name of ['phone.plugin.failed', 'phone.created'])
      say(origins[0] ?? '', { cordboard: 'listen', name, isOn: true });
    await hello(origins[0]);
    parent.postMessage.mockClear();
    await change({ ...first, clickToCall: { root: '<' } });
    expect(parent.postMessage.mock.calls.map(([answer]: unknown[]) => answer)).toMatchObject([
      { name: 'phone.plugin.failed', payload: { plugin: 'clickToCall', during: 'setup' } },
      { name: 'phone.created' },
    ]);
  });

  it('keeps the old phone, and says what is wrong, when adapt is text', async () => {
    await start();
    const old = await document.querySelector('cordboard-phone')?.ready;
    const failed = vi.fn();
    old?.on('provisioning.failed', failed);
    serve({ ...first, provisioning: { refresh: 300, adapt: 'x' } });
    await old?.plugins.provisioning?.refresh();
    await vi.waitFor(() => {
      expect(failed).toHaveBeenCalled();
    });
    const [[{ error }]] = failed.mock.calls as [[{ readonly error: unknown }]];
    expect(String(error)).toContain('provisioning.adapt: found text; accepted: a function');
    expect(document.querySelector('cordboard-phone')?.phone).toBe(old);
  });

  it('has its say on what it left out: no more questions when the section is gone', async () => {
    const change = await start();
    const phone = await change({ storage: false, frame: { origins } });
    expect(phone?.plugins.provisioning).toBeUndefined();
    expect(await hello(origins[0])).toEqual([{ cordboard: 'ready' }]);
  });
});
