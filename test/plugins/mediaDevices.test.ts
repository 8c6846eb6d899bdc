import { beforeEach, describe, expect, it, vi } from 'vitest';
import { incoming, settled } from '../support/fakeSession.ts';
import {
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
} from './mediaDevicesScene.ts';

describe('before the first call', () => {
  beforeEach(() => start());

  it('opens nothing and asks for nothing', () => {
    expect(machine.requests).toEqual([]);
    expect(machine.liveTracks()).toEqual([]);
  });

  it('names what the browser does not name yet, and gives the names on demand', async () => {
    expect(names()).toEqual(['Microphone 1']);
    test.part('mediaDevices', 'ask').click();
    await settled();
    expect(names()).toEqual(['Desk microphone', 'Headset microphone']);
    expect(machine.liveTracks()).toEqual([]);
    expect(test.root('mediaDevices').querySelector('[part=ask]')).toBeNull();
  });

  it('hides outputs where the browser cannot choose one', async () => {
    expect(
      media()
        .getDevices()
        .ringoutput.map(({ name }) => name),
    ).toEqual(['Ringing Device 1']);
    const { prototype } = HTMLMediaElement;
    const setSinkId = Object.getOwnPropertyDescriptor(prototype, 'setSinkId') ?? {};
    Reflect.deleteProperty(prototype, 'setSinkId');
    await media().refreshAvailableDevices();
    Object.defineProperty(prototype, 'setSinkId', setSinkId);
    expect(media().getDevices().audiooutput).toEqual([]);
    expect(media().getDevices().ringoutput).toEqual([]);
  });
});

describe('during calls', () => {
  beforeEach(() => start());

  it('opens the microphone once, gives each call its own track, and lets go of all', async () => {
    const first = await callOut();
    letCallsBe();
    const second = await callOut('1003');
    expect(machine.requests).toHaveLength(1);
    expect(machine.liveTracks()).toHaveLength(3);
    expect(first.session.sent.audio).not.toBe(second.session.sent.audio);
    first.session.end();
    await settled();
    expect(second.session.sent.audio?.readyState).toBe('live');
    second.session.end();
    await settled();
    expect(machine.liveTracks()).toEqual([]);
    expect(test.events.names('mediaDevices.streams')).toEqual([
      'mediaDevices.streams.started',
      'mediaDevices.streams.stopped',
    ]);
  });

  it('holds and mutes one call without silencing another', async () => {
    const first = await callOut();
    letCallsBe();
    const second = await callOut('1003');
    void first.call.hold();
    await first.session.settle('hold');
    await first.call.mute();
    expect(first.session.sent.audio?.enabled).toBe(false);
    expect(second.session.sent.audio?.enabled).toBe(true);
  });

  it('mutes all calls by the device, and keeps the calls own mute', async () => {
    const { call, session } = await callOut();
    await media().mute();
    expect(session.sent.audio?.enabled).toBe(false);
    expect(test.events.last('mediaDevices.audio.input.muted').parameters.device?.id).toBe('mic1');
    await call.mute();
    await media().toggleMute('audioinput');
    expect(session.sent.audio?.enabled).toBe(false);
    await call.unmute();
    expect(session.sent.audio?.enabled).toBe(true);
    await expect(media().mute('audiooutput')).rejects.toMatchObject({
      code: 'media.unknownDevice',
    });
  });

  it('moves a call to another microphone with a fresh track and no new offer', async () => {
    const { call, session } = await callOut();
    await call.mute();
    await choose('mic2');
    expect(session.times('renegotiate')).toBe(0);
    expect(idOf(session.sent.audio)).toBe('mic2');
    expect(session.sent.audio?.enabled).toBe(false);
    expect(ids()).toEqual(['mic2', 'mic2']);
    const { parameters, previous } = test.events.last('mediaDevices.audio.input.changed');
    expect([previous.device?.id, parameters.device?.id]).toEqual(['mic1', 'mic2']);
    expect(media().getPreferedDevice('audioinput')?.id).toBe('mic2');
    session.end();
    await settled();
    expect(machine.liveTracks()).toEqual([]);
  });

  it('keeps the old microphone when the new one fails, and says why', async () => {
    const { session } = await callOut();
    machine.failNext('NotReadableError');
    await expect(media().changeDevice('audioinput', 'mic2')).rejects.toMatchObject({
      code: 'media.busy',
    });
    await settled();
    expect(session.sent.audio?.readyState).toBe('live');
    expect(ids()).toEqual(['mic1', 'mic1']);
    expect(alert()).toBe('The microphone or camera is in use by another program.');
    expect(media().getPreferredDevice('audioinput')?.id).toBe('mic1');
    await media().changeDevice('audioinput', 'mic2');
    expect(ids()).toEqual(['mic2', 'mic2']);
  });

  it('rejects a device that is not there', async () => {
    await callOut();
    for (const id of ['nobody', '', 'cam1']) {
      await expect(media().changeDevice('audioinput', id)).rejects.toMatchObject({
        code: 'media.unknownDevice',
      });
    }
    expect(ids()).toEqual(['mic1', 'mic1']);
  });

  it('moves to the next microphone when the one in use is unplugged, and says so', async () => {
    const { session } = await callOut();
    await machine.unplug('mic1');
    await settled();
    expect(ids()).toEqual(['mic2', 'mic2']);
    expect(session.sent.audio?.readyState).toBe('live');
    expect(session.sent.audio?.enabled).toBe(true);
    expect(test.part('mediaDevices', 'notice').textContent).toBe(
      'Now using \u2068Headset microphone\u2069.',
    );
  });

  it('waits for a microphone when the last one went, and takes the next that comes', async () => {
    const { session } = await callOut();
    await machine.unplug('mic2');
    await machine.unplug('mic1');
    expect(alert()).toBe('No microphone or camera was found.');
    await machine.plug({ deviceId: 'mic3', kind: 'audioinput', label: 'New microphone' });
    await settled();
    expect(idOf(session.sent.audio)).toBe('mic3');
    expect(alert()).toBe('');
    session.end();
    await settled();
    expect(machine.liveTracks()).toEqual([]);
  });

  it('opens nothing when a device comes or goes while nobody needs it', async () => {
    const { session } = await callOut();
    session.end();
    await settled();
    await machine.unplug('mic1');
    await machine.plug({ deviceId: 'mic3', kind: 'audioinput', label: 'New microphone' });
    expect(machine.requests).toHaveLength(1);
    expect(names()).toEqual(['Headset microphone', 'New microphone']);
  });
});

