import { describe, expect, it, vi } from 'vitest';
import { messages } from '../../plugins/messages/index.ts';
import type { Message } from '../../plugins/messages/index.ts';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { composing, composingType, fakeStore, incoming, own, writing } from './messagesScene.ts';
import { registerAgain } from './subscriptionsScene.ts';
import { challenge, connected, server } from './userAgentScene.ts';

const bob = '2002@example.com';
const textsOf = ({ api }: TestPhone, peer = '2002'): readonly (string | undefined)[] =>
  api('messages')
    .getThread(peer)
    ?.messages.map(({ text }) => text) ?? [];

/** The connection breaks, and is there again. */
async function comeBack(): Promise<void> {
  await vi.advanceTimersByTimeAsync(5_000);
  await registerAgain();
  await settled();
}

describe('a message that is sent', () => {
  it('goes out as text with the credentials, and tells that it was delivered', async () => {
    const test = await writing();
    const sending = test.api('messages').send('2002', 'Grüße 👋 <b>');
    const first = await server.next('MESSAGE');
    expect(first.start).toBe('MESSAGE sip:2002@example.com SIP/2.0');
    expect(first.header('Content-Type')).toBe('text/plain;charset=utf-8');
    expect(first.all('Contact')).toEqual([]);
    expect(first.body).toBe('Grüße 👋 <b>');
    expect(test.api('messages').getThread(bob)?.messages[0]?.status).toBe('sending');
    await server.reply(first, 407, { headers: [challenge.replace('WWW', 'Proxy')] });
    await server.reply(await server.next('MESSAGE'), 200);
    expect(await sending).toMatchObject({
      ...{ peer: bob, direction: 'outgoing', status: 'sent', statusCode: 200, isRead: true },
    });
    expect(test.events.names('messages')).toEqual([
      ...['messages.loaded', 'messages.queued', 'messages.sending', 'messages.sent'],
    ]);
  });

  it('and only taken by the server is told apart', async () => {
    const test = await writing();
    const sending = test.api('messages').send('2002', 'later');
    await server.reply(await server.next('MESSAGE'), 202);
    expect(await sending).toMatchObject({ status: 'sent', statusCode: 202 });
    test.api('messages').select('2002');
    await settled();
    expect(test.part('messages', 'state').textContent).toBe('Taken by the server');
  });

  it('and refused says why, and can be sent again', async () => {
    const test = await writing();
    const sending = test.api('messages').send('2002', 'hello?');
    await server.reply(await server.next('MESSAGE'), 404);
    const failed = await sending;
    expect(failed).toMatchObject({ status: 'failed', statusCode: 404 });
    expect(test.events.of('messages.failed')).toHaveLength(1);
    test.api('messages').select('2002');
    await settled();
    expect(test.part('messages', 'state').textContent).toMatch(/^Not delivered\. \w/);
    test.part('messages', 'retry').click();
    const again = await server.next('MESSAGE');
    expect(again.header('Call-ID')).toBe(failed.id);
    await server.reply(again, 200);
    await settled();
    expect(test.part('messages', 'state').textContent).toBe('Delivered');
    expect(textsOf(test)).toEqual(['hello?']);
    expect(await test.api('messages').retry(failed.id)).toBeUndefined();
  });

  it('and refused with a rare response tells its sentence too', async () => {
    const test = await writing();
    void test.api('messages').send('2002', 'x');
    await server.reply(await server.next('MESSAGE'), 415);
    test.api('messages').select('2002');
    await settled();
    expect(test.part('messages', 'state').textContent).not.toContain('(415)');
    expect(test.part('messages', 'state').textContent.length).toBeGreaterThan(20);
  });

  it('and not answered fails, and those behind it go on', async () => {
    const test = await writing();
    const { send } = test.api('messages');
    const [one, two] = [send('2002', 'one'), send('2002', 'two')];
    await server.next('MESSAGE');
    expect(server.requests('MESSAGE')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(33_000);
    expect(await one).toMatchObject({ status: 'failed', statusCode: 408 });
    const second = await server.next('MESSAGE');
    expect(second.body).toBe('two');
    await server.reply(second, 200);
    expect(await two).toMatchObject({ status: 'sent' });
  });

  it('is not sent when its thread is removed before its turn', async () => {
    const test = await writing();
    const { send, removeThread } = test.api('messages');
    void send('2002', 'one');
    const two = send('2002', 'two');
    const first = await server.next('MESSAGE');
    removeThread('2002');
    expect(await two).toMatchObject({ text: 'two', status: 'queued' });
    await server.reply(first, 200);
    await settled();
    expect(server.requests('MESSAGE')).toHaveLength(1);
    expect(test.api('messages').getThreads()).toEqual([]);
  });

  it('without a text, with too much of it or to nobody is not sent', async () => {
    const test = await writing({ max_bytes: 10 });
    const { send, getThreads } = test.api('messages');
    await expect(send('2002', ' \n')).rejects.toMatchObject({ code: 'messages.textInvalid' });
    await expect(send('2002', 'äöüäöü')).rejects.toMatchObject({ code: 'messages.textInvalid' });
    await expect(send('  ', 'hi')).rejects.toMatchObject({ code: 'call.targetMissing' });
    await expect(send('a b', 'hi')).rejects.toMatchObject({ code: 'call.targetInvalid' });
    await expect(send('sip:a@b\r\nX: y', 'hi')).rejects.toMatchObject({
      code: 'call.targetInvalid',
    });
    expect(getThreads()).toEqual([]);
    expect(server.requests('MESSAGE')).toHaveLength(0);
  });
});

describe('without a connection', () => {
  it('a message waits and goes out in order when the phone is registered again', async () => {
    const test = await writing();
    await server.drop();
    const { send } = test.api('messages');
    expect(await send('2002', 'one')).toMatchObject({ status: 'queued' });
    await send('2002', 'two');
    await comeBack();
    const first = await server.next('MESSAGE');
    expect(first.body).toBe('one');
    await server.reply(first, 200);
    await server.reply(await server.next('MESSAGE'), 200);
    expect(test.events.of('messages.sent').map(({ message }) => message.text)).toEqual([
      ...['one', 'two'],
    ]);
  });

  it('a message whose answer was lost is sent again as the very same', async () => {
    const test = await writing();
    const sending = test.api('messages').send('2002', 'one');
    const first = await server.next('MESSAGE');
    await server.drop();
    expect(await sending).toMatchObject({ status: 'queued' });
    await comeBack();
    const again = await server.next('MESSAGE');
    for (const name of ['Call-ID', 'CSeq', 'From']) {
      expect(again.header(name)).toBe(first.header(name));
    }
    // What the other side answers when the first one had arrived.
    await server.reply(again, 482);
    expect(test.api('messages').getThread('2002')?.messages).toMatchObject([{ status: 'sent' }]);
    void test.api('messages').send('2002', 'two');
    await server.reply(await server.next('MESSAGE'), 482);
    expect(test.events.last('messages.failed')).toMatchObject({ message: { text: 'two' } });
  });

  it('a phone that does not register may send as soon as it is connected', async () => {
    const test = await writing({ after: 'connection' });
    await server.drop();
    await test.api('messages').send('2002', 'one');
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await server.next('MESSAGE')).body).toBe('one');
  });
});

