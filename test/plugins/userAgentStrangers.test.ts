import { describe, expect, it, vi } from 'vitest';
import type { ReferRequest } from '../../src/core/index.ts';
import { callControl } from '../../plugins/callControl/index.ts';
import { callList } from '../../plugins/callList/index.ts';
import { settled } from '../support/fakeSession.ts';
import { farTag } from '../support/scriptedSocket.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { challenge, connected, media, ok, outOfDialog, server } from './userAgentScene.ts';
import type { Options } from './userAgentScene.ts';

// REFER outside of any call (RFC 3515), both ways.

const tagOf = (header: string): string => /;tag=([^;]+)/.exec(header)?.[1] ?? '';
const allowed = { user_agent: { allow_out_of_dialog_refers: true } } as const;
const contact = 'Contact: <sip:2002@192.0.2.9;transport=ws>';
const referTo = 'Refer-To: <sip:3003@example.com>';

/** A stranger asks for a call; what takes such requests is loaded when the first one comes. */
async function asks(headers: readonly string[] = [referTo, contact]): Promise<void> {
  await server.say(outOfDialog('REFER', headers, ''));
  await vi.dynamicImportSettled();
  await settled();
}

/** Answers the next NOTIFY and gives its status line. */
async function notice(): Promise<WireMessage> {
  const notify = await server.next('NOTIFY');
  await server.reply(notify, 200);
  return notify;
}

