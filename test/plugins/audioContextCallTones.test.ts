import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToneKind } from '../../plugins/audioContext/index.ts';
import { cadenceOf } from '../support/fakeAudio.ts';
import { pressKey } from '../support/keyboard.ts';
import { connectionWithSound, loaded, scene } from './audioContextScene.ts';
import type { Scene, SceneOptions } from './audioContextScene.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Which tone sounds now, by what the phone has said. */
const sounding = ({ events }: Scene): readonly ToneKind[] => {
  const kinds = new Set<ToneKind>();
  for (const { name, payload } of events.all) {
    const { kind } = payload as { kind: ToneKind };
    if (name === 'audioContext.tone.started') kinds.add(kind);
    if (name === 'audioContext.tone.stopped') kinds.delete(kind);
  }
  return [...kinds];
};

const lengths = ({ audio }: Scene): readonly number[] =>
  audio.sounding().map((node) => cadenceOf(node).seconds);

describe('ringback', () => {
  it('sounds from the first ring at the far end to its answer', () => {
    const test = scene();
    const { session } = test.calls();
    expect(sounding(test)).toEqual([]);
    session.ring();
    expect(sounding(test)).toEqual(['ringback']);
    expect(lengths(test)).toEqual([5]);
    session.establish();
    expect(sounding(test)).toEqual([]);
    expect(lengths(test)).toEqual([]);
  });

  it('goes on while early media is only announced, and stops when it comes', async () => {
    const test = scene();
    const { session } = test.calls();
    let hasArrived = false;
    Object.assign(session, { connection: connectionWithSound(() => hasArrived) });
    session.report({ type: 'progress', statusCode: 183, hasMedia: true, event: null });
    await vi.advanceTimersByTimeAsync(1000);
    expect(sounding(test)).toEqual(['ringback']);
    hasArrived = true;
    await vi.advanceTimersByTimeAsync(100);
    expect(sounding(test)).toEqual([]);
    // The network may go silent again; its own ringback has taken over.
    hasArrived = false;
    await vi.advanceTimersByTimeAsync(1000);
    session.ring();
    expect(sounding(test)).toEqual([]);
  });

  it('sounds for the call in focus only', async () => {
    const test = scene();
    const { session } = test.calls();
    session.ring();
    await test.phone.calls.focus(null);
    expect(sounding(test)).toEqual([]);
  });
});

describe('a call that fails', () => {
  const refused = async (end: object, options: SceneOptions = {}): Promise<Scene> => {
    const test = scene(options);
    test.calls().session.end(end);
    await vi.advanceTimersByTimeAsync(0);
    return test;
  };

  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'busy'],
    [404, 'unobtainable'],
    [484, 'unobtainable'],
    [604, 'unobtainable'],
    [503, 'congestion'],
    [500, 'congestion'],
    [480, 'congestion'],
    [null, 'congestion'],
  ] as const)('with %s has the tone %s', async (statusCode, kind) => {
    const test = await refused({ by: statusCode === null ? 'network' : 'remote', statusCode });
    expect(sounding(test)).toEqual([kind]);
  });

  it('is silent when its user gave it up, when it was up, and when another call is', async () => {
    const test = scene();
    await test.calls().call.hangup();
    const { session } = test.calls();
    session.establish();
    session.end();
    expect(sounding(test)).toEqual([]);
    test.calls().session.establish();
    test.calls().session.end({ statusCode: 486 });
    expect(sounding(test)).toEqual([]);
  });

  it('is silent after some seconds', async () => {
    const test = await refused({ statusCode: 486 }, { options: { tones: { failureSeconds: 2 } } });
    await vi.advanceTimersByTimeAsync(1900);
    expect(sounding(test)).toEqual(['busy']);
    await vi.advanceTimersByTimeAsync(100);
    expect(sounding(test)).toEqual([]);
  });

  it('is silent at the next call', async () => {
    const test = await refused({ statusCode: 486 });
    test.calls();
    expect(sounding(test)).toEqual([]);
  });

  it('is silent at any key', async () => {
    const test = await refused({ statusCode: 486 });
    await pressKey('x');
    expect(sounding(test)).toEqual([]);
  });

  it('is heard while the key that dialled is still held, and when it comes up', async () => {
    const test = await refused({ statusCode: 404 });
    await pressKey('Enter', { repeat: true });
    document.body.dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', bubbles: true }));
    expect(sounding(test)).toEqual(['unobtainable']);
  });
});

describe('a transfer that waits for its target', () => {
  it('has a dial tone', async () => {
    const test = scene();
    const { call, session } = test.calls();
    session.establish();
    void call.transfer();
    await vi.advanceTimersByTimeAsync(0);
    await session.settle('hold');
    expect(sounding(test)).toEqual(['dial']);
    const cancelled = call.cancelTransfer();
    await vi.advanceTimersByTimeAsync(0);
    expect(sounding(test)).toEqual([]);
    await session.settle('unhold');
    await cancelled;
  });
});

describe('tones', () => {
  it('are those of the configured country as soon as they are loaded', async () => {
    const test = scene({ options: { tones: { country: 'gb' } } });
    test.sound.startTone('busy');
    expect(lengths(test)).toEqual([1]);
    await loaded();
    await vi.waitFor(() => {
      expect(lengths(test)).toEqual([0.75]);
    });
    expect(sounding(test)).toEqual(['busy']);
    test.sound.stopTone('busy');
    expect(lengths(test)).toEqual([]);
  });

  it('are E.180’s for a country that is unknown, which is told once', async () => {
    const test = scene({ options: { tones: { country: 'uk' } } });
    test.sound.startTone('busy');
    await loaded();
    test.phone.i18n.addBundle('audioContext', 'fr', { title: 'Son' });
    await test.phone.i18n.changeLanguage('fr');
    test.calls();
    await loaded();
    expect(lengths(test)).toEqual([1]);
    expect(test.log.filter(({ message }) => message.includes('"uk"'))).toHaveLength(1);
  });

  it('are those of the region of the language where none is configured', async () => {
    const test = scene();
    test.phone.i18n.addBundle('audioContext', 'fr-FR', { title: 'Son' });
    await test.phone.i18n.changeLanguage('fr-FR');
    test.sound.startTone('ringback');
    await loaded();
    await vi.waitFor(() => {
      expect(lengths(test)).toEqual([5]);
    });
    test.sound.startTone('callWaiting');
    expect(lengths(test)).toEqual([10.3]);
  });

  it('play one at a time, the last one that was asked for', () => {
    const test = scene();
    test.sound.startTone('dial');
    test.sound.startTone('congestion');
    expect(sounding(test)).toEqual(['congestion']);
    test.sound.stopTone('congestion');
    expect(sounding(test)).toEqual(['dial']);
    test.sound.stopTone('dial');
    expect(sounding(test)).toEqual([]);
  });

  it('can be switched off, each kind on its own', () => {
    const test = scene({ options: { tones: { enabled: { ringback: false, busy: false } } } });
    const { session } = test.calls();
    session.ring();
    session.end({ statusCode: 486 });
    test.calls().session.end({ statusCode: 404 });
    expect(sounding(test)).toEqual(['unobtainable']);
  });
});
