import { beforeEach, describe, expect, it } from 'vitest';
import { videoCanvas } from '../../plugins/videoCanvas/index.ts';
import type { Call } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

let test: TestPhone;

beforeEach(() => {
  fakeMedia();
});

const both = { audio: true, video: true };
const api = () => test.api('videoCanvas');
const find = (part: string): HTMLElement | null =>
  test.root('videoCanvas').querySelector(`[part~="${part}"]`);
const video = (part: string): HTMLVideoElement =>
  test.part('videoCanvas', part) as HTMLVideoElement;
const tracksOf = (element: HTMLVideoElement): readonly MediaStreamTrack[] =>
  (element.srcObject as MediaStream | null)?.getTracks() ?? [];

interface Talk {
  readonly session: FakeSession;
  readonly call: Call;
  /** Has the far end's picture arrive, or go. */
  readonly receive: (isThere: boolean) => Promise<void>;
}

/** A connection that has one track to receive, as far as a call looks at it. */
function connectionWith(track: MediaStreamTrack): RTCPeerConnection {
  const connection = Object.assign(new EventTarget(), { getReceivers: () => [{ track }] });
  return connection as unknown as RTCPeerConnection;
}

async function talk(options: Parameters<typeof videoCanvas>[0] = {}): Promise<Talk> {
  test = testPhone({ plugins: [videoCanvas(options)] });
  const session = outgoing({ isObliging: true });
  const call = test.phone.calls.add(session);
  await session.start(await test.phone.calls.media().open(call.id, { audio: true, video: false }));
  session.establish();
  const [far] = (await navigator.mediaDevices.getUserMedia({ video: true })).getTracks();
  if (!far) throw new Error('no track');
  session.report({ type: 'connection', connection: connectionWith(far) });
  await settled();
  const receive = (isThere: boolean): Promise<void> => {
    session.report({ type: 'media', media: both, receiving: { audio: true, video: isThere } });
    return settled();
  };
  return { session, call, receive };
}

describe('the pictures of a call', () => {
  it('take no place while there are none', async () => {
    test = testPhone({ plugins: [videoCanvas()] });
    await settled();
    expect(test.root('videoCanvas').querySelector('[part="panel"]')).toBeNull();
    await talk();
    expect(test.root('videoCanvas').querySelector('[part="panel"]')).toBeNull();
  });

  it('are shown as they come, muted, and go', async () => {
    const { call, receive } = await talk();
    await receive(true);
    const remote = video('remoteVideo');
    expect(tracksOf(remote)).toEqual([call.getRemoteTrack('video')]);
    expect(remote.muted).toBe(true);
    expect(find('localVideo')).toBeNull();

    await call.startVideo();
    await settled();
    expect(tracksOf(video('localVideo'))).toEqual([call.getLocalTrack('video')]);
    expect(video('localVideo').dataset['source']).toBe('camera');

    await receive(false);
    expect(find('remoteVideo')).toBeNull();
    expect(remote.srcObject).toBeNull();
    await call.stopVideo();
    await settled();
    expect(test.root('videoCanvas').querySelector('[part="panel"]')).toBeNull();
  });

  it('play on in the same elements and streams while all else is drawn again', async () => {
    const { session, call, receive } = await talk();
    await receive(true);
    await call.startVideo();
    await settled();
    const before = [video('remoteVideo'), video('localVideo')];
    const streams = before.map(({ srcObject }) => srcObject);
    api().updateRenders();
    await call.mute();
    session.holdRemotely();
    await test.phone.i18n.changeLanguage('de');
    await settled();
    expect([video('remoteVideo'), video('localVideo')]).toEqual(before);
    expect(before.map(({ srcObject }) => srcObject)).toEqual(streams);
  });

  it('belong to the call in focus, and end with it', async () => {
    const { session, receive } = await talk();
    await receive(true);
    const element = video('remoteVideo');
    session.end();
    await settled();
    expect(test.root('videoCanvas').querySelector('[part="panel"]')).toBeNull();
    expect(element.srcObject).toBeNull();
  });

  it('are let go of with the phone', async () => {
    const { receive } = await talk();
    await receive(true);
    const element = video('remoteVideo');
    test.phone.destroy();
    expect(element.srcObject).toBeNull();
  });
});

