import { afterEach, describe, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';
import { factories } from '../../src/entry/libwebphone/config.ts';
import type { LwpCall } from '../../src/entry/libwebphone/call.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { incoming, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';

let phone: Libwebphone | undefined;

function phoneWith(call: object, more: object = {}): Libwebphone {
  phone = new Libwebphone({
    ...{ storage: false, log: { level: 'off' }, mediaDevices: { enabled: false }, call, ...more },
  });
  return phone;
}

const userAgentWith = (policy: string): object => ({
  userAgent: { user_agent: { auto_answer: policy } },
});

/** The native phone behind the drop-in. */
function engineOf(made: Libwebphone): Engine {
  return (Reflect.get(made.getCallList() ?? {}, 'kit') as { readonly engine: Engine }).engine;
}

afterEach(() => {
  phone?.destroy();
  phone = undefined;
  vi.restoreAllMocks();
});

test.each([
  ['nothing', undefined, 'off'],
  ['false', false, 'off'],
  ['an object that does not switch it on', { onlyWhenIdle: false }, 'off'],
  ['an object that switches it off', { enabled: false }, 'off'],
  ['true', true, 'idle'],
  ['an object that switches it on', { enabled: true }, 'idle'],
  ['only when idle', { enabled: true, onlyWhenIdle: true }, 'idle'],
  ['always', { enabled: true, onlyWhenIdle: false }, 'always'],
] as const)('call.autoAnswer: %s', (_, autoAnswer, expected) => {
  const agent = vi.spyOn(factories as { userAgent: (options: object) => unknown }, 'userAgent');
  phoneWith({ autoAnswer });
  const [options] = agent.mock.lastCall as unknown as [{ user_agent: { auto_answer?: string } }];
  expect(options.user_agent.auto_answer).toBe(expected);
});

test.each(['off', 'idle', 'always'] as const)(
  '`auto_answer: %s` goes before what `call.autoAnswer` says',
  (own) => {
    const agent = vi.spyOn(factories as { userAgent: (options: object) => unknown }, 'userAgent');
    const onlyWhenIdle = own !== 'idle';
    phoneWith({ autoAnswer: { enabled: true, onlyWhenIdle } }, userAgentWith(own));
    const [options] = agent.mock.lastCall as unknown as [{ user_agent: { auto_answer?: string } }];
    expect(options.user_agent.auto_answer).toBe(own);
  },
);

describe('the microphone of a call that is answered by itself', () => {
  interface Scene {
    readonly lwp: LwpCall;
    readonly session: FakeSession;
    readonly tell: (event: 'answering' | 'skipped') => void;
  }
  const ringing = async (muteMicrophone: boolean): Promise<Scene> => {
    const made = phoneWith({ autoAnswer: { enabled: true, muteMicrophone } });
    await settled();
    const { calls, ctx } = engineOf(made);
    const session = incoming({ isObliging: true });
    const { id: callId } = calls.add(session);
    const lwp = made.getCallList()?.getCall(callId);
    if (!lwp) throw new Error('no call');
    const tell: Scene['tell'] = (event) => {
      ctx.emit(`userAgent.autoAnswer.${event}`, { callId, reason: 'media' });
    };
    return { lwp, session, tell };
  };

  test.each([
    ['is muted before the answer when the page wants that', true],
    ['is open otherwise', false],
  ])('%s', async (_, isMuted) => {
    const { lwp, session, tell } = await ringing(isMuted);
    tell('answering');
    expect(lwp.isMuted(true)).toEqual({ audio: isMuted, video: false });
    expect(session.sending.audio).toBe(!isMuted);
    session.establish();
    expect(session.sending.audio).toBe(!isMuted);
    await settled();
  });

  test('is open for the user where it could not be answered by itself', async () => {
    const { lwp, tell } = await ringing(true);
    tell('answering');
    tell('skipped');
    expect(lwp.isMuted()).toBe(false);
  });

  test('stays muted where the user has muted it before', async () => {
    const { lwp, tell } = await ringing(true);
    void lwp.mute({ audio: true });
    tell('answering');
    tell('skipped');
    expect(lwp.isMuted()).toBe(true);
  });

  test.each<[string, (lwp: LwpCall) => void, boolean]>([
    ['is open where the page answers', (lwp) => void lwp.answer(), false],
    [
      'is muted where the page mutes and answers',
      (lwp) => {
        void lwp.mute();
        void lwp.answer();
      },
      true,
    ],
    ['is open where the page unmutes', (lwp) => void lwp.unmute(), false],
    ['is muted where the page mutes the camera', (lwp) => void lwp.mute({ video: true }), true],
  ])('%s while it is told of it', async (_, ask, isMuted) => {
    const { lwp, session, tell } = await ringing(true);
    phone?.on('userAgent.autoAnswer.answering', () => {
      ask(lwp);
    });
    tell('answering');
    // As the phone itself does it.
    await lwp._native?.answer().catch(() => undefined);
    session.establish();
    await settled();
    expect(lwp.isMuted(true)).toMatchObject({ audio: isMuted });
    expect(session.sending.audio).toBe(!isMuted);
  });

  test('stays muted where the user mutes it and it could not be answered by itself', async () => {
    const { lwp, tell } = await ringing(true);
    tell('answering');
    void lwp.mute({ audio: true });
    tell('skipped');
    expect(lwp.isMuted()).toBe(true);
  });
});