describe('what is kept', () => {
  it('is there again after a reload, and what waited is sent', async () => {
    const storage = fakeStore();
    const before = await writing({ storage });
    await server.say(incoming('first'));
    await server.drop();
    await before.api('messages').send('2002', 'second');
    await settled();
    before.phone.destroy();

    const test = await writing({ storage });
    expect((await server.next('MESSAGE')).body).toBe('second');
    expect(textsOf(test)).toEqual(['first', 'second']);
    expect(test.api('messages').getUnread()).toBe(1);
    expect(test.api('messages').getThread('2002')?.name).toBe('Bob');
  });

  it('belongs to one account', async () => {
    const storage = fakeStore();
    const test = await writing({ storage });
    await server.say(incoming('for 1001'));
    const { stop, start } = test.api('userAgent');
    await stop();
    await start('1003', 'other', null);
    await settled();
    expect(test.api('messages').getThreads()).toEqual([]);
    expect(storage.kept('1003@example.com')).toEqual([]);
    await stop();
    await start('1001', 'again', null);
    await settled();
    expect(textsOf(test)).toEqual(['for 1001']);
  });

  it('is checked, since others may have written there', async () => {
    const storage = fakeStore();
    const good: Message = {
      ...{ id: 'a', peer: bob, name: '', direction: 'incoming', text: 'kept', at: 1 },
      ...{ status: 'received', statusCode: null, isRead: true },
    };
    for (const value of [null, 1, 'x', {}, { ...good, text: 1 }, { ...good, status: 'odd' }]) {
      storage.plant(value);
    }
    storage.plant({ ...good, more: '<b>' });
    const test = await writing({ storage });
    await settled();
    expect(test.api('messages').getThread('2002')?.messages).toEqual([good]);
  });

  it('may fail: messages then last until the page is left', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('full'));
    const test = await writing({ storage: { load: fail, put: fail, remove: fail } });
    await server.say(incoming('one'));
    await server.say(incoming('two'));
    expect(textsOf(test)).toEqual(['one', 'two']);
    expect(test.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('has bounds: old messages go, and threads in which the user never wrote', async () => {
    const storage = fakeStore();
    const test = await writing({ storage, messages_kept: 2, threads_kept: 2 });
    void test.api('messages').send('3003', 'mine');
    for (const text of ['one', 'two', 'three']) await server.say(incoming(text));
    expect(textsOf(test)).toEqual(['two', 'three']);
    await vi.advanceTimersByTimeAsync(10);
    await server.say(incoming('spam', { from: '<sip:9@spam.example>' }));
    const { getThreads } = test.api('messages');
    expect(getThreads().map(({ peer }) => peer)).toEqual(['9@spam.example', '3003@example.com']);
    expect(test.events.of('messages.removed')).toEqual([{ peer: bob }]);
    expect(storage.kept().map(({ text }) => text)).toEqual(['mine', 'spam']);
  });

  it('keeps who writes for the first time, however many the user has written to', async () => {
    const test = await writing({ threads_kept: 2 });
    for (const peer of ['3003', '4004']) {
      void test.api('messages').send(peer, 'mine');
      await server.reply(await server.next('MESSAGE'), 200);
    }
    await vi.advanceTimersByTimeAsync(10);
    await server.say(incoming('a new customer'));
    expect(textsOf(test)).toEqual(['a new customer']);
    expect(test.api('messages').getThreads()).toHaveLength(2);
  });

  it('is forgotten by wish', async () => {
    const storage = fakeStore();
    const test = await writing({ storage });
    await server.say(incoming('one'));
    test.api('messages').removeThread('2002');
    await settled();
    expect(storage.kept(own)).toEqual([]);
    expect(test.api('messages').getThread('2002')).toBeUndefined();
  });
});

describe('a message that comes in', () => {
  it('is answered, shown once however often it comes, and still told by the agent', async () => {
    const test = await writing();
    const text = incoming('hi', { callId: 'same@far', cseq: 4 });
    await server.say(text);
    await server.nextResponse(200);
    await server.say(text);
    await server.say(incoming('hi', { callId: 'same@far', cseq: 4 }));
    await server.nextResponse(482);
    await vi.advanceTimersByTimeAsync(40_000);
    await server.say(incoming('hi', { callId: 'same@far', cseq: 4 }));
    await server.nextResponse(200);
    expect(textsOf(test)).toEqual(['hi']);
    expect(test.events.of('messages.received')).toMatchObject([
      { message: { peer: bob, name: 'Bob', text: 'hi' }, thread: { unread: 1 } },
    ]);
    // The same request once, another one with the same number once more.
    expect(test.events.of('userAgent.received.message')).toHaveLength(2);
    expect(test.events.last('userAgent.received.message')).toMatchObject({
      ...{ originator: 'remote', from: 'sip:2002@example.com', body: 'hi' },
      contentType: 'text/plain',
    });
    await server.say(incoming('hi', { callId: 'same@far', cseq: 5 }));
    expect(textsOf(test)).toEqual(['hi', 'hi']);
  });

  const gzip = { headers: ['Content-Encoding: gzip'] };
  it.each([
    { type: 'text/html', body: '<b>hi</b>', status: 415, header: 'Accept' },
    { type: '', body: 'hi', status: 415, header: 'Accept' },
    { type: 'text/plain', body: 'hi', more: gzip, status: 415, header: 'Accept-Encoding' },
    { type: 'text/plain', body: 'x'.repeat(2_000), status: 413, header: 'Content-Length' },
  ])(
    'of the type "$type" is refused with $status',
    async ({ type, body, more, status, header }) => {
      const test = await writing({ max_bytes: 1_000 });
      await server.say(incoming(body, { type, ...more }));
      const refusal = await server.nextResponse(status);
      expect(refusal.header(header)).not.toBe('');
      expect(test.api('messages').getThreads()).toEqual([]);
      expect(test.events.of('userAgent.received.message')).toHaveLength(1);
    },
  );

  it('belongs to who sent it, though the name has parameters; of a host alone it is refused', async () => {
    const test = await writing();
    await server.say(incoming('one', { from: '<sip:2002;ext=5@example.com;transport=tcp>' }));
    await server.nextResponse(200);
    await server.say(incoming('two', { from: '<sip:example.com>' }));
    await server.nextResponse(400);
    const { getThreads } = test.api('messages');
    expect(getThreads().map(({ peer }) => peer)).toEqual(['2002;ext=5@example.com']);
  });

  it('says which types are taken', async () => {
    await writing();
    await server.say(incoming('{}', { type: 'application/json' }));
    const { header } = await server.nextResponse(415);
    expect(header('Accept')).toBe(`text/plain, ${composingType}`);
  });

  it.each([
    ['"Bob" <sips:2002@EXAMPLE.com;transport=ws>', bob],
    ['<sip:+49301234@example.com;user=phone>', '+49301234@example.com'],
    ['<sip:eve@other.example:5070>', 'eve@other.example:5070'],
  ])('from %s stands in the thread of %s', async (from, peer) => {
    const test = await writing();
    await server.say(incoming('hi', { from, type: 'Text/Plain; charset=UTF-8' }));
    expect(test.api('messages').getThreads()).toMatchObject([{ peer }]);
  });

  it('is unread until its thread is opened, and read at once where that is open', async () => {
    const test = await writing();
    const { getUnread, select, markRead } = test.api('messages');
    await server.say(incoming('one'));
    await server.say(incoming('two'));
    expect(getUnread()).toBe(2);
    select('2002');
    expect(getUnread()).toBe(0);
    expect(test.events.of('messages.read')).toHaveLength(1);
    await server.say(incoming('three'));
    expect(getUnread()).toBe(0);
    select(null);
    await server.say(incoming('four'));
    expect(getUnread()).toBe(1);
    markRead('2002');
    expect(getUnread()).toBe(0);
  });

  it('leaves no text in the log', async () => {
    const test = await writing();
    await server.say(incoming('s3cret words'));
    void test.api('messages').send('2002', 's3cret answer');
    await server.reply(await server.next('MESSAGE'), 500);
    expect(JSON.stringify(test.log)).not.toContain('s3cret');
  });
});

it('goes through one account, and leaves what comes to another one alone', async () => {
  const work = {
    ...{ id: 'work', transport: { sockets: ['wss://work.example.com'] } },
    authentication: { username: '7001', password: 'x', realm: 'work.example.com' },
    user_agent: { register: false },
  };
  const test = await connected(
    { accounts: [work] },
    {
      plugins: [messages({ storage: false, account: 'work', after: 'connection' })],
    },
  );
  void test.api('messages').send('2002', 'hi');
  expect((await server.next('MESSAGE')).header('From')).toContain('sip:7001@work.example.com');
  await server.say(incoming('for 1001'));
  await server.nextResponse(200);
  expect(
    test
      .api('messages')
      .getThreads()
      .map(({ peer }) => peer),
  ).toEqual(['2002@work.example.com']);
  expect(test.events.of('userAgent.received.message')).toHaveLength(1);
});

it('is left alone by what is only typing', async () => {
  const test = await writing();
  await server.say(incoming(composing('active'), { type: composingType }));
  await server.nextResponse(200);
  expect(test.api('messages').getThreads()).toEqual([]);
});
