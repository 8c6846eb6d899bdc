import { describe, expect, it, vi } from 'vitest';
import fa from '../../locales/fa.json' with { type: 'json' };
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { composing, composingType, incoming, writing } from './messagesScene.ts';
import type { Options } from './messagesScene.ts';
import { server } from './userAgentScene.ts';

interface Screen extends TestPhone {
  readonly has: (part: string) => boolean;
  readonly textOf: (part: string) => string;
  readonly type: (part: string, text: string) => Promise<void>;
  readonly press: (part: string) => Promise<void>;
  readonly key: (key: string, more?: KeyboardEventInit) => Promise<KeyboardEvent>;
}

async function screen(options: Options = {}): Promise<Screen> {
  const test = await writing(options, { i18n: { resources: { fa } } });
  await settled();
  const part = (name: string): HTMLElement => test.part('messages', name);
  return {
    ...test,
    has: (name) => test.root('messages').querySelector(`[part~="${name}"]:not([hidden])`) !== null,
    textOf: (name) => part(name).textContent.trim(),
    type: async (name, text) => {
      const field = part(name) as HTMLTextAreaElement;
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await settled();
    },
    press: async (name) => {
      part(name).click();
      await settled();
    },
    key: async (key, more) => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
      part('draft').dispatchEvent(event);
      await settled();
      return event;
    },
  };
}

/** A screen with a thread of Bob’s that is open. */
async function opened(options: Options = {}): Promise<Screen> {
  const test = await screen(options);
  await server.say(incoming('hi'));
  await settled();
  await test.press('select');
  return test;
}

describe('the list', () => {
  it('says that it is empty, then who wrote what, and how much is unread', async () => {
    const { textOf, has, part, root } = await screen();
    expect(textOf('empty')).toBe('No messages');
    await server.say(incoming('first'));
    await server.say(incoming('<b>bold</b>\n<script>alert(1)</script>'));
    await settled();
    expect(has('empty')).toBe(false);
    expect(textOf('name')).toBe('Bob');
    expect(textOf('last')).toBe('<b>bold</b> <script>alert(1)</script>');
    expect(root('messages').querySelector('b, script')).toBeNull();
    expect(textOf('unread')).toBe('2');
    expect(part('messages', 'select').getAttribute('title')).toContain('2 unread');
  });

  it('tells the time as one does in the language of the phone, whatever the browser speaks', async () => {
    const { phone, textOf } = await screen();
    await server.say(incoming('hi'));
    await settled();
    expect(textOf('time')).toMatch(/^\d\d:\d\d\s[AP]M$/u);
    await phone.i18n.changeLanguage('fa');
    await settled();
    expect(textOf('time')).toMatch(/^[۰-۹]{2}:[۰-۹]{2}$/u);
  });

  it('opens a thread with a number, and says so when it is none', async () => {
    const { type, press, textOf, has, api } = await screen();
    await press('write');
    expect(textOf('error')).toBe('Enter a number or an address to call.');
    await type('to', '30 03');
    await press('write');
    expect(has('error')).toBe(false);
    expect(api('messages').getSelected()).toBe('3003@example.com');
    expect(textOf('name')).toBe('3003');
    expect(textOf('empty')).toBe('Nothing was written yet');
    expect(document.activeElement).toHaveProperty('localName', 'textarea');
  });

  it('keeps the keyboard where it was when one comes back to it', async () => {
    const { key, part } = await opened();
    expect(document.activeElement).toBe(part('messages', 'draft'));
    await key('Escape');
    expect(document.activeElement).toBe(part('messages', 'select'));
  });
});

