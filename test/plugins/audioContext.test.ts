import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Channel } from '../../plugins/audioContext/index.ts';
import { cadenceOf, leadsTo } from '../support/fakeAudio.ts';
import { settled } from '../support/fakeSession.ts';
import { pressKey } from '../support/keyboard.ts';
import { connectionWithSound, scene } from './audioContextScene.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the AudioContext', () => {
  it('is not made before something sounds, then once, at the rate of calls', () => {
    const { audio, sound, rings } = scene();
    sound.changeVolume('master', 0.4);
    expect(audio.contexts).toEqual([]);
    rings();
    sound.playTones(697, 1209);
    expect(audio.contexts.map(({ options }) => options)).toEqual([
      { latencyHint: 'interactive', sampleRate: 48_000 },
    ]);
  });

  it('tells of its first run once, rests when nothing sounds, and is closed in the end', async () => {
    vi.useFakeTimers();
    const { audio, events, phone, rings } = scene();
    const { session } = rings();
    expect(events.names('audioContext.started')).toHaveLength(1);
    session.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(audio.contexts[0]?.state).toBe('suspended');
    rings();
    expect(audio.contexts[0]?.state).toBe('running');
    expect(events.names('audioContext.started')).toHaveLength(1);
    phone.destroy();
    expect(audio.contexts.map(({ state }) => state)).toEqual(['closed']);
  });

  it('does not rest when something sounds again meanwhile', async () => {
    vi.useFakeTimers();
    const { audio, rings } = scene();
    rings().session.end();
    await vi.advanceTimersByTimeAsync(900);
    rings();
    await vi.advanceTimersByTimeAsync(2000);
    expect(audio.contexts[0]?.state).toBe('running');
  });

  it('is missed by nobody where there is none', () => {
    const test = scene();
    vi.stubGlobal('AudioContext', undefined);
    test.rings().session.end();
    test.sound.playTones(440);
    expect(test.sound.getDestinationStream()).toBeUndefined();
    expect(test.events.names('phone.plugin.failed')).toEqual([]);
  });
});

