import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/index.ts';
import { callList } from '../../../plugins/callList/index.ts';
import { incoming, outgoing, settled } from '../../support/fakeSession.ts';
import type { FakeSession } from '../../support/fakeSession.ts';
import { testPhone } from '../../support/testPhone.ts';
import type { TestPhone } from '../../support/testPhone.ts';

interface Scene extends TestPhone {
  /** The call that is to be transferred. */
  readonly call: Call;
  readonly session: FakeSession;
}

interface Asking extends Scene {
  /** The call with the target, 3003. */
  readonly asked: Call;
  readonly askedSession: FakeSession;
}

function up(plugins = [callList()]): Scene {
  const test = testPhone({ plugins });
  const session = outgoing({ isObliging: true });
  const call = test.phone.calls.add(session);
  session.establish();
  return { ...test, call, session };
}

/** The target rings. */
async function asking(plugins?: Parameters<typeof up>[0]): Promise<Asking> {
  const scene = up(plugins);
  const { calls } = scene.phone;
  const askedSession = outgoing({ remote: { user: '3003' } });
  calls.useOutgoing(() => Promise.resolve(calls.add(askedSession)));
  await scene.call.attendedTransferStart(' 3003 ');
  await settled();
  askedSession.ring();
  const asked = calls.list().at(-1);
  if (!asked) throw new Error('Nobody was called.');
  return { ...scene, asked, askedSession };
}

/** The target has answered; the far end of the first call decides when the test says so. */
async function talkingToTarget(plugins?: Parameters<typeof up>[0]): Promise<Asking> {
  const scene = await asking(plugins);
  scene.askedSession.establish();
  await settled();
  return scene;
}

const outcome = (result: Promise<void>): Promise<unknown> =>
  result.then(
    () => 'done',
    (error: unknown) => error,
  );

/** The target of a REFER that waits, and what it will be answered with. */
function referring(scene: Scene): FakeSession {
  const session = outgoing();
  Object.assign(scene.session, { refer: session.refer });
  return session;
}

