import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import en from '../../locales/en.json' with { type: 'json' };
import type { Call } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

let test: TestPhone;

beforeEach(() => {
  fakeMedia();
  test = testPhone({ plugins: [callList()], i18n: { resources: { en } } });
});

afterEach(() => {
  vi.useRealTimers();
});

const root = (): HTMLElement => test.root('callList');
const all = (selector: string): HTMLElement[] => [
  ...root().querySelectorAll<HTMLElement>(selector),
];
const rows = (): HTMLElement[] => all('[part="call"]');
const text = (part: string): string =>
  (root().querySelector(`[part~="${part}"]`)?.textContent ?? '').replace(/\s+/g, ' ').trim();
const said = (how: 'polite' | 'assertive'): string =>
  root().querySelector(`[aria-live="${how}"]`)?.textContent ?? '';

function rowOf(name: string): HTMLElement {
  const row = rows().find((found) => found.querySelector('[part="name"]')?.textContent === name);
  if (!row) throw new Error(`No row of ${name} in ${root().innerHTML}`);
  return row;
}

function press(row: HTMLElement, part: string): void {
  const button = row.querySelector<HTMLElement>(`[part="${part}"]`);
  if (!button) throw new Error(`No ${part} in ${row.innerHTML}`);
  button.click();
}

interface Talk {
  readonly session: FakeSession;
  readonly call: Call;
}

async function talk(name: string): Promise<Talk> {
  const session = outgoing({ remote: { user: '2002', name }, isObliging: true });
  const call = test.phone.calls.add(session);
  session.establish();
  await settled();
  return { session, call };
}

async function ring(name: string): Promise<Talk> {
  const session = incoming({ remote: { user: '3003', name }, isObliging: true });
  const call = test.phone.calls.add(session);
  await settled();
  return { session, call };
}

