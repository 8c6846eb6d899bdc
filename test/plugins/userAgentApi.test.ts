import { afterEach, describe, expect, it, vi } from 'vitest';
import { withOneEventClock } from '../../plugins/userAgent/eventClock.ts';
import { settled } from '../support/fakeSession.ts';
import { anySdp } from '../support/scriptedSocket.ts';
import {
  connected,
  inDialog,
  media,
  ok,
  outOfDialog,
  phoneWith,
  server,
  talking,
} from './userAgentScene.ts';

describe('the agent', () => {
  it('registers and unregisters when it is asked to', async () => {
    const { api } = await connected();
    const agent = api('userAgent');
    const registering = agent.register();
    const register = await server.next('REGISTER');
    const contact = `Contact: ${register.header('Contact')};expires=300`;
    await server.reply(register, 200, { headers: [contact] });
    await registering;
    expect(agent.isRegistered()).toBe(true);
    const leaving = agent.toggleRegistration();
    await server.reply(await server.next('REGISTER'), 200);
    await leaving;
    expect(agent.isRegistered()).toBe(false);
  });

  it('that is not started says so', async () => {
    const { api } = phoneWith({ autostart: false });
    const agent = api('userAgent');
    await expect(agent.call('2002')).rejects.toMatchObject({ code: 'userAgent.notStarted' });
    await expect(agent.register()).rejects.toMatchObject({ code: 'userAgent.notStarted' });
    await agent.start('3003');
    await settled();
    expect(agent.isConnected()).toBe(true);
  });

  it('calls the last target again, and what was set before there was one', async () => {
    const { api, events } = await connected();
    const agent = api('userAgent');
    expect(agent.getRedial()).toBe('*97');
    const calling = agent.call('2002');
    await server.reply(await server.next('INVITE'), 200, ok);
    await calling;
    await agent.hangupAll();
    const again = agent.redial();
    const invite = await server.next('INVITE');
    expect(invite.start).toContain('sip:2002@');
    await again;
    expect(events.last('userAgent.redial.started')).toEqual({
      redialTarget: '2002',
      account: 'default',
    });
    agent.setRedial('4004');
    expect([agent.getRedial(), events.last('userAgent.redial.update').redialTarget]).toEqual([
      '4004',
      '4004',
    ]);
  });
});

describe('the clock of telephone events', () => {
  const sdp = (formats: string): string =>
    [
      'v=0',
      `m=audio 9 UDP/TLS/RTP/SAVPF ${formats}`,
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:110 telephone-event/48000',
      'a=rtpmap:126 telephone-event/8000',
      'a=fmtp:126 0-16',
      '',
    ].join('\r\n');

  const browser = (name: string): void => {
    vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(`Mozilla/5.0 ${name}.0`);
  };
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is the one of the codec, where the far end takes that', () => {
    const kept = withOneEventClock(sdp('111 0 110 126'));
    expect(kept).toContain('SAVPF 111 0 110\r\n');
    expect(kept).not.toContain(':126');
    expect(withOneEventClock(sdp('0 111 110 126'))).toContain('SAVPF 0 111 126\r\n');
  });

  it('is left alone where there is no choice', () => {
    const one = sdp('111 0 126').replace('a=rtpmap:110 telephone-event/48000\r\n', '');
    expect(withOneEventClock(one)).toBe(one);
  });

  it('is for Firefox to choose, which has the one of 8 kHz only', () => {
    browser('Firefox/153');
    expect(withOneEventClock(sdp('111 0 110 126'))).toBe(sdp('111 0 110 126'));
  });
});

describe('what comes outside of a call', () => {
  it('is told: a message with its sender', async () => {
    const { events } = await connected();
    await server.say(outOfDialog('MESSAGE', ['Content-Type: text/plain'], 'Lunch?'));
    await server.nextResponse(200);
    expect(events.last('userAgent.received.message')).toMatchObject({
      originator: 'remote',
      from: 'sip:2002@example.com',
      contentType: 'text/plain',
      body: 'Lunch?',
    });
  });

  it('is refused with 404 when it is meant for somebody else', async () => {
    const { events } = await connected();
    const message = outOfDialog('MESSAGE', ['Content-Type: text/plain'], 'Lunch?');
    await server.say(message.replace('sip:1001@', 'sip:9009@'));
    await server.nextResponse(404);
    expect(events.names('userAgent.received')).toEqual([]);
  });
});

describe('what the far end does in a call', () => {
  it('is told: a digit, an information, its hold and its return', async () => {
    const { invite, events, call } = await talking();
    const withBody = (method: string, type: string, body: string): string =>
      inDialog(invite, method, [`Content-Type: ${type}`, 'Contact: <sip:2002@192.0.2.9>']).replace(
        'Content-Length: 0\r\n\r\n',
        `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
      );
    const numbered = (text: string, cseq: number): string =>
      text
        .replace('CSeq: 500', `CSeq: ${String(cseq)}`)
        .replace('hG4bKfar', `hG4bK${String(cseq)}`);
    await server.say(
      numbered(withBody('INFO', 'application/dtmf-relay', 'Signal=5\r\nDuration=160'), 501),
    );
    expect(events.last('call.receive.dtmf')).toMatchObject({ tone: '5', duration: 160 });
    await server.say(numbered(withBody('INFO', 'text/plain', 'hello'), 502));
    expect(events.last('call.receive.info')).toMatchObject({
      contentType: 'text/plain',
      body: 'hello',
    });
    const held = anySdp.replace('sendrecv', 'sendonly');
    await server.say(numbered(withBody('INVITE', 'application/sdp', held), 503));
    await settled();
    expect(call.snapshot.hold.remote).toBe(true);
    expect(media.liveTracks().map(({ enabled }) => enabled)).toEqual([false]);
    const accepted = server.sent.filter(({ status, cseq }) => status === 200 && cseq === 503);
    expect(accepted).toHaveLength(1);
  });
});
