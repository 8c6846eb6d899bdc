import { afterEach, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';
import { factories } from '../../src/entry/libwebphone/config.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { incoming, settled } from '../support/fakeSession.ts';

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

test.each([
  ['is muted when the page wants that', true, { audio: true, video: false }],
  ['is open otherwise', false, { audio: false, video: false }],
])('the microphone of a call that was answered by itself %s', async (_, muteMicrophone, muted) => {
  const made = phoneWith({ autoAnswer: { enabled: true, muteMicrophone } });
  await settled();
  const { calls, ctx } = engineOf(made);
  const session = incoming({ isObliging: true });
  const { id } = calls.add(session);
  session.establish();
  ctx.emit('userAgent.autoAnswer.answered', { callId: id });
  await settled();
  expect(made.getCallList()?.getCall(id)?.isMuted(true)).toEqual(muted);
});

test('a call that is over before it is muted leaves no rejection behind', async () => {
  const made = phoneWith({ autoAnswer: { enabled: true, muteMicrophone: true } });
  await settled();
  const { calls, ctx } = engineOf(made);
  const session = incoming();
  const call = calls.add(session);
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  ctx.on('call.ended', ({ callId }) => {
    ctx.emit('userAgent.autoAnswer.answered', { callId });
  });
  session.establish();
  session.end();
  await new Promise((resolve) => setTimeout(resolve));
  process.off('unhandledRejection', unhandled);
  await expect(call.mute()).rejects.toThrow();
  expect(unhandled).not.toHaveBeenCalled();
});
