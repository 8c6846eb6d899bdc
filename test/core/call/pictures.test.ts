import { beforeEach, describe, expect, it } from 'vitest';
import type { Call, PhoneError, SoundPath } from '../../../src/core/index.ts';
import { fakeMedia } from '../../support/fakeMedia.ts';
import type { FakeMedia } from '../../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../../support/fakeSession.ts';
import type { FakeSession } from '../../support/fakeSession.ts';
import { testPhone } from '../../support/testPhone.ts';
import type { TestPhone } from '../../support/testPhone.ts';

interface Scene extends TestPhone {
  readonly call: Call;
  readonly session: FakeSession;
}

let media: FakeMedia;

beforeEach(() => {
  media = fakeMedia();
});

async function answered(
  session = incoming({ isObliging: true }),
  isObliging = true,
): Promise<Scene> {
  const test = testPhone({ plugins: [] });
  const call = test.phone.calls.add(session);
  const answering = call.answer();
  await settled();
  if (!isObliging) await session.settle('answer');
  await answering;
  session.establish();
  return { ...test, call, session };
}

const cameras = (): number => media.liveTracks().filter(({ kind }) => kind === 'video').length;
const failure = (code: PhoneError['code']): Error => expect.objectContaining({ code }) as Error;
const newTrack = async (kind: 'audio' | 'video'): Promise<MediaStreamTrack> => {
  const [track] = (await navigator.mediaDevices.getUserMedia({ [kind]: true })).getTracks();
  if (!track) throw new Error('the fake machine gave no track');
  return track;
};

