import { describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import {
  ackOf,
  challenge,
  connected,
  connections,
  inDialog,
  incomingCancel,
  incomingInvite,
  media,
  ok,
  password,
  phoneWith,
  server,
  talking,
} from './userAgentScene.ts';

describe('a call', () => {
  it('goes out with the configured headers and rings, is answered, and is ended', async () => {
    const { phone, events, api } = await connected({
      custom_headers: { establish_call: ['X-Site: 7'] },
    });
    const calling = api('userAgent').call('+44 (0)20 7946-0000', ['X-Case: 12']);
    const invite = await server.next('INVITE');
    const call = await calling;
    expect(invite.start).toBe('INVITE sip:+4402079460000@example.com SIP/2.0');
    expect([invite.header('X-Site'), invite.header('X-Case')]).toEqual(['7', '12']);
    await server.reply(invite, 180);
    expect(call.snapshot.status).toBe('ringing');
    await server.reply(invite, 200, ok);
    expect(call.isEstablished()).toBe(true);
    await call.hangup();
    await server.reply(await server.next('BYE'), 200);
    expect(events.last('call.ended').end).toMatchObject({ by: 'local', key: 'normal' });
    expect(media.liveTracks()).toEqual([]);
    expect(phone.calls.list()).toEqual([]);
    expect(connections.map(({ signalingState }) => signalingState)).toEqual(['closed']);
  });

  it.each([
    [486, 'busyHere'],
    [404, 'notFound'],
    [603, 'decline'],
  ])('refused with %i tells the reason %s', async (status, key) => {
    const { events, api } = await connected();
    const calling = api('userAgent')
      .call('2002')
      .catch(() => undefined);
    await server.reply(await server.next('INVITE'), status);
    await calling;
    expect(events.last('call.failed').end).toMatchObject({
      by: 'remote',
      statusCode: status,
      section: 'response',
      key,
    });
    expect(media.liveTracks()).toEqual([]);
  });

  it('without a connection says so and sends nothing', async () => {
    server.accept(false);
    const { api, events } = phoneWith();
    await settled();
    await expect(api('userAgent').call('2002')).rejects.toMatchObject({
      code: 'userAgent.notConnected',
    });
    expect(events.last('userAgent.call.failed').target).toBe('2002');
    expect(server.sent).toEqual([]);
  });

  it('that is up outlives a broken connection to the server', async () => {
    const { call } = await talking();
    await server.drop();
    expect(call.isEstablished()).toBe(true);
  });
});

describe('hold', () => {
  it('sends one offer, waits for the 200, acknowledges it, and is held only then', async () => {
    const { call, connection, invite } = await talking();
    const holding = call.hold();
    const offer = await server.next('INVITE');
    expect(offer.body).toContain('a=sendonly');
    expect(offer.cseq).toBe(invite.cseq + 1);
    expect(call.isOnHold()).toBe(false);
    await server.reply(offer, 200, ok);
    await holding;
    expect(call.isOnHold()).toBe(true);
    const ack = await server.next('ACK');
    expect(ack.cseq).toBe(offer.cseq);
    expect(connection.told.slice(-2)).toEqual(['local offer', 'remote answer']);
  });

  it.each([488, 403, 500])(
    'refused with %i is rolled back, and the call goes on',
    async (status) => {
      const { call, connection, events } = await talking();
      const holding = call.hold().catch((error: unknown) => error);
      await server.reply(await server.next('INVITE'), status);
      expect(await holding).toMatchObject({ code: 'call.operationRefused', statusCode: status });
      expect(connection.told.at(-1)).toBe('local rollback');
      expect(call.snapshot).toMatchObject({ status: 'established', hold: { local: false } });
      expect(media.liveTracks().map(({ enabled }) => enabled)).toEqual([true]);
      expect(server.requests('BYE')).toEqual([]);
      expect(events.of('call.operation.failed')).toHaveLength(1);
      const resumed = call.hold();
      const second = await server.next('INVITE');
      expect(second.body).toContain('a=sendonly');
      await server.reply(second, 200, ok);
      await resumed;
      expect(call.isOnHold()).toBe(true);
    },
  );

  it('that meets an offer of the far end (491) tries once more, after the delay of the RFC', async () => {
    const { call, invite } = await talking();
    const holding = call.hold();
    const first = await server.next('INVITE');
    await server.reply(first, 491);
    const ack = server.requests('ACK').at(-1);
    expect(ack?.cseq).toBe(first.cseq);
    // RFC 3261 section 14.1: the one who called waits 2.1 to 4 seconds.
    await vi.advanceTimersByTimeAsync(2099);
    expect(server.requests('INVITE')).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1902);
    const second = await server.next('INVITE');
    expect([first.cseq, second.cseq]).toEqual([invite.cseq + 1, invite.cseq + 2]);
    await server.reply(second, 200, ok);
    await holding;
    expect(server.requests('ACK').at(-1)?.cseq).toBe(second.cseq);
    expect(call.isOnHold()).toBe(true);
  });

  it('that is told 491 twice is given up, and the call goes on', async () => {
    const { call } = await talking();
    const holding = call.hold().catch((error: unknown) => error);
    await server.reply(await server.next('INVITE'), 491);
    await vi.advanceTimersByTimeAsync(4001);
    await server.reply(await server.next('INVITE'), 491);
    expect(await holding).toMatchObject({ code: 'call.operationRefused', statusCode: 491 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.requests('INVITE')).toHaveLength(3);
    expect(call.snapshot).toMatchObject({ status: 'established', hold: { local: false } });
  });

  it.each([408, 481])('refused with %i ends the call, for the far end has none', async (status) => {
    const { call, events } = await talking();
    const holding = call.hold().catch((error: unknown) => error);
    await server.reply(await server.next('INVITE'), status);
    expect(await holding).toMatchObject({ code: 'call.ended' });
    expect(call.isEnded()).toBe(true);
    expect(events.last('call.ended').end.key).toBe('connectionLost');
    expect(media.liveTracks()).toEqual([]);
  });

  it('that is challenged answers with the right numbers', async () => {
    const { call } = await talking();
    const holding = call.hold();
    const first = await server.next('INVITE');
    await server.reply(first, 407, { headers: [challenge.replace('WWW', 'Proxy')] });
    const second = await server.next('INVITE');
    expect(second.cseq).toBe(first.cseq + 1);
    expect(second.header('Proxy-Authorization')).toContain('Digest');
    await server.reply(second, 200, ok);
    await holding;
    expect(server.requests('ACK').at(-1)?.cseq).toBe(second.cseq);
    const resuming = call.unhold();
    const third = await server.next('INVITE');
    expect(third.cseq).toBe(second.cseq + 1);
    await server.reply(third, 200, ok);
    await resuming;
    expect(call.isOnHold()).toBe(false);
  });

  it('whose answer the browser cannot take leaves the call as it was', async () => {
    const { call, connection } = await talking();
    const holding = call.hold().catch((error: unknown) => error);
    const offer = await server.next('INVITE');
    connection.refuseNext = true;
    await server.reply(offer, 200, ok);
    expect(await holding).toMatchObject({ code: 'call.operationRefused', statusCode: 488 });
    expect(call.snapshot).toMatchObject({ status: 'established', hold: { local: false } });
  });
});

describe('digits by INFO', () => {
  it('are sent one by one, and a refusal leaves the call up', async () => {
    const { call } = await talking();
    const sending = call.sendDTMF('1#', { transport: 'INFO', duration: 100, gap: 50 });
    const first = await server.next('INFO');
    expect(first.header('Content-Type')).toBe('application/dtmf-relay');
    expect(first.body).toBe('Signal=1\r\nDuration=100');
    await server.reply(first, 415);
    await vi.advanceTimersByTimeAsync(150);
    const second = await server.next('INFO');
    expect(second.body).toContain('Signal=#');
    await server.reply(second, 481);
    await vi.advanceTimersByTimeAsync(150);
    await sending;
    expect(server.requests('BYE')).toEqual([]);
    expect(call.isEstablished()).toBe(true);
  });
});

describe('an incoming call', () => {
  it('rings with the name of the caller, is answered, and up after the ACK', async () => {
    const { phone, events } = await connected();
    await server.say(incomingInvite());
    await server.nextResponse(180);
    const [call] = phone.calls.list();
    expect(call?.remoteIdentity()).toBe('Bob (2002)');
    const answering = call?.answer({ headers: ['X-Agent: 7'] });
    const accepted = await server.nextResponse(200);
    expect(accepted.header('X-Agent')).toBe('7');
    await answering;
    await server.say(ackOf(accepted));
    expect(call?.isEstablished()).toBe(true);
    expect(events.names('call.established')).toHaveLength(1);
  });

  it('brings the headers that ask for a ring of its own', async () => {
    const { phone } = await connected();
    const asked = ['<http://www.example.com/ring.wav>', '<urn:alert:source:external>;info=x'];
    await server.say(
      incomingInvite(
        '1001',
        asked.map((value) => `Alert-Info: ${value}`),
      ),
    );
    await server.nextResponse(180);
    expect(phone.calls.list()[0]?.snapshot.alertInfo).toEqual(asked);
  });

  it('answered on another phone is not missed', async () => {
    const { phone, events } = await connected();
    await server.say(incomingInvite());
    expect(phone.calls.list()).toHaveLength(1);
    await server.say(incomingCancel);
    await server.nextResponse(487);
    expect(events.last('call.failed').end).toMatchObject({
      key: 'answeredElsewhere',
      isMissed: false,
    });
  });

  it('is refused with the chosen code', async () => {
    const { phone } = await connected();
    await server.say(incomingInvite());
    await phone.calls.list()[0]?.reject({ statusCode: 603, reason: 'Not today' });
    expect((await server.nextResponse(603)).start).toBe('SIP/2.0 603 Not today');
  });

  it('reaches the phone although the server changed the case of its name', async () => {
    const { phone } = await connected({
      authentication: { username: 'alice', realm: 'example.com', password },
    });
    await server.say(incomingInvite('ALICE'));
    expect(phone.calls.list()).toHaveLength(1);
  });

  it('cannot be answered any more when the connection breaks', async () => {
    const { phone, events } = await connected();
    await server.say(incomingInvite());
    await server.drop();
    expect(phone.calls.list()).toEqual([]);
    expect(events.last('call.failed').end.key).toBe('connectionLost');
  });
});

describe('a blind transfer', () => {
  const notify = (invite: WireMessage, status: string, state: string): string => {
    const body = `SIP/2.0 ${status}\r\n`;
    return inDialog(invite, 'NOTIFY', [
      'Event: refer',
      `Subscription-State: ${state}`,
      'Contact: <sip:2002@192.0.2.9>',
      'Content-Type: message/sipfrag',
    ]).replace(
      'Content-Length: 0\r\n\r\n',
      `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
    );
  };

  it('is told by NOTIFY and ends this leg when the target has answered', async () => {
    const { call, invite, events } = await talking();
    const result = call.transfer('3003', { hold: false });
    const refer = await server.next('REFER');
    expect(refer.header('Refer-To')).toContain('sip:3003@example.com');
    await server.reply(refer, 202);
    expect(call.snapshot.transfer?.status).toBe('accepted');
    await server.say(notify(invite, '200 OK', 'terminated;reason=noresource'));
    await result;
    await server.reply(await server.next('BYE'), 200);
    expect(events.names('call.transfer')).toContain('call.transfer.completed');
  });

  it('refused by the far end leaves the call up', async () => {
    const { call, events } = await talking();
    const result = call.transfer('3003', { hold: false }).catch((error: unknown) => error);
    await server.reply(await server.next('REFER'), 603);
    expect(await result).toMatchObject({ code: 'transfer.refused', statusCode: 603 });
    expect(events.last('call.transfer.failed').statusCode).toBe(603);
    expect(call.isEstablished()).toBe(true);
  });
});

describe('a destroyed phone', () => {
  it('leaves no call, track, connection or timer behind', async () => {
    const { phone } = await talking();
    phone.destroy();
    const farewell = await server.next('BYE');
    await server.reply(farewell, 200);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(media.liveTracks()).toEqual([]);
    expect(connections.map(({ signalingState }) => signalingState)).toEqual(['closed']);
    expect([server.open(), vi.getTimerCount()]).toEqual([0, 0]);
  });
});
