import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { provisioning } from '../../plugins/provisioning/index.ts';
import type { ProvisioningOptions } from '../../plugins/provisioning/index.ts';
import type { PhoneError } from '../../src/core/index.ts';
import { incoming } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

// A configuration that is being applied while the address gives others.

const url = 'https://pbx.example.com/acme/phone.json';
const [first, second, third] = [{ a: 1 }, { a: 2 }, { a: 3 }];
const fetched = vi.fn<(address: string, init: RequestInit) => Promise<Response>>();
const apply = vi.fn<ProvisioningOptions['apply']>();
const handed = (): readonly object[] => apply.mock.calls.map(([config]) => config);

/** What was made, and what was given up with which code, in their order. */
let outcomes: unknown[];
let call: FakeSession;
let events: TestPhone['events'];
let phone: TestPhone['phone'];

const soon = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);

/** The address gives this from now on, and is asked. */
async function say(config: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  fetched.mockImplementation(() =>
    Promise.resolve(new Response(JSON.stringify(config), { headers })),
  );
  await phone.plugins.provisioning?.refresh();
  await soon();
}

/** Loads something while the call begins, the first time, and goes on when none is up. */
const slowly: ProvisioningOptions['apply'] = async (config, whenIdle) => {
  if (apply.mock.calls.length === 1) phone.calls.add(call);
  await whenIdle().then(
    () => outcomes.push(config),
    (error: unknown) => {
      outcomes.push((error as PhoneError).code);
      throw error;
    },
  );
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', fetched);
  apply.mockReset().mockImplementation(slowly);
  fetched.mockClear();
  outcomes = [];
  call = incoming();
  ({ phone, events } = testPhone({ plugins: [provisioning({ url, current: first, apply })] }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a configuration that waits for the end of a call', () => {
  it('is given up when the address goes back to the one that runs, and nobody is told of a failure', async () => {
    await say(second);
    await say(first);
    expect(outcomes).toEqual(['call.superseded']);
    call.end();
    await soon();
    expect(outcomes).toEqual(['call.superseded']);
    expect(handed()).toEqual([second]);
    expect(events.of('provisioning.failed')).toEqual([]);
  });

  it('gives way to the last one, which alone is made', async () => {
    await say(second);
    await say(third);
    call.end();
    await soon();
    expect(outcomes).toEqual(['call.superseded', third]);
    expect(events.of('provisioning.changed')).toHaveLength(2);
    await say(third);
    expect(handed()).toEqual([second, third]);
  });

  it('is made once when it goes and comes again', async () => {
    await say(second);
    await say(first);
    await say(second);
    call.end();
    await soon();
    expect(outcomes).toEqual(['call.superseded', second]);
  });

  it('is not disturbed by an answer that says the same', async () => {
    await say(second);
    await say(second);
    call.end();
    await soon();
    expect(outcomes).toEqual([second]);
  });

  it('is given up when the phone is destroyed', async () => {
    await say(second);
    phone.destroy();
    await soon();
    expect(outcomes).toEqual(['call.superseded']);
  });
});

it('one that asks whether a call is up after it was given up is told at once', async () => {
  let goOn: () => void = () => undefined;
  apply.mockImplementationOnce(async (config, whenIdle) => {
    await new Promise<void>((resolve) => (goOn = resolve));
    await slowly(config, whenIdle, () => Promise.resolve(''));
  });
  await say(second);
  await say(first);
  goOn();
  await soon();
  expect(outcomes).toEqual(['call.superseded']);
});

it('one that cannot be given up any more is what runs, and the way back is handed on too', async () => {
  let goOn: () => void = () => undefined;
  apply.mockImplementationOnce(() => new Promise<void>((resolve) => (goOn = resolve)));
  await say(second);
  await say(first);
  goOn();
  await soon();
  apply.mockResolvedValue(undefined);
  await say(first);
  expect(handed()).toEqual([second, first]);
});

it('one that waited meanwhile is what runs once it is made, and the next one is news', async () => {
  let goOn: () => void = () => undefined;
  apply.mockImplementationOnce(() => new Promise<void>((resolve) => (goOn = resolve)));
  await say(second);
  phone.calls.add(call);
  await say(third);
  goOn();
  await soon();
  apply.mockResolvedValue(undefined);
  call.end();
  await soon();
  await say(first);
  expect(handed()).toEqual([second, third, first]);
});

it('one that was given up gets no file any more', async () => {
  let goOn: () => void = () => undefined;
  apply.mockImplementationOnce(async (_, __, textAt) => {
    await new Promise<void>((resolve) => (goOn = resolve));
    await textAt('https://pbx.example.com/own.mustache').catch((error: unknown) => {
      outcomes.push((error as PhoneError).code);
    });
  });
  await say(second);
  await say(first);
  fetched.mockImplementation((_, { signal }) =>
    signal?.aborted ? Promise.reject(new Error('aborted')) : Promise.resolve(new Response('x')),
  );
  goOn();
  await soon();
  expect(outcomes).toEqual(['configuration.invalid']);
});

describe('a file that a configuration names', () => {
  /** A phone whose configuration names a file, which the server answers so; gives what was asked for. */
  async function load(
    address: string,
    answer: () => Response,
    options: object = {},
  ): Promise<RequestInit | undefined> {
    ({ phone, events } = testPhone({
      plugins: [provisioning({ url, current: first, apply, ...options })],
    }));
    apply.mockImplementationOnce(async (_, __, textAt) => {
      fetched.mockImplementation(() => Promise.resolve(answer()));
      outcomes.push(await textAt(address));
    });
    await say(second);
    return fetched.mock.calls.find(([asked]) => asked === address)?.[1];
  }
  const text = (): Response => new Response('<p>own</p>');

  it.each([
    ['of the same origin, with the token', 'https://pbx.example.com/own.mustache', 'Bearer t1'],
    ['of another origin, without it', 'https://cdn.example.com/own.mustache', null],
  ])('is asked for as the configuration is: %s', async (_, address, token) => {
    const asked = await load(address, text, { credentials: 'include', token: () => 't1' });
    expect(asked).toMatchObject({ credentials: 'include', redirect: 'error', cache: 'no-cache' });
    expect(new Headers(asked?.headers).get('authorization')).toBe(token);
    expect(outcomes).toEqual(['<p>own</p>']);
  });

  it.each([
    ['is missing', (): Response => new Response('', { status: 404 }), '404'],
    ['is too large', (): Response => new Response('x'.repeat(1_000_001)), 'too large'],
  ])('that %s is told by its address, and asked for again', async (_, answer, reason) => {
    const address = 'https://pbx.example.com/own.mustache';
    await load(address, answer);
    expect(events.last('provisioning.failed')).toMatchObject({
      error: { code: 'configuration.invalid', message: `${address}: ${reason}` },
    });
    apply.mockResolvedValue(undefined);
    await say(second);
    expect(handed()).toEqual([second, second]);
  });
});
