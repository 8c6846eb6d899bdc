import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClock } from '../../../src/core/clock.ts';
import { createQueue } from '../../../src/core/call/queue.ts';
import type { OperationQueue } from '../../../src/core/call/queue.ts';
import { PhoneError } from '../../../src/core/index.ts';
import { settled } from '../../support/fakeSession.ts';

let log: string[];
let open: { name: string; finish: (error?: Error) => void }[];
let queue: OperationQueue;

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  open = [];
  queue = createQueue(createClock(), 1000);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks for an operation and writes down how it ends. */
function ask(wish: string, kind = 'hold'): void {
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      log.push(`run ${wish}`);
      open.push({
        name: wish,
        finish: (error) => {
          if (error === undefined) resolve();
          else reject(error);
        },
      });
    });
  queue.add({ kind, wish, run }).then(
    () => log.push(`done ${wish}`),
    (error: unknown) => log.push(`${(error as PhoneError).code} ${wish}`),
  );
}

const started = (): string[] => log.filter((line) => line.startsWith('run'));
const ended = (): string[] => log.filter((line) => !line.startsWith('run'));

async function finish(error?: Error): Promise<void> {
  const operation = open.shift();
  if (!operation) throw new Error('Nothing runs.');
  operation.finish(error);
  await settled();
}

describe('the operations of a call', () => {
  it('run one after another, in the order in which they were asked for', async () => {
    ask('hold');
    ask('renegotiate', 'renegotiate');
    ask('transfer', 'transfer');
    await settled();
    expect(log).toEqual(['run hold']);
    await finish();
    await finish();
    await finish();
    expect(started()).toEqual(['run hold', 'run renegotiate', 'run transfer']);
    expect(ended()).toEqual(['done hold', 'done renegotiate', 'done transfer']);
  });

  it('join the running one that wants the same', async () => {
    ask('hold');
    ask('hold');
    ask('hold');
    await finish();
    expect(log).toEqual(['run hold', 'done hold', 'done hold', 'done hold']);
  });

  it('of five presses end in the state last asked for, and what came between never runs', async () => {
    for (const wish of ['hold', 'unhold', 'hold', 'unhold', 'hold']) ask(wish);
    await finish();
    expect(started()).toEqual(['run hold']);
    expect(log.filter((line) => line === 'done hold')).toHaveLength(3);
    expect(log.filter((line) => line === 'call.superseded unhold')).toHaveLength(2);
    expect(open).toEqual([]);
  });

  it('let the last wish wait behind the running one when they differ', async () => {
    for (const wish of ['hold', 'unhold', 'hold', 'unhold']) ask(wish);
    await finish();
    await finish();
    expect(started()).toEqual(['run hold', 'run unhold']);
    expect(log.at(-1)).toBe('done unhold');
  });

  it('of another kind are not taken out of the queue', async () => {
    ask('hold');
    ask('renegotiate', 'renegotiate');
    ask('unhold');
    await finish();
    await finish();
    await finish();
    expect(log.filter((line) => line.startsWith('done'))).toEqual([
      'done hold',
      'done renegotiate',
      'done unhold',
    ]);
  });

  it('go on after a failure, which keeps its own error', async () => {
    ask('hold');
    ask('renegotiate', 'renegotiate');
    await finish(new PhoneError('userAgent.notConnected'));
    await finish(new TypeError('the browser would not'));
    expect(started()).toEqual(['run hold', 'run renegotiate']);
    expect(ended()).toEqual(['userAgent.notConnected hold', 'call.operationRefused renegotiate']);
  });

  it('are given up at the deadline, and a late result disturbs nobody', async () => {
    ask('hold');
    ask('renegotiate', 'renegotiate');
    await vi.advanceTimersByTimeAsync(999);
    expect(log).toEqual(['run hold']);
    await vi.advanceTimersByTimeAsync(1);
    expect(started()).toEqual(['run hold', 'run renegotiate']);
    expect(ended()).toEqual(['call.operationTimedOut hold']);
    await finish();
    expect(log).toHaveLength(3);
    await finish();
    expect(log.at(-1)).toBe('done renegotiate');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are all rejected when the call ends, and so is what comes later', async () => {
    ask('hold');
    ask('renegotiate', 'renegotiate');
    queue.close(new PhoneError('call.ended'));
    ask('unhold');
    await settled();
    expect(log.slice(1).sort()).toEqual([
      'call.ended hold',
      'call.ended renegotiate',
      'call.ended unhold',
    ]);
    await finish();
    expect(log).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
  });
});