describe('a REFER from outside of any call', () => {
  it('is not taken unless that is allowed, whoever listens', async () => {
    const { phone } = await connected();
    const heard = vi.fn();
    phone.on('userAgent.refer.requested', heard);
    await asks();
    expect((await server.nextResponse(405)).method).toBe('REFER');
    expect(heard).not.toHaveBeenCalled();
  });

  it.each(['ask', 'follow', 'deny'] as const)(
    'is refused by "%s" when nobody is there to ask',
    async (refer_policy) => {
      const { phone } = await connected({ user_agent: { ...allowed.user_agent, refer_policy } });
      await asks();
      await server.nextResponse(603);
      expect([server.requests('NOTIFY'), server.requests('INVITE')]).toEqual([[], []]);
      expect(phone.calls.list()).toEqual([]);
    },
  );

  it('is refused by "deny" although somebody listens', async () => {
    const { phone } = await connected({
      user_agent: { ...allowed.user_agent, refer_policy: 'deny' },
    });
    const heard = vi.fn();
    phone.on('userAgent.refer.requested', heard);
    await asks();
    await server.nextResponse(603);
    expect(heard).not.toHaveBeenCalled();
  });

  async function asked(
    headers?: readonly string[],
    options: Options = allowed,
  ): Promise<TestPhone & { readonly request: ReferRequest; readonly accepted: WireMessage }> {
    const test = await connected(options, { plugins: [callList()] });
    const heard: ReferRequest[] = [];
    test.phone.on('userAgent.refer.requested', ({ request }) => {
      heard.push(request);
    });
    await asks(headers);
    const accepted = await server.nextResponse(202);
    const [request] = heard;
    if (!request) throw new Error('Nobody was asked.');
    return { ...test, request, accepted };
  }

  it('is followed no more once the phone is stopped, and the question goes away', async () => {
    const { request, api, events } = await asked();
    await api('userAgent').stop();
    await expect(request.accept()).rejects.toMatchObject({ code: 'userAgent.notStarted' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(events.of('userAgent.refer.rejected')).toMatchObject([{ statusCode: 603 }]);
    await api('userAgent').start();
    await expect(request.accept()).rejects.toMatchObject({ code: 'userAgent.notStarted' });
    expect(server.requests('INVITE')).toEqual([]);
  });

  it('waits for an answer even where REFERs within calls are followed', async () => {
    const user_agent = { ...allowed.user_agent, refer_policy: 'follow' } as const;
    const { phone, events } = await asked(undefined, { user_agent });
    expect(phone.calls.list()).toEqual([]);
    expect(events.last('userAgent.refer.requested')).toMatchObject({
      from: 'sip:2002@example.com',
      fromName: 'Bob',
      target: { user: '3003' },
      statusCode: null,
    });
  });

  it('is followed, and the referrer hears each step in a dialog of its own', async () => {
    const routes = [
      'Record-Route: <sip:p1.example.com;lr>',
      'Record-Route: <sip:p2.example.com;lr>',
    ];
    const { phone, request, accepted, events } = await asked([
      ...routes,
      'Referred-By: <sip:2002@example.com>',
      referTo,
      contact,
    ]);
    expect(accepted.header('Contact')).toMatch(/^<sip:\w+@.+>$/);
    const trying = await notice();
    expect(trying.start).toBe('NOTIFY sip:2002@192.0.2.9;transport=ws SIP/2.0');
    expect(trying.header('Call-ID')).toBe('REFER@192.0.2.9');
    expect(tagOf(trying.header('From'))).toBe(tagOf(accepted.header('To')));
    expect(tagOf(trying.header('To'))).toBe(farTag);
    expect(trying.all('Route')).toEqual(['<sip:p1.example.com;lr>', '<sip:p2.example.com;lr>']);
    expect(trying.header('Contact')).toBe(accepted.header('Contact'));
    expect(trying.header('Event')).toBe('refer');
    expect(trying.header('Content-Type')).toBe('message/sipfrag;version=2.0');
    expect([trying.body, trying.header('Subscription-State')]).toEqual([
      'SIP/2.0 100 Trying',
      'active;expires=300',
    ]);

    await request.accept({ headers: ['X-Why: sales'] });
    const invite = await server.next('INVITE');
    expect(invite.start).toBe('INVITE sip:3003@example.com SIP/2.0');
    expect([invite.header('X-Why'), invite.header('Referred-By')]).toEqual([
      'sales',
      '<sip:2002@example.com>',
    ]);
    await server.reply(invite, 180);
    const ringing = await notice();
    expect([ringing.body, ringing.cseq]).toEqual(['SIP/2.0 180 Scripted', trying.cseq + 1]);
    await server.reply(invite, 200, ok);
    await settled();
    const last = await notice();
    expect([last.body, last.header('Subscription-State')]).toEqual([
      'SIP/2.0 200 OK',
      'terminated;reason=noresource',
    ]);
    expect(phone.calls.primary()?.remoteURIUser()).toBe('3003');
    expect(events.names('userAgent.refer').map((name) => name.split('.')[2])).toEqual([
      'requested',
      'requestAccepted',
      'inviteSent',
      'progress',
      'accepted',
    ]);
  });

  it('whose NOTIFY is asked for credentials goes on with the next number', async () => {
    const { request } = await asked();
    const first = await server.next('NOTIFY');
    await server.reply(first, 401, { headers: [challenge] });
    const again = await server.next('NOTIFY');
    expect(again.header('Authorization')).toContain('username="1001"');
    await server.reply(again, 200);
    await request.reject();
    const last = await server.next('NOTIFY');
    expect([last.body, last.cseq]).toEqual(['SIP/2.0 603 Decline', again.cseq + 1]);
  });

  it('is followed although the referrer is gone', async () => {
    const { request } = await asked();
    await server.reply(await server.next('NOTIFY'), 481);
    await request.accept();
    await server.next('INVITE');
  });

  it('is refused after half a minute without an answer', async () => {
    const { events, phone } = await asked();
    await notice();
    await vi.advanceTimersByTimeAsync(30_100);
    expect((await notice()).body).toBe('SIP/2.0 603 Decline');
    expect(events.last('userAgent.refer.rejected').statusCode).toBe(603);
    expect(phone.calls.list()).toEqual([]);
  });

  it('ends for the referrer, too, when its listener leaves it lying', async () => {
    const { request } = await asked();
    await notice();
    await request.accept({ followRefer: false });
    await request.progress();
    expect((await notice()).body).toBe('SIP/2.0 100 Trying');
    await vi.advanceTimersByTimeAsync(300_000);
    expect((await notice()).header('Subscription-State')).toBe('terminated;reason=noresource');
    await expect(request.sendNotify('SIP/2.0 200 OK')).rejects.toMatchObject({
      code: 'call.stateInvalid',
    });
  });

  it('leaves no timer behind when the phone is stopped before its listener has said how it went', async () => {
    const left = async (test: TestPhone): Promise<number> => {
      await test.api('userAgent').stop();
      await vi.advanceTimersByTimeAsync(3000);
      const timers = vi.getTimerCount();
      test.phone.destroy();
      vi.clearAllTimers();
      return timers;
    };
    const usual = await left(await connected(allowed));
    const { request, ...test } = await asked();
    await request.accept({ followRefer: false });
    expect(await left(test)).toBe(usual);
    await expect(request.sendNotify('SIP/2.0 200 OK')).rejects.toMatchObject({
      code: 'call.stateInvalid',
    });
  });

  it.each([
    ['names nobody', [contact], 400],
    ['names two', [referTo, referTo, contact], 400],
    ['has no contact', [referTo], 400],
    ['names a page', ['Refer-To: <http://example.com/>', contact], 416],
  ])('that %s is refused, and nobody is asked', async (_, headers, status) => {
    const { phone } = await connected(allowed);
    const heard = vi.fn();
    phone.on('userAgent.refer.requested', heard);
    await asks(headers);
    await server.nextResponse(status);
    expect([server.requests('NOTIFY'), heard.mock.calls]).toEqual([[], []]);
  });

  describe('with controls that are drawn', () => {
    const question = (test: TestPhone): string | undefined =>
      test.root('callControl').querySelector('[part="referQuestion"]')?.textContent;

    it('is put to the user, who follows it', async () => {
      const test = await connected(allowed, { plugins: [callControl()] });
      await asks();
      await server.nextResponse(202);
      expect(question(test)).toBe('\u2068Bob\u2069 wants to connect you with \u20683003\u2069.');
      test.part('callControl', 'followRefer').click();
      await server.next('INVITE');
      await settled();
      expect(question(test)).toBeUndefined();
    });

    it('waits its turn when somebody else asks before it is answered', async () => {
      const test = await connected(allowed, { plugins: [callControl()] });
      const refer = outOfDialog('REFER', [referTo, contact], '');
      const others = refer
        .replace('"Bob" <sip:2002@', '"Carol" <sip:4004@')
        .replace('3003', '5005')
        .replaceAll(/REFER(?=@)|bKREFER/g, '$&2');
      await asks();
      await server.say(others);
      await settled();
      expect(question(test)).toBe('\u2068Bob\u2069 wants to connect you with \u20683003\u2069.');
      test.part('callControl', 'declineRefer').click();
      await settled();
      expect(question(test)).toBe('\u2068Carol\u2069 wants to connect you with \u20685005\u2069.');
      test.part('callControl', 'followRefer').click();
      expect((await server.next('INVITE')).start).toContain('sip:5005@');
      await settled();
      expect(question(test)).toBeUndefined();
    });

    it('is asked no more when the application has had the last word', async () => {
      const test = await connected(allowed, { plugins: [callControl()] });
      test.phone.on('userAgent.refer.requested', ({ request }) => {
        setTimeout(() => void request.sendNotify('SIP/2.0 200 OK'), 1000);
      });
      await asks();
      expect(question(test)).toContain('Bob');
      await vi.advanceTimersByTimeAsync(1000);
      expect(question(test)).toBeUndefined();
    });

    it('is put to the user, until it is too late', async () => {
      const test = await connected(allowed, { plugins: [callControl()] });
      await asks();
      expect(question(test)).toContain('Bob');
      await vi.advanceTimersByTimeAsync(30_100);
      expect(question(test)).toBeUndefined();
      await expect(test.api('callControl').declineRefer()).rejects.toMatchObject({
        code: 'call.stateInvalid',
      });
    });
  });

  it('is told 603 when there is no microphone for it', async () => {
    const { request } = await asked();
    await notice();
    media.failNext('NotAllowedError');
    await expect(request.accept()).rejects.toMatchObject({ code: 'media.denied' });
    expect((await notice()).body).toBe('SIP/2.0 603 Decline');
  });
});

/** What the target of our REFER tells of it. */
const notify = (refer: WireMessage, line: string, more: readonly string[] = []): string =>
  outOfDialog(
    'NOTIFY',
    [
      ...(more.length > 0 ? more : ['Event: refer', 'Subscription-State: active;expires=60']),
      contact,
      'Content-Type: message/sipfrag',
    ],
    line,
  )
    .replace(/Call-ID: .*/, `Call-ID: ${refer.header('Call-ID')}`)
    .replace(/To: .*/, `To: ${refer.header('From')}`)
    .replace('bKNOTIFY', `bK${line.replace(/\W/g, '')}`);
const terminated = ['Event: refer', 'Subscription-State: terminated;reason=noresource'];

describe('a REFER to somebody with whom there is no call', () => {
  async function sent(): Promise<{
    readonly test: TestPhone;
    readonly refer: WireMessage;
    readonly result: Promise<unknown>;
    readonly heard: unknown[];
  }> {
    const test = await connected();
    const heard: unknown[] = [];
    const result = test
      .api('userAgent')
      .refer('2002', '3003', {
        headers: ['X-Why: sales'],
        receiveResponse: ({ statusCode }) => heard.push(['response', statusCode]),
        receiveProgress: ({ statusCode }) => heard.push(['progress', statusCode]),
      })
      .then(
        () => 'done',
        (error: unknown) => error,
      );
    await vi.dynamicImportSettled();
    return { test, refer: await server.next('REFER'), result, heard };
  }

  it('says whom to call and who asks, and is done when that one has answered', async () => {
    const { refer, result, heard } = await sent();
    expect(refer.start).toBe('REFER sip:2002@example.com SIP/2.0');
    expect(refer.header('Refer-To')).toBe('<sip:3003@example.com>');
    expect(refer.header('Referred-By')).toBe('<sip:1001@example.com>');
    expect(refer.header('X-Why')).toBe('sales');
    expect(refer.header('Contact')).toMatch(/^<sip:\w+@.+>$/);
    // The first word may be faster than the response.
    await server.say(notify(refer, 'SIP/2.0 100 Trying'));
    await server.nextResponse(200);
    await server.reply(refer, 202);
    await server.say(notify(refer, 'SIP/2.0 180 Ringing'));
    await server.say(notify(refer, 'SIP/2.0 200 OK', terminated));
    expect(await result).toBe('done');
    expect(heard).toEqual([
      ['progress', 100],
      ['response', 202],
      ['progress', 180],
    ]);
    // Nobody listens to it any more.
    await server.say(notify(refer, 'SIP/2.0 486 Late', terminated));
    await server.nextResponse(481);
  });

  it('is refused when the request is', async () => {
    const { refer, result, heard } = await sent();
    await server.reply(refer, 405);
    expect(await result).toMatchObject({ code: 'transfer.refused', statusCode: 405 });
    expect(heard).toEqual([['response', 405]]);
  });

  it('is refused when nobody answers it', async () => {
    const { result } = await sent();
    await vi.advanceTimersByTimeAsync(33_000);
    expect(await result).toMatchObject({ code: 'transfer.refused', statusCode: 408 });
  });

  it.each([
    ['the target is busy', 'SIP/2.0 486 Busy Here', 486],
    ['it ends without a word of the target', '', undefined],
  ])('has failed when %s', async (_, line, statusCode) => {
    const { refer, result } = await sent();
    await server.reply(refer, 202);
    await server.say(notify(refer, line, terminated));
    expect(await result).toMatchObject({ code: 'transfer.failed', statusCode });
  });

  it('has failed when no word comes of it', async () => {
    const { refer, result } = await sent();
    await server.reply(refer, 202);
    await vi.advanceTimersByTimeAsync(32_100);
    expect(await result).toMatchObject({ code: 'transfer.failed', statusCode: 408 });
  });

  it('has failed when the last word never comes', async () => {
    const { refer, result } = await sent();
    await server.reply(refer, 202);
    await server.say(notify(refer, 'SIP/2.0 180 Ringing'));
    await vi.advanceTimersByTimeAsync(170_000);
    await server.say(notify(refer, 'garbage'));
    expect((await server.nextResponse(400)).method).toBe('NOTIFY');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(await result).toMatchObject({ code: 'transfer.failed', statusCode: 408 });
  });

  it('is given up when the phone stops, or is destroyed', async () => {
    const first = await sent();
    await server.reply(first.refer, 202);
    await first.test.api('userAgent').stop();
    expect(await first.result).toMatchObject({ code: 'userAgent.notStarted' });
    const second = await sent();
    await server.reply(second.refer, 202);
    second.test.phone.destroy();
    expect(await second.result).toMatchObject({ code: 'userAgent.notStarted' });
  });

  it('is not sent to what cannot be called, nor for it', async () => {
    const { api } = await connected();
    const { refer } = api('userAgent');
    const invalid = { code: 'call.targetInvalid' };
    await expect(refer('2002', 'bob smith')).rejects.toMatchObject(invalid);
    await expect(refer('bob smith', '2002')).rejects.toMatchObject(invalid);
    await expect(refer('2002', '3003', { headers: ['x'] })).rejects.toMatchObject({
      code: 'call.headerInvalid',
    });
    expect(server.requests('REFER')).toEqual([]);
  });
});
