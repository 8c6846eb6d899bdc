import { describe, expect, it, vi } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import {
  ackOf,
  connected,
  incomingCancel,
  incomingInvite,
  media,
  server,
  talking,
} from './userAgentScene.ts';
import type { More, Options } from './userAgentScene.ts';

// Calls that are answered without the user.

const at = (policy: 'off' | 'idle' | 'always'): Options => ({
  user_agent: { auto_answer: policy },
});
const atOnce = 'Call-Info: <sip:example.com>;answer-after=0';

const finals = (): readonly (number | null)[] =>
  server.sent.map(({ status }) => status).filter((status) => status !== null && status >= 200);

/** Somebody calls with these headers a phone that may use the microphone. */
async function called(
  headers: readonly string[],
  options: Options = at('idle'),
  more: More = {},
): Promise<TestPhone> {
  const test = await connected(options, more);
  await media.permit('microphone', 'granted');
  await arrive(headers);
  return test;
}

async function arrive(headers: readonly string[]): Promise<void> {
  await server.say(incomingInvite('1001', headers));
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(0);
  await settled();
}

describe('a call that asks to be answered by itself', () => {
  it.each([
    atOnce,
    'Call-Info: <http://example.com/icon>;purpose=icon, <sip:example.com> ; Answer-After = 0',
    'Alert-Info: <http://example.com>;answer-after=0',
    'Alert-Info: <http://www.example.com>;info=alert-autoanswer;delay=0',
    'Alert-Info: <http://www.example.com>;info="alert-autoanswer"',
  ])('is answered (%s), without a picture', async (header) => {
    const { phone, events } = await called([header]);
    const accepted = await server.nextResponse(200);
    await server.say(ackOf(accepted));
    await settled();
    const [call] = phone.calls.list();
    expect(call?.snapshot).toMatchObject({ status: 'established', localVideo: 'none' });
    expect(media.requests.map(({ video }) => video ?? false)).toEqual([false]);
    expect(events.last('userAgent.autoAnswer.answered')).toMatchObject({ callId: call?.id });
  });

  it.each([
    ['by default', {}, atOnce],
    ['when it does not ask for it', at('idle'), 'Call-Info: <sip:example.com>;purpose=info'],
  ])('rings %s', async (_, options, header) => {
    const { phone, events } = await called([header], options);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(finals()).toEqual([]);
    expect(phone.calls.list()[0]?.isRinging()).toBe(true);
    expect(events.names('userAgent.autoAnswer')).toEqual([]);
  });

  it.each([
    ['is a name only', 'Alert-Info: <http://example.com/answer-after=0>'],
    ['asks for it in an hour', 'Call-Info: <sip:a>;answer-after=3600'],
    ['asks for it where that is not asked', 'Call-Info: <sip:a>;info=alert-autoanswer'],
  ])('rings when it %s, and that is told', async (_, header) => {
    const { phone, events } = await called([header]);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(finals()).toEqual([]);
    expect(phone.calls.list()[0]?.isRinging()).toBe(true);
    expect(events.last('userAgent.autoAnswer.skipped').reason).toBe('unclear');
  });

  it('is answered after the seconds that it asks for, and rings until then', async () => {
    await called(['Call-Info: <sip:example.com>;answer-after=5']);
    await vi.advanceTimersByTimeAsync(4900);
    expect(finals()).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    await server.nextResponse(200);
  });

  it('may be refused by the user before', async () => {
    const { phone } = await called(['Call-Info: <sip:example.com>;answer-after=5']);
    await phone.calls.list()[0]?.reject();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(finals()).toEqual([480]);
    expect(media.requests).toEqual([]);
  });

  it('opens no microphone when the caller gives up before', async () => {
    await called(['Call-Info: <sip:example.com>;answer-after=5']);
    await server.say(incomingCancel);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(media.requests).toEqual([]);
  });

  it('that the user has answered is none of those', async () => {
    const { phone, events } = await called(['Call-Info: <sip:example.com>;answer-after=5']);
    await phone.calls.list()[0]?.answer();
    await server.say(ackOf(await server.nextResponse(200)));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events.names('userAgent.autoAnswer')).toEqual(['userAgent.autoAnswer.expected']);
  });

  it.each([['prompt' as const], ['denied' as const]])(
    'rings for the user when the microphone is at "%s", and asks no question',
    async (state) => {
      const { phone, events } = await connected(at('idle'));
      await media.permit('microphone', state);
      await arrive([atOnce]);
      expect([finals(), media.requests]).toEqual([[], []]);
      expect(events.last('userAgent.autoAnswer.skipped').reason).toBe('permission');
      expect(phone.calls.list()[0]?.isRinging()).toBe(true);
    },
  );

  it.each([
    ['rings', false],
    ['is answered', true],
  ])(
    '%s in a browser that tells nothing of permissions, as the names of devices say',
    async (_, isNamed) => {
      const label = isNamed ? 'Desk microphone' : '';
      fakeMedia({
        tellsPermissions: false,
        devices: [{ deviceId: 'mic1', kind: 'audioinput', label, groupId: 'desk' }],
      });
      if (isNamed) await navigator.mediaDevices.getUserMedia({ audio: true });
      await connected(at('idle'));
      await arrive([atOnce]);
      expect(finals()).toEqual(isNamed ? [200] : []);
    },
  );

  it('rings for the user when the microphone cannot be opened', async () => {
    const { phone, events } = await connected(at('idle'));
    await media.permit('microphone', 'granted');
    media.failNext('NotFoundError');
    await arrive([atOnce]);
    expect(events.last('userAgent.autoAnswer.skipped').reason).toBe('media');
    expect(phone.calls.list()[0]?.isRinging()).toBe(true);
  });

  it('rings while there is another call, unless it may come in then too', async () => {
    const { call, events } = await talking(at('idle'), { plugins: [callList()] });
    await media.permit('microphone', 'granted');
    await arrive([atOnce]);
    expect(finals()).toEqual([]);
    expect(events.last('userAgent.autoAnswer.skipped').reason).toBe('busy');
    expect(call.isPrimary()).toBe(true);
  });

  it('is answered during another call where that is configured', async () => {
    await talking(at('always'), { plugins: [callList()] });
    await media.permit('microphone', 'granted');
    await arrive([atOnce]);
    await server.nextResponse(200);
  });

  it('sends no sound from its first packet on when it is muted at the news of the answer', async () => {
    const { phone, events } = await connected(at('idle'));
    await media.permit('microphone', 'granted');
    phone.on('userAgent.autoAnswer.answering', ({ callId }) => {
      expect(media.requests).toEqual([]);
      void phone.calls.get(callId)?.mute({ audio: true });
    });
    await arrive([atOnce]);
    const accepted = await server.nextResponse(200);
    const track = phone.calls.list()[0]?.getLocalTrack('audio');
    // No packet goes before the answer.
    expect(track?.enabled).toBe(false);
    await server.say(ackOf(accepted));
    await settled();
    expect(track?.enabled).toBe(false);
    expect(events.names('userAgent.autoAnswer')).toEqual([
      ...['userAgent.autoAnswer.expected', 'userAgent.autoAnswer.answering'],
      'userAgent.autoAnswer.answered',
    ]);
  });

  it('is left alone when it is refused at the news of the answer', async () => {
    const { phone, events } = await connected(at('idle'));
    await media.permit('microphone', 'granted');
    phone.on('userAgent.autoAnswer.answering', ({ callId }) => {
      void phone.calls.get(callId)?.reject();
    });
    await arrive([atOnce]);
    expect([finals(), media.requests]).toEqual([[480], []]);
    expect(events.names('userAgent.autoAnswer')).toEqual([
      ...['userAgent.autoAnswer.expected', 'userAgent.autoAnswer.answering'],
    ]);
  });

  it('is shown for as long as it lasts', async () => {
    const { phone, part, root } = await called([atOnce]);
    expect(root('userAgent').textContent).not.toContain('microphone');
    await server.say(ackOf(await server.nextResponse(200)));
    await settled();
    expect(part('userAgent', 'autoAnswered').textContent).toBe(
      'This call was answered by itself. Your microphone is open.',
    );
    await phone.calls.list()[0]?.hangup();
    await settled();
    expect(root('userAgent').querySelector('[part~="autoAnswered"]')).toBeNull();
  });

  it('is shown with the truth of the microphone: muted, and open once it is unmuted', async () => {
    const { phone, part } = await connected(at('idle'));
    await media.permit('microphone', 'granted');
    phone.on('userAgent.autoAnswer.answering', ({ callId }) => {
      void phone.calls.get(callId)?.mute({ audio: true });
    });
    await arrive([atOnce]);
    await server.say(ackOf(await server.nextResponse(200)));
    await settled();
    const sentences = (): readonly (string | null)[] =>
      [...part('userAgent', 'autoAnswered').querySelectorAll('[data-say]')].map(
        ({ textContent }) => textContent,
      );
    const [muted, open] = ['This call was answered by itself.', 'Your microphone is open.'];
    expect(sentences()).toEqual([muted, '']);
    const [call] = phone.calls.list();
    await call?.unmute({ audio: true });
    await settled();
    expect(sentences()).toEqual([muted, open]);
    await call?.mute({ audio: true });
    await settled();
    expect(sentences()).toEqual([muted, '']);
  });

  it.each([
    ['is not moved to it, for it is answered without the user', 'granted', false],
    ['goes to it once it turns out that the user has to answer', 'prompt', true],
  ] as const)('the focus that goes to calls %s', async (_, permission, isMoved) => {
    const { root } = await connected(at('idle'), { plugins: [callList({ focusIncoming: true })] });
    await media.permit('microphone', permission);
    await arrive(['Call-Info: <sip:example.com>;answer-after=5']);
    const answer = root('callList').querySelector('[part="answer"]');
    expect(answer).not.toBeNull();
    expect(document.activeElement).toBe(document.body);
    await vi.advanceTimersByTimeAsync(6000);
    expect(document.activeElement === answer).toBe(isMoved);
  });

  it('goes on being shown when another one that asked for it ends', async () => {
    const { phone, part, root } = await called([atOnce], at('idle'), { plugins: [callList()] });
    await server.say(ackOf(await server.nextResponse(200)));
    const another = (message: string): string => message.replaceAll(/in1\b/g, 'in2');
    await server.say(another(incomingInvite('1001', [atOnce])));
    await vi.dynamicImportSettled();
    await server.say(another(incomingCancel));
    await settled();
    const [call, ...others] = phone.calls.list();
    expect([call?.isEstablished(), others]).toEqual([true, []]);
    expect(part('userAgent', 'autoAnswered').textContent).toContain('microphone is open');
    await call?.hangup();
    await settled();
    expect(root('userAgent').querySelector('[part~="autoAnswered"]')).toBeNull();
  });

  it('leaves nothing behind when it ends before there is anything to answer it with', async () => {
    const left = async (header: string): Promise<number> => {
      const { phone } = await connected(at('idle'));
      const arriving = server.say(incomingInvite('1001', [header]));
      await Promise.all([arriving, server.say(incomingCancel)]);
      await vi.dynamicImportSettled();
      await settled();
      expect(phone.calls.list()).toEqual([]);
      const timers = vi.getTimerCount();
      phone.destroy();
      vi.clearAllTimers();
      return timers;
    };
    const usual = await left('X-Nothing: special');
    expect(await left('Call-Info: <sip:example.com>;answer-after=50')).toBe(usual);
  });
});