describe('a thread', () => {
  it('shows every message as text, and who wrote it', async () => {
    const { part, root, textOf } = await opened();
    await server.say(incoming('<img src=x onerror=alert(1)> {{t.send}}'));
    await settled();
    const texts = [...root('messages').querySelectorAll('[part="text"]')].map(
      ({ textContent }) => textContent,
    );
    expect(texts).toEqual(['hi', '<img src=x onerror=alert(1)> {{t.send}}']);
    expect(root('messages').querySelector('img')).toBeNull();
    expect(textOf('author')).toBe('Bob');
    expect(part('messages', 'message').dataset['direction']).toBe('incoming');
  });

  it('sends with Enter, breaks the line with Shift, and leaves Enter to who composes', async () => {
    const { type, key, part, textOf } = await opened();
    await type('draft', 'one');
    expect((await key('Enter', { shiftKey: true })).defaultPrevented).toBe(false);
    expect((await key('Enter', { isComposing: true })).defaultPrevented).toBe(false);
    expect(server.requests('MESSAGE').filter(({ body }) => body === 'one')).toHaveLength(0);
    // What WebKit says of the Enter that ends a composition.
    expect((await key('Enter', { keyCode: 229 })).defaultPrevented).toBe(false);
    expect((await key('Enter')).defaultPrevented).toBe(true);
    expect((part('messages', 'draft') as HTMLTextAreaElement).value).toBe('');
    expect(part('messages', 'panel').textContent).toContain('Sending…');
    await server.next('MESSAGE');
    const sent = await server.next('MESSAGE');
    await server.reply(sent, 200);
    await settled();
    expect(sent.body).toBe('one');
    expect(textOf('messages')).toContain('Delivered');
  });

  it('keeps a draft for each side, and one that cannot be sent', async () => {
    const { type, press, part, api, textOf } = await opened({ max_bytes: 20, composing: false });
    const draft = (): string => (part('messages', 'draft') as HTMLTextAreaElement).value;
    await type('draft', 'this is far too long to send');
    await press('send');
    expect(textOf('error')).toBe('There is nothing to send, or more than can be sent.');
    expect(draft()).toBe('this is far too long to send');
    api('messages').select('3003');
    await settled();
    expect(draft()).toBe('');
    await press('back');
    await press('select');
    expect(draft()).toBe('this is far too long to send');
  });

  it('warns of a text that may be too long for SIP, by its bytes', async () => {
    const { type, has } = await opened();
    await type('draft', 'ä'.repeat(650));
    expect(has('hint')).toBe(false);
    await type('draft', 'ä'.repeat(651));
    expect(has('hint')).toBe(true);
  });

  it('says that there is no connection, and what waits for it', async () => {
    const { has, type, press, textOf } = await opened();
    expect(has('offline')).toBe(false);
    await server.drop();
    await settled();
    expect(has('offline')).toBe(true);
    await type('draft', 'later');
    await press('send');
    expect(textOf('messages')).toContain('Waits for the connection');
  });
});

it('shows nothing of one account to who logs in with another', async () => {
  const { part, api, type } = await opened();
  await type('draft', 'for 2002 only');
  await api('userAgent').stop();
  await api('userAgent').start('1003', 'other', null);
  await settled();
  expect(part('messages', 'panel').textContent).not.toContain('2002');
  api('messages').select('2002');
  await settled();
  expect((part('messages', 'draft') as HTMLTextAreaElement).value).toBe('');
});

describe('a screen reader', () => {
  it('hears politely, in one place, what comes in and what does not go out', async () => {
    const { root, textOf, api } = await screen();
    expect(root('messages').querySelectorAll('[data-say=""]')).toHaveLength(1);
    await server.say(incoming('hi there'));
    await settled();
    const [first] = [textOf('announcement')];
    expect(first).toMatch(/Bob.* writes: .*hi there/);
    // Only what has changed is said: the same words once more are others.
    await server.say(incoming('hi there'));
    await settled();
    expect(root('messages').querySelector('[part="announcement"]')?.textContent).not.toBe(first);
    expect(textOf('announcement').trim()).toBe(first.trim());
    void api('messages').send('2002', 'x');
    await server.reply(await server.next('MESSAGE'), 480);
    await settled();
    expect(textOf('announcement')).toMatch(/^Not delivered to .*2002.*\. \w+/);
  });
});