describe('a consultation', () => {
  it('holds the call, has the focus, and is told', async () => {
    const { call, asked, events } = await asking();
    expect(call.snapshot).toMatchObject({
      isPrimary: false,
      hold: { local: true },
      transfer: {
        status: 'consulting',
        kind: 'attended',
        target: '3003',
        consultationId: asked.id,
      },
    });
    expect(asked.isPrimary()).toBe(true);
    expect(call.isAttendedTransferPending()).toBe(true);
    expect(events.names('call.transfer')).toEqual(['call.transfer.attended.consulting']);
  });

  it('leaves the call up in a phone with one call at a time', async () => {
    const { call, asked } = await talkingToTarget([]);
    expect([call.isEstablished(), call.isOnHold(), asked.isPrimary()]).toEqual([true, true, true]);
  });

  it('waits for a target when it is given none, as the fork of libwebphone does', async () => {
    const { call, events } = up();
    await call.attendedTransferStart();
    expect([call.isInTransfer(), call.isAttendedTransferPending()]).toEqual([true, true]);
    await call.attendedTransferCancel();
    expect([call.isOnHold(), call.snapshot.transfer]).toEqual([false, null]);
    expect(events.names('call.transfer')).toEqual([
      'call.transfer.attended.collecting',
      'call.transfer.attended.cancelled',
    ]);
  });

  it.each(['asked for', 'hung up here', 'hung up there'])(
    'that is given up (%s) brings the call back',
    async (how) => {
      const { call, asked, askedSession, events } = await talkingToTarget();
      if (how === 'asked for') await call.attendedTransferCancel();
      else if (how === 'hung up here') await asked.hangup();
      else askedSession.end();
      await settled();
      expect(asked.isEnded()).toBe(true);
      expect([call.isPrimary(), call.isOnHold(), call.snapshot.transfer]).toEqual([
        true,
        false,
        null,
      ]);
      expect(events.names('call.transfer').at(-1)).toBe('call.transfer.attended.cancelled');
    },
  );

  it('with somebody who is busy fails, says so, and brings the call back', async () => {
    const { call, askedSession, events } = await asking();
    askedSession.end({ statusCode: 486 });
    await settled();
    expect(events.last('call.transfer.failed')).toMatchObject({ target: '3003', statusCode: 486 });
    expect([call.isPrimary(), call.isOnHold()]).toEqual([true, false]);
    expect(call.snapshot.transfer).toMatchObject({ status: 'failed', error: 'transfer.failed' });
  });

  it('that cannot be placed fails and brings the call back', async () => {
    const { call, events } = up();
    await expect(call.attendedTransferStart('3003')).rejects.toMatchObject({
      code: 'plugin.missing',
    });
    await settled();
    expect(call.isOnHold()).toBe(false);
    expect(events.last('call.transfer.failed').call.transfer?.error).toBe('plugin.missing');
  });

  it('that is given up before it is placed ends when it is', async () => {
    const { call, phone } = up();
    const late = outgoing();
    let place: (call: Call) => void = () => undefined;
    phone.calls.useOutgoing(() => new Promise((resolve) => (place = resolve)));
    const starting = call.attendedTransferStart('3003');
    await settled();
    await call.attendedTransferCancel();
    place(phone.calls.add(late));
    await starting;
    await settled();
    expect(late.times('terminate')).toBe(1);
    expect(call.snapshot).toMatchObject({ transfer: null, status: 'established' });
    expect([call.isPrimary(), call.isOnHold()]).toEqual([true, false]);
  });

  it('that still waits for the microphone ends as soon as it is given up', async () => {
    const { call, phone } = up();
    const session = outgoing();
    phone.calls.useOutgoing(() => {
      phone.calls.add(session);
      return new Promise(() => undefined);
    });
    void call.attendedTransferStart('3003');
    await settled();
    const asked = phone.calls.primary();
    expect(call.snapshot.transfer?.consultationId).toBe(asked?.id);
    await call.attendedTransferCancel();
    expect([asked?.isEnded(), phone.calls.list()]).toEqual([true, [call]]);
    expect([call.isPrimary(), call.isOnHold()]).toEqual([true, false]);
  });

  it('that is given up while the call is about to be held does not leave it held', async () => {
    const { phone } = testPhone({ plugins: [callList()] });
    const session = outgoing();
    const call = phone.calls.add(session);
    session.establish();
    const starting = call.attendedTransferStart('3003');
    await settled();
    const cancelled = call.attendedTransferCancel();
    await settled();
    await session.settle('hold');
    await session.settle('unhold');
    await Promise.all([starting, cancelled]);
    expect([call.isOnHold(), phone.calls.list()]).toEqual([false, [call]]);
  });

  it('lets the user go back and forth between the two', async () => {
    const { call, askedSession, phone } = await talkingToTarget();
    const back = phone.calls.focus(call.id);
    await settled();
    await askedSession.settle('hold');
    await back;
    expect([call.isOnHold(), call.isAttendedTransferPending()]).toEqual([false, true]);
  });
});