describe('what is shown', () => {
  it('says that there are no calls', async () => {
    await settled();
    expect(text('empty')).toBe('No calls');
    expect(all('[part="new"]')).toHaveLength(0);
  });

  it('shows who is called, which way, and how it goes, in words', async () => {
    const session = outgoing({ remote: { user: '2002', name: 'Bob' } });
    test.phone.calls.add(session);
    await settled();
    expect(rowOf('Bob').dataset).toMatchObject({ status: 'connecting', direction: 'outgoing' });
    expect(text('state')).toBe('Calling…');
    session.ring();
    await settled();
    expect(text('state')).toBe('Ringing…');
    session.establish();
    await settled();
    expect(text('state')).toBe('In call');
    expect(text('duration')).toBe('0:00');
    session.holdRemotely();
    await settled();
    expect(text('state')).toBe('Held by the other side');
  });

  it('shows the number beside the name, and only once when they are the same', async () => {
    await talk('Bob');
    expect(text('number')).toBe('2002');
    await ring('3003');
    expect(rowOf('3003').querySelector('[part="number"]')).toBeNull();
  });

  it('draws a hostile name as text, apart from the text around it', async () => {
    await ring('<img src=x onerror=alert(1)>\u202e');
    expect(root().querySelector('img')).toBeNull();
    expect(root().querySelector('[part="name"]')?.localName).toBe('bdi');
    expect(text('name')).toContain('<img src=x onerror=alert(1)>');
    expect(said('assertive')).not.toContain('\u202e');
  });

  it('marks a muted call and the call in focus', async () => {
    const { call } = await talk('Bob');
    await call.mute({ audio: true });
    await settled();
    expect(text('muted')).toBe('Muted');
    expect(rowOf('Bob').querySelector('[aria-current="true"]')).not.toBeNull();
  });

  it('shows what is on its way, and the fact only when the far end has agreed', async () => {
    const session = outgoing({ remote: { user: '2002', name: 'Bob' } });
    const call = test.phone.calls.add(session);
    session.establish();
    void call.hold();
    await settled();
    expect(text('state')).toBe('Putting on hold…');
    expect(rowOf('Bob').dataset['held']).toBeUndefined();
    await session.settle('hold');
    expect(text('state')).toBe('On hold');
    expect(rowOf('Bob').dataset['held']).toBe('true');
  });

  it('tells why an operation was refused until the next one is tried', async () => {
    const { session, call } = await talk('Bob');
    session.refuseNext('hold', 488);
    await call.hold().catch(() => undefined);
    await settled();
    expect(rowOf('Bob').querySelector('[part="error"]')?.textContent).toMatch(/refused/);
    await call.hold();
    await settled();
    expect(root().querySelector('[part="error"]')).toBeNull();
  });

  it('counts the seconds in the row of the call and touches nothing else', async () => {
    vi.useFakeTimers();
    const bob = outgoing({ remote: { user: '2002', name: 'Bob' }, isObliging: true });
    test.phone.calls.add(bob);
    bob.establish();
    const eve = incoming({ remote: { user: '3003', name: 'Eve' } });
    test.phone.calls.add(eve);
    // What has been said is gone by then.
    await vi.advanceTimersByTimeAsync(6000);
    const start = text('duration');
    const records: MutationRecord[] = [];
    const observer = new MutationObserver((list) => records.push(...list));
    observer.observe(root(), {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    await vi.advanceTimersByTimeAsync(65_000);
    observer.disconnect();
    expect([start, text('duration')]).toEqual(['0:06', '1:11']);
    // Two texts: what is seen and what is heard.
    for (const part of ['duration', 'spokenDuration']) {
      const place = rowOf('Bob').querySelector(`[part="${part}"]`);
      const mine = records.filter(({ target }) => place?.contains(target) === true);
      expect(mine.length, part).toBeLessThanOrEqual(65);
      for (const record of mine) records.splice(records.indexOf(record), 1);
    }
    expect(records).toEqual([]);
  });
});

it('touches the row of one call only when that call changes, however long the list is', async () => {
  for (let index = 0; index < 50; index += 1) {
    test.phone.calls.add(incoming({ remote: { user: `4${index}`, name: '' } }));
  }
  const session = outgoing({ remote: { user: '2002', name: 'Bob' } });
  const bob = test.phone.calls.add(session);
  session.establish();
  await settled();
  const records: MutationRecord[] = [];
  const observer = new MutationObserver((list) => records.push(...list));
  observer.observe(root(), {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  await bob.mute({ audio: true });
  await settled();
  observer.disconnect();
  expect(rows()).toHaveLength(51);
  expect(records.length).toBeGreaterThan(0);
  expect(records.filter(({ target }) => !rowOf('Bob').contains(target))).toHaveLength(0);
});

it('says it in the new language in every row, changed or not', async () => {
  await talk('Bob');
  await talk('Eve');
  const states = (): readonly (string | undefined)[] =>
    ['Bob', 'Eve'].map((name) => rowOf(name).querySelector('[part="state"]')?.textContent);
  const [held] = states();
  test.phone.i18n.addBundle('callList', 'de', { held: 'Gehalten', established: 'Im Gespräch' });
  await test.phone.i18n.changeLanguage('de');
  await settled();
  expect(held).not.toBe('Gehalten');
  expect(states()).toEqual(['Gehalten', 'Im Gespräch']);
  test.phone.i18n.addBundle('callList', 'de', { established: 'Spricht' });
  await settled();
  expect(states()).toEqual(['Gehalten', 'Spricht']);
});

describe('an incoming call', () => {
  it('is a panel with answer and decline, before all other calls', async () => {
    await talk('Bob');
    await ring('Eve');
    expect(rows()[0]).toBe(rowOf('Eve'));
    expect(rowOf('Eve').dataset['waiting']).toBe('true');
    expect(rowOf('Eve').querySelector('[part="answer"]')?.getAttribute('aria-label')).toMatch(
      /^Answer .*Eve/,
    );
    expect(rowOf('Bob').querySelector('[part="answer"]')).toBeNull();
  });

  it('is answered by its button; the call in progress is held first', async () => {
    const bob = await talk('Bob');
    const eve = await ring('Eve');
    press(rowOf('Eve'), 'answer');
    await settled();
    expect(bob.session.times('hold')).toBe(1);
    expect(eve.session.times('answer')).toBe(1);
    expect(eve.call.isPrimary()).toBe(true);
    eve.session.establish();
    await settled();
    expect(rowOf('Bob').dataset['held']).toBe('true');
    expect(rowOf('Eve').querySelector('[part="answer"]')).toBeNull();
  });

  it('is declined by its button', async () => {
    const { session } = await ring('Eve');
    press(rowOf('Eve'), 'decline');
    await settled();
    expect(session.argsOf('terminate')).toEqual([{ statusCode: 480 }]);
    expect(rows()).toHaveLength(0);
    expect(all('[part="notice"]')).toHaveLength(0);
  });

  it('leaves the keyboard in the row when the answer button goes away', async () => {
    const { session } = await ring('Eve');
    const answer = rowOf('Eve').querySelector<HTMLElement>('[part="answer"]');
    answer?.focus();
    answer?.click();
    await settled();
    session.establish();
    await settled();
    expect(document.activeElement).toBe(rowOf('Eve').querySelector('[part="select"]'));
  });
});

describe('what a screen reader says', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it('tells of an incoming call at once', async () => {
    await ring('Eve');
    await vi.advanceTimersByTimeAsync(200);
    expect(said('assertive')).toMatch(/^Incoming call from .Eve.$/);
    expect(said('polite')).toBe('');
  });

  it('says nothing of a call that no longer rings', async () => {
    const { session } = await ring('Eve');
    session.establish();
    await settled();
    await vi.advanceTimersByTimeAsync(200);
    expect(said('assertive')).toBe('');
    expect(said('polite')).toMatch(/^.Eve.: In call$/);
  });

  it('tells of a second call politely, not into the talk', async () => {
    await talk('Bob');
    await ring('Eve');
    await vi.advanceTimersByTimeAsync(200);
    expect(said('assertive')).toBe('');
    expect(said('polite')).toMatch(/Incoming call from .Eve.$/);
  });

  it('tells of two callers who withhold their names one by one, and of the end of both', async () => {
    const both = [await ring(''), await ring('')];
    await vi.advanceTimersByTimeAsync(200);
    expect(said('assertive').match(/Incoming call/g)).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(6000);
    for (const { session } of both) session.end();
    await settled();
    await vi.advanceTimersByTimeAsync(200);
    expect(said('polite').match(/Missed call/g)).toHaveLength(2);
  });

  it('says the end of a call in no other language again', async () => {
    const { session } = await talk('Bob');
    session.end();
    await settled();
    await vi.advanceTimersByTimeAsync(6000);
    test.phone.i18n.addBundle('callList', 'de', { title: 'Anrufe' });
    await test.phone.i18n.changeLanguage('de');
    await vi.advanceTimersByTimeAsync(200);
    expect(root().querySelector('[part="announcer"]')?.textContent).toBe('');
  });

  it('says nothing again when the texts of the configured language come late', async () => {
    let come = (_: object): void => undefined;
    const loadLanguage = (): Promise<never> =>
      new Promise<object>((resolve) => {
        come = resolve;
      }) as Promise<never>;
    test = testPhone({ plugins: [callList()], i18n: { lng: 'de', loadLanguage } });
    await talk('Bob');
    await vi.advanceTimersByTimeAsync(6000);
    come({ callList: { established: 'Im Gespräch' } });
    await vi.advanceTimersByTimeAsync(200);
    expect(text('state')).toBe('Im Gespräch');
    expect(said('polite')).toBe('');
  });

  it('tells in other words what happens in the turn that brings them, and nothing else', async () => {
    test = testPhone({ plugins: [callList()] });
    const bob = await talk('Bob');
    await talk('Eve');
    await vi.advanceTimersByTimeAsync(6000);
    test.phone.i18n.addBundle('callList', 'en', { established: 'Im Gespräch', muted: 'Stumm' });
    void bob.call.mute();
    await vi.advanceTimersByTimeAsync(200);
    expect(said('polite')).toMatch(/^.Bob.: On hold · Stumm$/);
  });

  it('tells of a mute and its end, each time with what the call does', async () => {
    const { call } = await talk('Bob');
    await vi.advanceTimersByTimeAsync(6000);
    void call.mute();
    await vi.advanceTimersByTimeAsync(200);
    expect(said('polite')).toMatch(/^.Bob.: In call · Muted$/);
    await vi.advanceTimersByTimeAsync(6000);
    void call.unmute();
    await vi.advanceTimersByTimeAsync(200);
    expect(said('polite')).toMatch(/^.Bob.: In call$/);
  });

  it('tells of the end of a call with its reason, once', async () => {
    const { session } = await talk('Bob');
    session.end();
    await settled();
    await vi.advanceTimersByTimeAsync(200);
    expect(said('polite')).toMatch(/Bob.: The call has ended\.$/);
    const changes = vi.fn();
    const observer = new MutationObserver(changes);
    observer.observe(root(), { subtree: true, childList: true, characterData: true });
    await vi.advanceTimersByTimeAsync(4000);
    observer.disconnect();
    expect(changes).not.toHaveBeenCalled();
  });
});

describe('what is left of a call', () => {
  it('keeps a missed call for a minute, with the reason', async () => {
    vi.useFakeTimers();
    const { session } = await ring('Eve');
    session.end({ statusCode: 487 });
    await settled();
    expect(all('[part="notice"]')[0]?.dataset['kind']).toBe('missed');
    expect(text('message')).toBe(
      'Missed call from Eve The call was canceled before it was answered.',
    );
    await vi.advanceTimersByTimeAsync(59_000);
    expect(all('[part="notice"]')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    await settled();
    expect(all('[part="notice"]')).toHaveLength(0);
  });

  it('tells in words why an outgoing call failed', async () => {
    const session = outgoing({ remote: { user: '2002', name: 'Bob' } });
    test.phone.calls.add(session);
    session.end({ statusCode: 486 });
    await settled();
    expect(all('[part="notice"]')[0]?.dataset['kind']).toBe('failed');
    expect(text('message')).toBe('Call to Bob The line is busy.');
  });

  it('does not call it missed when another phone has answered', async () => {
    const { session } = await ring('Eve');
    session.end({ statusCode: 487, reasons: ['SIP;cause=200;text="Call completed elsewhere"'] });
    await settled();
    expect(all('[part="notice"]')[0]?.dataset['kind']).toBe('info');
    expect(text('message')).toBe('Call from Eve The call was answered on another phone.');
  });

  it('leaves nothing of a call that ended as it should or was given up here', async () => {
    const bob = await talk('Bob');
    bob.session.end();
    const eve = outgoing({ remote: { user: '3003', name: 'Eve' } });
    await test.phone.calls.add(eve).cancel();
    await settled();
    expect(all('[part="notice"]')).toHaveLength(0);
  });

  it('goes away by its button, and with the next call', async () => {
    const eve = await ring('Eve');
    eve.session.end({ statusCode: 487 });
    await settled();
    test.part('callList', 'dismiss').click();
    await settled();
    expect(all('[part="notice"]')).toHaveLength(0);
    const ann = await ring('Ann');
    ann.session.end({ statusCode: 487 });
    await settled();
    expect(all('[part="notice"]')).toHaveLength(1);
    await talk('Bob');
    expect(all('[part="notice"]')).toHaveLength(0);
  });
});
