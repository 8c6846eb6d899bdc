import { beforeEach, describe, expect, it } from 'vitest';
import { callControl } from '../../plugins/callControl/index.ts';
import { callList } from '../../plugins/callList/index.ts';
import { dialpad } from '../../plugins/dialpad/index.ts';
import { PhoneError } from '../../src/core/index.ts';
import type { Call, ReferRequest, ReferStep } from '../../src/core/index.ts';
import { fakeAgent } from '../support/fakeAgent.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

let test: TestPhone;

beforeEach(async () => {
  fakeMedia();
  test = testPhone({ plugins: [callControl()] });
  await settled();
});

const api = () => test.api('callControl');
const find = (part: string): HTMLElement | null =>
  test.root('callControl').querySelector(`[part~="${part}"]`);
const part = (name: string): HTMLElement => test.part('callControl', name);
const buttons = (): string[] =>
  [...test.root('callControl').querySelectorAll('button')].map(
    (button) => button.getAttribute('part') ?? '',
  );

async function press(name: string): Promise<void> {
  part(name).click();
  await settled();
}

interface Talk {
  readonly session: FakeSession;
  readonly call: Call;
}

async function add(session: FakeSession): Promise<Talk> {
  const call = test.phone.calls.add(session);
  await settled();
  return { session, call };
}

async function talk(): Promise<Talk> {
  const both = await add(outgoing());
  both.session.establish();
  await settled();
  return both;
}

describe('the buttons that make sense now', () => {
  it('are none without a call and without anybody to redial', () => {
    expect(buttons()).toEqual([]);
    expect(find('idle')?.textContent).toMatch(/No call/);
  });

  it('are answer and decline for somebody who calls', async () => {
    await add(incoming());
    expect(buttons()).toEqual(['reject', 'answer']);
  });

  it('is cancel while somebody is called', async () => {
    const { session } = await add(outgoing());
    session.ring();
    await settled();
    expect(buttons()).toEqual(['cancel']);
    await press('cancel');
    expect(session.times('terminate')).toBe(1);
    expect(buttons()).toEqual([]);
  });

  it('are mute, hold, transfer and hang up in a call, and the camera only with video', async () => {
    const { session } = await talk();
    expect(buttons()).toEqual(['mute', 'hold', 'transfer', 'hangup']);
    session.report({
      type: 'media',
      media: { audio: true, video: true },
      receiving: { audio: true, video: true },
    });
    await settled();
    expect(buttons()).toEqual(['mute', 'camera', 'hold', 'transfer', 'hangup']);
  });

  it('follow the call that is in focus', async () => {
    test = testPhone({ plugins: [callList(), callControl()] });
    const bob = outgoing({ isObliging: true });
    await add(bob);
    bob.establish();
    const eve = await add(incoming({ remote: { user: '3003', name: 'Eve' } }));
    expect(buttons()).toContain('hangup');
    expect(part('identity').textContent).toBe('Bob');
    await test.phone.calls.focus(eve.call.id);
    await settled();
    expect(buttons()).toEqual(['reject', 'answer']);
    expect(part('identity').textContent).toBe('Eve');
  });
});

describe('what they do', () => {
  it('answer, and keep the keyboard in the panel', async () => {
    const { session } = await add(incoming());
    part('answer').focus();
    await press('answer');
    expect(session.times('answer')).toBe(1);
    expect(part('answer').getAttribute('aria-busy')).toBe('true');
    await session.settle('answer');
    session.establish();
    await settled();
    expect(document.activeElement).toBe(part('panel'));
  });

  it('decline and hang up', async () => {
    const eve = await add(incoming());
    await press('reject');
    expect(eve.session.argsOf('terminate')).toEqual([{ statusCode: 480 }]);
    const bob = await talk();
    await press('hangup');
    expect(bob.session.times('terminate')).toBe(1);
  });

  it('hold and resume, shown as busy until the far end has agreed', async () => {
    const { session } = await talk();
    await press('hold');
    expect(session.waiting('hold')).toBe(1);
    expect(part('hold').getAttribute('aria-busy')).toBe('true');
    expect(find('unhold')).toBeNull();
    await press('hold');
    expect(session.times('hold')).toBe(1);
    await session.settle('hold');
    expect(find('hold')).toBeNull();
    expect(part('unhold').textContent.trim()).toBe('Resume');
    await press('unhold');
    expect(part('unhold').getAttribute('aria-busy')).toBe('true');
    await session.settle('unhold');
    expect(find('hold')).not.toBeNull();
  });

  it('mute the microphone only', async () => {
    const { session, call } = await talk();
    expect(part('mute').getAttribute('aria-pressed')).toBe('false');
    await press('mute');
    expect(part('mute').getAttribute('aria-pressed')).toBe('true');
    expect(call.snapshot.muted).toEqual({ audio: true, video: false });
    expect(session.sending.audio).toBe(false);
    await press('mute');
    expect(call.snapshot.muted).toEqual({ audio: false, video: false });
  });

  it('keep the focus on the button when Hold becomes Resume', async () => {
    const { session } = await talk();
    part('hold').focus();
    await press('hold');
    await session.settle('hold');
    expect(document.activeElement).toBe(part('unhold'));
  });
});

