import { beforeEach, describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import {
  alert,
  callOut,
  idOf,
  ids,
  load,
  machine,
  media,
  press,
  start,
  test,
  textOf,
} from './mediaDevicesScene.ts';

describe('what the browser lets the page do', () => {
  beforeEach(() => start());

  it('clears the error by itself when it is allowed, and lists the names', async () => {
    machine.failAlways('NotAllowedError', 'Permission denied');
    await expect(media().askPermission()).rejects.toMatchObject({ code: 'media.denied' });
    await machine.permit('microphone', 'denied');
    expect(alert()).toContain('not to let this page');
    expect(textOf('hint')).toBe(
      "Allow the microphone in the browser's address bar, then try again.",
    );
    machine.recover();
    await machine.permit('microphone', 'granted');
    expect(alert()).toBe('');
    expect(textOf('hint')).toBe('');
    expect(ids()).toEqual([]);
  });

  it('is told before the first attempt, without an error', async () => {
    await machine.permit('microphone', 'denied');
    expect(alert()).toBe('');
    expect(textOf('hint')).toContain('Allow the microphone');
  });

  it('is about the camera where that was refused, and so is the next try', async () => {
    machine.failNext('NotAllowedError', 'Permission denied');
    const { call } = await callOut().catch(() => callOut());
    machine.failNext('NotAllowedError', 'Permission denied');
    await expect(call.startVideo()).rejects.toMatchObject({ code: 'media.denied' });
    await settled();
    expect(textOf('hint')).toContain('Allow the camera');
    await machine.permit('microphone', 'granted');
    expect(textOf('hint')).toContain('Allow the camera');
    await press('retry');
    expect(alert()).toBe('');
    expect(machine.requests.at(-1)).toEqual({ video: { deviceId: { ideal: 'cam1' } } });
    expect(ids()).toEqual(['mic1', 'mic1']);
  });

  it('is asked on demand only where a browser does not tell', async () => {
    await start({}, { tellsPermissions: false });
    expect(test.events.of('phone.plugin.failed')).toEqual([]);
    machine.failNext('NotAllowedError', 'Permission denied');
    await media()
      .askPermission()
      .catch(() => undefined);
    await settled();
    expect(textOf('hint')).toContain('Allow the microphone');
    await press('retry');
    expect(alert()).toBe('');
  });
});

describe('a call that lost its microphone', () => {
  it('has it again after a press, when another program has let go of it', async () => {
    await start();
    const { session } = await callOut();
    machine.failAlways('NotReadableError');
    await machine.unplug('mic1');
    await settled();
    expect(alert()).toContain('in use by another program');
    expect(session.sent.audio?.readyState).toBe('ended');
    machine.recover();
    await press('retry');
    expect(idOf(session.sent.audio)).toBe('mic2');
    expect(session.sent.audio?.readyState).toBe('live');
    expect(session.sent.audio?.enabled).toBe(true);
    session.end();
    await settled();
    expect(ids()).toEqual([]);
  });

  it('is told so when it was the only one, and is heard again with the next that comes', async () => {
    const only = { deviceId: 'mic', kind: 'audioinput', label: 'Microphone' } as const;
    await start({}, { devices: [only] });
    const { call, session } = await callOut();
    await call.mute();
    await machine.unplug('mic');
    await settled();
    expect(alert()).toBe('No microphone or camera was found.');
    expect(ids()).toEqual([]);
    await machine.plug({ deviceId: 'other', kind: 'audioinput', label: 'Other microphone' });
    await settled();
    expect(alert()).toBe('');
    expect(idOf(session.sent.audio)).toBe('other');
    expect(session.sent.audio?.readyState).toBe('live');
    expect(session.sent.audio?.enabled).toBe(false);
    await call.unmute();
    expect(session.sent.audio?.enabled).toBe(true);
    session.end();
    await settled();
    expect(ids()).toEqual([]);
  });

  it('is told so during the share of a screen that failed, too', async () => {
    const only = { deviceId: 'mic', kind: 'audioinput', label: 'Microphone' } as const;
    await start({}, { devices: [only] });
    await callOut();
    machine.refuseScreen('NotAllowedError', 'Permission denied by system');
    await media()
      .startScreenCapture()
      .catch(() => undefined);
    await machine.unplug('mic');
    await settled();
    expect(alert()).toBe('No microphone or camera was found.');
  });

  it('is told no more of a missing microphone when one is plugged in after the call', async () => {
    await start({}, { devices: [] });
    await expect(media().askPermission()).rejects.toMatchObject({ code: 'media.noDevice' });
    await settled();
    expect(alert()).toBe('No microphone or camera was found.');
    await machine.plug({ deviceId: 'mic3', kind: 'audioinput', label: 'New microphone' });
    expect(alert()).toBe('');
    expect(machine.requests).toHaveLength(1);
  });
});

describe('constraints that no device meets', () => {
  it('become wishes, so that there is a call', async () => {
    const constraints = { deviceId: { exact: 'elsewhere' }, sampleRate: { exact: 96_000 } };
    await start({ audioinput: { constraints } });
    machine.failNext('OverconstrainedError');
    const { session } = await callOut();
    expect(session.sent.audio?.readyState).toBe('live');
    expect(machine.requests.at(-1)).toEqual({
      audio: { deviceId: { ideal: 'elsewhere' }, sampleRate: { ideal: 96_000 } },
    });
    expect(alert()).toBe('');
  });

  it('never make another device of the one that was chosen', async () => {
    await start();
    const { session } = await callOut();
    machine.failAlways('OverconstrainedError');
    await expect(media().changeDevice('audioinput', 'mic2')).rejects.toMatchObject({
      code: 'media.unknownDevice',
    });
    expect(idOf(session.sent.audio)).toBe('mic1');
    expect(session.sent.audio?.readyState).toBe('live');
  });
});

describe('a microphone that the system mutes', () => {
  it('is told as long as it is so, and not after the call', async () => {
    await start();
    const { session } = await callOut();
    await machine.silence('mic1');
    expect(textOf('status')).toBe('Your computer or headset has muted the microphone.');
    const { parameters } = test.events.last('mediaDevices.audio.input.silenced');
    expect(parameters.device?.id).toBe('mic1');
    await machine.silence('mic1', false);
    expect(textOf('status')).toBe('');
    await machine.silence('mic1');
    session.end();
    await settled();
    expect(textOf('status')).toBe('');
    expect(test.events.of('mediaDevices.audio.input.unsilenced')).toHaveLength(2);
  });
});

const toggle = async (name: string): Promise<HTMLInputElement> => {
  const box = test.part('mediaDevices', name) as HTMLInputElement;
  box.click();
  // The first switch loads a file.
  await vi.dynamicImportSettled();
  await settled();
  return box;
};

describe('the switches of the microphone', () => {
  it('change a device that can while it runs, without opening it again', async () => {
    const device = { deviceId: 'mic', kind: 'audioinput', label: 'M', isFlexible: true } as const;
    await start({}, { devices: [device] });
    const { session } = await callOut();
    await toggle('noiseSuppression');
    expect(machine.requests).toHaveLength(1);
    expect(session.sent.audio?.getSettings().noiseSuppression).toBe(false);
    expect(media().getProcessing()).toEqual({
      autoGainControl: true,
      echoCancellation: true,
      noiseSuppression: false,
    });
  });

  it('open a device anew that cannot, and move the call without an offer', async () => {
    await start({ audioinput: { constraints: { autoGainControl: false } } });
    const { call, session } = await callOut();
    await call.mute();
    const box = await toggle('echoCancellation');
    expect(box.checked).toBe(false);
    expect(session.sent.audio?.getSettings()).toMatchObject({
      deviceId: 'mic1',
      autoGainControl: false,
      echoCancellation: false,
    });
    expect(session.sent.audio?.enabled).toBe(false);
    expect(session.times('renegotiate')).toBe(0);
    expect(ids()).toEqual(['mic1', 'mic1']);
    const { processing } = test.events.last('mediaDevices.audio.processing.changed');
    expect(processing.echoCancellation).toBe(false);
  });

  it('are remembered over a reload, and above the configuration', async () => {
    const options = { audioinput: { constraints: { noiseSuppression: false } } };
    await start(options);
    await toggle('noiseSuppression');
    expect(machine.requests).toEqual([]);
    test.phone.destroy();
    await load(options);
    expect(media().getProcessing().noiseSuppression).toBe(true);
    const { session } = await callOut();
    expect(session.sent.audio?.getSettings().noiseSuppression).toBe(true);
  });

  it('go back when the device cannot be opened like this', async () => {
    await start();
    const { session } = await callOut();
    machine.failNext('NotReadableError');
    const box = await toggle('echoCancellation');
    expect(box.checked).toBe(true);
    expect(media().getProcessing().echoCancellation).toBe(true);
    expect(session.sent.audio?.readyState).toBe('live');
    expect(alert()).toContain('in use');
  });
});
