import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendDigits, rtpEvents } from '../../plugins/userAgent/dtmf.ts';
import { boundGathering, gatheringPolicy } from '../../plugins/userAgent/gathering.ts';
import { claimInstanceId } from '../../plugins/userAgent/instanceId.ts';
import { redact } from '../../plugins/userAgent/redact.ts';
import { createRegistration } from '../../plugins/userAgent/registration.ts';
import type { Registration } from '../../plugins/userAgent/registration.ts';
import { cleanTarget } from '../../plugins/userAgent/target.ts';
import { createClock } from '../../src/core/clock.ts';
import { PhoneError } from '../../src/core/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  sessionStorage.clear();
});

describe('what a person types', () => {
  it.each([
    ['  1001 ', '1001'],
    ['+44 (0)20 7946-0000', '+4402079460000'],
    ['030/123.456', '030123456'],
    ['*43', '*43'],
    ['tel:+1-201-555-0123', '+12015550123'],
    ['sip:1001', '1001'],
    ['alice', 'alice'],
    ['first.last', 'first.last'],
    ['sip:bob@example.com', 'sip:bob@example.com'],
    ['bob-b.c@example.com', 'bob-b.c@example.com'],
    ['sip:bob@example.com;transport=wss', 'sip:bob@example.com;transport=wss'],
  ])('%j calls %s', (typed, target) => {
    expect(cleanTarget(typed)).toBe(target);
  });

  it.each([
    ['', 'call.targetMissing'],
    ['   ', 'call.targetMissing'],
    ['sip:', 'call.targetInvalid'],
    ['@example.com', 'call.targetInvalid'],
    ['bob smith', 'call.targetInvalid'],
    ['<sip:bob@example.com>', 'call.targetInvalid'],
    ['sip:bob@example.com\r\nX: 1', 'call.targetInvalid'],
  ])('%j is refused with %s', (typed, code) => {
    expect(() => cleanTarget(typed)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe('a trace', () => {
  it.each([
    ['Authorization: Digest username="a", response="abc"', 'Authorization: [redacted]'],
    ['proxy-authorization : Digest x', 'proxy-authorization: [redacted]'],
    ['Authorization: Bearer eyJ.abc', 'Authorization: [redacted]'],
    ['X-Auth-Token: t0ken', 'X-Auth-Token: [redacted]'],
    ['a=ice-pwd:abcdef', 'a=ice-pwd:[redacted]'],
    ['a=crypto:1 AES inline:key', 'a=crypto:[redacted]'],
    ['wss://h/ws?token=abc&x=1', 'wss://h/ws?token=[redacted]&x=1'],
    ['Call-ID: 17@host', 'Call-ID: 17@host'],
    [
      'WWW-Authenticate: Digest realm="example.com"',
      'WWW-Authenticate: Digest realm="example.com"',
    ],
  ])('shows %j as %j', (line, shown) => {
    expect(redact(`INVITE sip:x\r\n${line}\r\nX: 1`)).toBe(`INVITE sip:x\r\n${shown}\r\nX: 1`);
  });
});

describe('the registration', () => {
  let sent: number[];
  let registration: Registration;
  const start = Date.now();
  const failed = (statusCode: number | null, retryAfter: number | null = null): number | null =>
    registration.onFailed({ statusCode, retryAfter, event: null }).retryIn;

  beforeEach(() => {
    sent = [];
    vi.setSystemTime(start);
    registration = createRegistration({
      clock: createClock(),
      send: () => sent.push(Date.now() - start),
      random: () => 1,
      isWanted: true,
      undo: () => undefined,
    });
  });

  it('follows each connection until the user does not want to be registered any more', async () => {
    registration.onConnected();
    registration.onRegistered();
    expect(sent).toHaveLength(1);
    registration.giveUp(new PhoneError('userAgent.registrationFailed'));
    registration.onConnected();
    expect(sent).toHaveLength(1);
    const again = registration.register();
    registration.onRegistered();
    await again;
    registration.onConnected();
    expect(sent).toHaveLength(3);
  });

  it('settles with what the server says', async () => {
    const good = registration.register();
    registration.onRegistered();
    await good;
    const bad = registration.register();
    failed(503);
    await expect(bad).rejects.toMatchObject({
      code: 'userAgent.registrationFailed',
      statusCode: 503,
    });
  });

  it('is tried again with growing pauses of at most two minutes', () => {
    registration.register().catch(() => undefined);
    const pauses = Array.from({ length: 8 }, () => {
      const pause = failed(500);
      vi.advanceTimersByTime(pause ?? 0);
      return pause;
    });
    expect(pauses).toEqual([2000, 4000, 8000, 16_000, 32_000, 64_000, 120_000, 120_000]);
    expect(sent).toHaveLength(9);
  });

  it('spreads the pauses by chance, so that phones do not come back all at once', () => {
    const early = createRegistration({
      clock: createClock(),
      send: vi.fn(),
      random: () => 0,
      isWanted: true,
      undo: () => undefined,
    });
    expect(early.onFailed({ statusCode: 500, retryAfter: null, event: null }).retryIn).toBe(1000);
  });

  it('begins with the shortest pause again after a success', () => {
    registration.register().catch(() => undefined);
    failed(500);
    vi.advanceTimersByTime(2000);
    registration.onRegistered();
    expect(failed(500)).toBe(2000);
  });

  it('obeys Retry-After', () => {
    registration.register().catch(() => undefined);
    expect(failed(503, 7)).toBe(7000);
    vi.advanceTimersByTime(7000);
    expect(sent).toEqual([0, 7000]);
  });

  it.each([401, 403])('is not tried again after %i, for the credentials are wrong', (status) => {
    registration.register().catch(() => undefined);
    expect(failed(status)).toBeNull();
    vi.advanceTimersByTime(600_000);
    expect(sent).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stays refused when the connection breaks afterwards', () => {
    registration.register().catch(() => undefined);
    failed(401);
    expect(failed(null)).toBeNull();
    registration.onConnected();
    expect(sent).toEqual([0]);
  });

  it('is tried again when nobody says anything at all', () => {
    registration.register().catch(() => undefined);
    vi.advanceTimersByTime(35_000);
    expect(sent).toEqual([0, 35_000]);
  });

  it('stops when it is told to, with the reason', async () => {
    const trying = registration.register();
    registration.stop(new PhoneError('userAgent.notConnected'));
    await expect(trying).rejects.toMatchObject({ code: 'userAgent.notConnected' });
    vi.advanceTimersByTime(600_000);
    expect(sent).toEqual([0]);
  });
});

describe('the gathering of candidates', () => {
  const stun = { urls: 'stun:stun.example.com' };
  const turn = { urls: ['turns:turn.example.com'], username: 'u', credential: 'c' };

  it.each([
    ['no server', [], 'host'],
    ['STUN', [stun], 'srflx'],
    ['TURN', [turn], 'relay'],
    ['both', [stun, turn], 'relay'],
  ])('with %s waits for the right candidate', (_, iceServers, awaited) => {
    expect(gatheringPolicy({ iceServers }, 500)).toEqual({ awaited, cap: 500 });
  });

  function gather(awaited: 'host' | 'srflx' | 'relay') {
    const connection = Object.assign(new EventTarget(), { iceGatheringState: 'new' });
    const enough = vi.fn();
    const stop = boundGathering(
      connection as unknown as RTCPeerConnection,
      { awaited, cap: 500 },
      { clock: createClock(), enough },
    );
    const state = (now: string): void => {
      connection.iceGatheringState = now;
      connection.dispatchEvent(new Event('icegatheringstatechange'));
    };
    const found = (type: string | null): void => {
      const candidate = type === null ? null : { type };
      connection.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
    };
    state('gathering');
    return { enough, stop, state, found };
  }

  it('without servers ends a moment after the last host candidate', () => {
    const { enough, found } = gather('host');
    found('host');
    vi.advanceTimersByTime(19);
    found('host');
    vi.advanceTimersByTime(19);
    expect(enough).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(enough).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(enough).toHaveBeenCalledTimes(1);
  });

  it.each(['srflx', 'relay'] as const)('with a server ends at the first %s candidate', (type) => {
    const { enough, found } = gather(type);
    found('host');
    vi.advanceTimersByTime(400);
    expect(enough).not.toHaveBeenCalled();
    found(type);
    expect(enough).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('with TURN does not stop at the outside address', () => {
    const { enough, found } = gather('relay');
    found('srflx');
    expect(enough).not.toHaveBeenCalled();
  });

  it.each(['host', 'srflx', 'relay'] as const)('that finds no %s ends at the cap', (awaited) => {
    const { enough } = gather(awaited);
    vi.advanceTimersByTime(499);
    expect(enough).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(enough).toHaveBeenCalledTimes(1);
  });

  it('that the browser ends by itself needs no help, and the next one is bounded too', () => {
    const { enough, state } = gather('srflx');
    state('complete');
    vi.advanceTimersByTime(1000);
    expect(enough).not.toHaveBeenCalled();
    state('gathering');
    vi.advanceTimersByTime(500);
    expect(enough).toHaveBeenCalledTimes(1);
  });

  it('is let go of with its timers', () => {
    const { enough, stop, state } = gather('host');
    stop();
    state('gathering');
    vi.advanceTimersByTime(1000);
    expect(enough).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('digits as RTP events', () => {
  interface Codec {
    readonly mimeType: string;
    readonly clockRate: number;
  }
  const opus: Codec = { mimeType: 'audio/opus', clockRate: 48_000 };
  const pcmu: Codec = { mimeType: 'audio/PCMU', clockRate: 8000 };
  const event8: Codec = { mimeType: 'audio/telephone-event', clockRate: 8000 };
  const event48: Codec = { mimeType: 'audio/telephone-event', clockRate: 48_000 };

  function line(codecs: readonly Codec[], canInsertDTMF = true) {
    const dtmf = Object.assign(new EventTarget(), { canInsertDTMF, insertDTMF: vi.fn() });
    const sender = { dtmf, getParameters: () => ({ codecs }) };
    const connection = { getSenders: () => [{ dtmf: null }, sender] };
    const path = rtpEvents(connection as unknown as RTCPeerConnection, createClock());
    const played = (): void => {
      dtmf.dispatchEvent(Object.assign(new Event('tonechange'), { tone: '' }));
    };
    return { path, insert: dtmf.insertDTMF, played };
  }

  it('leave one after another, each when the one before it has sounded', async () => {
    const { path, insert, played } = line([pcmu, event8]);
    const done = vi.fn();
    void sendDigits('12', { duration: 150, gap: 80 }, path).then(done);
    expect(insert.mock.calls).toEqual([['1', 150, 80]]);
    played();
    await vi.advanceTimersByTimeAsync(0);
    expect(insert.mock.calls).toEqual([
      ['1', 150, 80],
      ['2', 150, 80],
    ]);
    expect(done).not.toHaveBeenCalled();
    played();
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [[opus, event8], 600],
    [[opus, event48], 100],
    [[pcmu, event8], 100],
  ])('last what they should with %o', (codecs, asked) => {
    const { path, insert } = line(codecs);
    void sendDigits('1', { duration: 100 }, path);
    expect(insert.mock.calls[0]?.[1]).toBe(asked);
  });

  it('last 100 ms and more by default', () => {
    const { path, insert } = line([pcmu, event8]);
    void sendDigits('1', {}, path);
    expect(insert.mock.calls[0]?.[1]).toBeGreaterThanOrEqual(120);
    expect(insert.mock.calls[0]?.[2]).toBeGreaterThanOrEqual(50);
  });

  it('are refused where the connection takes none, and do not wait for one that is closed', async () => {
    const deaf = line([pcmu], false);
    await expect(sendDigits('1', {}, deaf.path)).rejects.toMatchObject({
      code: 'call.stateInvalid',
    });
    const { path } = line([pcmu, event8]);
    const done = vi.fn();
    void sendDigits('1', { duration: 100, gap: 50 }, path).then(done);
    await vi.advanceTimersByTimeAsync(1150);
    expect(done).toHaveBeenCalledTimes(1);
  });
});

describe('the id of this instance', () => {
  /** Web Locks of all tabs of the browser. */
  const taken = new Set<string>();
  const request = (
    name: string,
    { signal }: { signal: AbortSignal },
    run: () => Promise<void>,
  ): Promise<void> => {
    if (!taken.has(name)) {
      taken.add(name);
      return run().then(() => {
        taken.delete(name);
      });
    }
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
  };
  const claim = async (account = '1001@example.com') => {
    const claimed = claimInstanceId(account);
    await vi.advanceTimersByTimeAsync(1000);
    return claimed;
  };

  beforeEach(() => {
    taken.clear();
    Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true });
    // Node’s own timeout signal knows no fake time.
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      const controller = new AbortController();
      setTimeout(() => {
        controller.abort(new DOMException('late', 'TimeoutError'));
      }, milliseconds);
      return controller.signal;
    });
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'locks');
  });

  it('is the same after a reload, and another for another account', async () => {
    const first = await claim();
    expect(first.id).toMatch(/^[0-9a-f-]{36}$/);
    first.release();
    await vi.advanceTimersByTimeAsync(0);
    const again = await claim();
    expect(again.id).toBe(first.id);
    const other = await claim('2002@example.com');
    expect(other.id).not.toBe(first.id);
    again.release();
    other.release();
  });

  it('is a new one in a duplicated tab, which keeps it from then on', async () => {
    const key = 'cordboard.instance.1001@example.com.0';
    sessionStorage.setItem(key, 'copied');
    taken.add('cordboard.instance.copied');
    const mine = await claim();
    expect(mine.id).not.toBe('copied');
    expect(sessionStorage.getItem(key)).toBe(mine.id);
    mine.release();
  });

  it('is one for each phone of a page', async () => {
    const first = await claim();
    const second = await claim();
    expect(second.id).not.toBe(first.id);
    first.release();
    second.release();
  });

  it('is a fresh one where a page may not lock or store', async () => {
    Reflect.deleteProperty(navigator, 'locks');
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('no', 'SecurityError');
    });
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('no', 'SecurityError');
    });
    const first = await claim();
    const second = await claim();
    expect(first.id).not.toBe(second.id);
    first.release();
    second.release();
  });
});