describe('the camera in a call', () => {
  it('is opened, offered and shown when the far end has agreed', async () => {
    const { call, session, events } = await answered(incoming(), false);
    expect(cameras()).toBe(0);
    const starting = call.startVideo();
    await settled();
    expect([session.waiting('renegotiate'), call.snapshot.pending]).toEqual([1, 'video']);
    expect([call.snapshot.localVideo, session.sent.video?.enabled]).toEqual(['none', false]);
    await session.settle('renegotiate');
    await starting;
    expect(call.snapshot).toMatchObject({ localVideo: 'camera', sending: { video: true } });
    expect(session.sent.video?.enabled).toBe(true);
    expect(call.getLocalTrack('video')).toBe(session.sent.video);
    expect(call.getLocalVideo()?.muted).toBe(true);
    expect(events.of('call.local.video.added')).toHaveLength(1);
  });

  it('is let go of when it is switched off, and the far end is told', async () => {
    const { call, session } = await answered();
    await call.startVideo();
    await call.stopVideo();
    expect([cameras(), session.sent.video, call.snapshot.localVideo]).toEqual([0, null, 'none']);
    expect(session.times('renegotiate')).toBe(2);
    expect(media.liveTracks().map(({ kind }) => kind)).toEqual(['audio']);
  });

  it('is let go of when the far end refuses it; the call goes on', async () => {
    const { call, session } = await answered();
    session.refuseNext('renegotiate', 488);
    await expect(call.startVideo()).rejects.toThrow(failure('call.operationRefused'));
    expect([cameras(), session.sent.video]).toEqual([0, null]);
    expect(call.snapshot).toMatchObject({ status: 'established', localVideo: 'none' });
    await call.startVideo();
    expect(call.snapshot.localVideo).toBe('camera');
  });

  it('stays closed when it cannot be had, with the reason', async () => {
    const { call, session } = await answered();
    media.failNext('NotReadableError');
    await expect(call.startVideo()).rejects.toThrow(failure('media.busy'));
    expect([session.times('replaceTrack'), call.snapshot.localVideo]).toEqual([0, 'none']);
  });

  it('is asked for once, however often the button is pressed', async () => {
    const { call, session } = await answered();
    await Promise.all([call.startVideo(), call.startVideo(), call.startVideo()]);
    await call.startVideo();
    expect([cameras(), session.times('renegotiate')]).toEqual([1, 1]);
  });

  it('does not outlive a call that ends while it is being opened', async () => {
    media = fakeMedia({ asks: true });
    const { phone } = testPhone({ plugins: [] });
    const session = outgoing({ isObliging: true });
    const call = phone.calls.add(session);
    session.establish();
    const opening = phone.calls.media().open(call.id, { audio: true, video: false });
    await media.allow();
    await opening;
    const starting = expect(call.startVideo()).rejects.toThrow(failure('call.ended'));
    await settled();
    session.end();
    await media.allow();
    await starting;
    expect(media.liveTracks()).toEqual([]);
  });

  it.each([
    ['while the browser asks', (call: Call) => call.stopVideo()],
    ['while the browser asks, by its track', (call: Call) => call.removeSenderTrack('video')],
  ])('that is stopped %s is not opened after all', async (_, stop) => {
    media = fakeMedia({ asks: true });
    const { phone } = testPhone({ plugins: [] });
    const session = outgoing({ isObliging: true });
    const call = phone.calls.add(session);
    session.establish();
    const opening = phone.calls.media().open(call.id, { audio: true, video: false });
    await media.allow();
    await opening;
    const starting = expect(call.startVideo()).rejects.toThrow(failure('call.superseded'));
    await settled();
    await stop(call);
    await media.allow();
    await starting;
    expect([cameras(), session.sent.video, call.snapshot.localVideo]).toEqual([0, null, 'none']);
  });

  it.each([
    ['stopped', (call: Call) => call.stopVideo()],
    ['taken away', (call: Call) => call.removeSenderTrack('video')],
  ])('that is %s while the far end thinks about it stays off', async (_, stop) => {
    const { call, session } = await answered(incoming(), false);
    const starting = expect(call.startVideo()).rejects.toThrow(failure('call.superseded'));
    await settled();
    const stopping = stop(call);
    await settled();
    await session.settle('renegotiate');
    await session.settle('renegotiate').catch(() => undefined);
    await starting;
    await stopping;
    expect([cameras(), session.sent.video]).toEqual([0, null]);
    expect(call.snapshot).toMatchObject({ localVideo: 'none', sending: { video: false } });
  });

  it('needs a call that is up: one that rings is answered with a picture, or without', async () => {
    const { phone } = testPhone({ plugins: [] });
    const call = phone.calls.add(incoming());
    await expect(call.startVideo()).rejects.toThrow(failure('call.stateInvalid'));
    expect(media.requests).toEqual([]);
  });

  it('is not a screen: its mute leaves a shared screen alone, hold does not', async () => {
    const { call, session } = await answered();
    await call.mute({ video: true });
    const screen = await newTrack('video');
    await call.replaceSenderTrack(screen, 'screen');
    expect([call.snapshot.localVideo, screen.enabled]).toEqual(['screen', true]);
    await call.hold();
    expect([call.snapshot.sending.video, screen.enabled]).toEqual([false, false]);
    await call.unhold();
    expect(screen.enabled).toBe(true);
    const camera = await newTrack('video');
    await call.replaceSenderTrack(camera);
    expect([call.snapshot.localVideo, camera.enabled]).toEqual(['camera', false]);
    expect(session.times('renegotiate')).toBe(1);
  });
});

describe('a video call', () => {
  it('answered with the camera sends it from the start', async () => {
    const { phone } = testPhone({ plugins: [] });
    const session = incoming({ offered: { audio: true, video: true }, isObliging: true });
    const call = phone.calls.add(session);
    await call.answer({ video: true });
    expect(session.argsOf('answer')[0]).toMatchObject({ video: true, receiveVideo: true });
    expect(call.snapshot).toMatchObject({ localVideo: 'camera', sending: { video: true } });
  });

  it('answered with sound only takes no picture either', async () => {
    const { phone } = testPhone({ plugins: [] });
    const session = incoming({ offered: { audio: true, video: true }, isObliging: true });
    await phone.calls.add(session).answer();
    expect(session.argsOf('answer')[0]).toMatchObject({ video: false, receiveVideo: false });
    expect(cameras()).toBe(0);
  });
});

describe('what the system mutes', () => {
  it('is told in the snapshot, and sent again when the system lets it through', async () => {
    const { call, session } = await answered();
    const track = session.sent.audio as unknown as { muted: boolean } & EventTarget;
    track.muted = true;
    track.dispatchEvent(new Event('mute'));
    expect(call.snapshot).toMatchObject({
      systemMuted: { audio: true },
      muted: { audio: false },
      sending: { audio: false },
    });
    track.muted = false;
    track.dispatchEvent(new Event('unmute'));
    expect(call.snapshot).toMatchObject({
      systemMuted: { audio: false },
      sending: { audio: true },
    });
  });
});

