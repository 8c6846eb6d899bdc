import { beforeEach, describe, expect, it } from 'vitest';
import { incoming, settled } from '../support/fakeSession.ts';
import { ids, machine, media, start, test } from './mediaDevicesScene.ts';

beforeEach(() => start());

describe('a camera that was opened for a call before it had a stream', () => {
  const ringsWithCamera = async (): Promise<void> => {
    const call = test.phone.calls.add(incoming({ isObliging: true }));
    await test.phone.calls.media().add(call.id, 'video');
    expect(ids()).toEqual(['cam1', 'cam1']);
  };

  it('is off with the phone', async () => {
    await ringsWithCamera();
    test.phone.destroy();
    await settled();
    expect(ids()).toEqual([]);
  });

  it('is off when everything is stopped', async () => {
    await ringsWithCamera();
    await media().stopAllStreams();
    expect(ids()).toEqual([]);
  });
});

describe('what is asked for at the same time', () => {
  const both = { audio: true, video: true };
  const kindsOf = (stream: MediaStream): string[] =>
    stream
      .getTracks()
      .map(({ kind }) => kind)
      .sort();

  it('is asked for by kind', async () => {
    await Promise.all([media().askPermission('audioinput'), media().askPermission('videoinput')]);
    const asked = machine.requests.map((constraints) => Object.keys(constraints));
    expect(asked.flat().sort()).toEqual(['audio', 'video']);
    expect(ids()).toEqual([]);
  });

  it('adds a camera to a stream that has none, at once or later, and once', async () => {
    const first = media().startStreams('preview');
    const [later, again] = await Promise.all([
      media().startStreams('preview', both),
      media().startStreams('preview', both),
    ]);
    expect(later).toBe(await first);
    expect(again).toBe(later);
    expect(kindsOf(later)).toEqual(['audio', 'video']);
    expect(machine.requests).toHaveLength(2);
    await media().mute('videoinput');
    expect(later.getVideoTracks()[0]?.enabled).toBe(false);
    media().stopStreams('preview');
    expect(ids()).toEqual([]);
  });

  it('is muted where its device is', async () => {
    await media().mute('videoinput');
    await media().startStreams('preview');
    const stream = await media().startStreams('preview', both);
    expect(stream.getVideoTracks().map(({ enabled }) => enabled)).toEqual([false]);
  });

  it('leaves what is open when the camera is not to be had', async () => {
    const stream = await media().startStreams('preview');
    machine.failNext('NotReadableError');
    await expect(media().startStreams('preview', both)).rejects.toMatchObject({
      code: 'media.busy',
    });
    expect(ids()).toEqual(['mic1', 'mic1']);
    expect(kindsOf(await media().startStreams('preview', both))).toEqual(['audio', 'video']);
    expect(stream.getTracks()).toHaveLength(2);
  });

  it('opens nothing for a request that is stopped meanwhile', async () => {
    await media().startStreams('preview');
    const more = media()
      .startStreams('preview', both)
      .catch((error: unknown) => error);
    media().stopStreams('preview');
    expect(await more).toMatchObject({ code: 'call.ended' });
    await settled();
    expect(ids()).toEqual([]);
  });
});
