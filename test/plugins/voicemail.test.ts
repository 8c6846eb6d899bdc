import { describe, expect, it, vi } from 'vitest';
import ar from '../../locales/ar.json' with { type: 'json' };
import de from '../../locales/de.json' with { type: 'json' };
import fa from '../../locales/fa.json' with { type: 'json' };
import hi from '../../locales/hi.json' with { type: 'json' };
import ja from '../../locales/ja.json' with { type: 'json' };
import { subscriptions } from '../../plugins/subscriptions/index.ts';
import { voicemail } from '../../plugins/voicemail/index.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { agreed, notify, watching } from './subscriptionsScene.ts';
import { connected, outOfDialog, server } from './userAgentScene.ts';

const summary = (...lines: readonly string[]): string =>
  lines.map((line) => `${line}\r\n`).join('');
const messages = summary(
  'Messages-Waiting: yes',
  'Message-Account: sip:*98@example.com',
  'Voice-Message: 3/8 (1/2)',
  'Fax-Message: 0/1',
);

interface Scene extends TestPhone {
  readonly subscribe: WireMessage;
  readonly tell: (body: string) => Promise<void>;
}

async function scene(options: Parameters<typeof voicemail>[0] = {}): Promise<Scene> {
  const test = await watching([voicemail(options)]);
  const subscribe = await server.next('SUBSCRIBE');
  await server.reply(subscribe, 200, agreed());
  const tell = async (body: string): Promise<void> => {
    await server.say(notify(subscribe, { type: 'application/simple-message-summary', body }));
    await server.nextResponse(200);
    await Promise.resolve();
  };
  return { ...test, subscribe, tell };
}

describe('the mailbox', () => {
  it('is that of the account, or another one', async () => {
    const { subscribe } = await scene();
    expect(subscribe.start).toBe('SUBSCRIBE sip:1001@example.com SIP/2.0');
    expect(subscribe.header('To')).toBe('<sip:1001@example.com>');
    expect(subscribe.header('Event')).toBe('message-summary');
    expect(subscribe.header('Accept')).toBe('application/simple-message-summary');
  });

  it('tells how many messages there are, of each kind', async () => {
    const { tell, api, events, part } = await scene();
    expect(api('voicemail').getState().isKnown).toBe(false);
    expect(part('voicemail', 'state').textContent.trim()).toBe(
      'Nothing is known of the mailbox yet.',
    );
    expect(part('voicemail', 'panel').dataset['status']).toBe('unknown');
    await tell(messages);
    expect(api('voicemail').getState()).toEqual({
      ...{ isKnown: true, isWaiting: true, account: 'sip:*98@example.com' },
      counts: {
        voice: { fresh: 3, old: 8, urgentFresh: 1, urgentOld: 2 },
        fax: { fresh: 0, old: 1, urgentFresh: 0, urgentOld: 0 },
      },
    });
    expect(part('voicemail', 'state').textContent.trim()).toBe('3 new, 1 urgent, 9 old');
    expect(part('voicemail', 'panel').dataset['status']).toBe('waiting');
    expect(events.of('voicemail.received')).toMatchObject([{ added: 3 }]);

    await tell(messages);
    await tell(summary('messages-waiting:no'));
    expect(events.of('voicemail.updated')).toHaveLength(2);
    expect(events.of('voicemail.received')).toHaveLength(1);
    expect(part('voicemail', 'state').textContent.trim()).toBe('No new messages');
  });

  it.each([
    ['ar', ar, '3 رسائل جديدة ورسالة عاجلة و9 رسائل قديمة'],
    ['ar-EG', ar, '٣ رسائل جديدة ورسالة عاجلة و٩ رسائل قديمة'],
    ['de', de, '3 neue, 1 dringende und 9 alte'],
    ['fa', fa, '۳ جدید،\u200f ۱ فوری،\u200f ۹ قدیمی'],
    ['hi', hi, '3 नए, 1 ज़रूरी और 9 पुराने'],
    ['ja', ja, '新しい伝言 3 件、至急の伝言 1 件、古い伝言 9 件'],
  ])('tells it as one does in %s, also when the language changes', async (lng, texts, words) => {
    const { tell, part, phone } = await scene();
    await tell(messages);
    phone.i18n.addBundle('voicemail', lng, texts.voicemail);
    await phone.i18n.changeLanguage(lng);
    await Promise.resolve();
    expect(part('voicemail', 'state').textContent.trim()).toBe(words);
  });

  it('that only says that something waits is believed', async () => {
    const { tell, part } = await scene();
    await tell(summary('Messages-Waiting: YES'));
    expect(part('voicemail', 'state').textContent.trim()).toBe('New messages');
  });

  it('is called by the button: where configured, else where the server says', async () => {
    const { tell, part, root } = await scene();
    await tell(summary('Messages-Waiting: yes'));
    expect(root('voicemail').querySelector('button')).toBeNull();
    await tell(messages);
    part('voicemail', 'call').click();
    part('voicemail', 'call').click();
    expect((await server.next('INVITE')).start).toContain('sip:*98@example.com');
    part('voicemail', 'call').click();
    await vi.advanceTimersByTimeAsync(10);
    // A double click is one wish.
    expect(server.requests('INVITE')).toHaveLength(1);
  });

  it('is not that of who was logged in before', async () => {
    const { tell, api, events } = await scene();
    await tell(messages);
    const { stop, start } = api('userAgent');
    await stop();
    await start('1003', 'other', null);
    expect(api('voicemail').getState()).toMatchObject({ isKnown: false, counts: {} });
    expect(events.last('voicemail.updated').state.isKnown).toBe(false);
  });

  it('is called by the configured number', async () => {
    const { api } = await scene({ mailbox: '*97' });
    void api('voicemail').call();
    expect((await server.next('INVITE')).start).toContain('sip:*97@example.com');
  });

  it('nobody can call that nobody names', async () => {
    const { api } = await scene();
    await expect(api('voicemail').call()).rejects.toMatchObject({ code: 'call.targetMissing' });
  });

  it.each([
    ['nothing of messages', 'Voice-Message: 1/0'],
    ['an answer that is none', 'Messages-Waiting: maybe'],
    ['too much', `Messages-Waiting: yes\r\n${'x'.repeat(10_000)}`],
    ['markup', '<b>Messages-Waiting: yes</b>'],
  ])('stays as it was when told %s', async (_, body) => {
    const { tell, api } = await scene();
    await tell(body);
    expect(api('voicemail').getState().isKnown).toBe(false);
  });

  it('takes no number and no address that is none', async () => {
    const { tell, api } = await scene();
    await tell(
      summary(
        'Messages-Waiting: yes',
        'Message-Account: javascript:alert(1)',
        'Voice-Message: -1/x',
      ),
    );
    expect(api('voicemail').getState()).toMatchObject({ account: '', counts: {} });
  });
});

it('a NOTIFY that nobody asked for counts as well, without a subscription too', async () => {
  const user_agent = { allow_legacy_notifications: true };
  const plugins = [subscriptions(), voicemail({ subscribe: false })];
  const test = await connected({ user_agent }, { plugins });
  const headers = ['Event: message-summary', 'Content-Type: application/simple-message-summary'];
  await server.say(outOfDialog('NOTIFY', headers, messages));
  await server.nextResponse(200);
  expect(test.api('voicemail').getState().counts.voice?.fresh).toBe(3);
  expect(server.requests('SUBSCRIBE')).toHaveLength(0);
});