describe('what is gone', () => {
  it('is not sent, says the snapshot, until there is another track', async () => {
    const { call, session } = await answered();
    await media.unplug('mic1');
    expect(call.snapshot).toMatchObject({ missing: { audio: true }, sending: { audio: false } });
    await call.replaceSenderTrack(await newTrack('audio'));
    expect(call.snapshot).toMatchObject({ missing: { audio: false }, sending: { audio: true } });
    await call.removeSenderTrack('audio');
    expect([call.snapshot.sending.audio, session.sent.audio]).toEqual([false, null]);
  });

  it('is no picture of a call whose answer did not come about', async () => {
    const { phone } = testPhone({ plugins: [] });
    const session = incoming({ offered: { audio: true, video: true } });
    const call = phone.calls.add(session);
    session.refuseNext('answer', 500);
    await expect(call.answer({ video: true })).rejects.toThrow();
    expect(call.snapshot).toMatchObject({ localVideo: 'none', sending: { video: false } });
    expect([call.getLocalTrack('video'), media.liveTracks()]).toEqual([undefined, []]);
  });
});

describe('the way of sound', () => {
  const processed = new Map<MediaStreamTrack, MediaStreamTrack>();
  const path = (over: Partial<SoundPath> = {}): SoundPath => ({
    outgoing: (_, track) => {
      const made = track.clone();
      processed.set(track, made);
      return Promise.resolve(made);
    },
    incoming: (_, track) => Promise.resolve(track),
    close: () => undefined,
    ...over,
  });

  it('is taken by a call from its first word on', async () => {
    const test = testPhone({ plugins: [] });
    test.phone.calls.useSoundPath(path());
    const session = incoming({ isObliging: true });
    const call = test.phone.calls.add(session);
    await call.answer();
    const sent = session.sent.audio;
    expect([...processed.values()]).toContain(sent);
    await call.mute({ audio: true });
    expect(sent?.enabled).toBe(false);
    const fresh = await newTrack('audio');
    await call.replaceSenderTrack(fresh);
    expect(session.sent.audio).toBe(processed.get(fresh));
    expect(session.sent.audio?.enabled).toBe(false);
  });

  it('may change in mid-call, and a way that fails is not taken', async () => {
    const { phone, session, call } = await answered();
    const captured = session.sent.audio;
    const leave = phone.calls.useSoundPath(path());
    await phone.calls.reroute();
    expect(session.sent.audio).not.toBe(captured);
    leave();
    phone.calls.useSoundPath(path({ outgoing: () => Promise.reject(new Error('broken')) }));
    await phone.calls.reroute();
    expect([session.sent.audio, call.isEnded()]).toEqual([captured, false]);
  });

  it('is not taken any more by a call that ended meanwhile', async () => {
    const test = testPhone({ plugins: [] });
    const session = outgoing({ isObliging: true });
    const call = test.phone.calls.add(session);
    let goOn = (): void => undefined;
    const closed: string[] = [];
    test.phone.calls.useSoundPath(
      path({
        outgoing: (_, track) =>
          new Promise((resolve) => {
            goOn = () => {
              resolve(track);
            };
          }),
        close: (callId) => closed.push(callId),
      }),
    );
    const opening = test.phone.calls.media().open(call.id, { audio: true, video: false });
    const refused = expect(opening).rejects.toThrow(failure('call.ended'));
    await settled();
    session.end();
    goOn();
    await refused;
    // Once at the end, and once for what was made after it.
    expect(closed).toEqual([call.id, call.id]);
    expect([test.events.names('call.local'), media.liveTracks()]).toEqual([[], []]);
  });

  it('has a shared sound mixed in until it is taken out, and is closed with the call', async () => {
    const { phone, session, call } = await answered();
    const seen: unknown[] = [];
    phone.calls.useSoundPath(
      path({
        outgoing: (callId, track, added) => {
          seen.push([callId, added?.id ?? null]);
          return Promise.resolve(track);
        },
        close: (callId) => seen.push(`closed ${callId}`),
      }),
    );
    const sound = await newTrack('audio');
    await call.shareSound(sound);
    await call.shareSound(null);
    session.end();
    expect(seen).toEqual([[call.id, sound.id], [call.id, null], `closed ${call.id}`]);
  });
});
