import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Call } from '../../src/core/index.ts';
import Libwebphone from '../../src/entry/libwebphone.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { cadenceOf, fakeAudio } from '../support/fakeAudio.ts';
import type { FakeAudio } from '../support/fakeAudio.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import type { FakeDevice, FakeMedia } from '../support/fakeMedia.ts';
import { incoming, settled } from '../support/fakeSession.ts';

// The ringtones and the second ring device of the fork.

const speaker = (deviceId: string): FakeDevice => ({
  deviceId,
  kind: 'audiooutput',
  label: deviceId,
});
const files = [
  { id: 'bell', name: 'Bell', dataUri: 'data:audio/wav;base64,AAAA' },
  { id: 'harp', name: 'Harp', dataUri: 'harp.wav' },
];

let audio: FakeAudio;
let media: FakeMedia;
let phone: Libwebphone;
let fetched: string[];

const engine = (): Engine =>
  (Reflect.get(phone.getCallList() ?? {}, 'kit') as { readonly engine: Engine }).engine;

async function start(config: object, isPermitted = true): Promise<void> {
  // Before that a browser keeps the ids of devices to itself.
  if (isPermitted) await navigator.mediaDevices.getUserMedia({ audio: true });
  phone = new Libwebphone({ storage: false, log: { level: 'off' }, ...config });
  await settled();
  await vi.waitFor(() => {
    expect(engine().plugins.mediaDevices?.getDevices().ringoutput).not.toEqual([]);
  });
}

/** Somebody calls; what rings is loaded. */
async function rung(): Promise<Call> {
  const call = engine().calls.add(incoming({ isObliging: true }));
  await vi.waitFor(() => {
    expect(audio.sounding()).toHaveLength(1);
  });
  return call;
}

function toldOf(event: string): unknown[][] {
  const told: unknown[][] = [];
  phone.on(event, (...args: unknown[]) => told.push(args.slice(2)));
  return told;
}

beforeEach(() => {
  audio = fakeAudio();
  fetched = [];
  vi.stubGlobal('fetch', (address: string) => {
    fetched.push(address);
    return Promise.resolve(new Response('12345'));
  });
  media = fakeMedia({
    devices: [
      { deviceId: 'mic', kind: 'audioinput', label: 'Microphone' },
      ...['default', 'desk', 'head', 'hall'].map(speaker),
    ],
  });
});

afterEach(() => {
  phone.destroy();
  vi.unstubAllGlobals();
});

