import { describe, expect, it, vi } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import type { Call } from '../../src/core/index.ts';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import {
  ackOf,
  connected,
  connections,
  incomingInvite,
  media,
  ok,
  server,
  talking,
} from './userAgentScene.ts';
import type { More } from './userAgentScene.ts';

/** Whether anything of the microphones that are open now may go out. */
const isHeard = (): boolean => media.liveTracks().some(({ enabled }) => enabled);

interface Silence {
  readonly how: string;
  readonly more?: More;
  /** Silences the call as soon as it is there. */
  readonly silence?: (test: TestPhone, call: Call) => Promise<void>;
}

const silences: readonly Silence[] = [
  { how: 'muted', silence: (_, call) => call.mute() },
  { how: 'muted by the configuration', more: { call: { startWithAudioMuted: true } } },
  {
    how: 'silent by the microphone’s own mute',
    silence: ({ phone }) => {
      phone.calls.setDeviceMuted({ audio: true, video: false });
      return Promise.resolve();
    },
  },
];

const outOfFocus: Silence = {
  how: 'out of focus',
  more: { plugins: [callList()] },
  silence: ({ phone }) => phone.calls.focus(null),
};

async function ringing(more: More = {}): Promise<TestPhone & { readonly call: Call }> {
  const test = await connected({}, more);
  await server.say(incomingInvite());
  const [call] = test.phone.calls.list();
  if (!call) throw new Error('Nobody rings.');
  return { ...test, call };
}

describe('a call that may not be heard', () => {
  it.each([...silences, outOfFocus])(
    'because it is $how sends nothing from its answer on, before the ACK too',
    async ({ more, silence }) => {
      const test = await ringing(more);
      const { call } = test;
      const answering = call.answer();
      await silence?.(test, call);
      const accepted = await server.nextResponse(200);
      expect(media.liveTracks()).toHaveLength(1);
      expect(isHeard()).toBe(false);
      await answering;
      await server.say(ackOf(accepted));
      expect(call.isEstablished()).toBe(true);
      expect(isHeard()).toBe(false);
    },
  );

  it.each([...silences, outOfFocus])(
    'because it is $how sends nothing from its INVITE on',
    async ({ more, silence }) => {
      const test = await connected({}, more);
      test.phone.on('call.created', ({ callId }) => {
        const call = test.phone.calls.get(callId);
        if (call) queueMicrotask(() => void silence?.(test, call));
      });
      const calling = test.api('userAgent').call('2002');
      const invite = await server.next('INVITE');
      expect(media.liveTracks()).toHaveLength(1);
      expect(isHeard()).toBe(false);
      await server.reply(invite, 183, ok);
      expect(isHeard()).toBe(false);
      await server.reply(invite, 200, ok);
      await server.next('ACK');
      expect(isHeard()).toBe(false);
      await calling;
    },
  );

  it('is heard when it may be', async () => {
    const { call } = await ringing();
    const answering = call.answer();
    const accepted = await server.nextResponse(200);
    await answering;
    await server.say(ackOf(accepted));
    expect(isHeard()).toBe(true);
  });
});

describe('a muted call', () => {
  it('stays silent when the far end refuses a hold long after it was given up', async () => {
    const { call } = await talking();
    await call.mute();
    const holding = expect(call.hold()).rejects.toMatchObject({ code: 'call.operationTimedOut' });
    const offer = await server.next('INVITE');
    await server.reply(offer, 100);
    await vi.advanceTimersByTimeAsync(40_000);
    await holding;
    await server.reply(offer, 488);
    await settled();
    expect(call.isEstablished()).toBe(true);
    expect(media.liveTracks()).toHaveLength(1);
    expect(isHeard()).toBe(false);
    await call.unmute();
    expect(isHeard()).toBe(true);
  });

  it.each(['muted', 'held'])(
    'that is %s gets another track, which is silent before it is sent',
    async (how) => {
      const { call, connection } = await talking();
      if (how === 'muted') await call.mute();
      else {
        const holding = call.hold();
        await server.reply(await server.next('INVITE'), 200, ok);
        await holding;
      }
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const [track] = stream.getAudioTracks();
      if (!track) throw new Error('There is no track.');
      await call.replaceSenderTrack(track);
      expect(connection.told.at(-1)).toBe('replace silent');
      expect(connection.getSenders()[0]?.track).toBe(track);
      expect(track.enabled).toBe(false);
    },
  );

  it('sends nothing of a kind that was taken away', async () => {
    const { call, connection } = await talking();
    await call.removeSenderTrack('audio');
    expect(connection.getSenders()[0]?.track).toBeNull();
  });
});

describe('the end of a call', () => {
  it.each([
    { statusCode: 42 },
    { statusCode: 200 },
    { statusCode: Number.NaN },
    { statusCode: 700 },
  ])('comes although it was asked for with %o', async (options) => {
    const { call } = await talking();
    await call.hangup(options);
    await server.next('BYE');
    expect(call.isEnded()).toBe(true);
    expect(media.liveTracks()).toEqual([]);
  });

  it('takes the headers that can be sent, and its reason smuggles none in', async () => {
    const { call } = await talking();
    await call.hangup({
      statusCode: 480,
      reason: 'gone"\r\nX-Evil: 1',
      headers: ['X-Good: 1', 'X-Bad: 1\r\nX-Evil: 2'],
    });
    const bye = await server.next('BYE');
    expect([bye.header('X-Good'), bye.all('X-Bad'), bye.all('X-Evil')]).toEqual(['1', [], []]);
    expect(bye.header('Reason')).toContain('480');
  });

  it('of a call that rings here is one response, whatever stands in its reason', async () => {
    const { call } = await ringing();
    await call.reject({ statusCode: 603, reason: 'No\r\nX-Evil: 1' });
    const refused = await server.nextResponse(603);
    expect(refused.all('X-Evil')).toEqual([]);
    expect(call.isEnded()).toBe(true);
  });

  it('of a call that rings there is a CANCEL, whatever status was asked for', async () => {
    const { api, phone } = await connected();
    const calling = api('userAgent')
      .call('2002')
      .catch(() => undefined);
    await server.reply(await server.next('INVITE'), 180);
    await calling;
    await phone.calls.list()[0]?.cancel({ statusCode: 99, headers: ['no header'] });
    await server.next('CANCEL');
    expect(media.liveTracks()).toEqual([]);
  });
});

describe('a call that is being answered', () => {
  it('ends when the connection breaks before its 200 could be sent', async () => {
    const { call, events, phone } = await ringing();
    const prototype = RTCPeerConnection.prototype as { createAnswer: () => Promise<unknown> };
    vi.spyOn(prototype, 'createAnswer').mockReturnValue(new Promise(() => undefined));
    const answering = expect(call.answer()).rejects.toMatchObject({ code: 'call.ended' });
    await settled();
    expect(media.liveTracks()).toHaveLength(1);
    await server.drop();
    await answering;
    expect(events.last('call.failed').end.key).toBe('connectionLost');
    expect(phone.calls.list()).toEqual([]);
    expect(media.liveTracks()).toEqual([]);
    expect(connections.map(({ signalingState }) => signalingState)).toEqual(['closed']);
    expect(server.sent.some(({ status }) => status === 200)).toBe(false);
  });
});
