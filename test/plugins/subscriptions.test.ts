import { describe, expect, it, vi } from 'vitest';
import { subscriptions } from '../../plugins/subscriptions/index.ts';
import { settled } from '../support/fakeSession.ts';
import { farTag } from '../support/scriptedSocket.ts';
import {
  agreed,
  asking,
  notifier,
  notify,
  registerAgain,
  subscribed,
} from './subscriptionsScene.ts';
import { accept, challenge, connected, phoneWith, server } from './userAgentScene.ts';

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 1000);
const asked = (): number => server.requests('SUBSCRIBE').length;

describe('a subscription', () => {
  it('is asked for once the phone is registered, and active when the server tells the state', async () => {
    const plugins = [subscriptions()];
    const test = phoneWith({}, { plugins });
    const heard = vi.fn();
    const { snapshot } = test
      .api('subscriptions')
      .subscribe({ target: '2002', event: 'dialog', onNotify: heard });
    const register = await server.next('REGISTER');
    expect(asked()).toBe(0);
    expect(snapshot()).toMatchObject({ status: 'waiting', target: '2002', event: 'dialog' });

    await accept(register);
    const subscribe = await server.next('SUBSCRIBE');
    expect(subscribe.start).toBe('SUBSCRIBE sip:2002@example.com SIP/2.0');
    expect(subscribe.header('Event')).toBe('dialog');
    expect(subscribe.header('Expires')).toBe('3600');
    expect(snapshot().status).toBe('subscribing');
    await server.reply(subscribe, 200, agreed());
    expect(snapshot().status).toBe('subscribing');

    await server.say(notify(subscribe, { type: 'Text/X; a=b', body: 'ringing' }));
    await server.nextResponse(200);
    expect(snapshot().status).toBe('active');
    expect(heard).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ contentType: 'text/x', body: 'ringing' }),
    );
    expect(test.events.of('subscriptions.notified')).toMatchObject([{ body: 'ringing' }]);
  });

  it('carries what its owner asked for, and credentials', async () => {
    const { subscribe, snapshot } = await asking(120);
    expect(subscribe.header('Accept')).toBe('application/dialog-info+xml');
    expect(subscribe.header('X-Own')).toBe('yes');
    await server.reply(subscribe, 401, { headers: [challenge] });
    const again = await server.next('SUBSCRIBE');
    expect(again.header('Authorization')).toContain('Digest');
    expect(again.header('Call-ID')).toBe(subscribe.header('Call-ID'));
    await server.reply(again, 200, agreed());
    await server.say(notify(again, { state: 'pending' }));
    expect(snapshot().status).toBe('pending');
  });

  it('keeps a NOTIFY that is faster than the 200, and its dialog', async () => {
    const { subscribe, notes, snapshot, refresh } = await asking();
    const headers = [`Contact: <${notifier}>`, 'Record-Route: <sip:p1;lr>, <sip:p2;lr>'];
    await server.say(notify(subscribe, { tag: 'early', body: 'first', headers }));
    await server.nextResponse(200);
    expect(notes.map(({ body }) => body)).toEqual(['first']);
    expect(snapshot().status).toBe('active');
    await server.reply(subscribe, 200, agreed());
    refresh();
    const next = await server.next('SUBSCRIBE');
    expect(next.header('To')).toContain(';tag=early');
    expect(next.start).toBe(`SUBSCRIBE ${notifier} SIP/2.0`);
    expect(next.all('Route').join(',')).toBe('<sip:p1;lr>,<sip:p2;lr>');
  });

  it('is refreshed in its dialog before it expires, by the routes the other way round', async () => {
    const { subscribe, snapshot } = await asking();
    const { headers } = agreed(300);
    await server.reply(subscribe, 200, {
      headers: [...headers, 'Record-Route: <sip:p1;lr>', 'Record-Route: <sip:p2;lr>'],
    });
    await server.say(notify(subscribe, { state: 'active' }));
    await seconds(209);
    expect(asked()).toBe(1);
    await seconds(2);
    const refresh = await server.next('SUBSCRIBE');
    expect(refresh.start).toBe(`SUBSCRIBE ${notifier} SIP/2.0`);
    expect(refresh.header('To')).toContain(`2002@example.com>;tag=${farTag}`);
    expect(refresh.header('Call-ID')).toBe(subscribe.header('Call-ID'));
    expect(refresh.cseq).toBeGreaterThan(subscribe.cseq);
    expect(refresh.all('Route').join(',')).toBe('<sip:p2;lr>,<sip:p1;lr>');
    await server.reply(refresh, 200, agreed(300));
    expect(snapshot().status).toBe('active');
    await seconds(211);
    expect(asked()).toBe(3);
  });

  it('goes by the shorter time that a NOTIFY names, and by its new address', async () => {
    const { subscribe } = await subscribed();
    await server.say(
      notify(subscribe, {
        state: 'active;expires=20',
        headers: ['Contact: <sip:moved@192.0.2.7>'],
      }),
    );
    await seconds(11);
    expect((await server.next('SUBSCRIBE')).start).toBe('SUBSCRIBE sip:moved@192.0.2.7 SIP/2.0');
  });

  it('is not asked for all the time by a server that wants it so', async () => {
    const { subscribe } = await subscribed();
    await server.say(notify(subscribe, { state: 'active;expires=0' }));
    await seconds(1);
    expect(asked()).toBe(1);
  });
});

