import { describe, expect, it, vi } from 'vitest';
import type { ReferRequest } from '../../src/core/index.ts';
import { callList } from '../../plugins/callList/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { settled } from '../support/fakeSession.ts';
import { farTag } from '../support/scriptedSocket.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import {
  ackOf,
  connected,
  inDialog,
  incomingInvite,
  media,
  ok,
  server,
  talking,
} from './userAgentScene.ts';
import type { Talk } from './userAgentScene.ts';

const refer = ['Refer-To: <sip:3003@example.com>', 'Contact: <sip:2002@192.0.2.9>'];
/** What the far end was told last of the transfer that it asked for. */
const lastNotice = (): string => server.requests('NOTIFY').at(-1)?.body ?? '';

describe('a transfer that we ask for', () => {
  it.each([
    ['+44 (0)20 7946-0000', 'sip:+4402079460000@example.com'],
    ['tel:+1-201-555-0123', 'sip:+12015550123@example.com'],
    [' 3003 ', 'sip:3003@example.com'],
  ])('to %j goes to %s, as a call would', async (typed, address) => {
    const { call } = await talking();
    const result = call.transfer(typed, { hold: false }).catch(() => undefined);
    const sent = await server.next('REFER');
    expect(sent.header('Refer-To')).toBe(`<${address}>`);
    await server.reply(sent, 603);
    await result;
  });

  it('to what cannot be called is refused, and nothing is sent', async () => {
    const { call, events } = await talking();
    await expect(call.transfer('bob smith', { hold: false })).rejects.toMatchObject({
      code: 'call.targetInvalid',
    });
    expect(server.requests('REFER')).toEqual([]);
    expect(events.names('call.transfer')).toContain('call.transfer.failed');
    expect(call.isEstablished()).toBe(true);
  });

  it('is completed, as far as is known, when the far end takes it and hangs up', async () => {
    const { call, invite, events } = await talking();
    const result = call.transfer('3003', { hold: false });
    await server.reply(await server.next('REFER'), 202);
    await server.say(inDialog(invite, 'BYE'));
    await result;
    expect(events.last('call.transfer.completed')).toMatchObject({
      target: '3003',
      statusCode: null,
    });
    expect(events.names('call.transfer.failed')).toEqual([]);
    expect(media.liveTracks()).toEqual([]);
  });

  it('has not happened when the far end hangs up before it took it', async () => {
    const { call, invite, events } = await talking();
    const result = expect(call.transfer('3003', { hold: false })).rejects.toMatchObject({
      code: 'call.ended',
    });
    await server.next('REFER');
    await server.say(inDialog(invite, 'BYE'));
    await result;
    expect(events.names('call.transfer.completed')).toEqual([]);
  });

  it('whose target is busy leaves the call up', async () => {
    const { call, invite, events } = await talking();
    const result = call.transfer('3003', { hold: false }).catch((error: unknown) => error);
    await server.reply(await server.next('REFER'), 202);
    const body = 'SIP/2.0 486 Busy Here\r\n';
    const notify = inDialog(invite, 'NOTIFY', [
      'Event: refer',
      'Subscription-State: terminated;reason=noresource',
      'Contact: <sip:2002@192.0.2.9>',
      'Content-Type: message/sipfrag',
    ]);
    await server.say(
      notify.replace(
        'Content-Length: 0\r\n\r\n',
        `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
      ),
    );
    expect(await result).toMatchObject({ code: 'transfer.failed', statusCode: 486 });
    expect(events.last('call.transfer.failed').statusCode).toBe(486);
    expect(call.isEstablished()).toBe(true);
  });
});

/** What a Refer-To asks the far end to replace. */
function replaces(referTo: string): string {
  expect(referTo).toMatch(/^<sip:[23]00[23]@example.com\?Replaces=[^;<>&]+>$/);
  return decodeURIComponent(/Replaces=([^>]+)>/.exec(referTo)?.[1] ?? '');
}
const tagOf = (header: string): string => /;tag=([^;]+)/.exec(header)?.[1] ?? '';

const leaveAlone = { leaving: () => Promise.resolve(), entering: () => Promise.resolve() };

describe('an attended transfer', () => {
  it('names the call that we made, with the tags as the target knows them', async () => {
    const { phone, call, api } = await talking();
    phone.calls.usePolicy(leaveAlone);
    const calling = api('userAgent').call('3003');
    const invite = await server.next('INVITE');
    await server.reply(invite, 200, ok);
    const asked = await calling;
    await settled();
    const result = call.transfer(asked, { hold: false }).catch(() => undefined);
    const refer = await server.next('REFER');
    expect(replaces(refer.header('Refer-To'))).toBe(
      `${invite.header('Call-ID')};to-tag=${farTag};from-tag=${tagOf(invite.header('From'))}`,
    );
    expect(refer.header('Referred-By')).toBe('<sip:1001@example.com>');
    await server.reply(refer, 603);
    await result;
    expect(phone.calls.list()).toEqual([call, asked]);
  });

  it('names the call that the target made, with the tags as the target knows them', async () => {
    const { phone, call } = await talking();
    phone.calls.usePolicy(leaveAlone);
    await server.say(incomingInvite());
    const [, asked] = phone.calls.list();
    void asked?.answer();
    const accepted = await server.nextResponse(200);
    await server.say(ackOf(accepted));
    await settled();
    const result = call.transfer(asked, { hold: false }).catch(() => undefined);
    const refer = await server.next('REFER');
    expect(replaces(refer.header('Refer-To'))).toBe(
      `in1@192.0.2.9;to-tag=${farTag};from-tag=${tagOf(accepted.header('To'))}`,
    );
    await server.reply(refer, 603);
    await result;
  });

  it('that is given up while the browser asks for the microphone brings the call back', async () => {
    const { phone, call } = await talking({}, { plugins: [callList()] });
    const machine = fakeMedia({ asks: true });
    const starting = call.attendedTransferStart('3003').catch((error: unknown) => error);
    await server.reply(await server.next('INVITE'), 200, ok);
    await settled();
    expect([machine.pending(), phone.calls.primary()?.remoteURIUser()]).toEqual([1, '3003']);
    const cancelled = call.attendedTransferCancel();
    expect(phone.calls.list()).toEqual([call]);
    await server.reply(await server.next('INVITE'), 200, ok);
    await cancelled;
    expect([call.isPrimary(), call.isOnHold()]).toEqual([true, false]);
    await machine.allow();
    expect(await starting).toMatchObject({ code: 'call.ended' });
    expect([machine.liveTracks(), server.requests('INVITE').length]).toEqual([[], 3]);
  });
});

/** The far end asks for a call; what takes such requests is loaded when the first one comes. */
async function asks(invite: WireMessage, headers: readonly string[] = refer): Promise<void> {
  await server.say(inDialog(invite, 'REFER', headers));
  await vi.dynamicImportSettled();
  await settled();
}

describe('a transfer that the far end asks for', () => {
  const follow = { user_agent: { refer_policy: 'follow' } } as const;
  const list = { plugins: [callList()] };
  const words = (events: Talk['events']): readonly string[] =>
    events.names('call.refer').map((name) => name.slice('call.refer.'.length));

  it('is followed by a call that gets the focus when it is answered', async () => {
    const { phone, call, invite, events } = await talking(follow, list);
    await asks(invite, [...refer, 'Referred-By: <sip:boss@example.com>']);
    await server.nextResponse(202);
    const second = await server.next('INVITE');
    expect(second.start).toBe('INVITE sip:3003@example.com SIP/2.0');
    expect(second.header('Referred-By')).toBe('<sip:boss@example.com>');
    const [, next] = phone.calls.list();
    expect([call.isPrimary(), call.isOnHold(), next?.remoteURIUser()]).toEqual([
      true,
      false,
      '3003',
    ]);
    await server.reply(second, 180);
    await server.reply(second, 200, ok);
    await settled();
    expect([next?.isEstablished(), next?.isPrimary()]).toEqual([true, true]);
    expect(lastNotice()).toContain('SIP/2.0 200');
    expect(words(events)).toEqual([
      'requested',
      'requestAccepted',
      'inviteSent',
      'progress',
      'accepted',
    ]);
    expect(call.snapshot.refer).toMatchObject({
      status: 'accepted',
      target: { user: '3003' },
      referredBy: '<sip:boss@example.com>',
    });
  });

  it('takes the place of the referrer when it says in which call', async () => {
    const { invite, events } = await talking(follow, list);
    const [, contact = ''] = refer;
    const replacing = 'x%40y%3Bto-tag%3Da%3Bfrom-tag%3Db';
    const to = `Refer-To: <sip:3003@example.com?Replaces=${replacing}>`;
    await asks(invite, [to, contact]);
    const second = await server.next('INVITE');
    expect(second.header('Replaces')).toBe('x@y;to-tag=a;from-tag=b');
    expect(events.last('call.refer.requested').request.isAttended).toBe(true);
  });

  it('leaves the present call as it is when the target is busy', async () => {
    const { phone, call, invite, events } = await talking(follow, list);
    await asks(invite);
    await server.reply(await server.next('INVITE'), 486);
    await settled();
    expect(phone.calls.list().map(({ id }) => id)).toEqual([call.id]);
    expect([call.isPrimary(), call.isOnHold()]).toEqual([true, false]);
    expect(media.liveTracks()).toHaveLength(1);
    expect(lastNotice()).toContain('SIP/2.0 486');
    expect(events.last('call.refer.rejected')).toMatchObject({ statusCode: 486 });
  });

  it.each(['deny', 'ask'] as const)(
    'is refused outright by "%s" when nobody is there to ask',
    async (refer_policy) => {
      const { phone, call, invite, events } = await talking({ user_agent: { refer_policy } });
      await asks(invite);
      await server.nextResponse(603);
      expect([server.requests('NOTIFY'), server.requests('INVITE').length]).toEqual([[], 1]);
      expect(phone.calls.list().map(({ id }) => id)).toEqual([call.id]);
      expect(words(events)).toEqual([]);
    },
  );

  it('is refused when there is no microphone for it, and the referrer hears it once', async () => {
    const { phone, call, invite, log } = await talking(follow, list);
    media.failNext('NotAllowedError');
    await asks(invite);
    await settled();
    expect(server.requests('NOTIFY').map(({ body }) => body)).toEqual([
      'SIP/2.0 100 Trying',
      'SIP/2.0 603 Decline',
    ]);
    expect(phone.calls.list().map(({ id }) => id)).toEqual([call.id]);
    expect(call.isEstablished()).toBe(true);
    expect(log.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('that names no address gets 400, and nobody is asked', async () => {
    const { invite, events } = await talking(follow);
    await asks(invite, ['Contact: <sip:2002@192.0.2.9>']);
    await server.nextResponse(400);
    expect(words(events)).toEqual([]);
  });

  describe('and that somebody hears of', () => {
    async function asked(): Promise<Talk & { readonly request: ReferRequest }> {
      const talk = await talking({}, list);
      const heard: ReferRequest[] = [];
      talk.phone.on('call.refer.requested', ({ request }) => {
        heard.push(request);
      });
      await asks(talk.invite);
      await server.nextResponse(202);
      const [request] = heard;
      if (!request) throw new Error('Nobody was asked.');
      return { ...talk, request };
    }

    it('waits for an answer, and is followed as that says', async () => {
      const { request, call, events } = await asked();
      expect(call.getRefer()).toBe(request);
      expect(server.requests('INVITE')).toHaveLength(1);
      await expect(request.accept({ headers: ['broken'] })).rejects.toMatchObject({
        code: 'call.headerInvalid',
      });
      await request.accept({
        headers: ['X-Why: sales'],
        modifiers: [(sdp) => `${sdp}a=changed\r\n`],
      });
      const second = await server.next('INVITE');
      expect(second.header('X-Why')).toBe('sales');
      expect(second.body).toContain('a=changed');
      expect(call.getRefer()).toBeUndefined();
      await expect(request.accept()).rejects.toMatchObject({ code: 'call.stateInvalid' });
      expect(words(events)).toEqual(['requested', 'requestAccepted', 'inviteSent']);
    });

    it('is refused when they say so', async () => {
      const { request, call, events } = await asked();
      await request.reject();
      expect(lastNotice()).toContain('SIP/2.0 603');
      expect(words(events)).toEqual(['requested', 'rejected']);
      expect([call.isEstablished(), call.isOnHold()]).toEqual([true, false]);
    });

    it('is refused after half a minute when they say nothing', async () => {
      const { request, events } = await asked();
      await vi.advanceTimersByTimeAsync(29_900);
      expect(lastNotice()).toContain('SIP/2.0 100');
      await vi.advanceTimersByTimeAsync(200);
      expect(lastNotice()).toContain('SIP/2.0 603');
      expect(words(events)).toEqual(['requested', 'rejected']);
      await expect(request.reject()).rejects.toMatchObject({ code: 'call.stateInvalid' });
    });

    it.each([
      ['SIP/2.0 200 OK', 'requestAccepted', 200],
      ['SIP/2.0 486 Busy Here', 'rejected', 486],
    ] as const)('is answered by the last word of theirs (%s)', async (line, step, statusCode) => {
      const { request, call, events } = await asked();
      await request.sendNotify('SIP/2.0 180 Ringing');
      expect(call.getRefer()).toBe(request);
      await request.sendNotify(line);
      expect(lastNotice()).toBe(line);
      expect(words(events)).toEqual(['requested', step]);
      expect([call.getRefer(), call.snapshot.refer?.statusCode]).toEqual([undefined, statusCode]);
    });

    it('may be dealt with by them alone', async () => {
      const { request, events } = await asked();
      await request.accept({ followRefer: false });
      await request.progress();
      await request.sendNotify('SIP/2.0 200 OK');
      expect(words(events)).toEqual(['requested', 'requestAccepted']);
      const [, trying, last] = server.requests('NOTIFY');
      expect([trying?.body, last?.body]).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK']);
      expect(last?.header('Subscription-State')).toBe('terminated;reason=noresource');
      expect(last?.header('Event')).toBe(server.requests('NOTIFY')[0]?.header('Event'));
      await expect(request.sendNotify('hello\r\nX: y')).rejects.toMatchObject({
        code: 'call.headerInvalid',
      });
      expect(server.requests('INVITE')).toHaveLength(1);
    });
  });
});

describe('somebody who takes the place of the far end', () => {
  const takeOver = (target: string): string =>
    incomingInvite().replace('Contact:', `Replaces: ${target}\r\nRequire: replaces\r\nContact:`);
  const dialog = (invite: WireMessage): string =>
    `${invite.header('Call-ID')};to-tag=${tagOf(invite.header('From'))};from-tag=${farTag}`;

  it('is answered at once, in focus and as muted as before, and the replaced call ends', async () => {
    const { phone, call, invite, events } = await talking({}, { plugins: [callList()] });
    await call.mute({ audio: true });
    await server.say(takeOver(dialog(invite)));
    const accepted = await server.nextResponse(200);
    const [, next] = phone.calls.list();
    expect(events.last('call.replaced')).toMatchObject({ callId: call.id, replacedBy: next?.id });
    expect([next?.isPrimary(), next?.isMuted(), call.isEnded()]).toEqual([true, true, false]);
    await server.say(ackOf(accepted));
    await settled();
    expect(server.requests('BYE')).toHaveLength(1);
    expect(call.snapshot.end).toMatchObject({ by: 'remote', key: 'transferred', failed: false });
    expect(phone.calls.list()).toEqual([next]);
    // The replaced call was never held on its way out.
    expect(server.requests('INVITE')).toHaveLength(1);
    expect(events.names('call.ringing.started')).toEqual([]);
    expect(media.liveTracks()).toHaveLength(1);
  });

  it('leaves the focus where it is when the replaced call was on hold', async () => {
    const { phone, call, invite } = await talking();
    phone.calls.usePolicy(leaveAlone);
    void phone.calls.focus(null);
    await server.say(takeOver(dialog(invite)));
    await server.say(ackOf(await server.nextResponse(200)));
    await settled();
    expect(call.isEnded()).toBe(true);
    expect(phone.calls.list()).toHaveLength(1);
  });

  it('is refused when there is no microphone, and the call goes on', async () => {
    const { phone, call, invite } = await talking({}, { plugins: [callList()] });
    media.failNext('NotAllowedError');
    await server.say(takeOver(dialog(invite)));
    await server.nextResponse(480);
    expect([call.isEstablished(), phone.calls.list()]).toEqual([true, [call]]);
  });

  it.each([
    ['a call that is up, when it wants one that still rings', ';early-only', 486],
    ['a call that is not there', 'x', 481],
  ])('cannot have %s', async (_, suffix, status) => {
    const { call, invite } = await talking();
    await server.say(takeOver(dialog(invite) + suffix));
    await server.nextResponse(status);
    expect(call.isEstablished()).toBe(true);
  });

  it('may pick up a call of ours that still rings elsewhere', async () => {
    const { phone, api } = await connected({}, { plugins: [callList()] });
    const calling = api('userAgent').call('2002');
    const invite = await server.next('INVITE');
    await server.reply(invite, 180, ok);
    const call = await calling;
    await server.say(takeOver(dialog(invite)));
    await server.say(ackOf(await server.nextResponse(200)));
    await settled();
    expect(server.requests('CANCEL')).toHaveLength(1);
    expect(call.snapshot.end).toMatchObject({ key: 'transferred' });
    expect(phone.calls.list()).toHaveLength(1);
  });

  it('cannot have a call that rings here', async () => {
    const { phone } = await connected();
    await server.say(incomingInvite());
    const ringing = await server.nextResponse(180);
    const target = `in1@192.0.2.9;to-tag=${tagOf(ringing.header('To'))};from-tag=${farTag}`;
    await server.say(
      takeOver(target)
        .replaceAll('in1@', 'in2@')
        .replace('Replaces: in2@', 'Replaces: in1@')
        .replace('bKin1', 'bKin3'),
    );
    await server.nextResponse(481);
    expect(phone.calls.list()).toHaveLength(1);
  });
});
