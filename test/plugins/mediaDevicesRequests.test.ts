import { beforeEach, describe, expect, it } from 'vitest';
import { incoming, settled } from '../support/fakeSession.ts';
import { ids, media, start, test } from './mediaDevicesScene.ts';

beforeEach(() => start());

describe('a camera that a call turned on before it had a stream', () => {
  const ringsWithCamera = async (): Promise<void> => {
    const call = test.phone.calls.add(incoming({ isObliging: true }));
    await call.startVideo();
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