describe('permission', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'media.denied', 'let this page use'],
    ['NotAllowedError', 'Permission dismissed', 'media.dismissed', 'closed without an answer'],
    ['NotFoundError', '', 'media.noDevice', 'No microphone'],
    ['NotReadableError', '', 'media.busy', 'in use by another program'],
    ['SecurityError', '', 'media.insecure', 'https'],
  ])('tells %s (%s) and asks again on demand', async (...row) => {
    const [name, message, code, words] = row;
    await start();
    machine.failAlways(name, message);
    await expect(test.api('userAgent').call('1002')).rejects.toMatchObject({ code });
    await settled();
    expect(alert()).toContain(words);
    expect(test.events.last('mediaDevices.getUserMedia.error').error.code).toBe(code);
    test.part('mediaDevices', 'retry').click();
    await settled();
    expect(alert()).toContain(words);
    machine.recover();
    test.part('mediaDevices', 'retry').click();
    await settled();
    expect(alert()).toBe('');
    expect(machine.liveTracks()).toEqual([]);
    const { session } = await callOut();
    expect(session.sent.audio?.readyState).toBe('live');
  });

  it('lets an incoming call ring on when the microphone is refused, and answers at the next try', async () => {
    await start({}, { asks: true });
    const session = incoming();
    const call = test.phone.calls.add(session);
    const refused = call.answer().catch((error: unknown) => error);
    await settled();
    await machine.deny();
    expect(await refused).toMatchObject({ code: 'media.denied' });
    expect(call.snapshot.status).toBe('ringing');
    void call.answer();
    await settled();
    await machine.allow();
    expect(session.times('answer')).toBe(1);
  });

  it('keeps nothing open when the caller gives up while the browser asks', async () => {
    await start({}, { asks: true });
    const session = incoming();
    const call = test.phone.calls.add(session);
    const answered = call.answer().catch((error: unknown) => error);
    await settled();
    session.end({ statusCode: 487 });
    await machine.allow();
    expect(await answered).toMatchObject({ code: 'call.ended' });
    expect(machine.liveTracks()).toEqual([]);
  });

  it('keeps nothing open when the phone is destroyed, before or after the answer', async () => {
    await start({}, { asks: true });
    const opened = media()
      .startStreams('preview')
      .catch((error: unknown) => error);
    await settled();
    test.phone.destroy();
    await machine.allow();
    expect(await opened).toMatchObject({ code: 'call.ended' });
    expect(machine.liveTracks()).toEqual([]);
    await start();
    await media().startStreams('preview');
    test.phone.destroy();
    expect(machine.liveTracks()).toEqual([]);
  });

  it('is a phone without a microphone on an insecure page, and says why', async () => {
    await start({}, { isInsecure: true });
    expect(test.events.of('phone.plugin.failed')).toEqual([]);
    expect(names()).toEqual(['None']);
    await expect(media().startStreams()).rejects.toMatchObject({ code: 'media.insecure' });
    await settled();
    expect(alert()).toContain('https');
  });
});

