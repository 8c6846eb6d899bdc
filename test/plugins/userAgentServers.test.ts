import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import { outOfDialog, password, server } from './userAgentScene.ts';
import { sockets, started, wired } from './userAgentOptionsScene.ts';

/** Breaks the connection, lets nobody in any more, and waits. */
async function unreachable(seconds: number): Promise<void> {
  server.accept(false);
  await server.drop();
  await vi.advanceTimersByTimeAsync(seconds * 1000);
}

describe('the servers', () => {
  const two = [
    { socket: 'wss://second.example.com', weight: 1 },
    { socket: 'wss://first.example.com', weight: 10 },
  ];

  it('are tried by weight, and the next one when one is lost', async () => {
    await wired({ sockets: two });
    await server.drop();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.addresses).toEqual(['wss://first.example.com', 'wss://second.example.com']);
    expect(server.open()).toBe(1);
  });

  it('are tried for ever, with pauses within the recovery intervals', async () => {
    await wired({ recovery_min_interval: 3, recovery_max_interval: 9 });
    const times: number[] = [];
    const chance = vi.spyOn(Math, 'random').mockReturnValue(0.999);
    onTestFinished(() => {
      chance.mockRestore();
    });
    server.accept(false);
    await server.drop();
    for (let seen = server.addresses.length, second = 1; second <= 600; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      if (server.addresses.length > seen) times.push(second);
      seen = server.addresses.length;
    }
    const pauses = times.map((time, index) => time - (times[index - 1] ?? 0));
    expect([pauses[0], ...new Set(pauses.slice(3))]).toEqual([3, 9]);
    expect(times.length).toBeGreaterThan(60);
  });

  it('are tried at a fixed pace when one is set', async () => {
    await wired({ ws_server_reconnection_timeout: 4 });
    await unreachable(3.999);
    expect(server.addresses).toHaveLength(1);
    for (const attempts of [2, 3, 4, 5, 6]) {
      await vi.advanceTimersByTimeAsync(attempts === 2 ? 1 : 4000);
      expect(server.addresses).toHaveLength(attempts);
    }
  });

  it.each([
    [3, sockets, 3],
    [2, two, 4],
    [0, sockets, 0],
  ])('are given up after %i attempts each, which is told', async (most, list, attempts) => {
    const { events, api } = await wired({
      sockets: list,
      ws_server_max_reconnection: most,
      ws_server_reconnection_timeout: 1,
    });
    await unreachable(600);
    expect(server.addresses).toHaveLength(1 + attempts);
    expect(events.of('userAgent.reconnection.ended')).toMatchObject([{ attempts }]);
    expect([api('userAgent').isStarted(), api('userAgent').isConnected()]).toEqual([true, false]);

    server.accept(true);
    await api('userAgent').stop();
    await api('userAgent').start();
    await vi.dynamicImportSettled();
    await settled();
    expect(api('userAgent').isConnected()).toBe(true);
  });

  it('are counted anew after each connection', async () => {
    const { events } = await wired({
      ws_server_max_reconnection: 2,
      ws_server_reconnection_timeout: 1,
    });
    for (let round = 0; round < 5; round += 1) {
      await server.drop();
      await vi.advanceTimersByTimeAsync(1000);
      expect(server.open()).toBe(1);
    }
    expect(events.names('userAgent.reconnection')).toEqual([]);
  });
});

describe('a NOTIFY without a subscription', () => {
  const headers = [
    'Event: message-summary;id=1',
    'Content-Type: application/simple-message-summary',
  ];
  const notify = (): string => outOfDialog('NOTIFY', headers, 'Messages-Waiting: yes');

  it('is refused and not told', async () => {
    const { events } = await started();
    await server.say(notify());
    expect((await server.nextResponse(481)).method).toBe('NOTIFY');
    expect(events.names('userAgent.received')).toEqual([]);
    expect(server.sent.filter(({ method }) => method === 'NOTIFY')).toHaveLength(1);
  });

  it('is told where it is allowed, unless somebody takes it', async () => {
    const { events, api } = await started({ user_agent: { allow_legacy_notifications: true } });
    await server.say(notify());
    expect((await server.nextResponse(200)).method).toBe('NOTIFY');
    const told = events.last('userAgent.received.notify');
    expect(told).toMatchObject({ package: 'message-summary', body: 'Messages-Waiting: yes' });
    expect(told.event).toMatchObject({ event: { event: 'message-summary' } });

    api('userAgent').onRequest({
      method: 'NOTIFY',
      take: (request) => {
        request.reply(202);
      },
    });
    await server.say(notify().replace('bKNOTIFY', 'bKmore').replace('NOTIFY@', 'more@'));
    await server.nextResponse(202);
    expect(events.names('userAgent.received')).toHaveLength(1);
  });
});

describe('a phone without an account', () => {
  const anonymous = { authentication: { username: '', password: '', realm: '' } };

  it('starts when it is asked to, is called anonymous, and calls without registering', async () => {
    const test = await started(anonymous);
    expect(server.addresses).toEqual([]);
    await test.api('userAgent').start();
    await vi.dynamicImportSettled();
    await settled();
    expect(test.api('userAgent').isConnected()).toBe(true);
    void test.api('userAgent').call('sip:2002@example.com');
    const invite = await server.next('INVITE');
    expect(invite.start).toBe('INVITE sip:2002@example.com SIP/2.0');
    expect(invite.header('From')).toMatch(/^<sip:anonymous\.\w+@anonymous\.invalid>/);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.requests('REGISTER')).toEqual([]);
  });

  it('has another name in each phone, and registers when it gets an account', async () => {
    const names: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      const test = await started(anonymous);
      await test.api('userAgent').start();
      void test.api('userAgent').call('sip:2002@example.com');
      names.push((await server.next('INVITE')).header('From').split(';')[0] ?? '');
      await test.api('userAgent').stop();
      if (time === 0) continue;
      await test.api('userAgent').start('1001', password, 'example.com');
      expect((await server.next('REGISTER')).header('From')).toContain('sip:1001@example.com');
    }
    expect(new Set(names).size).toBe(2);
  });
});
