import { describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import { anySdp } from '../support/scriptedSocket.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import { ackOf, connected, inDialog, incomingInvite, server, talking } from './userAgentScene.ts';
import type { Talk } from './userAgentScene.ts';

// RFC 4028; the far end is the script, and time is the test's.

const timed = { user_agent: { session_timers: true } };
const contact = 'Contact: <sip:2002@192.0.2.9>';
const expires = (value: string): readonly string[] => [contact, `Session-Expires: ${value}`];

/** A call of ours whose 200 said so of the session's length. */
async function talkingFor(value: string, options: object = {}): Promise<Talk> {
  return talking({ ...timed, ...options }, {}, { headers: expires(value), body: anySdp });
}

/** Time goes by; what is due may have to be loaded first. */
async function seconds(count: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(count * 1000);
  await vi.dynamicImportSettled();
  await settled();
}

const updates = (): readonly WireMessage[] => server.requests('UPDATE');

describe('a call of ours', () => {
  it('is refreshed at half its time, and again after that', async () => {
    await talkingFor('120;refresher=uac');
    await seconds(59.9);
    expect(updates()).toHaveLength(0);
    await seconds(0.2);
    const update = await server.next('UPDATE');
    expect([update.header('Session-Expires'), update.body]).toEqual(['120;refresher=uac', '']);
    await server.reply(update, 200, { headers: expires('120;refresher=uac') });
    await seconds(59.9);
    expect(updates()).toHaveLength(1);
    await seconds(0.2);
    expect(updates()).toHaveLength(2);
  });

  it('is left to the far end when that is who refreshes, and ends when it does not', async () => {
    const { call } = await talkingFor('100;refresher=uas');
    await seconds(109);
    expect([updates(), call.isEstablished()]).toEqual([[], true]);
    await seconds(2);
    await server.next('BYE');
    expect(call.snapshot.end).toMatchObject({ by: 'network' });
  });

  it('goes on for as long as the far end refreshes it', async () => {
    const { call, invite } = await talkingFor('100;refresher=uas');
    for (let turn = 0; turn < 4; turn += 1) {
      await seconds(50);
      const headers = [...expires('100;refresher=uac'), 'Supported: timer'];
      await server.say(
        inDialog(invite, 'UPDATE', headers)
          .replace('bKfar', `bKfar${String(turn)}`)
          .replace('CSeq: 500', `CSeq: ${String(500 + turn)}`),
      );
      const answer = await server.nextResponse(200);
      expect(answer.header('Session-Expires')).toBe('100;refresher=uac');
      expect(answer.all('Require')).toEqual(['timer']);
    }
    expect(call.isEstablished()).toBe(true);
  });

  it('is refreshed although an offer of ours is under way at that moment', async () => {
    const { call } = await talkingFor('90;refresher=uac');
    await seconds(44);
    const holding = call.hold();
    const reinvite = await server.next('INVITE');
    expect(reinvite.header('Session-Expires')).toBe('90;refresher=uac');
    await seconds(2);
    await server.reply(await server.next('UPDATE'), 200, { headers: expires('90;refresher=uac') });
    await server.reply(reinvite, 200, { headers: expires('90;refresher=uac'), body: anySdp });
    await holding;
    await seconds(46);
    expect(updates()).toHaveLength(2);
  });

  it('is refreshed once more after a refusal', async () => {
    const { call } = await talkingFor('96;refresher=uac');
    await seconds(48);
    await server.reply(await server.next('UPDATE'), 500);
    await seconds(11.9);
    expect(updates()).toHaveLength(1);
    await seconds(0.2);
    expect([updates().length, call.isEstablished()]).toEqual([2, true]);
  });

  it('is refreshed after the connection was lost, and does not end by that', async () => {
    // By chance a reconnection may wait as long as it is let, which is all of what the test waits.
    const transport = { sockets: ['wss://sip.example.com'], recovery_max_interval: 8 };
    const { call } = await talkingFor('96;refresher=uac', { transport });
    await server.drop();
    server.accept(false);
    await seconds(55);
    expect(call.isEstablished()).toBe(true);
    server.accept(true);
    await seconds(30);
    expect(updates().length).toBeGreaterThan(0);
  });

  it.each([405, 501])('is refreshed by an offer where UPDATE is answered %i', async (status) => {
    const { call } = await talkingFor('90;refresher=uac');
    await seconds(45);
    await server.reply(await server.next('UPDATE'), status);
    const reinvite = await server.next('INVITE');
    await server.reply(reinvite, 200, { headers: expires('90;refresher=uac'), body: anySdp });
    await settled();
    expect(call.isOnHold()).toBe(false);
    await seconds(45);
    await server.next('INVITE');
    expect(updates()).toHaveLength(1);
  });

  it('takes the longer time that a 422 to a refresh asks for, and does not do so for ever', async () => {
    await talkingFor('90;refresher=uac');
    await seconds(45);
    await server.reply(await server.next('UPDATE'), 422, { headers: ['Min-SE: 200'] });
    const again = await server.next('UPDATE');
    expect(again.header('Session-Expires')).toBe('200;refresher=uac');
    expect(again.header('Min-SE')).toBe('200');
    await server.reply(again, 422, { headers: ['Min-SE: 300'] });
    await settled();
    expect(updates()).toHaveLength(2);
  });

  it('is held although the first offer of it was for too short a time', async () => {
    const { call } = await talkingFor('90;refresher=uac');
    const holding = call.hold();
    await server.reply(await server.next('INVITE'), 422, { headers: ['Min-SE: 200'] });
    const again = await server.next('INVITE');
    expect(again.header('Session-Expires')).toBe('200;refresher=uac');
    await server.reply(again, 200, { headers: expires('200;refresher=uac'), body: anySdp });
    await holding;
    expect(call.isOnHold()).toBe(true);
  });

  it.each([408, 481])('ends when the refresh says that it is gone (%i)', async (status) => {
    const { call } = await talkingFor('90;refresher=uac');
    await seconds(45);
    await server.reply(await server.next('UPDATE'), status);
    expect(call.isEnded()).toBe(true);
  });
});

describe('a call that comes in', () => {
  const calledWith = async (...headers: readonly string[]): Promise<WireMessage> => {
    const { phone } = await connected(timed);
    await server.say(incomingInvite('1001', headers));
    const answering = phone.calls.list()[0]?.answer();
    const accepted = await server.nextResponse(200);
    await answering;
    await server.say(ackOf(accepted));
    return accepted;
  };

  it('is answered for as long as the caller asks, who refreshes it if it wants to', async () => {
    const accepted = await calledWith('Supported: timer', 'Session-Expires: 300;refresher=uac');
    expect(accepted.header('Session-Expires')).toBe('300;refresher=uac');
    expect(accepted.all('Require')).toEqual(['timer']);
    await seconds(300);
    expect(updates()).toEqual([]);
  });

  it('is refreshed from here otherwise', async () => {
    const accepted = await calledWith('Supported: timer', 'Session-Expires: 300');
    expect(accepted.header('Session-Expires')).toBe('300;refresher=uas');
    await seconds(151);
    expect((await server.next('UPDATE')).header('Session-Expires')).toBe('300;refresher=uac');
  });

  it('is not answered for less than its Min-SE', async () => {
    const accepted = await calledWith('Supported: timer', 'Min-SE: 600');
    expect(accepted.header('Session-Expires')).toBe('600;refresher=uas');
  });

  it('is never answered for less than 90 seconds (section 4)', async () => {
    const accepted = await calledWith('Supported: timer', 'Session-Expires: 30');
    expect(accepted.header('Session-Expires')).toBe('90;refresher=uas');
  });
});
