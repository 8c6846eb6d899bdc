import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeDevice } from '../support/fakeMedia.ts';
import { settled } from '../support/fakeSession.ts';
import {
  agreed,
  alert,
  callOut,
  choose,
  idOf,
  ids,
  letCallsBe,
  load,
  machine,
  media,
  names,
  select,
  start,
  test,
  textOf,
} from './mediaDevicesScene.ts';

const mic = (deviceId: string, label: string): FakeDevice => ({
  deviceId,
  kind: 'audioinput',
  label,
});
const desk = mic('mic1', 'Desk microphone');
const headset = mic('mic2', 'Headset microphone');
const front: FakeDevice = { deviceId: 'cam1', kind: 'videoinput', label: 'Front camera' };
const back: FakeDevice = { deviceId: 'cam2', kind: 'videoinput', label: 'Back camera' };

async function reload(options: Parameters<typeof load>[0] = {}): Promise<void> {
  test.phone.destroy();
  await load(options);
}

describe('what the user chose', () => {
  it('is used after a reload, and goes before what is configured', async () => {
    await start({ audioinput: { preferedDeviceIds: ['mic1'] } });
    await media().askPermission();
    expect(select().value).toBe('mic1');
    await choose('mic2');
    await reload({ audioinput: { preferedDeviceIds: ['mic1'] } });
    expect(select().value).toBe('mic2');
    const { session } = await callOut();
    expect(idOf(session.sent.audio)).toBe('mic2');
    await machine.unplug('mic2');
    await settled();
    expect(idOf(session.sent.audio)).toBe('mic1');
    expect(media().getPreferredDevice('audioinput')?.preference).toBe(2);
  });

  it('is found by its label when the browser has given it another id', async () => {
    await start();
    await media().askPermission();
    await choose('mic2');
    await machine.relabel('mic2', { deviceId: 'renewed' });
    await reload();
    expect(select().value).toBe('renewed');
    const { session } = await callOut();
    expect(idOf(session.sent.audio)).toBe('renewed');
    expect(machine.requests.at(-1)).toEqual({ audio: { deviceId: { exact: 'renewed' } } });
  });

  it('is forgotten where nothing may be remembered', async () => {
    await start();
    await media().askPermission();
    await choose('mic2');
    localStorage.clear();
    localStorage.setItem('cordboard.mediaDevices.audioinput', '{"id":7}');
    await reload();
    expect(select().value).toBe('mic1');
  });

  it('comes back into calls when it is plugged in again, and says so', async () => {
    await start();
    await media().askPermission();
    await choose('mic2');
    const { session } = await callOut();
    await machine.unplug('mic2');
    await settled();
    expect(idOf(session.sent.audio)).toBe('mic1');
    expect(textOf('status')).toBe('Now using \u2068Desk microphone\u2069.');
    await machine.plug(headset);
    await settled();
    expect(idOf(session.sent.audio)).toBe('mic2');
    expect(textOf('status')).toBe('Now using \u2068Headset microphone\u2069.');
    expect(session.times('renegotiate')).toBe(0);
    expect(ids()).toEqual(['mic2', 'mic2']);
  });

  it('leaves the control at the device that is used when it cannot be opened', async () => {
    await start();
    await media().askPermission();
    await callOut();
    machine.failNext('NotReadableError');
    await choose('mic2');
    expect(select().value).toBe('mic1');
    expect(alert()).toContain('in use');
    await reload();
    expect(select().value).toBe('mic1');
  });

  it('moves each of several calls, and each keeps its own mute', async () => {
    await start();
    const first = await callOut();
    letCallsBe();
    const second = await callOut('1003');
    await first.call.mute();
    await machine.unplug('mic1');
    await settled();
    expect([first, second].map(({ session }) => idOf(session.sent.audio))).toEqual([
      'mic2',
      'mic2',
    ]);
    expect(first.session.sent.audio).not.toBe(second.session.sent.audio);
    expect(first.session.sent.audio?.enabled).toBe(false);
    expect(second.session.sent.audio?.enabled).toBe(true);
  });
});

