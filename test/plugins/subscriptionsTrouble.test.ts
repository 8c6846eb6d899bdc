import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SubscriptionSnapshot } from '../../plugins/subscriptions/index.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import { agreed, asking, notify, registerAgain, subscribed } from './subscriptionsScene.ts';
import { server } from './userAgentScene.ts';

// Pauses are between half of their length and the whole; here they are the whole.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON);
});

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 1000);
const asked = (): number => server.requests('SUBSCRIBE').length;
const sameDialog = (one: WireMessage, other: WireMessage): boolean =>
  one.header('Call-ID') === other.header('Call-ID');

/** Nothing is sent for one second less than this, and then a new subscription is begun. */
async function comesAfter(pause: number): Promise<WireMessage> {
  const before = asked();
  await seconds(pause - 1);
  expect(asked()).toBe(before);
  await seconds(2);
  return await server.next('SUBSCRIBE');
}

describe('a subscription that the server refuses', () => {
  it('waits as long as Retry-After says', async () => {
    const { subscribe, snapshot, events } = await asking();
    await server.reply(subscribe, 503, { headers: ['Retry-After: 120 (busy)'] });
    expect(snapshot()).toMatchObject({
      ...{ status: 'waiting', retryIn: 120_000 },
      error: { code: 'userAgent.requestFailed', statusCode: 503 },
    });
    expect(events.of('subscriptions.failed')).toMatchObject([{ retryIn: 120_000 }]);
    const again = await comesAfter(120);
    expect(sameDialog(subscribe, again)).toBe(false);
    await server.reply(again, 200, agreed());
    await server.say(notify(again));
    expect(snapshot()).toMatchObject({ status: 'active', error: null, retryIn: null });
  });

  it('does not ask all the time where that says zero', async () => {
    const { subscribe, snapshot } = await asking();
    await server.reply(subscribe, 503, { headers: ['Retry-After: 0'] });
    expect(snapshot().retryIn).toBe(5000);
    await server.reply(await comesAfter(5), 480, { headers: ['Retry-After: 1'] });
    expect(snapshot().retryIn).toBe(10_000);
  });

  it('without it waits longer from time to time, up to a limit', async () => {
    let { subscribe } = await asking();
    for (const pause of [5, 10, 20, 40, 80, 160, 300, 300]) {
      await server.reply(subscribe, 500);
      subscribe = await comesAfter(pause);
    }
  });

  it('spreads its attempts: half of a pause is chance', async () => {
    vi.mocked(Math.random).mockReturnValue(0);
    const { subscribe } = await asking();
    await server.reply(subscribe, 500);
    await comesAfter(2.5);
  });

  it('asks for longer when the interval was too brief', async () => {
    const { subscribe } = await asking(60);
    await server.reply(subscribe, 423, { headers: ['Min-Expires: 900'] });
    const again = await server.next('SUBSCRIBE');
    expect(again.header('Expires')).toBe('900');
    await server.reply(again, 423, { headers: ['Min-Expires: 900'] });
    expect(asked()).toBe(2);
  });

  it.each([489, 403, 404, 405, 501])(
    'with %i is not asked again until the next registration',
    async (status) => {
      const { subscribe, snapshot } = await asking();
      await server.reply(subscribe, status);
      expect(snapshot()).toMatchObject({
        status: 'ended',
        retryIn: null,
        error: { statusCode: status },
      });
      await seconds(250);
      expect(asked()).toBe(1);
      await server.drop();
      await seconds(5);
      await registerAgain();
      await server.next('SUBSCRIBE');
    },
  );

  it('or that it accepts without ever telling the state, is tried again', async () => {
    const { subscribe, snapshot } = await asking();
    await server.reply(subscribe, 202, agreed());
    await seconds(31);
    expect(snapshot().status).toBe('subscribing');
    await seconds(2);
    expect(snapshot()).toMatchObject({ status: 'waiting', error: { statusCode: 408 } });
    expect(sameDialog(subscribe, await comesAfter(4))).toBe(false);
  });

  it('or does not answer, is tried again', async () => {
    const { snapshot } = await asking();
    await seconds(33);
    expect(snapshot()).toMatchObject({ status: 'waiting', error: { statusCode: 408 } });
    await comesAfter(4);
  });
});

describe('a refresh that the server refuses', () => {
  it('with 481 begins a new subscription at once', async () => {
    const { subscribe } = await subscribed();
    await seconds(511);
    const refresh = await server.next('SUBSCRIBE');
    await server.reply(refresh, 481);
    const again = await server.next('SUBSCRIBE');
    expect(sameDialog(subscribe, again)).toBe(false);
    expect(again.start).toBe('SUBSCRIBE sip:2002@example.com SIP/2.0');
    // A server that says so each time is not asked without end.
    await server.reply(again, 481);
    expect(asked()).toBe(3);
    await comesAfter(10);
  });

  it('for a while is tried again in its dialog as long as that lasts', async () => {
    const { subscribe } = await subscribed();
    await seconds(511);
    await server.reply(await server.next('SUBSCRIBE'), 500, { headers: ['Retry-After: 30'] });
    const again = await comesAfter(30);
    expect(sameDialog(subscribe, again)).toBe(true);
    await server.reply(again, 503, { headers: ['Retry-After: 90'] });
    expect(sameDialog(subscribe, await comesAfter(90))).toBe(false);
  });
});

describe('a subscription that the server ends', () => {
  async function ended(
    state: string,
    after = 100,
  ): Promise<{
    readonly snapshot: () => SubscriptionSnapshot;
    readonly subscribe: WireMessage;
  }> {
    const watch = await subscribed();
    await seconds(after);
    await server.say(notify(watch.subscribe, { state: `terminated;${state}` }));
    await server.nextResponse(200);
    return watch;
  }

  it.each(['deactivated', 'timeout'])('as %s is begun again at once', async (reason) => {
    const { subscribe } = await ended(`reason=${reason};retry-after=900`);
    expect(sameDialog(subscribe, await server.next('SUBSCRIBE'))).toBe(false);
  });

  it('as deactivated time and again is begun after a pause', async () => {
    await ended('reason=deactivated');
    const second = await server.next('SUBSCRIBE');
    await server.reply(second, 200, agreed());
    await server.say(notify(second, { state: 'terminated;reason=deactivated' }));
    expect(asked()).toBe(2);
    await comesAfter(10);
  });

  it.each(['probation', 'giveup', ''])('as "%s" is begun after a pause', async (reason) => {
    await ended(`reason=${reason};retry-after=70`);
    await comesAfter(70);
  });

  it('as probation without a time goes by its own pause', async () => {
    await ended('reason=probation');
    await comesAfter(5);
  });

  it.each(['rejected', 'noresource', 'invariant'])('as %s is given up', async (reason) => {
    const { snapshot } = await ended(`reason=${reason}`);
    expect(snapshot()).toMatchObject({ status: 'ended', reason, retryIn: null });
    await seconds(280);
    expect(asked()).toBe(1);
  });

  it('tells what the last NOTIFY says', async () => {
    const { subscribe, notes } = await subscribed();
    const state = 'terminated;reason=noresource';
    await server.say(notify(subscribe, { state, body: 'gone' }));
    expect(notes.at(-1)?.body).toBe('gone');
  });
});
