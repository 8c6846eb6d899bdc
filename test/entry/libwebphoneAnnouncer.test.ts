import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';

// What a screen reader hears of a phone that is drawn by libwebphone's templates.

let phone: Libwebphone;

const engine = (): Engine =>
  (Reflect.get(phone.getUserAgent() ?? {}, 'kit') as { readonly engine: Engine }).engine;

const regions = (): readonly HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('[part="announcer"]'),
];

/** What is being said, without the marks that keep names from turning the words around them. */
const lines = (how: 'polite' | 'assertive'): readonly string[] =>
  [...document.querySelectorAll(`[aria-live="${how}"] > *`)].map(({ textContent }) =>
    textContent.replace(/[\u2068\u2069]/g, ''),
  );

const later = (ms = 200): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function start(config: object = {}): Promise<void> {
  const target = (name: string): object => ({ renderTargets: [name] });
  phone = new Libwebphone({
    ...{ storage: false, log: { level: 'off' }, callList: target('list') },
    ...{ callControl: target('controls'), dialpad: target('pad') },
    ...config,
  });
  await later();
}

/** Bob calls. */
async function called(): Promise<FakeSession> {
  const session = incoming({ isObliging: true, remote: { user: '1002', name: 'Bob' } });
  engine().calls.add(session);
  await later();
  return session;
}

beforeEach(() => {
  vi.useFakeTimers();
  fakeMedia();
  document.body.innerHTML = '<div id="list"></div><div id="controls"></div><div id="pad"></div>';
});

afterEach(() => {
  phone.destroy();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('the announcer', () => {
  test('stands once in the page, out of sight without a sheet of ours, before there is a word to say', async () => {
    await start();
    const [region] = regions();
    expect(regions()).toHaveLength(1);
    expect(document.querySelectorAll('[aria-live], [role="status"], [role="alert"]')).toHaveLength(
      2,
    );
    expect([region?.textContent, region?.style.position, region?.style.clipPath]).toEqual([
      ...['', 'absolute', 'inset(50%)'],
    ]);
  });

  test('says who calls at once, and then what becomes of the call, each thing once', async () => {
    await start();
    const [region] = regions();
    const session = await called();
    expect(lines('assertive')).toEqual(['Incoming call from Bob']);
    const call = phone.getCallList()?.getCalls().at(-1);
    void call?.answer();
    session.establish();
    await later();
    await call?.mute({ audio: true });
    await later();
    session.end();
    await later();
    expect(lines('polite')).toEqual([
      ...['Bob: In call', 'Bob: In call · Muted', 'Bob: The call has ended.'],
    ]);
    // No paint took it away.
    expect(regions()).toEqual([region]);
    await later(6000);
    expect(region?.textContent).toBe('');
  });

  test('says why a call did not come about', async () => {
    await start();
    const session = outgoing({ isObliging: true, remote: { user: '1003', name: '' } });
    engine().calls.add(session);
    await later();
    session.end({ by: 'remote', statusCode: 486 });
    await later();
    expect(lines('polite')).toEqual(['1003: Calling…', '1003: The line is busy.']);
  });

  test('speaks the texts of the page', async () => {
    const resourceBundles = { en: { announceIncoming: '{{name}} is at the door' } };
    await start({ callList: { renderTargets: ['list'], i18n: { resourceBundles } } });
    await called();
    expect(lines('assertive')).toEqual(['Bob is at the door']);
  });

  test('says nothing again when other texts come for the same', async () => {
    await start();
    const session = await called();
    void phone.getCallList()?.getCalls().at(-1)?.answer();
    session.establish();
    await later(6000);
    phone.i18nAddResourceBundle('callList', 'en', { established: 'Talking', held: 'Waiting' });
    await later();
    expect(lines('polite')).toEqual([]);
    session.holdRemotely();
    await later();
    expect(lines('polite')).toEqual(['Bob: Held by the other side']);
  });

  test('speaks without a call list, wherever the phone is painted', async () => {
    await start({ callList: { enabled: false } });
    await called();
    expect(lines('assertive')).toEqual(['Incoming call from Bob']);
    expect(document.querySelector('#controls > [part="announcer"]')).not.toBeNull();
  });

  test('stays where it is through every paint, since what comes back with its words is said again', async () => {
    await start();
    const gone: Node[] = [];
    const observer = new MutationObserver((records) => {
      gone.push(...records.flatMap(({ removedNodes }) => [...removedNodes]));
    });
    observer.observe(document.body, { childList: true, subtree: true });
    const [region] = regions();
    const session = await called();
    await phone.getCallList()?.getCalls().at(-1)?.mute();
    session.end();
    await later();
    observer.disconnect();
    expect(region?.isConnected).toBe(true);
    expect(gone.some((node) => node === region)).toBe(false);
  });

  test('is back after the page has emptied its place', async () => {
    await start();
    document.querySelector('#list')?.replaceChildren();
    await called();
    expect(regions()).toHaveLength(1);
    expect(lines('assertive')).toEqual(['Incoming call from Bob']);
  });

  test('is not there for a page that has one of its own', async () => {
    await start({ announcer: { enabled: false } });
    await called();
    expect(regions()).toEqual([]);
  });

  test('leaves nothing behind', async () => {
    await start();
    await called();
    phone.destroy();
    await later();
    expect(document.body.innerHTML).toBe(
      '<div id="list"></div><div id="controls"></div><div id="pad"></div>',
    );
  });
});

describe('the call list', () => {
  test('tells in words what each call does', async () => {
    await start();
    const labels = (): readonly (string | null)[] =>
      [...document.querySelectorAll('#list label')].map(({ textContent }) => textContent);
    const session = await called();
    expect(labels()).toEqual(['New Call', 'Bob (1002) · Incoming call']);
    const [, call] = phone.getCallList()?.getCalls() ?? [];
    void call?.answer();
    session.establish();
    await later();
    expect(labels()).toEqual(['New Call', 'Bob (1002)']);
    await call?.hold();
    await call?.mute({ audio: true });
    engine().calls.add(outgoing({ isObliging: true, remote: { user: '1003', name: '' } }));
    await later();
    expect(labels()).toEqual(['New Call', 'Bob (1002) · On hold · Muted', '1003 · Calling…']);
  });
});
