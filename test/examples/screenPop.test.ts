import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { screenPop } from '../../examples/screen-pop/screenPop.js';
import type { ScreenPopOptions } from '../../examples/screen-pop/screenPop.js';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const phoneOf = (options: Partial<ScreenPopOptions>): TestPhone =>
  testPhone({ plugins: [screenPop(options)] });

async function ring({ phone }: TestPhone, user = '2002'): Promise<FakeSession> {
  const session = incoming({ remote: { user } });
  phone.calls.add(session);
  await settled();
  return session;
}

const shown = (test: TestPhone): string =>
  test.root('screenPop').textContent.replace(/\s+/g, ' ').trim();

it('shows who calls while it rings, and no longer', async () => {
  const customer = { name: 'Ann', company: 'Acme', link: 'https://crm.example.com/7' };
  const test = phoneOf({ lookup: () => Promise.resolve(customer) });
  const session = await ring(test);
  expect(test.part('screenPop', 'name').textContent).toBe('Ann');
  expect(shown(test)).toContain('Acme');
  expect(test.part('screenPop', 'open').getAttribute('href')).toBe(customer.link);
  session.establish();
  await settled();
  expect(shown(test)).toBe('Caller');
});

it('asks once for a number, and says so of a stranger', async () => {
  const lookup = vi.fn(() => undefined);
  const test = phoneOf({ lookup });
  (await ring(test)).end();
  await ring(test);
  expect(lookup).toHaveBeenCalledTimes(1);
  expect(shown(test)).toContain('Nobody is known under 2002');
  expect(test.api('screenPop').remembered('2002')).toBeNull();
});

it('gives up in time, aborts the question, says why, and asks again the next time', async () => {
  const signals: AbortSignal[] = [];
  const lookup = (_: string, signal: AbortSignal): Promise<unknown> => {
    signals.push(signal);
    return new Promise(() => undefined);
  };
  const test = phoneOf({ lookup, timeout: 1000 });
  const session = await ring(test);
  expect(shown(test)).toContain('Looking up 2002');
  vi.advanceTimersByTime(999);
  await settled();
  expect(signals[0]?.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  await settled();
  expect(signals[0]?.aborted).toBe(true);
  expect(test.part('screenPop', 'error').textContent).toContain('did not answer in time');
  session.end();
  await ring(test);
  expect(signals).toHaveLength(2);
});

it('asks no longer when the caller has hung up, or the phone is gone', async () => {
  const signals: AbortSignal[] = [];
  const test = phoneOf({
    lookup: (_, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    },
  });
  (await ring(test)).end();
  await settled();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(test.events.of('screenPop.lookup.failed')).toEqual([]);
  await ring(test, '2003');
  test.phone.destroy();
  await settled();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(vi.getTimerCount()).toBe(0);
});

it('asks a URL, escaped, and tells a failure of the server in words', async () => {
  const answers = [
    { ok: false, status: 503 },
    { ok: false, status: 404 },
  ];
  const asked = vi.fn((_: string) => Promise.resolve(answers.shift()));
  vi.stubGlobal('fetch', asked);
  const test = phoneOf({ url: '/who?n={number}' });
  (await ring(test, '+1&x')).end();
  expect(asked.mock.calls[0]?.[0]).toBe('/who?n=%2B1%26x');
  expect(test.events.last('screenPop.lookup.failed').reason).toBe('HTTP 503');
  await ring(test, '3');
  expect(shown(test)).toContain('Nobody is known under 3');
});

it('makes no link of a script, and shows a name as text', async () => {
  const link = 'javascript:alert(1)';
  const test = phoneOf({ lookup: () => ({ name: '<img src=x>', company: 3, link }) });
  await ring(test);
  expect(test.root('screenPop').querySelector('a, img')).toBeNull();
  expect(shown(test)).toContain('<img src=x>');
});

it('looks nobody up whom we call ourselves', async () => {
  const lookup = vi.fn();
  const test = phoneOf({ lookup });
  test.phone.calls.add(outgoing());
  await settled();
  expect(lookup).not.toHaveBeenCalled();
});

it.each(['', 'anonymous', 'Anonymous'])(
  'looks nobody up who hides the number: "%s"',
  async (user) => {
    const lookup = vi.fn();
    const test = phoneOf({ lookup });
    await ring(test, user);
    expect(lookup).not.toHaveBeenCalled();
    expect(shown(test)).toBe('Caller');
    expect(test.api('screenPop').remembered(user)).toBeUndefined();
  },
);
