import { beforeAll, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { isUp, makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startTurnServer } from './support/turnServer.ts';
import type { TurnServer } from './support/turnServer.ts';

// Sound by way of a TURN server, with credentials that the application fetches and that last for a time.

const lab = useLab();

let turn: TurnServer;
let alice: Party;
let bob: Party;

/** How often a page asked for credentials, and the name of the last ones. */
const asked: string[] = [];

beforeAll(async () => {
  const { party } = lab();
  turn = await startTurnServer();
  alice = await party({ name: 'alice', hz: 440 });
  bob = await party({ name: 'bob', hz: 1000 });
  await alice.page.exposeFunction('fetchIceServers', (seconds: number) => {
    const server = turn.server(seconds);
    asked.push(server.username);
    return { iceServers: [server], ttl: seconds };
  });
});

/** How its end of the newest call sends: the types of the pair of candidates in use. */
const pairOf = ({ page }: TestPhone): Promise<readonly string[]> =>
  until('a pair of candidates', () =>
    page.evaluate(async () => {
      const connection = phone.calls.primary()?.getPeerConnection();
      const report = new Map<string, Record<string, string>>();
      (await connection?.getStats())?.forEach((entry: Record<string, string>) => {
        report.set(entry['id'] ?? '', entry);
      });
      const all = [...report.values()];
      const transport = all.find(({ type }) => type === 'transport');
      const pair = report.get(transport?.['selectedCandidatePairId'] ?? '');
      if (!pair) return undefined;
      const typeOf = (key: string): string => report.get(pair[key] ?? '')?.['candidateType'] ?? '';
      return [typeOf('localCandidateId'), typeOf('remoteCandidateId')];
    }),
  );

/** A phone that is reached over the relay alone, and asks its page for credentials of so many seconds. */
async function relayed(seconds: number): Promise<TestPhone> {
  await alice.page.reload();
  await alice.page.evaluate((ttl) => {
    const fetchServers = (globalThis as unknown as Record<string, (ttl: number) => unknown>)[
      'fetchIceServers'
    ];
    const make = Cordboard.createWebphone;
    globalThis.Cordboard = {
      ...Cordboard,
      createWebphone: (given: { userAgent: { user_agent: Record<string, unknown> } }) => {
        given.userAgent.user_agent['ice_servers'] = () => fetchServers?.(ttl);
        return make(given);
      },
    } as typeof Cordboard;
  }, seconds);
  return makePhone(alice, {
    socket: lab().kamailio.url,
    user: '1001',
    config: { userAgent: { user_agent: { pc_config: { iceTransportPolicy: 'relay' } } } },
  });
}

test('a call by the relay alone is heard both ways, with credentials that are renewed in time', async () => {
  const callee = await makePhone(bob, { socket: lab().kamailio.url, user: '1002' });
  const caller = await relayed(10);
  const callId = await caller.callTo('1002');
  await callee.answerNext();
  await caller.waitForCall('the call to be up', isUp, callId);
  expect((await pairOf(caller))[0]).toBe('relay');
  expect(await pairOf(callee)).toContain('relay');
  await Promise.all([hears(alice, { hz: 1000, not: 440 }), hears(bob, { hz: 440, not: 1000 })]);
  const before = asked.length;
  await until('the next credentials to be fetched', () => asked.length > before, {
    timeoutMs: 15_000,
  });
  expect(Number.parseInt(asked.at(-2) ?? '', 10) * 1000).toBeGreaterThan(Date.now());
  expect((await caller.snapshot(callId)).status).toBe('established');
  await caller.quiet();
  await callee.quiet();
});
