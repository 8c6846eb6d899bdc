import { beforeEach, describe, expect, it } from 'vitest';
import { fakeMedia } from '../../support/fakeMedia.ts';
import type { FakeMedia } from '../../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../../support/fakeSession.ts';
import type { FakeSession } from '../../support/fakeSession.ts';
import { testPhone } from '../../support/testPhone.ts';
import type { TestPhone } from '../../support/testPhone.ts';

const both = { audio: true, video: true };
const soundOnly = { audio: true, video: false };

let machine: FakeMedia;

beforeEach(() => {
  machine = fakeMedia();
});

async function called(session: FakeSession): Promise<TestPhone & { readonly id: string }> {
  const test = testPhone({ plugins: [] });
  const { id } = test.phone.calls.add(session);
  await session.start(await test.phone.calls.media().open(id, both));
  return { ...test, id };
}

const cameras = (): number => machine.liveTracks().filter(({ kind }) => kind === 'video').length;

describe('a far end that takes no picture', () => {
  it('is not filmed: the camera is released once the call is up', async () => {
    const session = outgoing({ isObliging: true, taken: soundOnly });
    const { phone, id } = await called(session);
    expect(cameras()).toBe(1);
    session.establish();
    await settled();
    expect(phone.calls.get(id)?.snapshot).toMatchObject({ localVideo: 'none', sending: soundOnly });
    expect(cameras()).toBe(0);
    expect(session.sent.video).toBeNull();
    expect(session.times('renegotiate')).toBe(0);
  });

  it('is asked in a call by an offer, and an answer without a picture is a refusal', async () => {
    const session = outgoing({ isObliging: true, taken: soundOnly });
    const test = testPhone({ plugins: [] });
    const call = test.phone.calls.add(session);
    await session.start(await test.phone.calls.media().open(call.id, soundOnly));
    session.establish();
    await expect(call.startVideo()).rejects.toMatchObject({ code: 'call.operationRefused' });
    expect(call.snapshot.localVideo).toBe('none');
    expect(cameras()).toBe(0);
  });

  it('is forgiven while it holds the call: then it takes nothing at all', async () => {
    const session = outgoing({ isObliging: true, taken: { audio: false, video: false } });
    const { phone, id } = await called(session);
    session.establish();
    session.holdRemotely();
    await settled();
    expect(phone.calls.get(id)?.snapshot.localVideo).toBe('camera');
    expect(cameras()).toBe(1);
  });
});

describe('a far end that takes the picture', () => {
  it('is filmed until the camera is stopped', async () => {
    const session = outgoing({ isObliging: true });
    const { phone, id } = await called(session);
    session.establish();
    await settled();
    const call = phone.calls.get(id);
    expect(call?.snapshot).toMatchObject({ localVideo: 'camera', sending: both });
    await call?.stopVideo();
    expect(cameras()).toBe(0);
    expect(call?.snapshot).toMatchObject({ localVideo: 'none', sending: soundOnly });
  });
});

it('what a caller offers stands in the snapshot', () => {
  const test = testPhone({ plugins: [] });
  const call = test.phone.calls.add(incoming({ offered: both }));
  expect(call.snapshot.offered).toEqual(both);
});
