import { describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import {
  ackOf,
  connected,
  incomingCancel,
  incomingInvite,
  media,
  ok,
  outOfDialog,
  server,
} from './userAgentScene.ts';

// What both sides say at the same time, and what nobody says at all.

describe('a call of ours that is given up', () => {
  it('while its answer is on the way is acknowledged and hung up on', async () => {
    const { phone, api } = await connected();
    void api('userAgent').call('2002');
    const invite = await server.next('INVITE');
    await server.reply(invite, 180, ok);
    await phone.calls.list()[0]?.hangup();
    await server.next('CANCEL');
    await server.reply(invite, 200, ok);
    expect((await server.next('ACK')).cseq).toBe(invite.cseq);
    const bye = await server.next('BYE');
    expect([bye.cseq, bye.start]).toEqual([invite.cseq + 1, 'BYE sip:2002@192.0.2.9 SIP/2.0']);
    expect(phone.calls.list()).toEqual([]);
    expect(media.liveTracks()).toEqual([]);
  });

  it('before anything was heard is hung up on when it is answered at once', async () => {
    const { phone, api } = await connected();
    void api('userAgent').call('2002');
    const invite = await server.next('INVITE');
    await settled();
    await phone.calls.list()[0]?.hangup();
    await server.reply(invite, 200, ok);
    await server.next('ACK');
    await server.next('BYE');
  });
});

describe('a call that comes in', () => {
  it('goes on when the caller gives up after the answer was sent', async () => {
    const { phone } = await connected();
    await server.say(incomingInvite());
    const [call] = phone.calls.list();
    void call?.answer();
    const accepted = await server.nextResponse(200);
    await server.say(incomingCancel);
    await server.say(ackOf(accepted));
    expect(server.sent.some(({ status }) => status === 487)).toBe(false);
    expect(call?.isEstablished()).toBe(true);
  });

  it('is refused with 408 when nobody answers, after the configured time', async () => {
    const { phone, events } = await connected({ user_agent: { no_answer_timeout: 7 } });
    await server.say(incomingInvite());
    await vi.advanceTimersByTimeAsync(6900);
    expect(phone.calls.list()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    await server.nextResponse(408);
    expect(events.last('call.failed').end).toMatchObject({ key: 'noAnswer', isMissed: true });
  });
});

it('OPTIONS is answered with what the phone can do', async () => {
  await connected();
  await server.say(outOfDialog('OPTIONS', [], ''));
  const answer: WireMessage = await server.nextResponse(200);
  expect(answer.header('Allow')).toContain('INVITE');
  expect(answer.header('Accept')).toContain('application/sdp');
});
