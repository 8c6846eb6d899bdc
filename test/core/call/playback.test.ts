import { beforeEach, expect, it } from 'vitest';
import { createPlayback } from '../../../src/core/call/playback.ts';
import type { Playback } from '../../../src/core/call/playback.ts';
import { fakeMedia } from '../../support/fakeMedia.ts';
import { fakeTrack } from '../../support/fakeAudio.ts';

beforeEach(() => {
  fakeMedia();
});

function playback(local: HTMLVideoElement): Playback {
  const heard = (): void => undefined;
  const made = createPlayback({
    ...{ track: heard, remoteAudio: heard, remoteVideo: heard, localVideo: heard, blocked: heard },
    route: (track) => Promise.resolve(track),
  });
  made.render({ local });
  return made;
}

it('two calls share an element of the page: one that ends its picture leaves the other’s alone', () => {
  const local = document.createElement('video');
  const [held, talking] = [playback(local), playback(local)];
  held.show(fakeTrack());
  const picture = fakeTrack();
  talking.show(picture);
  held.show(undefined);
  held.dispose();
  expect((local.srcObject as MediaStream).getTracks()).toEqual([picture]);
  talking.show(undefined);
  expect(local.srcObject).toBeNull();
});
