import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { provisioning } from '../../plugins/provisioning/index.ts';
import { PhoneError } from '../../src/core/index.ts';
import { createWebphone } from '../../src/entry/index.ts';
import type { Webphone } from '../../src/entry/index.ts';
import { incoming } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

type Options = Parameters<typeof provisioning>[0];
type Answer = (address: string, init: RequestInit) => Promise<Response>;

const url = 'https://pbx.example.com/phone.json';
const json = (config: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(
    new Response(typeof config === 'string' ? config : JSON.stringify(config), {
      headers: { 'content-type': 'application/json', ...headers },
    }),
  );
const first = { userAgent: { authentication: { username: '1001', password: 's3cret' } } };
const second = { userAgent: { authentication: { username: '1002', password: 's3cret' } } };

const fetched = vi.fn<Answer>();
const apply = vi.fn<(config: object, whenIdle: () => Promise<void>) => unknown>();
const handed = (): readonly object[] => apply.mock.calls.map(([config]) => config);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', fetched);
  fetched.mockReset().mockImplementation(() => json(first));
  apply.mockReset();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function phoneWith(options: Partial<NonNullable<Options>> = {}): TestPhone {
  return testPhone({ plugins: [provisioning({ url, current: first, apply, ...options })] });
}

/** The answers from now on, and the time until the next question. */
async function later(answer: Answer, seconds = 300): Promise<void> {
  fetched.mockImplementation(answer);
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  // What is handed on is handed on in the next turn.
  await vi.advanceTimersByTimeAsync(1);
}

describe('a configuration from an address', () => {
  it('is asked for again at the pace that is set, by a conditional request, and the same changes nothing', async () => {
    const { events } = phoneWith({ refresh: 60 });
    await later(() => json(first), 180);
    expect(fetched).toHaveBeenCalledTimes(3);
    expect(fetched).toHaveBeenLastCalledWith(
      url,
      expect.objectContaining({ cache: 'no-cache', credentials: 'same-origin', redirect: 'error' }),
    );
    expect(apply).not.toHaveBeenCalled();
    expect(events.of('provisioning.changed')).toEqual([]);
  });

  it('that says something else is handed on once, and the events hold no secret', async () => {
    const { phone, events } = phoneWith();
    const heard: unknown[] = [];
    phone.onPattern('**', (...event) => heard.push(event));
    await later(() => json(second), 900);
    expect(handed()).toEqual([second]);
    expect(events.last('provisioning.changed')).toEqual({ isWaiting: false });
    expect(JSON.stringify(heard)).toContain('provisioning.applying');
    expect(JSON.stringify(heard)).not.toContain('s3cret');
  });

  it('that comes first is what the phone was made of, where nothing else is said', async () => {
    testPhone({ plugins: [provisioning({ url, apply })] });
    await later(() => json(second));
    expect(apply).not.toHaveBeenCalled();
    await later(() => json(first));
    expect(handed()).toEqual([first]);
  });

  it('waits until the last call has ended', async () => {
    const { phone, events } = phoneWith();
    const [one, other] = [incoming(), incoming()];
    phone.calls.add(one);
    phone.calls.add(other);
    await later(() => json(second));
    expect(events.last('provisioning.changed')).toEqual({ isWaiting: true });
    one.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(apply).not.toHaveBeenCalled();
    other.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(handed()).toEqual([second]);
  });

  it('can wait for the end of a call that begins while something is loaded for it', async () => {
    const { phone } = phoneWith();
    const ready = vi.fn();
    const call = incoming();
    apply.mockImplementationOnce(async (_, whenIdle) => {
      phone.calls.add(call);
      await whenIdle();
      ready();
    });
    await later(() => json(second));
    await vi.advanceTimersByTimeAsync(1000);
    expect(ready).not.toHaveBeenCalled();
    call.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(ready).toHaveBeenCalledTimes(1);
  });

  it('is not handed on when it is taken back during the call', async () => {
    const { phone } = phoneWith();
    const call = incoming();
    phone.calls.add(call);
    await later(() => json(second));
    await later(() => json(first));
    call.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(apply).not.toHaveBeenCalled();
  });
});

describe('what is no configuration', () => {
  const page = (text: string, init: ResponseInit): Promise<Response> =>
    Promise.resolve(new Response(text, init));
  const html = { headers: { 'content-type': 'text/html' } };
  it.each<readonly [string, Answer, RegExp]>([
    ['no answer', () => Promise.reject(new TypeError('s3cret')), /no answer/],
    ['an error of the server', () => page('{}', { status: 503 }), /503/],
    ['a page to log in', () => page('<form>', html), /no application\/json/],
    ['broken JSON', () => json('{"password": "s3cret"'), /no JSON object/],
    ['a list', () => json([second]), /no JSON object/],
    [
      'more than any configuration has',
      () => json(second, { 'content-length': '9999999' }),
      /large/,
    ],
    ['more than it said', () => json({ a: 'x'.repeat(1_000_001) }), /large/],
  ])('%s: is told without a word of it, and asked again', async (_, answer, message) => {
    const { events } = phoneWith();
    await later(answer);
    const { error } = events.last('provisioning.failed');
    expect(error).toMatchObject({
      code: 'configuration.invalid',
      message: expect.stringMatching(message) as string,
    });
    expect(String(error)).not.toContain('s3cret');
    expect(apply).not.toHaveBeenCalled();
    await later(() => json(second));
    expect(handed()).toEqual([second]);
  });

  it('a silent server is given up after the time that is set', async () => {
    const { events } = phoneWith({ timeout: 5 });
    const silent: Answer = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    await later(silent, 304);
    expect(events.of('provisioning.failed')).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(events.last('provisioning.failed')).toMatchObject({
      error: { code: 'configuration.invalid' },
    });
  });

  it('is told when it is refused, and not handed on again until it says something else', async () => {
    const problems = [{ path: 'dialpad', found: 'a number', accepted: 'a record' }];
    apply.mockRejectedValueOnce(new PhoneError('configuration.invalid', { problems }));
    const { events } = phoneWith();
    await later(() => json(second), 900);
    expect(apply).toHaveBeenCalledTimes(1);
    expect(events.last('provisioning.failed')).toMatchObject({
      error: { code: 'configuration.invalid' },
    });
    await later(() => json({}));
    expect(handed()).toEqual([second, {}]);
  });

  it('is handed on again at the next turn when something else has failed', async () => {
    apply.mockRejectedValueOnce(new PhoneError('configuration.invalid', { message: '503' }));
    const { events } = phoneWith();
    await later(() => json(second), 900);
    expect(handed()).toEqual([second, second]);
    expect(events.of('provisioning.failed')).toHaveLength(1);
  });

  it('stands at the place of the plugin when its own options are wrong', () => {
    expect(() => phoneWith({ refresh: 1 })).toThrow(/provisioning.refresh/);
  });
});

describe('a token', () => {
  it('is asked for each time and sent along', async () => {
    let count = 0;
    phoneWith({ token: () => `t${String((count += 1))}` });
    await later(() => json(first), 600);
    const sent = fetched.mock.calls.map(([, { headers }]) => new Headers(headers));
    expect(sent.map((headers) => headers.get('authorization'))).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('that never comes is given up after the time that is set, and asked for again', async () => {
    const token = vi.fn(() => new Promise<string>(() => undefined));
    const { events } = phoneWith({ timeout: 5, token });
    await later(() => json(second), 306);
    expect(events.last('provisioning.failed')).toMatchObject({
      error: { code: 'configuration.invalid' },
    });
    token.mockResolvedValue('t2');
    await later(() => json(second));
    expect(handed()).toEqual([second]);
  });

  it('that cannot be given is told, asked for again, and leaves no rejection behind', async () => {
    const unheard = vi.fn();
    process.on('unhandledRejection', unheard);
    onTestFinished(() => {
      process.off('unhandledRejection', unheard);
    });
    const token = vi.fn((): string => {
      throw new Error('nobody is logged in');
    });
    const { events } = phoneWith({ token });
    await later(() => json(second));
    expect(events.of('provisioning.failed')).toHaveLength(1);
    token.mockReturnValue('t2');
    await later(() => json(second));
    expect(handed()).toEqual([second]);
    // Node tells of them after the microtasks of a turn.
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve));
    expect(unheard).not.toHaveBeenCalled();
  });

  it('goes nowhere without https', async () => {
    const { events } = phoneWith({ url: 'http://pbx.example.com/phone.json', token: () => 't1' });
    await later(() => json(second));
    expect(fetched).not.toHaveBeenCalled();
    expect(events.last('provisioning.failed')).toMatchObject({
      error: { message: expect.stringContaining('https') as string },
    });
  });
});

describe('the page', () => {
  it('is online again: what was missed is asked for, and what was not is not', async () => {
    phoneWith();
    await vi.advanceTimersByTimeAsync(60_000);
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1);
    expect(fetched).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() + 3_600_000);
    window.dispatchEvent(new Event('online'));
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('has nothing left of a phone that is destroyed', async () => {
    const { phone } = phoneWith();
    phone.destroy();
    vi.setSystemTime(Date.now() + 3_600_000);
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(900_000);
    expect(fetched).not.toHaveBeenCalled();
  });
});

describe('a page that makes another phone of it', () => {
  it('has the new one in its places, and keeps the old one when the configuration is wrong', async () => {
    document.body.innerHTML = '<div id="pad"></div>';
    let phone: Webphone | undefined;
    const start = (config: object): void => {
      const place = document.createElement('div');
      const plugins = [provisioning({ url, current: config, apply: start })];
      const made = createWebphone({ dialpad: { renderTargets: [place] }, ...config, plugins });
      phone?.destroy();
      phone = made;
      document.querySelector('#pad')?.replaceChildren(place);
    };
    const drawn = (): readonly Element[] => [...document.querySelectorAll('#pad [part="target"]')];
    start({});
    const old = phone;
    await later(() => json({ dialpad: { renderTargets: 7 } }));
    expect(phone).toBe(old);
    expect(drawn()).toHaveLength(1);
    await later(() => json({ callList: { enabled: false } }));
    expect(phone).not.toBe(old);
    expect(phone).toMatchObject({ plugins: { dialpad: expect.anything() as unknown } });
    expect(drawn()).toHaveLength(1);
    phone?.destroy();
  });
});