describe('volumes', () => {
  const all: readonly Channel[] = ['master', 'ringer', 'tones', 'remote', 'preview'];

  it('are as documented at first', () => {
    const { sound } = scene();
    expect(all.map((channel) => sound.getVolume(channel))).toEqual([100, 100, 15, 100, 100]);
    expect(sound.getVolume('tones', { scale: false })).toBe(0.15);
    expect(sound.getVolume('other' as Channel)).toBe(0);
  });

  it.each([
    [0.5, undefined, 0.5],
    ['0.5', undefined, 0.5],
    [1, undefined, 1],
    ['1', undefined, 1],
    ['1', { scale: true }, 0.01],
    [1, { scale: true }, 0.01],
    ['0', { scale: true }, 0],
    [50, { scale: true }, 0.5],
  ] as const)('%j with %j is %d', (volume, options, expected) => {
    const { sound, events } = scene();
    sound.changeVolume('ringer', volume, options);
    expect(sound.getVolume('ringer', { scale: false })).toBe(expected);
    expect(events.last('audioContext.channel.ringer.volume')).toEqual({ volume: expected });
  });

  it.each([
    [2, undefined],
    [-0.1, undefined],
    ['', undefined],
    ['loud', undefined],
    [NaN, undefined],
    [101, { scale: true }],
  ] as const)('%j with %j is refused', (volume, options) => {
    const { sound, events } = scene();
    expect(() => {
      sound.changeVolume('master', volume, options);
    }).toThrow(expect.objectContaining({ code: 'audio.volumeInvalid' }) as Error);
    expect(sound.getVolume('master')).toBe(100);
    expect(events.names('audioContext.channel')).toEqual([]);
  });

  it('count the master in', () => {
    const { sound } = scene({ options: { volumeMin: 0, volumeMax: 10 } });
    sound.changeVolume('master', 0.5);
    sound.changeVolume('remote', 0.5);
    expect(sound.getVolume('remote', { relativeToMaster: true })).toBe(2.5);
    expect(sound.getVolume('remote')).toBe(5);
  });

  it('are remembered over a reload, each on its own', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const first = scene({ storage });
    first.sound.changeVolume('ringer', 0.3);
    first.phone.destroy();
    expect(scene({ storage }).sound.getVolume('ringer')).toBe(30);
    kept.set('cordboard.audioContext.volumes', '{"ringer":"loud","tones":0.5}');
    const { sound } = scene({ storage });
    expect([sound.getVolume('ringer'), sound.getVolume('tones')]).toEqual([100, 50]);
  });

  it('count from the first sample on, and are changed on a slope while something sounds', async () => {
    vi.useFakeTimers();
    const { audio, sound, rings } = scene({ options: { channels: { ringer: { volume: 0 } } } });
    const { session } = rings();
    const [source] = audio.sounding();
    const channel = [...(audio.contexts[0]?.nodes ?? [])].find(
      (node) => node.options['gain'] === 0 && leadsTo(source, node),
    );
    expect(channel?.gain).toMatchObject({ value: 0, target: 0 });
    sound.changeVolume('ringer', 0.5);
    expect(channel?.gain).toMatchObject({ value: 0, target: 0.5 });
    session.end();
    await vi.advanceTimersByTimeAsync(1000);
    sound.changeVolume('ringer', 0.1);
    expect(channel?.gain).toMatchObject({ value: 0.1, target: 0.1 });
  });

  it('of a call are those of its element, now and later', async () => {
    const { sound, calls } = scene({ options: { channels: { remote: { volume: 0.8 } } } });
    const { call, session } = calls();
    session.report({ type: 'connection', connection: connectionWithSound() });
    await settled();
    expect(call.getRemoteAudio()?.volume).toBe(0.8);
    sound.changeVolume('remote', 0.5);
    sound.changeVolume('master', 0.5);
    expect(call.getRemoteAudio()?.volume).toBe(0.25);
  });

  it('go up and down with the arrow keys, and stop at the ends', async () => {
    const { sound, events } = scene();
    await settled();
    const atTheEnd = await pressKey('ArrowUp');
    expect(atTheEnd.defaultPrevented).toBe(false);
    expect(events.names('audioContext.channel')).toEqual([]);
    expect(sound.getVolume('master')).toBe(100);
    for (let press = 0; press < 22; press += 1) await pressKey('ArrowDown');
    expect(sound.getVolume('master')).toBe(0);
    const up = await pressKey('ArrowUp');
    expect(up.defaultPrevented).toBe(true);
    expect(events.last('audioContext.channel.master.volume')).toEqual({ volume: 0.05 });
    await pressKey('ArrowUp', { ctrlKey: true });
    expect(sound.getVolume('master')).toBe(5);
  });

  const undrawn: readonly (readonly [string, object])[] = [
    ['is not there', { channels: { master: { show: false } } }],
    ['has nowhere to be', { renderTargets: [] }],
  ];
  it.each(undrawn)('leave the arrow keys to the page where the slider %s', async (_, options) => {
    const { sound } = scene({ options });
    await settled();
    const pressed = await pressKey('ArrowDown');
    expect(pressed.defaultPrevented).toBe(false);
    expect(sound.getVolume('master')).toBe(100);
  });

  it('leave the arrow keys to whom the configuration gives them', async () => {
    const action = vi.fn();
    const { sound } = scene({
      options: { keys: { arrowup: { enabled: true, action }, arrowdown: { enabled: false } } },
    });
    await pressKey('ArrowUp');
    await pressKey('ArrowDown');
    expect(action).toHaveBeenCalledExactlyOnceWith(expect.any(KeyboardEvent), sound);
    expect(sound.getVolume('master')).toBe(100);
  });
});

describe('key tones', () => {
  it('are one short sound of both frequencies, through the tones channel', () => {
    const { audio, sound } = scene();
    sound.playTones(697, 1209);
    const [source] = audio.sounding();
    expect(audio.sounding()).toHaveLength(1);
    expect(cadenceOf(source)).toEqual({ seconds: 0.15, repeats: false });
    expect(leadsTo(source, audio.contexts[0]?.destination)).toBe(true);
  });

  it('ignore what nobody can hear', () => {
    const { audio, sound } = scene();
    sound.playTones(NaN, 0, -5, 90_000);
    expect(audio.contexts).toEqual([]);
  });
});

describe('the panel', () => {
  it('has a slider for each channel, with its name and value', async () => {
    const { part, sound, root } = scene({ options: { channels: { preview: { show: false } } } });
    await settled();
    const sliders = [...root('audioContext').querySelectorAll('input')];
    expect(sliders.map(({ labels }) => labels?.[0]?.textContent)).toEqual([
      'Master Volume',
      'Ringer Volume',
      'Tones Volume',
      'Call Volume',
    ]);
    const slider = part('audioContext', 'master') as HTMLInputElement;
    slider.value = '1';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
    expect(sound.getVolume('master', { scale: false })).toBe(0.01);
    expect(slider.getAttribute('aria-valuetext')).toBe('1 %');
    sound.changeVolume('master', 0.5);
    await settled();
    expect(slider.value).toBe('50');
  });
});