describe('requests', () => {
  beforeEach(() => start());

  it('get one stream per id, and end one by one', async () => {
    const [first, again, other] = await Promise.all([
      media().startStreams('preview'),
      media().startStreams('preview'),
      media().startStreams(),
    ]);
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    expect(machine.requests).toHaveLength(1);
    media().stopStreams('preview');
    expect(other.getTracks()[0]?.readyState).toBe('live');
    media().stopStreams();
    expect(machine.liveTracks()).toEqual([]);
  });

  it('are silent while the device is muted, and follow it to another device', async () => {
    const stream = await media().startStreams('preview');
    await media().mute('audioinput');
    expect(stream.getTracks()[0]?.enabled).toBe(false);
    await media().unmute('audioinput');
    await media().changeDevice('audioinput', 'mic2');
    expect(stream.getTracks().map(({ label, enabled }) => [label, enabled])).toEqual([
      ['Headset microphone', true],
    ]);
    await media().stopAllStreams();
    expect(machine.liveTracks()).toEqual([]);
  });

  it('open the camera only when it is wanted, and nothing when one of the two fails', async () => {
    const stream = await media().startStreams('preview', { audio: true, video: true });
    expect(stream.getVideoTracks()).toHaveLength(1);
    media().stopStreams('preview');
    machine.failNext('NotReadableError');
    await expect(
      media().startStreams('preview', { audio: true, video: true }),
    ).rejects.toMatchObject({ code: 'media.busy' });
    await settled();
    expect(machine.liveTracks()).toEqual([]);
  });
});

describe('asking for permission', () => {
  it('lets go of the microphone even when the devices cannot be listed', async () => {
    await start();
    const listing = vi.spyOn(navigator.mediaDevices, 'enumerateDevices');
    listing.mockRejectedValue(new DOMException('no', 'InvalidStateError'));
    await media()
      .askPermission()
      .catch(() => undefined);
    expect(listing).toHaveBeenCalled();
    expect(machine.requests).toHaveLength(1);
    expect(machine.liveTracks()).toEqual([]);
  });
});

describe('configuration', () => {
  it('uses the first of the preferred microphones that is connected', async () => {
    await start({ audioinput: { preferedDeviceIds: ['gone', 'mic2', 'mic1'] } });
    await media().askPermission();
    const { session } = await callOut();
    await settled();
    expect(idOf(session.sent.audio)).toBe('mic2');
    expect(media().getPreferredDevice('audioinput')).toMatchObject({ id: 'mic2', preference: 2 });
    expect(select().value).toBe('mic2');
    await machine.plug({ deviceId: 'gone', kind: 'audioinput', label: 'Back again' });
    await settled();
    expect(ids()).toEqual(['gone', 'gone']);
  });

  it('moves to a preferred microphone as soon as the browser tells which is which', async () => {
    await start({ audioinput: { preferedDeviceIds: ['gone', 'mic2'] } });
    const { session } = await callOut();
    await settled();
    expect(idOf(session.sent.audio)).toBe('mic2');
    expect(ids()).toEqual(['mic2', 'mic2']);
  });

  it('gives the constraints to the browser and never changes them', async () => {
    const constraints = Object.freeze({ echoCancellation: false });
    await start({ audioinput: { constraints } });
    await callOut();
    await media().changeDevice('audioinput', 'mic2');
    expect(machine.requests).toEqual([
      { audio: { echoCancellation: false } },
      { audio: { echoCancellation: false, deviceId: { exact: 'mic2' } } },
    ]);
    expect(constraints).toEqual({ echoCancellation: false });
  });

  it('takes a made stream in the place of the microphone', async () => {
    await start();
    const tone = await navigator.mediaDevices.getUserMedia({ audio: true });
    test.phone.destroy();
    await load({ audioinput: { create: () => Promise.resolve(tone) } });
    const { session } = await callOut();
    expect(machine.requests).toHaveLength(1);
    expect(session.sent.audio?.readyState).toBe('live');
    expect(test.part('mediaDevices', 'fixed').textContent).toContain('Microphone');
    session.end();
    await settled();
    expect(machine.liveTracks()).toEqual([]);
  });

  it('leaves devices that come and go alone when told so, and leaves no listener behind', async () => {
    await start({ detectDeviceChanges: false });
    expect(machine.listeners()).toBe(0);
    await start();
    expect(machine.listeners()).toBe(1);
  });
});