describe('this side’s picture', () => {
  it('is switched off by its button while the camera goes on, and moved from corner to corner', async () => {
    const { call } = await talk();
    await call.startVideo();
    await settled();
    expect(find('pip')?.getAttribute('aria-pressed')).toBe('true');
    find('pip')?.click();
    await settled();
    expect(find('localVideo')).toBeNull();
    expect(call.snapshot.localVideo).toBe('camera');
    api().enableImage('localVideo');
    api().positionImage('localVideo', 'top-left');
    await settled();
    expect(find('localVideo')).not.toBeNull();
    expect(find('stage')?.dataset['position']).toBe('top-left');
  });
});

describe('the images', () => {
  beforeEach(() => {
    test = testPhone({
      plugins: [videoCanvas({ images: [{ name: 'logo' }, { name: 'held', rescale: 0.2 }] })],
    });
  });

  it('are switched on and off', () => {
    expect(api().isImageEnabled('idle')).toBe(true);
    expect(api().disableImage('idle')).toMatchObject({ name: 'idle', enabled: false });
    expect(api().isImageEnabled('idle')).toBe(false);
    expect(api().toggleImage('idle')?.enabled).toBe(true);
    expect(api().toggleImage('idle')?.enabled).toBe(false);
    expect(api().enableImage('idle')?.enabled).toBe(true);
    expect(test.events.of('videoCanvas.image.changed').map(({ image }) => image.enabled)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('are resized and moved; 0 is a place, null leaves things as they are', () => {
    expect(api().rescaleImage('localVideo', 0.5)?.rescale).toBe(0.5);
    expect(api().rescaleImage('localVideo')?.rescale).toBe(0.5);
    expect(api().positionImage('localVideo', 'relative', 0.5, 0.25)?.position).toEqual({
      mode: 'relative',
      x: 0.5,
      y: 0.25,
    });
    expect(api().positionImage('localVideo', null, 0)?.position).toEqual({
      mode: 'relative',
      x: 0,
      y: 0.25,
    });
    expect(api().positionImage('localVideo', 'delta', 7, -3)?.position).toMatchObject({
      mode: 'absolute',
      x: 7,
      y: -3,
    });
  });

  it('are the built-in ones, as configured, and your own', () => {
    expect(api().enableImage('logo')).toMatchObject({ rescale: 0.5, position: { mode: 'center' } });
    expect(api().enableImage('held')?.rescale).toBe(0.2);
    expect(api().enableImage('nobody')).toBeUndefined();
    expect(api().isImageEnabled('nobody')).toBe(false);
  });
});

describe('the number of frames', () => {
  it.each([
    [30, 30],
    [0, 1],
    [500, 60],
    [Number.NaN, 1],
  ])('%d a second become %d', (given, taken) => {
    test = testPhone({ plugins: [videoCanvas()] });
    api().changeFramesPerSecond(given);
    const { framesPerSecond } = test.events.last('videoCanvas.framesPerSecond.changed');
    expect(framesPerSecond).toBe(taken);
  });
});

describe('the whole screen', () => {
  it('is filled by the pictures and given back', async () => {
    const asked: unknown[] = [];
    Object.assign(document, { fullscreenEnabled: true });
    const { receive } = await talk();
    await receive(true);
    const stage = test.part('videoCanvas', 'stage');
    Object.assign(stage, { requestFullscreen: () => Promise.resolve(asked.push(stage)) });
    find('fullscreen')?.click();
    expect(asked).toEqual([stage]);
    await api().stopFullscreen();
    Object.assign(document, {
      fullscreenElement: stage,
      exitFullscreen: () => Promise.resolve(asked.push('exit')),
    });
    await api().stopFullscreen();
    expect(asked).toEqual([stage, 'exit']);
    for (const key of ['fullscreenEnabled', 'fullscreenElement', 'exitFullscreen']) {
      Reflect.deleteProperty(document, key);
    }
  });

  it('has no button where a browser cannot', async () => {
    const { receive } = await talk();
    await receive(true);
    expect(find('fullscreen')).toBeNull();
  });
});