describe('the default device of a browser', () => {
  const system = (groupId: string): FakeDevice => ({
    deviceId: 'default',
    kind: 'audioinput',
    label: 'Default',
    groupId,
  });

  it('is opened anew when the system puts another one behind it', async () => {
    await start({}, { devices: [system('desk'), desk, headset] });
    const { session } = await callOut();
    const before = session.sent.audio;
    await machine.relabel('default', { groupId: 'headset' });
    expect(idOf(session.sent.audio)).toBe('default');
    expect(session.sent.audio).not.toBe(before);
    expect(session.times('renegotiate')).toBe(0);
    const now = session.sent.audio;
    await media().refreshAvailableDevices();
    expect(session.sent.audio).toBe(now);
  });

  it('opens nothing without a call, whatever is behind it', async () => {
    await start({}, { devices: [system('desk'), desk] });
    await media().askPermission();
    await machine.relabel('default', { groupId: 'headset' });
    await machine.unplug('mic1');
    expect(machine.requests).toHaveLength(1);
    expect(ids()).toEqual([]);
  });
});

describe('the camera', () => {
  beforeEach(() => start({ videoinput: { show: true } }, { devices: [desk, front, back] }));

  it('moves to the next one when it is unplugged, without a new offer', async () => {
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    const offers = session.times('renegotiate');
    await machine.unplug('cam1');
    await settled();
    expect(idOf(session.sent.video)).toBe('cam2');
    expect(session.times('renegotiate')).toBe(offers);
    expect(textOf('status')).toBe('Now using \u2068Back camera\u2069.');
  });

  it('that was the only one is sent again when it comes back', async () => {
    await start({}, { devices: [desk, front] });
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    const offers = session.times('renegotiate');
    await machine.unplug('cam1');
    await settled();
    expect(alert()).toBe('No microphone or camera was found.');
    await machine.plug(front);
    await settled();
    expect(session.sent.video?.readyState).toBe('live');
    expect(session.times('renegotiate')).toBe(offers);
    expect(alert()).toBe('');
  });

  it('is let go of when the last call needs it no more', async () => {
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    expect(ids()).toContain('cam1');
    await agreed(session, call.stopVideo);
    expect(ids()).toEqual(['mic1', 'mic1']);
  });

  it('is on when it was switched on again before the far end had agreed to off', async () => {
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    const stopped = call.stopVideo();
    await settled();
    expect(ids()).toEqual(['mic1', 'mic1']);
    const started = call.startVideo();
    await settled();
    await session.settle('renegotiate');
    if (session.waiting('renegotiate') > 0) await session.settle('renegotiate');
    await Promise.all([stopped, started]);
    expect(session.sent.video?.readyState).toBe('live');
    expect(call.snapshot.localVideo).toBe('camera');
  });

  it('none takes the picture away and the camera back, until one is chosen again', async () => {
    const { call, session } = await callOut();
    expect(names('videoinput')).toEqual(['None', 'Front camera', 'Back camera']);
    await agreed(session, call.startVideo);
    await choose('none', 'videoinput');
    // Before the far end has agreed to anything.
    expect(ids()).toEqual(['mic1', 'mic1']);
    expect(session.sent.video).toBeNull();
    await session.settle('renegotiate');
    expect(call.snapshot.localVideo).toBe('none');
    expect(select('videoinput').value).toBe('none');
    await agreed(session, () => choose('cam2', 'videoinput'));
    expect(idOf(session.sent.video)).toBe('cam2');
    expect(call.snapshot.localVideo).toBe('camera');
  });

  it('none is no camera for the next call either, over a reload', async () => {
    await media().changeDevice('videoinput', 'none');
    await reload({ videoinput: { show: true } });
    const { call } = await callOut();
    await expect(call.startVideo()).rejects.toMatchObject({ code: 'media.noneChosen' });
    const stream = await media().startStreams('preview', { audio: true, video: true });
    expect(stream.getVideoTracks()).toEqual([]);
    expect(ids()).not.toContain('cam1');
  });

  it('is missing, and that is told to who wants to send a picture', async () => {
    await start({}, { devices: [desk] });
    const { call } = await callOut();
    await expect(call.startVideo()).rejects.toMatchObject({ code: 'media.noDevice' });
    expect(textOf('error')).toContain('No microphone or camera');
    expect(test.events.last('mediaDevices.getUserMedia.error').error.code).toBe('media.noDevice');
    await machine.plug(front);
    await settled();
    expect(textOf('error')).toBe('');
  });
});
