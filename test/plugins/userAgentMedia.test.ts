import { describe, expect, it } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import type { Call } from '../../src/core/index.ts';
import type { FakeTrack } from '../support/fakeMedia.ts';
import { settled } from '../support/fakeSession.ts';
import {
  ackOf,
  connected,
  connections,
  incomingInvite,
  media,
  ok,
  server,
} from './userAgentScene.ts';

// Streams and elements that the application brings along.

type Given = Parameters<Call['answer']>[0];

/** A stream of the application, which has opened it itself. */
async function ownStream(video = false): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: true, video });
}

const sentOn = (place: number): readonly (MediaStreamTrack | null)[] =>
  connections[place]?.getSenders().map(({ track }) => track) ?? [];
const states = (stream: MediaStream): readonly string[] =>
  stream.getTracks().map(({ readyState }) => readyState);

async function calling(given: Given): Promise<Awaited<ReturnType<typeof connected>>> {
  const test = await connected({}, { plugins: [callList()] });
  void test.api('userAgent').call('2002', null, given ?? null);
  await server.reply(await server.next('INVITE'), 200, ok);
  await settled();
  return test;
}

async function answering(given: Given): Promise<Awaited<ReturnType<typeof connected>>> {
  const test = await connected();
  await server.say(incomingInvite());
  await test.phone.calls.list()[0]?.answer(given);
  await server.say(ackOf(await server.nextResponse(200)));
  await settled();
  return test;
}

describe.each([
  ['call', calling],
  ['answer', answering],
])('a stream given to %s', (_, begin) => {
  it('is what is sent, by tracks of the call’s own, and no device is asked for', async () => {
    const mediaStream = await ownStream();
    const { phone } = await begin({ mediaStream });
    expect(media.requests).toHaveLength(1);
    const [track] = sentOn(0) as readonly FakeTrack[];
    expect(track?.readyState).toBe('live');
    expect(mediaStream.getTracks()).not.toContain(track);
    const [call] = phone.calls.list();
    await call?.mute();
    expect([track?.enabled, mediaStream.getTracks()[0]?.enabled]).toEqual([false, true]);
  });

  it('stays open when the call is over, which lets go of its own tracks', async () => {
    const mediaStream = await ownStream();
    const { phone } = await begin({ mediaStream });
    await phone.calls.list()[0]?.hangup();
    await settled();
    expect(states(mediaStream)).toEqual(['live']);
    expect(media.liveTracks()).toEqual(mediaStream.getTracks());
  });
});

it('two calls may send the same stream, and the end of one leaves the other alone', async () => {
  const mediaStream = await ownStream();
  const { phone } = await calling({ mediaStream });
  await server.say(incomingInvite());
  const [first, second] = phone.calls.list();
  void second?.answer({ mediaStream });
  await server.say(ackOf(await server.nextResponse(200)));
  await first?.hangup();
  await settled();
  expect([sentOn(1)[0]?.readyState, sentOn(1)[0]?.enabled]).toEqual(['live', true]);
  expect(media.requests).toHaveLength(1);
});

it.each([
  [undefined, 'camera'],
  [false, 'none'],
])('a picture in a stream that is given is sent (%s: %s)', async (video, localVideo) => {
  const mediaStream = await ownStream(true);
  const { phone, api } = await connected();
  const given = { mediaStream, ...(video !== undefined && { video }) };
  void api('userAgent').call('2002', null, given);
  await server.next('INVITE');
  await settled();
  expect(phone.calls.list()[0]?.snapshot.localVideo).toBe(localVideo);
  expect(states(mediaStream)).toEqual(['live', 'live']);
});

it('a stream that is given is let go of when there is nobody to call', async () => {
  const mediaStream = await ownStream();
  const { phone, api } = await connected();
  void api('userAgent').call('2002', null, { mediaStream });
  await server.reply(await server.next('INVITE'), 486);
  await settled();
  expect(phone.calls.list()).toEqual([]);
  expect(media.liveTracks()).toEqual(mediaStream.getTracks());
});

describe.each([
  ['call', calling],
  ['answer', answering],
])('elements given to %s', (_, begin) => {
  const arrives = async (kind: 'audio' | 'video'): Promise<MediaStreamTrack> => {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: true });
    const [track] = stream.getTracks();
    if (!track) throw new Error('There is no track.');
    connections[0]?.dispatchEvent(Object.assign(new Event('track'), { track }));
    await settled();
    return track;
  };
  const shown = (element: HTMLMediaElement): readonly MediaStreamTrack[] =>
    (element.srcObject as MediaStream | null)?.getTracks() ?? [];

  it('show the pictures in silence, and the sound stays with the call', async () => {
    const remote = document.createElement('video');
    const local = document.createElement('video');
    const mediaStream = await ownStream(true);
    const { phone } = await begin({ render: { remote, local }, mediaStream, video: true });
    const [call] = phone.calls.list();
    expect(shown(remote)).toEqual([]);
    const picture = await arrives('video');
    const sound = await arrives('audio');
    expect([shown(remote), remote.muted]).toEqual([[picture], true]);
    expect(call?.getRemoteVideo()).toBe(remote);
    expect(shown(call?.getRemoteAudio() ?? remote)).toEqual([sound]);
    await call?.hangup();
    await settled();
    expect([remote.srcObject, local.srcObject]).toEqual([null, null]);
  });

  it('play the sound when they are for that', async () => {
    const remote = new Audio();
    const { phone } = await begin({ render: { remote } });
    const sound = await arrives('audio');
    expect([shown(remote), remote.muted]).toEqual([[sound], false]);
    expect(phone.calls.list()[0]?.getRemoteAudio()).toBe(remote);
  });
});

it('this side’s picture is shown in the element that is given for it', async () => {
  const local = document.createElement('video');
  const mediaStream = await ownStream(true);
  const { phone, api } = await connected();
  void api('userAgent').call('2002', null, { render: { local }, mediaStream });
  await server.next('INVITE');
  await settled();
  expect(phone.calls.list()[0]?.getLocalVideo()).toBe(local);
  expect([local.muted, local.srcObject !== null]).toEqual([true, true]);
});
