import { describe, expect, it } from 'vitest';
import type { FakeDevice } from '../support/fakeMedia.ts';
import { settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import {
  alert,
  callOut,
  choose,
  load,
  machine,
  media,
  names,
  press,
  select,
  start,
  test,
  textOf,
} from './mediaDevicesScene.ts';

const speaker = (deviceId: string, label: string): FakeDevice => ({
  deviceId,
  kind: 'audiooutput',
  label,
});
const desk = speaker('desk', 'Desk speaker');
const head = speaker('head', 'Headphones');
const devices: readonly FakeDevice[] = [
  { deviceId: 'mic', kind: 'audioinput', label: 'Microphone' },
  speaker('default', 'Default'),
  desk,
  head,
];

/** The far end's sound arrives. */
async function sound(session: FakeSession): Promise<void> {
  const track = { kind: 'audio', readyState: 'live' };
  const connection = Object.assign(new EventTarget(), { getReceivers: () => [{ track }] });
  session.report({
    type: 'connection',
    connection: connection as unknown as RTCPeerConnection,
  });
  await settled();
}

async function talk(): Promise<{ readonly sink: () => string | undefined }> {
  const { call, session } = await callOut();
  await sound(session);
  return { sink: () => call.getRemoteAudio()?.sinkId };
}

describe('loudspeakers', () => {
  it('play each call on the chosen one, now, later and after a reload', async () => {
    await start({}, { devices });
    const first = await talk();
    expect(first.sink()).toBe('');
    await choose('head', 'audiooutput');
    expect(first.sink()).toBe('head');
    expect(test.events.last('mediaDevices.audio.output.changed').device?.label).toBe('Headphones');
    test.phone.destroy();
    await load();
    expect((await talk()).sink()).toBe('head');
  });

  it('are the system’s own where that is chosen: it follows the system by itself', async () => {
    await start({}, { devices });
    const { sink } = await talk();
    await choose('head', 'audiooutput');
    await choose('default', 'audiooutput');
    expect(sink()).toBe('');
    expect(select('audiooutput').value).toBe('default');
  });

  it('are the system’s own by default, also where a browser lists none by that name', async () => {
    await start({}, { devices: devices.filter(({ deviceId }) => deviceId !== 'default') });
    const { sink } = await talk();
    expect(sink()).toBe('');
    expect(names('audiooutput')).toEqual(['System default', 'Desk speaker', 'Headphones']);
    expect(media().getPreferredDevice('audiooutput')).toMatchObject({ id: 'default', sinkId: '' });
    expect(textOf('status')).toBe('');
    expect(test.events.of('mediaDevices.audio.output.changed')).toEqual([]);
  });

  it('move calls when the one in use is unplugged, say so, and come back', async () => {
    await start({}, { devices });
    const { sink } = await talk();
    await choose('head', 'audiooutput');
    await machine.unplug('head');
    expect(sink()).toBe('');
    expect(textOf('status')).toBe('Now using \u2068Default\u2069.');
    await machine.plug(head);
    expect(sink()).toBe('head');
    expect(textOf('status')).toBe('Now using \u2068Headphones\u2069.');
    expect(machine.requests).toHaveLength(1);
  });

  it('change nothing when they refuse to be chosen', async () => {
    await start({}, { devices });
    const { sink } = await talk();
    await choose('desk', 'audiooutput');
    machine.breakSpeaker('head');
    await expect(media().changeDevice('audiooutput', 'head')).rejects.toMatchObject({
      code: 'media.outputFailed',
    });
    await settled();
    expect(sink()).toBe('desk');
    expect(select('audiooutput').value).toBe('desk');
    expect(alert()).toBe('The chosen speaker cannot be used.');
    await choose('default', 'audiooutput');
    expect(alert()).toBe('');
  });

  it('give way to the system’s own when a call cannot be played on the chosen one', async () => {
    await start({}, { devices });
    await media().askPermission();
    await choose('head', 'audiooutput');
    machine.breakSpeaker('head');
    const { sink } = await talk();
    expect(sink()).toBe('');
    expect(alert()).toBe('The chosen speaker cannot be used.');
    expect(test.events.last('mediaDevices.audio.output.error').error.code).toBe(
      'media.outputFailed',
    );
    await press('retry');
    expect(alert()).toBe('The chosen speaker cannot be used.');
    expect(machine.requests).toHaveLength(2);
  });

  it('take no camera or microphone for one of them', async () => {
    await start({}, { devices });
    await media().askPermission();
    await expect(media().changeDevice('audiooutput', 'mic')).rejects.toMatchObject({
      code: 'media.unknownDevice',
    });
    await expect(media().changeDevice('loudspeaker' as 'audiooutput', 'x')).rejects.toMatchObject({
      code: 'media.unknownDevice',
    });
  });

  it('get the configured properties in each call', async () => {
    await start(
      { audiooutput: { mediaElement: { initParameters: { volume: 0.5 } } } },
      { devices },
    );
    await talk();
    expect(media().getMediaElement('audiooutput')?.volume).toBe(0.5);
    expect(media().getMediaElement('ringoutput')).toBeUndefined();
  });
});

describe('ringing', () => {
  it('has a loudspeaker of its own', async () => {
    await start({}, { devices });
    await media().askPermission();
    expect(names('ringoutput')).toEqual(['Default', 'Desk speaker', 'Headphones']);
    await choose('desk', 'ringoutput');
    expect(media().getPreferredDevice('ringoutput')?.id).toBe('desk');
    expect(media().getPreferredDevice('audiooutput')?.id).toBe('default');
    expect(test.events.last('mediaDevices.ring.output.changed').device?.id).toBe('desk');
    expect(test.events.names('mediaDevices.audio.output')).toEqual([]);
  });

  it('stays where it is when the chosen one cannot be used, and says so', async () => {
    await start({}, { devices });
    await media().askPermission();
    machine.breakSpeaker('head');
    await choose('head', 'ringoutput');
    expect(alert()).toBe('The chosen speaker cannot be used.');
    expect(select('ringoutput').value).toBe('default');
    expect(test.events.last('mediaDevices.ring.output.error').error.code).toBe(
      'media.outputFailed',
    );
    expect(test.events.names('mediaDevices.audio.output')).toEqual([]);
    await expect(media().changeDevice('ringoutput', 'head')).rejects.toMatchObject({
      code: 'media.outputFailed',
    });
    await choose('desk', 'ringoutput');
    expect(alert()).toBe('');
    expect(media().getPreferredDevice('ringoutput')?.id).toBe('desk');
  });

  it('is on several when so configured, on each that is connected, once', async () => {
    await start({ ringoutput: { additional: ['desk', 'head', 'gone'] } }, { devices });
    await media().askPermission();
    const ringing = (): string[] =>
      media()
        .getRingDevices()
        .map(({ id }) => id);
    expect(ringing()).toEqual(['default', 'desk', 'head']);
    expect(
      media()
        .getRingDevices()
        .map(({ sinkId }) => sinkId),
    ).toEqual(['', 'desk', 'head']);
    await choose('head', 'ringoutput');
    expect(ringing()).toEqual(['head', 'desk']);
    const told = test.events.of('mediaDevices.ring.output.changed').length;
    await machine.unplug('desk');
    expect(ringing()).toEqual(['head']);
    expect(test.events.of('mediaDevices.ring.output.changed')).toHaveLength(told + 1);
  });

  it('has nothing to choose where outputs are off', async () => {
    await start({ ringoutput: { enabled: false }, audiooutput: { show: false } }, { devices });
    await media().askPermission();
    expect(media().getRingDevices()).toEqual([]);
    expect(test.root('mediaDevices').querySelectorAll('select')).toHaveLength(1);
  });
});