describe('the ringtones of `channels.ringer.files`', () => {
  const config = (more: object = {}): object => ({
    audioContext: { channels: { ringer: { files, ...more } } },
  });

  test.each([
    ['the first one', {}, 'bell'],
    ['the selected one', { selected: 'harp' }, 'harp'],
    ['the first one where none is of that name', { selected: 'gong' }, 'bell'],
  ])('ring: %s', async (_, more, id) => {
    await start(config(more));
    expect(phone.getAudioContext()?.getSelectedRingtone()).toBe(id);
    await rung();
    expect(fetched).toEqual([files.find((each) => each.id === id)?.dataUri]);
  });

  test('are chosen by the page, from the next ring on', async () => {
    await start(config());
    const face = phone.getAudioContext();
    expect(face?.getRingtones()).toEqual([
      { id: 'bell', name: 'Bell' },
      { id: 'harp', name: 'Harp' },
    ]);
    const told = toldOf('audioContext.channel.ringer.selected');
    const first = await rung();
    for (const id of ['harp', 'harp', 'gong']) face?.selectRingtone(id);
    await settled();
    expect(told).toEqual([['harp']]);
    expect([face?.getSelectedRingtone(), fetched]).toEqual(['harp', [files[0]?.dataUri]]);
    await first.reject();
    await rung();
    expect(fetched).toEqual(files.map(({ dataUri }) => dataUri));
  });

  test('are chosen in a template of the page', async () => {
    await start(config());
    const root = document.body.appendChild(document.createElement('div'));
    phone.getAudioContext()?.renderAddTarget({
      root,
      template:
        '<select id="{{by_id.ringtone.elementId}}">{{#data.ringtones}}<option value="{{id}}"' +
        '{{#selected}} selected{{/selected}}>{{name}}</option>{{/data.ringtones}}</select>',
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const list = root.querySelector('select');
    expect([list?.value, list?.textContent]).toEqual(['bell', 'BellHarp']);
    Object.assign(list ?? {}, { value: 'harp' });
    list?.dispatchEvent(new Event('change'));
    expect(phone.getAudioContext()?.getSelectedRingtone()).toBe('harp');
    root.remove();
  });

  test('are those of the list that are files', async () => {
    const audioContext = { channels: { ringer: { files: [null, 'bell', files[1]] } } };
    await start({ audioContext });
    expect(phone.getAudioContext()?.getRingtones()).toEqual([{ id: 'harp', name: 'Harp' }]);
    expect(phone.getAudioContext()?.getSelectedRingtone()).toBe('harp');
  });

  test('are none unless the page brings some: the generated ring', async () => {
    await start({});
    expect(phone.getAudioContext()?.getRingtones()).toEqual([]);
    expect(phone.getAudioContext()?.getSelectedRingtone()).toBeUndefined();
    await rung();
    expect(audio.sounding().map(cadenceOf)).toEqual([{ seconds: 2.5, repeats: true }]);
  });
});

describe('`ringoutput2`', () => {
  const ringing = (): unknown =>
    engine()
      .plugins.mediaDevices?.getRingDevices()
      .map(({ id }) => id);
  const chosen = (): unknown =>
    (phone.getMediaDevices()?.getPreferedDevice('ringoutput2') as { id: string }).id;

  test('is none until a device is chosen, which then rings besides the first one', async () => {
    await start({});
    const told = toldOf('mediaDevices.ring.output.secondary.changed');
    const face = phone.getMediaDevices();
    expect([chosen(), ringing()]).toEqual(['none', ['default']]);
    await face?.changeDevice('ringoutput2', 'head');
    expect([chosen(), ringing()]).toEqual(['head', ['default', 'head']]);
    await rung();
    await face?.changeDevice('ringoutput2', 'none');
    expect([chosen(), ringing()]).toEqual(['none', ['default']]);
    expect(told).toMatchObject([[{ id: 'head', selected: true }], [{ id: 'none' }]]);
  });

  test('begins with the first of `preferedDeviceIds` that is there, and keeps what rings by option', async () => {
    const ringoutput2 = { preferedDeviceIds: ['gone', 'head', 'desk'] };
    await start({ mediaDevices: { ringoutput2, ringoutput: { additional: ['hall'] } } });
    expect(chosen()).toBe('head');
    expect(ringing()).toEqual(expect.arrayContaining(['default', 'head', 'hall']));
  });

  test('begins with it as soon as the browser tells of it', async () => {
    await start({ mediaDevices: { ringoutput2: { preferedDeviceIds: ['head'] } } }, false);
    expect(chosen()).toBe('none');
    await phone.getMediaDevices()?.startStreams('mine');
    await phone.getMediaDevices()?.refreshAvailableDevices();
    expect([chosen(), ringing()]).toEqual(['head', ['default', 'head']]);
  });

  test('is none for who has chosen that before the browser tells of any', async () => {
    await start({ mediaDevices: { ringoutput2: { preferedDeviceIds: ['head'] } } }, false);
    await phone.getMediaDevices()?.changeDevice('ringoutput2', 'none');
    await phone.getMediaDevices()?.startStreams('mine');
    await phone.getMediaDevices()?.refreshAvailableDevices();
    expect([chosen(), ringing()]).toEqual(['none', ['default']]);
  });

  test.each(['default', 'nowhere'])('is never %s', async (id) => {
    await start({});
    const told = toldOf('mediaDevices.ring.output.secondary.error');
    const changing = phone.getMediaDevices()?.changeDevice('ringoutput2', id);
    await expect(changing).rejects.toMatchObject({ code: 'media.unknownDevice' });
    expect(told).toMatchObject([[{ code: 'media.unknownDevice' }]]);
    expect(ringing()).toEqual(['default']);
  });

  test('gives way when it is made the first one, or is unplugged', async () => {
    await start({});
    const face = phone.getMediaDevices();
    await face?.changeDevice('ringoutput2', 'head');
    await face?.changeDevice('ringoutput', 'head');
    expect([chosen(), ringing()]).toEqual(['none', ['head']]);
    await face?.changeDevice('ringoutput2', 'desk');
    await media.unplug('desk');
    expect([chosen(), ringing()]).toEqual(['none', ['head']]);
  });

  test('is the next one of `preferedDeviceIds` while the first is unplugged', async () => {
    await start({ mediaDevices: { ringoutput2: { preferedDeviceIds: ['head', 'desk'] } } });
    await media.unplug('head');
    expect([chosen(), ringing()]).toEqual(['desk', ['default', 'desk']]);
    await media.plug(speaker('head'));
    expect([chosen(), ringing()]).toEqual(['head', ['default', 'head']]);
  });

  test('is what is configured while the one that was chosen is unplugged, and none for who chose that', async () => {
    await start({ mediaDevices: { ringoutput2: { preferedDeviceIds: ['head'] } } });
    await phone.getMediaDevices()?.changeDevice('ringoutput2', 'desk');
    await media.unplug('desk');
    expect(chosen()).toBe('head');
    await media.plug(speaker('desk'));
    expect(chosen()).toBe('desk');
    await phone.getMediaDevices()?.changeDevice('ringoutput2', 'none');
    await phone.getMediaDevices()?.refreshAvailableDevices();
    expect(ringing()).toEqual(['default']);
  });
});