describe('refusals', () => {
  it('are told in words and forgotten with the next action', async () => {
    const { session } = await talk();
    session.refuseNext('hold', 488);
    await press('hold');
    expect(find('hold')?.getAttribute('aria-busy')).toBeNull();
    expect(part('error').textContent).toMatch(/refused/);
    expect(part('error').querySelector('[data-say="now"]')).not.toBeNull();
    await press('mute');
    expect(find('error')).toBeNull();
    expect(test.events.of('phone.plugin.failed')).toHaveLength(0);
  });

  it('can be dismissed, and do not outlive the call', async () => {
    const { session } = await talk();
    session.refuseNext('hold', 488);
    await press('hold');
    await press('dismiss');
    expect(find('error')).toBeNull();
    session.refuseNext('hold', 488);
    await press('hold');
    session.end();
    await settled();
    expect(find('error')).toBeNull();
  });

  it('say nothing of an operation that the end of the call cut short', async () => {
    const { session } = await talk();
    await press('hold');
    session.end();
    await settled();
    expect(find('error')).toBeNull();
    expect(test.events.of('phone.plugin.failed')).toHaveLength(0);
  });

  it('reach the caller of the API as errors', async () => {
    await expect(api().hold()).rejects.toMatchObject({ code: 'call.stateInvalid' });
    await expect(api().hangup()).rejects.toMatchObject({ code: 'call.stateInvalid' });
    await expect(api().redial()).rejects.toMatchObject({ code: 'plugin.missing' });
  });
});

describe('redial', () => {
  it('calls the last target, and tells why it could not', async () => {
    const agent = fakeAgent();
    test = testPhone({ plugins: [agent.plugin, callControl()] });
    await settled();
    expect(part('redialTarget').textContent).toBe('*97');
    agent.refuseNext(new PhoneError('userAgent.notConnected'));
    await press('redial');
    expect(part('error').textContent).toMatch(/no connection/);
    await press('redial');
    expect(agent.called).toEqual(['*97', '*97']);
    expect(buttons()).toEqual(['cancel']);
  });
});

describe('a far end that wants to connect the user with somebody', () => {
  const target = { name: 'Carol', user: '3003', uri: 'sip:3003@example.com' };

  async function asked(): Promise<Talk & { readonly done: string[] }> {
    const both = await talk();
    const done: string[] = [];
    const answer = (word: string) => (): Promise<void> => {
      done.push(word);
      say(word === 'accept' ? 'requestAccepted' : 'rejected');
      return Promise.resolve();
    };
    const request: ReferRequest = {
      target,
      referredBy: '',
      isAttended: false,
      accept: answer('accept'),
      reject: answer('reject'),
      progress: answer('progress'),
      sendNotify: answer('notify'),
    };
    const say = (step: ReferStep): void => {
      both.session.report({ type: 'refer', step, request, statusCode: null, event: null });
    };
    say('requested');
    await settled();
    return { ...both, done };
  }

  it.each([
    ['followRefer', 'accept'],
    ['declineRefer', 'reject'],
  ])('is asked about, and %s answers', async (button, answer) => {
    const { done } = await asked();
    expect(part('referQuestion').textContent).toBe(
      '\u2068Bob\u2069 wants to connect you with \u2068Carol\u2069.',
    );
    await press(button);
    expect(done).toEqual([answer]);
    expect(find('refer')).toBeNull();
  });

  it('is asked about while another call is in focus, and no more when the call ends', async () => {
    const { session } = await asked();
    test.phone.calls.usePolicy({
      leaving: () => Promise.resolve(),
      entering: () => Promise.resolve(),
    });
    await add(outgoing());
    expect(part('referQuestion').textContent).toContain('Bob');
    session.end();
    await settled();
    expect(find('refer')).toBeNull();
    await expect(api().followRefer()).rejects.toMatchObject({ code: 'call.stateInvalid' });
  });
});

