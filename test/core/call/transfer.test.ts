import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Call } from '../../../src/core/index.ts';
import { outgoing, settled } from '../../support/fakeSession.ts';
import type { FakeSession } from '../../support/fakeSession.ts';
import { testPhone } from '../../support/testPhone.ts';
import type { TestPhone } from '../../support/testPhone.ts';

interface Scene extends TestPhone {
  readonly call: Call;
  readonly session: FakeSession;
}

function up(): Scene {
  const test = testPhone({ plugins: [] });
  const session = outgoing();
  const call = test.phone.calls.add(session);
  session.establish();
  return { ...test, call, session };
}

/** Asks for the transfer and lets the hold before it succeed. */
async function underWay(scene: Scene): Promise<{ readonly result: Promise<unknown> }> {
  const result = scene.call.transfer(' 3003 ', { headers: ['X-Why: sales'] }).then(
    () => 'done',
    (error: unknown) => error,
  );
  await settled();
  await scene.session.settle('hold');
  return { result };
}

afterEach(() => {
  vi.useRealTimers();
});

const told = ({ events }: Scene): readonly string[] => events.names('call.transfer');

describe('a transfer', () => {
  it('holds the call, tells each step, and ends this leg when the target has answered', async () => {
    const scene = up();
    const { call, session, events } = scene;
    const { result } = await underWay(scene);
    expect(session.argsOf('refer').slice(0, 2)).toEqual(['3003', ['X-Why: sales']]);
    expect(call.snapshot).toMatchObject({
      pending: 'transfer',
      hold: { local: true },
      transfer: { status: 'started', target: '3003', statusCode: null },
    });
    session.referReport().accepted(202);
    session.referReport().progress(180);
    await settled();
    expect(call.snapshot).toMatchObject({
      pending: null,
      transfer: { status: 'accepted', statusCode: 180 },
    });
    expect(session.times('terminate')).toBe(0);
    await session.settle('refer');
    expect(await result).toBe('done');
    expect(told(scene)).toEqual([
      'call.transfer.started',
      'call.transfer.accepted',
      'call.transfer.accepted',
      'call.transfer.confirmed',
      'call.transfer.completed',
    ]);
    expect(events.last('call.primary.transfer.completed')).toMatchObject({
      target: '3003',
      statusCode: 200,
    });
    expect(call.isEnded()).toBe(true);
  });

  it('that is refused brings the call back and says with which code', async () => {
    const scene = up();
    const { call, session, events } = scene;
    const { result } = await underWay(scene);
    await session.refuse('refer', 603);
    await session.settle('unhold');
    expect(await result).toMatchObject({ code: 'transfer.refused', statusCode: 603 });
    expect(call.snapshot.transfer).toMatchObject({ kind: 'blind', error: 'transfer.refused' });
    expect(events.last('call.transfer.failed')).toMatchObject({ target: '3003', statusCode: 603 });
    expect(call.snapshot).toMatchObject({
      status: 'established',
      pending: null,
      hold: { local: false },
      transfer: { status: 'failed' },
    });
  });

  it('whose target is busy brings the call back, and can be tried again', async () => {
    const scene = up();
    const { call, session } = scene;
    const { result } = await underWay(scene);
    session.referReport().accepted(202);
    await settled();
    await session.refuse('refer', 486);
    await session.settle('unhold');
    expect(await result).toMatchObject({ statusCode: 486 });
    expect(call.isOnHold()).toBe(false);
    await underWay(scene);
    expect(session.times('refer')).toBe(2);
  });

  it('goes on when the far end will not be held', async () => {
    const { call, session } = up();
    const result = call.transfer('3003');
    await settled();
    await session.refuse('hold', 488);
    await session.settle('refer');
    await result;
    expect(call.isEnded()).toBe(true);
  });

  it('leaves a call that was held before held when it fails', async () => {
    const { call, session } = up();
    const holding = call.hold();
    await session.settle('hold');
    await holding;
    const result = call.transfer('3003').catch((error: unknown) => error);
    await settled();
    await session.refuse('refer', 404);
    await result;
    expect(session.times('unhold')).toBe(0);
    expect(call.isOnHold()).toBe(true);
  });

  it('does not hold when it is told not to', async () => {
    const { call, session } = up();
    const result = call.transfer('3003', { hold: false });
    await settled();
    expect(session.times('hold')).toBe(0);
    await session.settle('refer');
    await result;
  });

  it('keeps this leg, on hold, when that is asked for', async () => {
    const { call, session } = up();
    const result = call.transfer('3003', { activeAfterTransfer: true });
    await settled();
    await session.settle('hold');
    await session.settle('refer');
    await result;
    expect(call.snapshot).toMatchObject({
      status: 'established',
      hold: { local: true },
      transfer: { status: 'completed' },
    });
  });

  it('hands on the response to the REFER, and survives who stumbles over it', async () => {
    const { call, session, log } = up();
    const heard: unknown[] = [];
    const result = call.transfer('3003', {
      hold: false,
      receiveResponse: (response) => {
        heard.push(response);
        throw new Error('of the application');
      },
    });
    await settled();
    session.referReport().response({ statusCode: 202, event: 'raw' });
    await session.settle('refer');
    await result;
    expect(heard).toEqual([{ statusCode: 202, event: 'raw' }]);
    expect(log.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('leaves the call free to be hung up and resumed while the target rings', async () => {
    const scene = up();
    const { call, session } = scene;
    await underWay(scene);
    session.referReport().accepted(202);
    await settled();
    const resuming = call.unhold();
    await settled();
    await session.settle('unhold');
    await resuming;
    expect(call.isOnHold()).toBe(false);
  });

  it('cannot be started twice', async () => {
    const scene = up();
    await underWay(scene);
    await expect(scene.call.transfer('4004')).rejects.toMatchObject({ code: 'call.stateInvalid' });
    expect(scene.session.times('refer')).toBe(1);
  });

  it('that the far end never answers is given up at the deadline, and the call comes back', async () => {
    vi.useFakeTimers();
    const scene = up();
    const { result } = await underWay(scene);
    await vi.advanceTimersByTimeAsync(40_000);
    await scene.session.settle('unhold');
    expect(await result).toMatchObject({ code: 'call.operationTimedOut' });
    expect(scene.call.snapshot).toMatchObject({
      status: 'established',
      hold: { local: false },
      transfer: { status: 'failed' },
    });
  });

  it('of a call that ends meanwhile is rejected without a word of failure', async () => {
    const scene = up();
    const { result } = await underWay(scene);
    scene.session.end();
    expect(await result).toMatchObject({ code: 'call.ended' });
    expect(told(scene)).toEqual(['call.transfer.started']);
  });
});

describe('a transfer without a target', () => {
  it('holds the call and waits; the next press without a target gives it up', async () => {
    const { call, session, events } = up();
    const waiting = call.transfer();
    await settled();
    await session.settle('hold');
    await waiting;
    expect(call.isInTransfer()).toBe(true);
    expect(session.times('refer')).toBe(0);
    const back = call.transfer('  ');
    await settled();
    await session.settle('unhold');
    await back;
    expect(call.snapshot).toMatchObject({ transfer: null, hold: { local: false } });
    expect(events.names('call.transfer')).toEqual([
      'call.transfer.collecting',
      'call.transfer.cancelled',
    ]);
  });

  it('goes to the target that is given next', async () => {
    const { call, session } = up();
    const waiting = call.transfer('', { hold: false });
    await waiting;
    const result = call.transfer('3003', { hold: false });
    await settled();
    await session.settle('refer');
    await result;
    expect(session.argsOf('refer')[0]).toBe('3003');
  });

  it('that fails in the end brings the call back', async () => {
    const { call, session } = up();
    const waiting = call.transfer();
    await settled();
    await session.settle('hold');
    await waiting;
    const result = call.transfer('3003').catch((error: unknown) => error);
    await settled();
    await session.refuse('refer', 486);
    expect(await result).toMatchObject({ code: 'transfer.refused', statusCode: 486 });
    await session.settle('unhold');
    expect(call.snapshot).toMatchObject({
      hold: { local: false },
      pending: null,
      transfer: { status: 'failed' },
    });
    expect(session.sending.audio).toBe(true);
  });

  it.each(['is given up', 'fails'])(
    'that %s leaves a call held that the user had held before',
    async (how) => {
      const { call, session } = up();
      const holding = call.hold();
      await session.settle('hold');
      await holding;
      await call.transfer();
      expect(call.isInTransfer()).toBe(true);
      if (how === 'fails') {
        const result = call.transfer('3003').catch((error: unknown) => error);
        await settled();
        await session.refuse('refer', 603);
        await result;
      } else await call.cancelTransfer();
      await settled();
      expect(call.isOnHold()).toBe(true);
      expect([session.times('hold'), session.times('unhold')]).toEqual([1, 0]);
    },
  );

  it('that fails tells so at once, not when the call is resumed', async () => {
    const scene = up();
    const { result } = await underWay(scene);
    await scene.session.refuse('refer', 486);
    expect(await result).toMatchObject({ statusCode: 486 });
    expect(scene.session.waiting('unhold')).toBe(1);
  });

  it('that is given up although none waits changes nothing', async () => {
    const { call, session, events } = up();
    await call.cancelTransfer();
    expect(session.asked).toEqual([]);
    expect(events.names('call.transfer')).toEqual([]);
  });
});
