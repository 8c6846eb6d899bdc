import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PluginRegistry } from '../../src/core/index.ts';
import Libwebphone from '../../src/entry/libwebphone.ts';

type Method = (...args: readonly unknown[]) => unknown;
type Class = Readonly<Record<string, Method>>;
type Plugin = keyof PluginRegistry;

let phone: Libwebphone;

function native(plugin: Plugin): Record<string, Method> {
  const kit = Reflect.get(phone.getUserAgent() ?? {}, 'kit') as {
    engine: { plugins: Record<Plugin, Record<string, Method>> };
  };
  return kit.engine.plugins[plugin];
}

function face(plugin: Plugin): Class {
  const getter = `get${plugin.charAt(0).toUpperCase()}${plugin.slice(1)}` as 'getUserAgent';
  return phone[getter]() as unknown as Class;
}

beforeEach(() => {
  phone = new Libwebphone({ storage: false, log: { level: 'off' } });
});

afterEach(() => {
  phone.destroy();
  vi.restoreAllMocks();
});

const noArgs: readonly unknown[] = [];

describe('what a method of libwebphone asks of the phone behind it', () => {
  test.each([
    ['userAgent', 'stop', noArgs, 'stop', noArgs],
    ['userAgent', 'register', noArgs, 'register', noArgs],
    ['userAgent', 'unregister', noArgs, 'unregister', noArgs],
    ['userAgent', 'toggleRegistration', noArgs, 'toggleRegistration', noArgs],
    ['userAgent', 'hangupAll', noArgs, 'hangupAll', noArgs],
    ['userAgent', 'startDebug', noArgs, 'startDebug', noArgs],
    ['userAgent', 'stopDebug', noArgs, 'stopDebug', noArgs],
    ['userAgent', 'toggleDebug', noArgs, 'toggleDebug', noArgs],
    ['userAgent', 'setRedial', ['1'], 'setRedial', ['1']],
    ['dialpad', 'enableFilter', noArgs, 'enableFilter', noArgs],
    ['dialpad', 'disableFilter', noArgs, 'disableFilter', noArgs],
    ['dialpad', 'toggleFilter', noArgs, 'toggleFilter', noArgs],
    ['dialpad', 'enableConvertion', noArgs, 'enableConversion', noArgs],
    ['dialpad', 'disableConvertion', noArgs, 'disableConversion', noArgs],
    ['dialpad', 'toggleConvertion', noArgs, 'toggleConversion', noArgs],
    ['dialpad', 'backspace', noArgs, 'backspace', noArgs],
    ['dialpad', 'clear', noArgs, 'clear', noArgs],
    ['dialpad', 'redial', noArgs, 'redial', noArgs],
    ['dialpad', 'call', [false], 'call', [false]],
    ['dialpad', 'transfer', noArgs, 'transfer', noArgs],
    ['mediaDevices', 'stopStreams', ['a'], 'stopStreams', ['a']],
    ['mediaDevices', 'stopAllStreams', noArgs, 'stopAllStreams', noArgs],
    ['mediaDevices', 'mute', ['audioinput'], 'mute', ['audioinput']],
    ['mediaDevices', 'unmute', noArgs, 'unmute', [null]],
    ['mediaDevices', 'toggleMute', noArgs, 'toggleMute', [null]],
    ['mediaDevices', 'changeDevice', ['audioinput', 'x'], 'changeDevice', ['audioinput', 'x']],
    ['mediaDevices', 'refreshAvailableDevices', noArgs, 'refreshAvailableDevices', noArgs],
    ['mediaDevices', 'startScreenCapture', noArgs, 'startScreenCapture', [{}, true]],
    ['mediaDevices', 'stopScreenCapture', noArgs, 'stopScreenCapture', noArgs],
    ['mediaDevices', 'getPreferedDevice', ['audioinput'], 'getPreferredDevice', ['audioinput']],
    ['audioContext', 'startAudioContext', noArgs, 'startAudioContext', noArgs],
    ['audioContext', 'startPreviewTone', noArgs, 'startPreviewTone', noArgs],
    ['audioContext', 'stopPreviewTone', noArgs, 'stopPreviewTone', noArgs],
    ['audioContext', 'togglePreviewTone', noArgs, 'togglePreviewTone', noArgs],
    ['audioContext', 'isPreviewToneActive', noArgs, 'isPreviewToneActive', noArgs],
    ['audioContext', 'startPreviewLoopback', noArgs, 'startPreviewLoopback', noArgs],
    ['audioContext', 'stopPreviewLoopback', noArgs, 'stopPreviewLoopback', noArgs],
    ['audioContext', 'togglePreviewLoopback', noArgs, 'togglePreviewLoopback', noArgs],
    ['audioContext', 'isPreviewLoopbackActive', noArgs, 'isPreviewLoopbackActive', noArgs],
    ['audioContext', 'stopPreviews', noArgs, 'stopPreviews', noArgs],
    ['audioContext', 'playTones', [697, 1209], 'playTones', [697, 1209]],
    ['audioContext', 'startRinging', ['a'], 'startRinging', ['a']],
    ['audioContext', 'stopRinging', ['a'], 'stopRinging', ['a']],
    ['audioContext', 'stopAllRinging', noArgs, 'stopAllRinging', noArgs],
    ['audioContext', 'getDestinationStream', noArgs, 'getDestinationStream', noArgs],
    ['videoCanvas', 'enableImage', ['idle'], 'enableImage', ['idle']],
    ['videoCanvas', 'disableImage', ['idle'], 'disableImage', ['idle']],
    ['videoCanvas', 'toggleImage', ['idle'], 'toggleImage', ['idle']],
    ['videoCanvas', 'rescaleImage', ['idle', 0.5], 'rescaleImage', ['idle', 0.5]],
    ['videoCanvas', 'changeFramesPerSecond', [5], 'changeFramesPerSecond', [5]],
  ] as const)('%s.%s', (...[plugin, method, args, asked, askedWith]) => {
    const spy = vi.fn(() => Promise.resolve());
    native(plugin)[asked] = spy;
    void face(plugin)[method]?.(...args);
    expect(spy).toHaveBeenCalledWith(...askedWith);
  });

  test('a call sends the camera where there is one, in elements of its own', async () => {
    const call = vi.fn(() => Promise.resolve({}));
    native('userAgent')['call'] = call;
    const start = vi.fn(() => Promise.resolve());
    native('mediaDevices')['startStreams'] = start;
    const stop = vi.fn();
    native('mediaDevices')['stopStreams'] = stop;
    const camera = vi.fn<() => unknown>(() => ({ id: 'front' }));
    native('mediaDevices')['getPreferredDevice'] = camera;
    await phone.getUserAgent()?.call('1002', ['X-A: b'], true);
    const render = {
      sound: expect.any(HTMLAudioElement) as unknown,
      remote: expect.any(HTMLVideoElement) as unknown,
      local: expect.any(HTMLVideoElement) as unknown,
    };
    const options = { anonymous: true, video: true, render };
    expect(call).toHaveBeenLastCalledWith('1002', ['X-A: b'], options);
    expect(stop).toHaveBeenCalledOnce();
    start.mockRejectedValue(new Error('no camera'));
    await phone.getUserAgent()?.call('1002', [], null);
    expect(call).toHaveBeenLastCalledWith('1002', [], { anonymous: false, video: false, render });
    camera.mockReturnValue({ id: 'none' });
    start.mockClear();
    await phone.getUserAgent()?.redial();
    expect(start).not.toHaveBeenCalled();
    expect(call).toHaveBeenLastCalledWith(null, [], expect.objectContaining({ video: false }));
  });
});

test('a number that could not be called is called by the redial button, as in libwebphone', async () => {
  const agent = phone.getUserAgent();
  const told: unknown[] = [];
  phone.on('userAgent.redial.update', (_, __, target: unknown) => told.push(target));
  await Promise.resolve();
  await expect(agent?.call('1002')).rejects.toMatchObject({ code: 'userAgent.notStarted' });
  await agent?.call().catch(() => undefined);
  expect([agent?.getRedial(), told]).toEqual(['1002', ['1002']]);
});