describe('transfer', () => {
  const target = (): HTMLInputElement => part('target') as HTMLInputElement;

  async function collect(): Promise<Talk> {
    const both = await talk();
    await press('transfer');
    await both.session.settle('hold');
    return both;
  }

  it('holds the call, asks for a target in a field of its own, and sends the call there', async () => {
    const { session } = await collect();
    expect(document.activeElement).toBe(target());
    expect(find('hold')).toBeNull();
    target().value = ' 3003 ';
    await press('transfer');
    expect(session.argsOf('refer')[0]).toBe('3003');
    expect(part('progress').textContent).toContain('3003');
    expect(find('transfer')).toBeNull();
    await session.settle('refer');
    expect(session.times('terminate')).toBe(1);
  });

  it('asks again when no target was given, and can be given up', async () => {
    const { session, call } = await collect();
    await press('transfer');
    expect(part('error').textContent).toMatch(/Enter a number/);
    expect(call.isInTransfer()).toBe(true);
    await press('cancelTransfer');
    await session.settle('unhold');
    expect(call.isInTransfer()).toBe(false);
    expect(buttons()).toContain('hold');
  });

  it('tells why it was refused, and the call comes back', async () => {
    const { session, call } = await collect();
    target().value = '3003';
    await press('transfer');
    await session.refuse('refer', 603);
    expect(part('error').textContent.trim()).not.toBe('');
    expect(call.isEstablished()).toBe(true);
    expect(find('transfer')).not.toBeNull();
    // It says nothing about the next attempt, wherever that is begun.
    await session.settle('unhold');
    call.transfer('4004', { hold: false }).catch(() => undefined);
    await settled();
    expect(find('error')).toBeNull();
  });

  describe('that asks first', () => {
    async function asking(): Promise<Talk & { readonly asked: FakeSession }> {
      const agent = fakeAgent();
      test = testPhone({ plugins: [callList(), agent.plugin, callControl()] });
      await settled();
      const both = await collect();
      target().value = ' 3003 ';
      await press('transferAttended');
      const [asked] = agent.sessions;
      if (!asked) throw new Error('Nobody was called.');
      asked.establish();
      await settled();
      return { ...both, asked };
    }

    it('calls the target, says so, and transfers to it at the next press', async () => {
      const { session, call, asked } = await asking();
      expect(part('progress').textContent).toMatch(/3003.*Bob/);
      expect(part('identity').textContent).toBe('3003');
      expect([find('target'), find('transfer')]).toEqual([null, null]);
      await press('transferAttended');
      expect(session.argsOf('refer')[0]).toBe(asked);
      await session.settle('refer');
      expect(call.isEnded()).toBe(true);
      expect(part('completed').textContent).toContain('3003');
      expect(test.phone.calls.list()).toEqual([]);
    });

    it('is given up by the button beside it', async () => {
      const { session, call, asked } = await asking();
      await press('cancelTransfer');
      await session.settle('unhold');
      expect(asked.times('terminate')).toBe(1);
      expect([call.isPrimary(), call.isOnHold()]).toEqual([true, false]);
      expect(find('consultation')).toBeNull();
    });

    it('shows why it failed beside the call that came back', async () => {
      const { session, call } = await asking();
      await press('transferAttended');
      await session.refuse('refer', 603);
      await settled();
      expect(call.isPrimary()).toBe(true);
      expect(part('error').textContent).toMatch(/refused/);
    });

    it('may do without asking after all', async () => {
      const { session, asked } = await asking();
      api()
        .transferAttendedToBlind()
        .catch(() => undefined);
      await settled();
      expect(asked.times('terminate')).toBe(1);
      expect(session.argsOf('refer')[0]).toBe('3003');
    });

    it('is not offered where nothing can call', async () => {
      await collect();
      expect(find('transferAttended')).toBeNull();
    });
  });

  it('takes what was typed on the dialpad when there is one', async () => {
    test = testPhone({ plugins: [dialpad(), callControl()] });
    await settled();
    const { session } = await collect();
    expect(find('target')).toBeNull();
    await test.api('dialpad').dial('3003');
    await press('transfer');
    expect(session.argsOf('refer')[0]).toBe('3003');
    expect(test.api('dialpad').hasTarget()).toBe(false);
  });
});