describe('a NOTIFY', () => {
  it('of an unknown dialog, or of another branch of it, is answered with 481', async () => {
    const { subscribe, notes } = await subscribed();
    await server.say(notify(subscribe, { toTag: 'nobody' }));
    await server.nextResponse(481);
    await server.say(notify(subscribe, { tag: 'fork', body: 'x' }));
    await server.nextResponse(481);
    expect(notes).toHaveLength(1);
  });

  it('that was overtaken is refused and not told', async () => {
    const { subscribe, notes } = await subscribed();
    await server.say(notify(subscribe, { cseq: 5000, body: 'new' }));
    await server.say(notify(subscribe, { cseq: 4999, body: 'old' }));
    await server.nextResponse(500);
    expect(notes.map(({ body }) => body)).toEqual(['', 'new']);
  });

  it('without a state is refused; one whose listener fails is answered all the same', async () => {
    const test = await subscribed();
    await server.say(notify(test.subscribe, { state: '' }));
    await server.nextResponse(400);
    const failing = test.api('subscriptions').subscribe({
      target: '2003',
      event: 'dialog',
      onNotify: () => {
        throw new Error('broken');
      },
    });
    const subscribe = await server.next('SUBSCRIBE');
    await server.reply(subscribe, 200, agreed());
    await server.say(notify(subscribe));
    await server.nextResponse(200);
    expect(failing.snapshot().status).toBe('active');
    expect(test.log.some(({ level }) => level === 'error')).toBe(true);
  });
});

describe('after the connection was lost', () => {
  it('it is asked for anew, in a new dialog, once the phone is registered again', async () => {
    const { subscribe, snapshot, notes } = await subscribed();
    await server.drop();
    expect(snapshot()).toMatchObject({ status: 'waiting', expiresAt: null });
    await seconds(5);
    expect(asked()).toBe(1);
    await registerAgain();
    const again = await server.next('SUBSCRIBE');
    expect(again.header('Call-ID')).not.toBe(subscribe.header('Call-ID'));
    expect(again.header('To')).not.toContain('tag=');
    await server.reply(again, 200, agreed());
    await server.say(notify(again, { body: 'back' }));
    expect(snapshot().status).toBe('active');
    expect(notes.at(-1)?.session).not.toBe(notes[0]?.session);
  });

  it('nothing is left of the old dialog, not even its refresh', async () => {
    const { subscribe } = await subscribed(60);
    await server.drop();
    server.accept(false);
    await seconds(120);
    expect(asked()).toBe(1);
    server.accept(true);
    // A reconnection waits 30 s at the most, and a REGISTER that it sends at once is given up after 32 s.
    await seconds(31);
    await registerAgain();
    await server.next('SUBSCRIBE');
    await server.say(notify(subscribe, { body: 'late' }));
    await server.nextResponse(481);
  });
});

describe('unsubscribed', () => {
  it('the server is told, and its last word is taken', async () => {
    const { subscribe, snapshot, notes, unsubscribe, api } = await subscribed();
    const left = unsubscribe();
    const bye = await server.next('SUBSCRIBE');
    expect(bye.header('Expires')).toBe('0');
    expect(bye.header('Call-ID')).toBe(subscribe.header('Call-ID'));
    await server.reply(bye, 200, agreed(0));
    await left;
    await server.say(notify(subscribe, { state: 'terminated;reason=timeout', body: 'last' }));
    await server.nextResponse(200);
    expect(snapshot().status).toBe('ended');
    expect(notes).toHaveLength(1);
    expect(api('subscriptions').list()).toEqual([]);
    await seconds(4000);
    expect(asked()).toBe(2);
  });

  it('it ends though the last word never comes, whatever else is told meanwhile', async () => {
    const { subscribe, snapshot, unsubscribe } = await subscribed();
    void unsubscribe();
    await server.reply(await server.next('SUBSCRIBE'), 200, agreed(0));
    await server.say(notify(subscribe));
    await server.nextResponse(200);
    await seconds(40);
    expect(snapshot().status).toBe('ended');
    expect(vi.getTimerCount()).toBeLessThan(4);
  });

  it('before the first answer, it is ended after it', async () => {
    const { subscribe, unsubscribe, snapshot } = await asking();
    const left = unsubscribe();
    await server.reply(subscribe, 200, agreed());
    const bye = await server.next('SUBSCRIBE');
    expect(bye.header('Expires')).toBe('0');
    await server.reply(bye, 481);
    await left;
    expect(snapshot().status).toBe('ended');
  });

  it('a phone that stops or goes away tells the server, and leaves no timer', async () => {
    const { api, phone } = await subscribed();
    await api('userAgent').stop();
    expect((await server.next('SUBSCRIBE')).header('Expires')).toBe('0');
    expect(api('subscriptions').list()).toMatchObject([{ status: 'waiting' }]);
    await api('userAgent').start();
    await settled();
    await registerAgain();
    const again = await server.next('SUBSCRIBE');
    await server.reply(again, 200, agreed());
    phone.destroy();
    expect((await server.next('SUBSCRIBE')).header('Expires')).toBe('0');
    await seconds(40);
    expect(vi.getTimerCount()).toBe(0);
    expect(asked()).toBe(4);
  });
});

describe('a phone that does not register', () => {
  it('subscribes when it is connected', async () => {
    const test = await connected({}, { plugins: [subscriptions({ after: 'connection' })] });
    test.api('subscriptions').subscribe({ target: 'sip:bob@example.org', event: 'presence' });
    const subscribe = await server.next('SUBSCRIBE');
    expect(subscribe.start).toBe('SUBSCRIBE sip:bob@example.org SIP/2.0');
  });

  it('refuses headers that are none', async () => {
    const test = await connected({}, { plugins: [subscriptions()] });
    const { subscribe } = test.api('subscriptions');
    expect(() => subscribe({ target: '2', event: 'a\r\nb' })).toThrow('headers[0]');
  });
});