describe('an attended transfer', () => {
  it('replaces the consultation, and ends both legs when the far end says so', async () => {
    const scene = await talkingToTarget();
    const { call, asked, askedSession, events } = scene;
    const far = referring(scene);
    const result = outcome(call.attendedTransfer({ headers: ['X-Why: sales'] }));
    await settled();
    expect(far.argsOf('refer').slice(0, 2)).toEqual([askedSession, ['X-Why: sales']]);
    expect(call.snapshot.transfer).toMatchObject({ kind: 'attended', consultationId: asked.id });
    far.referReport().accepted(202);
    expect([call.isEnded(), asked.isEnded()]).toEqual([false, false]);
    await far.settle('refer');
    expect(await result).toBe('done');
    expect([call.isEnded(), asked.isEnded()]).toEqual([true, true]);
    expect(events.names('call.transfer').slice(1)).toEqual([
      'call.transfer.started',
      'call.transfer.accepted',
      'call.transfer.confirmed',
      'call.transfer.completed',
    ]);
  });

  it('is no failed one when the target has left its replaced call first', async () => {
    const scene = await talkingToTarget();
    const far = referring(scene);
    const result = outcome(scene.call.attendedTransfer());
    await settled();
    far.referReport().accepted(202);
    scene.askedSession.end();
    await settled();
    expect(scene.call.snapshot.transfer?.status).toBe('accepted');
    await far.settle('refer');
    expect(await result).toBe('done');
  });

  it('that the far end took and left without a word keeps the call that it may still look for', async () => {
    const scene = await talkingToTarget();
    const far = referring(scene);
    const result = outcome(scene.call.attendedTransfer());
    await settled();
    far.referReport().accepted(202);
    scene.session.end();
    await far.settle('refer');
    expect(await result).toBe('done');
    expect([scene.asked.isEstablished(), scene.events.names('call.transfer').at(-1)]).toEqual([
      true,
      'call.transfer.completed',
    ]);
    expect(scene.events.names('call.transfer.confirmed')).toEqual([]);
  });

  it('that fails brings the first call back, and the other one waits', async () => {
    const scene = await talkingToTarget();
    const { call, asked, askedSession, events } = scene;
    const far = referring(scene);
    const result = outcome(call.attendedTransfer());
    await settled();
    await far.refuse('refer', 603);
    expect(await result).toMatchObject({ code: 'transfer.refused', statusCode: 603 });
    await askedSession.settle('hold');
    expect([call.isPrimary(), call.isOnHold()]).toEqual([true, false]);
    expect([asked.isEstablished(), asked.isOnHold()]).toEqual([true, true]);
    expect(events.last('call.transfer.failed').call.transfer).toMatchObject({
      kind: 'attended',
      error: 'transfer.refused',
    });
  });

  it('to somebody who still rings stops that and calls them anew for the far end', async () => {
    const scene = await asking();
    const { call, asked, askedSession } = scene;
    const far = referring(scene);
    const result = outcome(call.attendedTransfer());
    await settled();
    expect(askedSession.times('terminate')).toBe(1);
    expect(asked.isEnded()).toBe(true);
    expect(far.argsOf('refer')[0]).toBe('sip:3003@example.com');
    expect(call.snapshot.transfer).toMatchObject({ status: 'started', kind: 'blind' });
    await far.refuse('refer', 486);
    await result;
    await settled();
    expect([call.isPrimary(), call.isOnHold()]).toEqual([true, false]);
  });

  it('may be turned into a blind one', async () => {
    const scene = await talkingToTarget();
    const far = referring(scene);
    const result = outcome(scene.call.transferToBlind());
    await settled();
    expect(scene.asked.isEnded()).toBe(true);
    expect(far.argsOf('refer')[0]).toBe('3003');
    await far.settle('refer');
    expect(await result).toBe('done');
  });

  it('may be turned into a blind one while it waits for its target', async () => {
    const { call, events } = up();
    await call.attendedTransferStart();
    await call.transferToBlind();
    expect([call.isInTransfer(), call.isAttendedTransferPending()]).toEqual([true, false]);
    expect(events.names('call.transfer').at(-1)).toBe('call.transfer.collecting');
  });

  it.each(['outgoing', 'incoming'] as const)(
    'takes any call that is up as its target, here an %s one',
    async (direction) => {
      const scene = up();
      const session = direction === 'incoming' ? incoming() : outgoing();
      const other = scene.phone.calls.add(session);
      session.establish();
      await settled();
      const far = referring(scene);
      const result = outcome(scene.call.transfer(other));
      await settled();
      expect(far.argsOf('refer')[0]).toBe(session);
      await far.settle('refer');
      expect(await result).toBe('done');
      expect([scene.call.isEnded(), other.isEnded()]).toEqual([true, true]);
    },
  );

  it('to a caller who still waits, to itself, or without a consultation is refused', async () => {
    const { call, phone, events } = up();
    const waiting = phone.calls.add(incoming());
    for (const run of [
      () => call.transfer(waiting),
      () => call.transfer(call),
      call.attendedTransfer,
      call.transferToBlind,
    ]) {
      await expect(run()).rejects.toMatchObject({ code: 'call.stateInvalid' });
    }
    await waiting.hangup();
    await expect(call.transfer(waiting)).rejects.toMatchObject({ code: 'call.ended' });
    expect(events.names('call.transfer')).toEqual([]);
  });
});
