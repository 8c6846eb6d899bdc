import { describe, expect, it, vi } from 'vitest';
import type { IncomingRequest } from '../../plugins/userAgent/index.ts';
import { challenge, connected, password, server } from './userAgentScene.ts';

const incoming = (method: string, more: readonly string[] = []): string =>
  [
    `${method} sip:1001@example.com SIP/2.0`,
    'Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKfar',
    'Max-Forwards: 70',
    'From: "Bob" <sip:2002@example.com>;tag=far',
    'To: <sip:1001@example.com>',
    `Call-ID: ${method}@far`,
    `CSeq: 7 ${method}`,
    ...more,
    'Content-Type: text/plain',
    'Content-Length: 2',
    '',
    'hi',
  ].join('\r\n');

describe('a request outside of any call', () => {
  it('carries what it was given, and the credentials when it is asked for them', async () => {
    const test = await connected();
    const answer = test.api('userAgent').request('SUBSCRIBE', '2002', {
      headers: ['Event: presence'],
      body: '<watch/>',
      contentType: 'application/xml',
      dialog: {
        callId: 'a-dialog',
        localTag: 'ours',
        remoteTag: 'theirs',
        to: 'sip:bob@example.com',
        cseq: 5,
        routes: ['<sip:proxy.example.com;lr>'],
      },
    });
    const first = await server.next('SUBSCRIBE');
    expect(first.start).toBe('SUBSCRIBE sip:2002@example.com SIP/2.0');
    expect(first.header('Call-ID')).toBe('a-dialog');
    expect(first.header('From')).toContain('tag=ours');
    expect(first.header('To')).toBe('<sip:bob@example.com>;tag=theirs');
    expect(first.header('CSeq')).toBe('5 SUBSCRIBE');
    expect(first.header('Route')).toBe('<sip:proxy.example.com;lr>');
    expect(first.header('Contact')).toMatch(/^<sip:\w+@.*>$/);
    expect(first.header('Content-Type')).toBe('application/xml');
    expect(first.body).toBe('<watch/>');

    await server.reply(first, 401, { headers: [challenge] });
    const second = await server.next('SUBSCRIBE');
    expect(second.header('Authorization')).toContain('username="1001"');
    expect(second.text).not.toContain(password);
    await server.reply(second, 489, { headers: ['Allow-Events: dialog'] });
    const response = await answer;
    expect(response).toMatchObject({ statusCode: 489, cseq: 6, callId: 'a-dialog' });
    expect(response.header('Allow-Events')).toBe('dialog');
    expect(response.header('Retry-After')).toBeNull();
  });

  it('that nobody answers fails as 408', async () => {
    const test = await connected();
    const answer = test.api('userAgent').request('OPTIONS', '2002');
    const failed = expect(answer).rejects.toMatchObject({
      code: 'userAgent.requestFailed',
      statusCode: 408,
    });
    await vi.advanceTimersByTimeAsync(33_000);
    await failed;
  });

  it('fails when the connection breaks, and is not sent without one', async () => {
    const test = await connected();
    const { request } = test.api('userAgent');
    const lost = expect(request('OPTIONS', '2002')).rejects.toMatchObject({
      code: 'userAgent.notConnected',
    });
    await server.drop();
    await lost;
    await expect(request('OPTIONS', '2002')).rejects.toMatchObject({
      code: 'userAgent.notConnected',
    });
  });

  it('with a line break in a header or to no address is not sent', async () => {
    const test = await connected();
    const { request } = test.api('userAgent');
    await expect(request('OPTIONS', '2002', { headers: ['A: b\r\nC: d'] })).rejects.toMatchObject({
      code: 'call.headerInvalid',
    });
    await expect(request('OPTIONS', 'sip:%zz@')).rejects.toMatchObject({
      code: 'call.targetInvalid',
    });
    expect(server.requests('OPTIONS')).toHaveLength(0);
  });
});

describe('a request that comes in outside of any call', () => {
  it('goes to who takes it, once, with the answer that they give', async () => {
    const test = await connected();
    const taken: IncomingRequest[] = [];
    const off = test.api('userAgent').onRequest({
      method: 'NOTIFY',
      matches: (request) => request.header('Event') === 'dialog',
      take: (request) => {
        taken.push(request);
        request.reply(202, { headers: ['X-Seen: yes'] });
      },
    });
    const notify = incoming('NOTIFY', ['Event: dialog']);
    await server.say(notify);
    await server.say(notify);
    expect(taken).toHaveLength(1);
    expect(taken[0]).toMatchObject({
      ...{ method: 'NOTIFY', from: 'sip:2002@example.com', fromName: 'Bob', body: 'hi' },
      ...{ to: 'sip:1001@example.com', callId: 'NOTIFY@far', fromTag: 'far', cseq: 7 },
    });
    const answer = await server.nextResponse(202);
    expect(answer.header('X-Seen')).toBe('yes');

    off();
    await server.say(notify.replace('bKfar', 'bKnew').replace('7 NOTIFY', '8 NOTIFY'));
    expect((await server.nextResponse(481)).method).toBe('NOTIFY');
    expect(taken).toHaveLength(1);
  });

  it('is answered as ever when it is not what they take', async () => {
    const test = await connected();
    const takes = vi.fn();
    test.api('userAgent').onRequest({ method: 'SUBSCRIBE', matches: () => false, take: takes });
    await server.say(incoming('SUBSCRIBE'));
    expect((await server.nextResponse(405)).method).toBe('SUBSCRIBE');
    expect(takes).not.toHaveBeenCalled();
  });
});