describe('who types', () => {
  const states = (): readonly (string | undefined)[] =>
    server.requests('MESSAGE').map(({ body }) => /<state>(\w+)/.exec(body)?.[1]);

  it('is told to the other side: at the first letter, each minute, and after 15 seconds of rest', async () => {
    const { type } = await opened();
    await type('draft', 'h');
    const active = await server.next('MESSAGE');
    expect(active.header('Content-Type')).toBe(composingType);
    expect(active.body).toContain('<refresh>90</refresh>');
    for (let second = 0; second < 70; second += 10) {
      await vi.advanceTimersByTimeAsync(10_000);
      await type('draft', `h${String(second)}`);
    }
    expect(states()).toEqual(['active', 'active']);
    await vi.advanceTimersByTimeAsync(14_000);
    expect(states()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(states()).toEqual(['active', 'active', 'idle']);
  });

  it('is told once more when the text is taken back or left, not when it is sent', async () => {
    const { type, press } = await opened();
    await type('draft', 'h');
    await type('draft', '');
    expect(states()).toEqual(['active', 'idle']);
    await type('draft', 'hello');
    await press('send');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(states()).toEqual(['active', 'idle', 'active', undefined]);
    await type('draft', 'more');
    await press('back');
    expect(states()).toEqual(['active', 'idle', 'active', undefined, 'active', 'idle']);
  });

  it('is not told to who refuses it, to strangers, without a connection, or when switched off', async () => {
    const { type, api } = await opened();
    api('messages').typing('3003', 'h');
    expect(states()).toEqual([]);
    await type('draft', 'h');
    await server.reply(await server.next('MESSAGE'), 415);
    await type('draft', '');
    await type('draft', 'again');
    await vi.advanceTimersByTimeAsync(70_000);
    expect(states()).toEqual(['active', 'idle']);
    const off = await opened({ composing: false });
    await off.type('draft', 'h');
    expect(states()).toEqual(['active', 'idle']);
  });

  const say = async (state: string, more = ''): Promise<void> => {
    await server.say(incoming(composing(state, more), { type: composingType }));
    await settled();
  };

  it('is shown until the message comes, the other side rests, or it is silent for too long', async () => {
    const { has, textOf, events } = await opened();
    await say('active', '<refresh>60</refresh>');
    expect(textOf('composing')).toMatch(/Bob.* is typing…/);
    await server.say(incoming('done'));
    await settled();
    expect(has('composing')).toBe(false);
    await say('active');
    await say('idle');
    expect(has('composing')).toBe(false);
    await say('active', '<refresh>60</refresh>');
    await vi.advanceTimersByTimeAsync(59_000);
    expect(has('composing')).toBe(true);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(has('composing')).toBe(false);
    await say('active');
    await vi.advanceTimersByTimeAsync(121_000);
    expect(has('composing')).toBe(false);
    const told = events.of('messages.composing').map(({ isComposing }) => isComposing);
    expect(told).toEqual([true, false, true, false, true, false, true, false]);
  });

  it.each([
    ['no XML', 'active'],
    ['another namespace', composing('active').replace('urn:ietf', 'urn:other')],
    ['a document type', composing('active').replace('<is', '<!DOCTYPE x [<!ENTITY a "b">]><is')],
    ['too much', composing('active', 'x'.repeat(3_000))],
    ['a state that is none', composing('dancing')],
  ])('is not believed when it is said with %s', async (_, body) => {
    const { has } = await opened();
    await server.say(incoming(body, { type: composingType }));
    await settled();
    expect(has('composing')).toBe(false);
  });
});

it('nothing is left of it when the phone is gone', async () => {
  const { type, phone, root, api } = await opened();
  await type('draft', 'h');
  await server.say(incoming(composing('active'), { type: composingType }));
  void api('messages').send('2002', 'x');
  phone.destroy();
  await vi.advanceTimersByTimeAsync(200_000);
  expect(root('messages').innerHTML).toBe('');
  expect(vi.getTimerCount()).toBe(0);
});
