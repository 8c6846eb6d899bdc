import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { provisioning } from '../../plugins/provisioning/index.ts';
import { paceIn } from '../../plugins/provisioning/pace.ts';
import { testPhone } from '../support/testPhone.ts';

describe('the header Cache-Control', () => {
  test.each([
    ['max-age=900', 900],
    ['private, must-revalidate, Max-Age=900', 900],
    ['max-age="900"', 900],
    ['private="x, max-age=70", max-age=900', 900],
    ['max-age=900, max-age=70', 900],
    ['max-age=1', 60],
    ['max-age=31536000', 86_400],
    ['s-maxage=900', undefined],
    ['max-age=0, must-revalidate', undefined],
    ['max-age=900, no-cache', undefined],
    ['no-store, max-age=900', undefined],
    ['no-cache="set-cookie", max-age=900', 900],
    ['max-age=soon', undefined],
    ['max-age=soon, max-age=900', undefined],
    ['max-age=-5', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s: %s seconds', (header, seconds) => {
    expect(paceIn(header)).toBe(seconds);
  });
});

describe('the time to the next question', () => {
  const url = 'https://pbx.example.com/phone.json';
  const fetched = vi.fn<() => Promise<Response>>();

  /** What the server says from now on. */
  const say = (cacheControl: string, status = 200): void => {
    const headers = { 'content-type': 'application/json', 'cache-control': cacheControl };
    fetched.mockImplementation(() => Promise.resolve(new Response('{}', { status, headers })));
  };
  const start = (refresh?: number): void => {
    const pace = refresh === undefined ? {} : { refresh };
    testPhone({ plugins: [provisioning({ url, apply: () => undefined, ...pace })] });
  };
  /** Questions in so many seconds. */
  const questionsIn = async (seconds: number): Promise<number> => {
    fetched.mockClear();
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    return fetched.mock.calls.length;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('fetch', fetched);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is the max-age of the last answer where the configuration says none', async () => {
    say('private, max-age=900');
    start();
    expect(await questionsIn(300)).toBe(1);
    expect(await questionsIn(899)).toBe(0);
    say('private, max-age=120');
    expect(await questionsIn(1)).toBe(1);
    expect(await questionsIn(240)).toBe(2);
  });

  it('is what the configuration says, whatever the server does', async () => {
    say('private, max-age=900');
    start(30);
    expect(await questionsIn(90)).toBe(3);
  });

  it('is 300 seconds when the server says none, and after a failure', async () => {
    say('no-cache');
    start();
    expect(await questionsIn(900)).toBe(3);
    say('max-age=86400');
    expect(await questionsIn(300)).toBe(1);
    expect(await questionsIn(86_399)).toBe(0);
    say('max-age=86400', 503);
    expect(await questionsIn(1)).toBe(1);
    expect(await questionsIn(300)).toBe(1);
  });

  it('begins anew with a question of the page', async () => {
    say('max-age=900');
    const { phone } = testPhone({ plugins: [provisioning({ url, apply: () => undefined })] });
    await vi.advanceTimersByTimeAsync(200_000);
    await phone.plugins.provisioning?.refresh();
    expect(await questionsIn(899)).toBe(0);
    expect(await questionsIn(1)).toBe(1);
  });

  it('is kept for a page that comes back before it is over', async () => {
    say('max-age=900');
    start();
    await questionsIn(300);
    vi.setSystemTime(Date.now() + 600_000);
    window.dispatchEvent(new Event('online'));
    expect(await questionsIn(1)).toBe(0);
    vi.setSystemTime(Date.now() + 300_000);
    window.dispatchEvent(new Event('online'));
    expect(await questionsIn(1)).toBe(1);
  });
});
