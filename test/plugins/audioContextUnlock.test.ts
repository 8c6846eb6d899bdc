import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import { connectionWithSound, loudspeakers, scene } from './audioContextScene.ts';
import type { Scene } from './audioContextScene.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const later = (): Promise<unknown> => vi.advanceTimersByTimeAsync(300);
const press = async (type = 'pointerdown'): Promise<void> => {
  document.body.dispatchEvent(new Event(type, { bubbles: true }));
  await settled();
};
const hasButton = ({ root }: Scene): boolean =>
  root('audioContext').querySelector('[part~=unlock]') !== null;

/** Counts the listeners on the document that wait for a gesture. */
function gestureListeners(): () => number {
  const waiting = new Set<unknown>();
  const add = document.addEventListener.bind(document);
  vi.spyOn(document, 'addEventListener').mockImplementation((type, listener, options) => {
    const { signal } = (options ?? {}) as { readonly signal?: AbortSignal };
    if (type === 'pointerdown' || type === 'touchend') {
      waiting.add(listener);
      signal?.addEventListener('abort', () => waiting.delete(listener));
    }
    add(type, listener as EventListener, options);
  });
  return () => waiting.size;
}

describe('a ring that the browser blocks', () => {
  it('is told, and heard after the first gesture that succeeds', async () => {
    const waiting = gestureListeners();
    const test = scene({ isBlocked: true });
    const { audio, events, rings } = test;
    rings();
    expect(events.names('audioContext.blocked')).toEqual([]);
    await later();
    expect(events.names('audioContext.blocked')).toHaveLength(1);
    expect(hasButton(test)).toBe(true);
    expect(test.part('audioContext', 'unlock').textContent).toBe('Click to hear the call');
    await press();
    expect(events.names('audioContext.unblocked')).toEqual([]);
    audio.isBlocked = false;
    await press('touchend');
    expect(events.names('audioContext.unblocked')).toHaveLength(1);
    expect(events.names('audioContext.started')).toHaveLength(1);
    expect(audio.contexts[0]?.state).toBe('running');
    expect(hasButton(test)).toBe(false);
    expect(waiting()).toBe(0);
  });

  it('is forgotten with the call', async () => {
    const waiting = gestureListeners();
    const test = scene({ isBlocked: true });
    const { session } = test.rings();
    await later();
    expect(waiting()).toBeGreaterThan(0);
    session.end();
    await settled();
    expect(hasButton(test)).toBe(false);
    expect(waiting()).toBe(0);
  });

  it('leaves no listener to a phone that is destroyed', async () => {
    const waiting = gestureListeners();
    const { phone, rings } = scene({ isBlocked: true });
    rings();
    await later();
    phone.destroy();
    expect(waiting()).toBe(0);
  });

  it('is heard on devices of its own as well', async () => {
    const { prototype } = HTMLMediaElement;
    Object.assign(prototype, { setSinkId: () => Promise.resolve() });
    const { plugin } = loudspeakers('headset', ['desk']);
    const test = scene({ plugins: [plugin] });
    const play = vi.spyOn(prototype, 'play');
    play.mockRejectedValue(new DOMException('', 'NotAllowedError'));
    const { session } = test.rings();
    await settled();
    expect(hasButton(test)).toBe(true);
    play.mockResolvedValue();
    await press('keydown');
    expect(hasButton(test)).toBe(false);
    session.end();
    Reflect.deleteProperty(prototype, 'setSinkId');
  });
});

describe('a call that the browser does not let hear', () => {
  it('is heard after a press of the button', async () => {
    const test = scene();
    const play = vi.spyOn(HTMLMediaElement.prototype, 'play');
    play.mockRejectedValue(new DOMException('', 'NotAllowedError'));
    const { session } = test.calls();
    session.report({ type: 'connection', connection: connectionWithSound() });
    await settled();
    expect(hasButton(test)).toBe(true);
    play.mockResolvedValue();
    test.part('audioContext', 'unlock').click();
    await settled();
    expect(hasButton(test)).toBe(false);
    expect(test.events.names('audioContext.unblocked')).toHaveLength(1);
  });

  it('is forgotten when it ends', async () => {
    const test = scene();
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockRejectedValue(
      new DOMException('', 'NotAllowedError'),
    );
    const { session } = test.calls();
    session.report({ type: 'connection', connection: connectionWithSound() });
    await settled();
    expect(hasButton(test)).toBe(true);
    session.end({ by: 'local' });
    await settled();
    expect(hasButton(test)).toBe(false);
  });
});
