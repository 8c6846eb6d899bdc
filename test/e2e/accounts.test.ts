import { afterEach, beforeAll, expect, test } from 'vitest';
import { clearStage, enter, hearEachOther, hearsOf } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { domain, startKamailio } from './support/kamailio.ts';
import type { Kamailio } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';

const lab = useLab();

let office: Kamailio;
let alice: Member;
let bob: Member;
let carol: Member;

interface Account {
  readonly id: string;
  readonly transport: { readonly sockets: readonly string[] };
  readonly authentication: Readonly<Record<string, string>>;
}

/** An account at one of the two servers. */
function accountAt(id: string, server: Kamailio, user: string): Account {
  return {
    id,
    transport: { sockets: [server.url] },
    authentication: { username: user, password: `pw${user}`, realm: domain },
  };
}

// Alice has one account at the office and two at home, bob is at home, carol at either.
beforeAll(async () => {
  office = await startKamailio();
  const { kamailio: home, party } = lab();
  const accounts = [accountAt('work', office, '1004'), accountAt('desk', home, '1005')];
  const user_agent = { refer_policy: 'follow' };
  const withHome = { accounts: [accountAt('home', home, '1003')] };
  [alice, bob, carol] = await Promise.all([
    enter('alice', { party, socket: home.url, config: { userAgent: { accounts } } }),
    enter('bob', { party, socket: home.url, config: { userAgent: { user_agent } } }),
    enter('carol', { party, socket: office.url, config: { userAgent: withHome } }),
  ]);
  await isRegisteredAs(alice, 'work');
  await isRegisteredAs(alice, 'desk');
  await isRegisteredAs(carol, 'home');
});

afterEach(() => clearStage(alice, bob, carol));

function isRegisteredAs({ user, page }: Member, account: string): Promise<unknown> {
  return until(`${user} to be registered as ${account}`, () =>
    page.evaluate((id) => globalThis.phone.userAgent.isRegistered({ account: id }), account),
  );
}

/** Calls by an account; the ids of the call at either end once it is up. */
async function talkAs(
  from: Member,
  account: string,
  { to, user }: { readonly to: Member; readonly user: string },
): Promise<readonly [string, string]> {
  const atCaller = await from.page.evaluate(
    async ([target, id]) =>
      (await globalThis.phone.userAgent.call(target, null, { account: id })).id,
    [user, account] as const,
  );
  const atCallee = await to.answerNext();
  await from.waitForCall('the call to be up', isUp, atCaller);
  return [atCaller, atCallee];
}

test('each account is registered at its own server', async () => {
  expect(await lab().kamailio.contacts('1001')).toHaveLength(1);
  expect(await lab().kamailio.contacts('1005')).toHaveLength(1);
  expect(await office.contacts('1004')).toHaveLength(1);
  expect(await office.contacts('1001')).toEqual([]);
  const rows = await alice.page.locator('#user-agent [part="accountRow"]').allInnerTexts();
  expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
    '1001 Ready 1001@lab.test Unregister',
    'work Ready 1004@lab.test Unregister',
    'desk Ready 1005@lab.test Unregister',
  ]);
});

test('a call goes out by each, and is heard', async () => {
  const [first] = await talkAs(alice, 'default', { to: bob, user: '1002' });
  await hearEachOther(alice, bob);
  expect((await alice.snapshot(first)).account).toBe('default');
  const [second] = await talkAs(alice, 'work', { to: carol, user: '1003' });
  await hearEachOther(alice, carol);
  expect(await alice.snapshot(second)).toMatchObject({ account: 'work', isPrimary: true });
  expect(await alice.textOf('call-control', 'account')).toBe('work');
  expect((await alice.snapshot(first)).hold.local).toBe(true);
});

test('a call comes in at each, and the list tells at which', async () => {
  const [, atAlice] = await talkAs(carol, 'default', { to: alice, user: '1004' });
  await hearEachOther(alice, carol);
  expect((await alice.snapshot(atAlice)).account).toBe('work');
  expect(await alice.textOf('call-list', 'account')).toBe('work');
  await carol.quiet();
  await until('alice to be free', async () => (await alice.calls()).length === 0);
  const [, again] = await talkAs(bob, 'default', { to: alice, user: '1001' });
  await hearEachOther(alice, bob);
  expect((await alice.snapshot(again)).account).toBe('default');
});

test('calls of two accounts are transferred to one another', async () => {
  const [toBob, atBob] = await talkAs(alice, 'default', { to: bob, user: '1002' });
  const [, fromCarol] = await talkAs(carol, 'home', { to: alice, user: '1005' });
  expect((await alice.snapshot(fromCarol)).account).toBe('desk');
  await alice.page.evaluate(
    async ([first, second]) => {
      await globalThis.phone.calls.get(first)?.transfer(globalThis.phone.calls.get(second));
    },
    [toBob, fromCarol] as const,
  );
  await Promise.all([hearsOf(bob, carol), hearsOf(carol, bob)]);
  expect(await bob.calls()).not.toContain(atBob);
  await until('alice to be free', async () => (await alice.calls()).length === 0);
});

test('a server that goes away takes its account along, and no other; it comes back by itself', async () => {
  await talkAs(alice, 'default', { to: bob, user: '1002' });
  await alice.clear();
  await office.stop();
  const lost = await alice.waitForEvent('userAgent.disconnected');
  expect(lost['account']).toBe('work');
  await hearEachOther(alice, bob);
  expect(await alice.page.evaluate(() => globalThis.phone.userAgent.isReady())).toBe(true);
  await office.restart();
  await isRegisteredAs(alice, 'work');
  await hearEachOther(alice, bob);
  await carol.waitUntilRegistered();
});

test('a log-in that is refused for one account leaves the other one talking', async () => {
  await talkAs(alice, 'default', { to: bob, user: '1002' });
  await alice.page.evaluate(() => globalThis.phone.userAgent.stop({ account: 'work' }));
  await alice.clear();
  await alice.page.evaluate(() =>
    globalThis.phone.userAgent.start(null, 'wrong', null, { account: 'work' }),
  );
  const failed = await alice.waitForEvent('userAgent.registration.failed');
  expect(failed).toMatchObject({ account: 'work', statusCode: 401, retryIn: null });
  await hearEachOther(alice, bob);
  const row = alice.page.locator('#user-agent [part="accountRow"]').nth(1);
  expect(await row.innerText()).toContain('The telephone server did not accept the log-in.');
  // The form is for that account: by hand, with the right password, it is registered again.
  await alice.page.locator('#user-agent [part="password"]').fill('pw1004');
  await alice.page.locator('#user-agent [part="agentstart"]').click();
  await isRegisteredAs(alice, 'work');
  await hearEachOther(alice, bob);
});
