import { beforeEach, describe, expect, it } from 'vitest';
import { callControl } from '../../plugins/callControl/index.ts';
import { definePlugin, mediaError, schema } from '../../src/core/index.ts';
import type { Call, ConfiguredPlugin, PluginRegistry } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import type { FakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

let machine: FakeMedia;
let test: TestPhone;

beforeEach(() => {
  machine = fakeMedia();
});

const both = { audio: true, video: true };
const shown = { video: { show: true }, screenShare: { show: true } } as const;
const find = (part: string): HTMLElement | null =>
  test.root('callControl').querySelector(`[part~="${part}"]`);
const part = (name: string): HTMLElement => test.part('callControl', name);
const cameras = (): number => machine.liveTracks().filter(({ kind }) => kind === 'video').length;

async function press(name: string): Promise<void> {
  part(name).click();
  await settled();
}

type Options = Parameters<typeof callControl>[0];

async function talk(
  options: Options = shown,
  others: readonly ConfiguredPlugin[] = [],
): Promise<{ readonly session: FakeSession; readonly call: Call }> {
  test = testPhone({ plugins: [...others, callControl(options)] });
  const session = outgoing({ isObliging: true });
  const call = test.phone.calls.add(session);
  await session.start(await test.phone.calls.media().open(call.id, { audio: true, video: false }));
  session.establish();
  await settled();
  return { session, call };
}

function hasPicture(session: FakeSession): Promise<void> {
  session.report({ type: 'media', media: both, receiving: both });
  return settled();
}

describe('the camera’s button', () => {
  it.each([
    { what: 'not in a call for sound', options: {}, picture: false, isThere: false },
    { what: 'in a call with a picture', options: {}, picture: true, isThere: true },
    { what: 'where it is asked for', options: shown, picture: false, isThere: true },
    {
      what: 'not where nobody wants it',
      options: { video: { show: false } },
      picture: true,
      isThere: false,
    },
  ] as const)('is there: $what', async ({ options, picture, isThere }) => {
    const { session } = await talk(options);
    if (picture) await hasPicture(session);
    expect(find('camera') !== null).toBe(isThere);
  });

  it('opens the camera, and lets go of it so that its light goes off', async () => {
    const { call, session } = await talk();
    expect(part('camera').getAttribute('aria-pressed')).toBe('false');
    await press('camera');
    expect(call.snapshot.localVideo).toBe('camera');
    expect(session.sending.video).toBe(true);
    expect(cameras()).toBe(1);
    expect(part('camera').getAttribute('aria-pressed')).toBe('true');
    expect(part('camera').title).toBe('Turn the camera off');
    await press('camera');
    expect(cameras()).toBe(0);
    expect(part('camera').getAttribute('aria-pressed')).toBe('false');
  });

  it('is busy until the far end has agreed', async () => {
    test = testPhone({ plugins: [callControl(shown)] });
    const session = outgoing();
    const { id } = test.phone.calls.add(session);
    const sound = await test.phone.calls.media().open(id, { audio: true, video: false });
    void session.start(sound);
    session.establish();
    await settled();
    await press('camera');
    expect(part('camera').getAttribute('aria-busy')).toBe('true');
    expect(part('camera').getAttribute('aria-pressed')).toBe('false');
    await session.settle('renegotiate');
    expect(part('camera').getAttribute('aria-busy')).toBeNull();
    expect(part('camera').getAttribute('aria-pressed')).toBe('true');
  });

  it('shows a muted camera as off, and sends it again', async () => {
    const { call, session } = await talk();
    await press('camera');
    await test.api('callControl').muteVideo();
    await settled();
    expect(session.sending.video).toBe(false);
    expect(cameras()).toBe(1);
    expect(part('camera').getAttribute('aria-pressed')).toBe('false');
    await press('camera');
    expect(call.snapshot.muted.video).toBe(false);
    expect(session.sending.video).toBe(true);
  });

  it('tells in words why there is no picture', async () => {
    const { session } = await talk();
    machine.failNext('NotFoundError');
    await press('camera');
    expect(part('error').textContent).toMatch(/No microphone or camera was found/);
    session.refuseNext('renegotiate', 488);
    await press('camera');
    expect(part('error').textContent).toMatch(/refused/);
    expect(cameras()).toBe(0);
  });
});

describe('a caller who offers a picture', () => {
  it('may be answered with or without one', async () => {
    test = testPhone({ plugins: [callControl()] });
    const session = incoming({ offered: both, isObliging: true });
    test.phone.calls.add(session);
    await settled();
    await press('answerVideo');
    expect(session.argsOf('answer')).toMatchObject([{ video: true, receiveVideo: true }]);
    expect(cameras()).toBe(1);
  });

  it('gets sound alone from the plain button', async () => {
    test = testPhone({ plugins: [callControl()] });
    const session = incoming({ offered: both, isObliging: true });
    test.phone.calls.add(session);
    await settled();
    await press('answer');
    expect(session.argsOf('answer')).toMatchObject([{ video: false, receiveVideo: false }]);
    expect(cameras()).toBe(0);
  });

  it('is not confused with one who offers sound', async () => {
    test = testPhone({ plugins: [callControl()] });
    test.phone.calls.add(incoming());
    await settled();
    expect(find('answer')).not.toBeNull();
    expect(find('answerVideo')).toBeNull();
  });

  it('still rings when there is no camera, and the panel says so', async () => {
    test = testPhone({ plugins: [callControl()] });
    test.phone.calls.add(incoming({ offered: both }));
    await settled();
    machine.failNext('NotFoundError');
    await press('answerVideo');
    expect(part('error').textContent).toMatch(/camera/);
    expect(find('answer')).not.toBeNull();
  });
});

describe('the button for the screen', () => {
  const asked: string[] = [];
  // What `mediaDevices` will offer: the call says what is sent.
  const devices = definePlugin({
    name: 'mediaDevices',
    defaults: {},
    schema: schema.anyObject<object>(),
    setup: ({ calls }) => {
      const api = {
        startScreenCapture: async () => {
          asked.push('start');
          const asking = navigator.mediaDevices.getUserMedia({ video: true });
          const stream = await asking.catch((error: unknown) => {
            throw mediaError(error);
          });
          const [track] = stream.getTracks();
          if (track) await calls.primary()?.replaceSenderTrack(track, 'screen');
        },
        stopScreenCapture: async () => {
          asked.push('stop');
          await calls.primary()?.removeSenderTrack('video');
        },
      };
      // A fake holds what the tests use; what else they call fails loudly by itself.
      return api as unknown as PluginRegistry['mediaDevices'];
    },
  });
  it('shares it and stops, and takes the place of the camera’s meanwhile', async () => {
    const { call } = await talk(shown, [devices()]);
    expect(part('screenShare').textContent.trim()).toBe('Share screen');
    await press('screenShare');
    expect(call.snapshot.localVideo).toBe('screen');
    expect(part('screenShare').textContent.trim()).toBe('Stop sharing');
    expect(find('camera')).toBeNull();
    await press('screenShare');
    expect(call.snapshot.localVideo).toBe('none');
    expect(asked).toEqual(['start', 'stop']);
    expect(find('camera')).not.toBeNull();
  });

  it('says nothing when no screen was chosen, and tells what went wrong', async () => {
    await talk(shown, [devices()]);
    machine.failNext('NotAllowedError', 'Permission dismissed');
    await press('screenShare');
    expect(find('error')).toBeNull();
    machine.failNext('NotReadableError');
    await press('screenShare');
    expect(part('error').textContent).toMatch(/in use/);
  });

  it('is not there where the browser or the phone cannot', async () => {
    Object.assign(navigator.mediaDevices, { getDisplayMedia: undefined });
    await talk(shown, [devices()]);
    expect(find('screenShare')).toBeNull();
    fakeMedia();
    await talk(shown);
    expect(find('screenShare')).toBeNull();
    await expect(test.api('callControl').startScreenShare()).rejects.toMatchObject({
      code: 'plugin.missing',
    });
  });
});

describe('a microphone that somebody else has muted', () => {
  it('is told: the system first, then the phone itself', async () => {
    await talk();
    expect(find('notice')).toBeNull();
    test.phone.calls.setDeviceMuted({ audio: true, video: false });
    await settled();
    expect(part('notice').textContent).toMatch(/muted for all calls/);
    const [microphone] = machine.liveTracks();
    Object.assign(microphone ?? {}, { muted: true });
    microphone?.dispatchEvent(new Event('mute'));
    await settled();
    expect(part('notice').textContent).toMatch(/computer or headset/);
    Object.assign(microphone ?? {}, { muted: false });
    microphone?.dispatchEvent(new Event('unmute'));
    test.phone.calls.setDeviceMuted({ audio: false, video: false });
    await settled();
    expect(find('notice')).toBeNull();
  });
});
