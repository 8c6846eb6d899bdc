import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Call, CallOptions, Phone } from '../../src/core/index.ts';
import { outgoing, settled } from '../support/fakeSession.ts';
import { pressKey } from '../support/keyboard.ts';
import { testPhone } from '../support/testPhone.ts';
import { sample } from './samplePlugins.ts';

const space = (
  type: 'keydown' | 'keyup',
  init: KeyboardEventInit = {},
  on: Element = document.body,
) => {
  const event = new KeyboardEvent(type, { key: ' ', bubbles: true, cancelable: true, ...init });
  on.dispatchEvent(event);
  return event;
};

function talking(call: CallOptions = {}): { readonly phone: Phone; readonly call: Call } {
  const { phone } = testPhone({ plugins: [], call });
  const session = outgoing({ isObliging: true });
  const added = phone.calls.add(session);
  session.establish();
  return { phone, call: added };
}

const audioMuted = (call: Call): boolean => call.snapshot.muted.audio;

afterEach(() => {
  document.body.replaceChildren();
});

describe('the space bar', () => {
  it('is a cough button while it is held down', () => {
    const { call } = talking();
    const event = space('keydown');
    space('keydown', { repeat: true });
    expect([audioMuted(call), event.defaultPrevented]).toEqual([true, true]);
    space('keyup');
    expect(audioMuted(call)).toBe(false);
  });

  it('is push to talk for who is muted, and leaves the camera alone', async () => {
    const { call } = talking();
    await call.mute();
    space('keydown');
    expect(call.snapshot.muted).toEqual({ audio: false, video: true });
    space('keyup');
    expect(call.snapshot.muted).toEqual({ audio: true, video: true });
  });

  it('gives back what it found when the key comes up in a field', async () => {
    const { call } = talking();
    await call.mute();
    space('keydown');
    document.body.innerHTML = '<input>';
    const field = document.querySelector('input');
    if (field) space('keyup', {}, field);
    expect(audioMuted(call)).toBe(true);
  });

  it('gives back what it found when the page loses the keyboard', () => {
    const { call } = talking();
    space('keydown');
    window.dispatchEvent(new Event('blur'));
    expect(audioMuted(call)).toBe(false);
    space('keyup');
    expect(audioMuted(call)).toBe(false);
  });

  it('gives it back when the call loses the focus, and when the phone is destroyed', async () => {
    const first = talking();
    space('keydown');
    first.phone.calls.usePolicy({
      leaving: () => Promise.resolve(),
      entering: () => Promise.resolve(),
    });
    await first.phone.calls.focus(null);
    expect(audioMuted(first.call)).toBe(false);
    await first.phone.calls.focus(first.call.id);
    space('keydown');
    first.phone.destroy();
    expect(audioMuted(first.call)).toBe(false);
  });

  it('does not undo what the user pressed meanwhile', async () => {
    const { call } = talking();
    space('keydown');
    await call.unmute({ audio: true });
    await call.mute({ audio: true });
    await call.unmute({ audio: true });
    space('keyup');
    expect(audioMuted(call)).toBe(false);
  });

  it('stays a space in fields and a press on buttons, and does nothing without a call', () => {
    const { call } = talking();
    document.body.innerHTML = '<input><button></button>';
    const events = [...document.body.children].map((element) => space('keydown', {}, element));
    expect([audioMuted(call), ...events.map(({ defaultPrevented }) => defaultPrevented)]).toEqual([
      false,
      false,
      false,
    ]);
    space('keydown', { ctrlKey: true });
    expect(audioMuted(call)).toBe(false);
  });

  it('is heard from a panel that stands in a shadow root, and not from the rest of the page', () => {
    const { call } = talking();
    document.body.innerHTML = '<main><aside></aside></main>';
    const [host, elsewhere] = document.querySelectorAll('main, aside');
    const root = host?.attachShadow({ mode: 'open' });
    const panel = document.createElement('section');
    const place = document.createElement('div');
    place.dataset['cordboard'] = 'callControl';
    place.append(panel);
    root?.append(place);
    if (elsewhere) space('keydown', { composed: true }, elsewhere);
    expect(audioMuted(call)).toBe(false);
    space('keydown', { composed: true }, panel);
    expect(audioMuted(call)).toBe(true);
  });

  it('can be switched off, and be given another action', () => {
    const off = talking({ keys: { spacebar: { enabled: false } } });
    space('keydown');
    expect(audioMuted(off.call)).toBe(false);
    off.phone.destroy();
    const without = talking({ globalKeyShortcuts: false });
    space('keydown');
    expect(audioMuted(without.call)).toBe(false);
    without.phone.destroy();
    const action = vi.fn<(event: KeyboardEvent, call: Call) => void>();
    const own = talking({ keys: { spacebar: { action } } });
    space('keydown');
    space('keyup');
    expect(action.mock.calls.map(([event, call]) => [event.type, call])).toEqual([
      ['keydown', own.call],
      ['keyup', own.call],
    ]);
    expect(audioMuted(own.call)).toBe(false);
  });

  it('is for the phone that was used last, and for one that can be seen', async () => {
    const hidden = talking();
    const shown = talkingInView();
    await settled();
    await pressKey(' ');
    expect([audioMuted(hidden.call), audioMuted(shown.call)]).toEqual([false, true]);
    const other = talkingInView();
    await settled();
    space('keyup');
    shown.root.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    other.root.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    space('keydown');
    expect([audioMuted(shown.call), audioMuted(other.call)]).toEqual([false, true]);
  });
});

function talkingInView(): { readonly call: Call; readonly root: HTMLElement } {
  const drawing = sample('alpha', {
    template: '<p>Here</p>',
    setup: (ctx) => {
      ctx.view({ watch: [], model: () => ({}) });
    },
  });
  const test = testPhone({ plugins: [drawing()] });
  const session = outgoing({ isObliging: true });
  const call = test.phone.calls.add(session);
  session.establish();
  return { call, root: test.root('alpha') };
}
