import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PluginRegistry } from '../../src/core/index.ts';
import Libwebphone from '../../src/entry/libwebphone.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { incoming, settled } from '../support/fakeSession.ts';

// What a page's own template binds by `by_id` and `by_name`, and what is asked for then.

type Plugin = keyof PluginRegistry;
type Spied = Record<string, (...args: readonly unknown[]) => unknown>;

let phone: Libwebphone;
let root: HTMLElement;

const engine = (): Engine =>
  (Reflect.get(phone.getCallList() ?? {}, 'kit') as { readonly engine: Engine }).engine;

function spyOn(plugin: Plugin, method: string): ReturnType<typeof vi.fn> {
  const spy = vi.fn(() => Promise.resolve());
  (engine().plugins[plugin] as unknown as Spied)[method] = spy;
  return spy;
}

/** Draws an element with a handle of a class, and gives it. */
async function drawn(plugin: string, handle: string, tag: string): Promise<HTMLInputElement> {
  const getter = `get${plugin.charAt(0).toUpperCase()}${plugin.slice(1)}` as 'getDialpad';
  phone[getter]()?.renderAddTarget({
    root,
    template: `<${tag} id="{{by_id.${handle}.elementId}}"></${tag}>`,
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  return root.firstElementChild as HTMLInputElement;
}

beforeEach(async () => {
  root = document.body.appendChild(document.createElement('div'));
  phone = new Libwebphone({ storage: false, log: { level: 'off' } });
  await settled();
});

afterEach(() => {
  phone.destroy();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

describe('a click', () => {
  test.each([
    ['userAgent', 'debug', 'userAgent', 'toggleDebug'],
    ['userAgent', 'registrar', 'userAgent', 'toggleRegistration'],
    ['userAgent', 'agentstart', 'userAgent', 'start'],
    ['userAgent', 'agentstop', 'userAgent', 'stop'],
    ['dialpad', 'seven', 'dialpad', 'dial'],
    ['dialpad', 'astrisk', 'dialpad', 'dial'],
    ['dialpad', 'clear', 'dialpad', 'clear'],
    ['dialpad', 'backspace', 'dialpad', 'backspace'],
    ['dialpad', 'convert', 'dialpad', 'toggleConversion'],
    ['dialpad', 'filter', 'dialpad', 'toggleFilter'],
    ['dialpad', 'call', 'dialpad', 'call'],
    ['dialpad', 'transfer', 'dialpad', 'transfer'],
    ['callControl', 'redial', 'userAgent', 'call'],
    ['videoCanvas', 'localVideoEnabled', 'videoCanvas', 'toggleImage'],
  ] as const)('on %s.%s asks %s for %s', async (...[owner, handle, plugin, method]) => {
    const element = await drawn(owner, handle, 'button');
    const spy = spyOn(plugin, method);
    element.click();
    await settled();
    expect(spy).toHaveBeenCalledOnce();
  });
});

describe('a change', () => {
  test.each([
    ['mediaDevices', 'audioinput', 'mic2', 'changeDevice', ['audioinput', 'mic2']],
    ['mediaDevices', 'ringoutput', 'loud', 'changeDevice', ['ringoutput', 'loud']],
    ['audioContext', 'mastervolume', '40', 'changeVolume', ['master', 40, { scale: true }]],
    ['videoCanvas', 'localVideoRescale', '50', 'rescaleImage', ['localVideo', 0.5]],
    ['videoCanvas', 'localVideoPosition', 'center', 'positionImage', ['localVideo', 'center']],
    [
      ...['videoCanvas', 'localVideoRelativeX', '25', 'positionImage'],
      ['localVideo', 'relative', 0.25],
    ],
    [
      ...['videoCanvas', 'localVideoAbsoluteY', '30', 'positionImage'],
      ['localVideo', 'absolute', null, 30],
    ],
    ['videoCanvas', 'canvasframesPerSecond', '5', 'changeFramesPerSecond', [5]],
  ] as const)('of %s.%s to %s asks it for %s', async (...[plugin, handle, value, method, args]) => {
    const element = await drawn(plugin, handle, 'input');
    const spy = spyOn(plugin, method);
    element.value = value;
    element.dispatchEvent(new Event('change'));
    const given = (spy.mock.lastCall as unknown as readonly unknown[]).slice(0, args.length);
    expect(given).toEqual(args);
  });

  test('of the log-in is what the agent is started with', async () => {
    const spy = spyOn('userAgent', 'start');
    for (const [handle, value] of [
      ...[['username', 'anna'] as const, ['password', 'secret'] as const],
      ['realm', 'example.com'] as const,
    ]) {
      const element = await drawn('userAgent', handle, 'input');
      element.value = value;
      element.dispatchEvent(new Event('change'));
      root.replaceChildren();
    }
    void phone.getUserAgent()?.start();
    expect(spy).toHaveBeenCalledExactlyOnceWith('anna', 'secret', 'example.com');
  });
});

test('Enter in the field calls what is typed, and neither redials nor hangs up', async () => {
  const [call, redial] = [spyOn('dialpad', 'call'), spyOn('dialpad', 'redial')];
  const field = await drawn('dialpad', 'dialed', 'input');
  const press = (): boolean => field.dispatchEvent(new KeyboardEvent('keypress', { key: 'Enter' }));
  press();
  expect([call.mock.calls.length, redial.mock.calls.length]).toEqual([0, 0]);
  await phone.getDialpad()?.dial('1002');
  press();
  expect([call.mock.calls.length, redial.mock.calls.length]).toEqual([1, 0]);
});

test('a call is chosen in the list by its name, and answered and ended by the dialpad', async () => {
  const sessions = [incoming({ isObliging: true }), incoming({ isObliging: true })];
  const [first, second] = sessions.map((session) => engine().calls.add(session));
  if (!first || !second) throw new Error('no calls');
  phone.getCallList()?.renderAddTarget({
    root,
    template:
      '{{#data.calls}}<input name="{{by_name.calls.elementName}}" value="{{callId}}">{{/data.calls}}',
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  root.querySelector<HTMLElement>(`[value="${second.id}"]`)?.click();
  await settled();
  expect([first.isPrimary(), second.isPrimary()]).toEqual([false, true]);
  const answer = vi.spyOn(phone.getCallList()?.getCall() ?? ({} as never), 'answer');
  answer.mockReturnValue(undefined);
  void phone.getDialpad()?.answer();
  expect(answer).toHaveBeenCalledOnce();
  void phone.getDialpad()?.terminate();
  expect(second.isEnded()).toBe(true);
});
