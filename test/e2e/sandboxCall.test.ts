import { afterEach, beforeAll, expect, test } from 'vitest';
import { startSipServer } from '../../examples/sandbox/server/sipServer.js';
import type { SipServer } from '../../examples/sandbox/server/sipServer.js';
import { party } from './support/browser.ts';
import {
  clearStage,
  enter,
  hearEachOther,
  hearsOf,
  isCutOffFrom,
  isSilentFor,
  talk,
} from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useHarness } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import { atEnd, until } from './support/processes.ts';
import { startPageServer } from './support/server.ts';

// What call.test.ts, registration.test.ts and transfer.test.ts show with Kamailio, in short, with
// the server that `npm start` brings.
useHarness();

const realm = 'sandbox.invalid';
const users = { '1001': 'pw1001', '1002': 'pw1002', '1003': 'pw1003' };

let server: SipServer;
let alice: Member;
let bob: Member;
let carol: Member;

beforeAll(async () => {
  server = await startSipServer({ realm, users });
  atEnd(() => server.close());
  const { url } = await startPageServer();
  const stage = {
    realm,
    socket: server.url,
    party: (options: { readonly name: string; readonly hz: number }) => party({ url, ...options }),
  };
  [alice, bob, carol] = await Promise.all([
    enter('alice', stage),
    enter('bob', stage),
    enter('carol', stage),
  ]);
});

afterEach(() => clearStage(alice, bob, carol));

const contacts = (user: string): number =>
  server.registrations().filter((registration) => registration.user === user).length;

test('registers, unregisters and registers again', async () => {
  expect(contacts('1001')).toBe(1);
  await alice.page.evaluate(() => globalThis.phone.userAgent.unregister());
  expect(contacts('1001')).toBe(0);
  await alice.page.evaluate(() => globalThis.phone.userAgent.register());
  expect(contacts('1001')).toBe(1);
});

test('does not take a wrong password', async () => {
  const tab = await alice.tab.open('/');
  const account = { user: '1001', password: 'wrong', socket: server.url, realm };
  const stranger = await makePhone(tab, { ...account, isAwaited: false });
  const failed = await stranger.waitForEvent('userAgent.registration.failed');
  expect(failed).toMatchObject({
    statusCode: 401,
    retryIn: null,
    error: { code: 'userAgent.registrationFailed' },
  });
  expect(contacts('1001')).toBe(1);
  await tab.page.close();
});

test('a call carries sound both ways; held it is silent; a hang-up ends it for both', async () => {
  await talk(alice, bob);
  await hearEachOther(alice, bob);
  await alice.run('hold');
  await bob.waitForEvent('call.hold');
  await Promise.all([isCutOffFrom(alice), isSilentFor(bob)]);
  await alice.run('unhold');
  await hearEachOther(alice, bob);
  await bob.run('hangup');
  expect((await alice.waitForEvent('call.ended')).call.end).toMatchObject({ by: 'remote' });
});

test('a call can be cancelled and refused', async () => {
  const first = await alice.callTo(bob.user);
  const atBob = await bob.nextIncoming();
  await alice.run('cancel', first);
  const { call } = await bob.waitForEvent('call.failed', { callId: atBob });
  expect(call.end).toMatchObject({ key: 'canceled', isMissed: true });
  const second = await alice.callTo(bob.user);
  await bob.run('reject', await bob.nextIncoming(), { statusCode: 486 });
  const refused = await alice.waitForEvent('call.failed', { callId: second });
  expect(refused.call.end).toMatchObject({ statusCode: 486, key: 'busyHere' });
});

test('two tabs of one user ring; one answers and the other learns of it', async () => {
  const tab = await bob.tab.open('/');
  const second = await makePhone(tab, { user: bob.user, socket: server.url, realm });
  await alice.callTo(bob.user);
  const [, atSecond] = await Promise.all([bob.nextIncoming(), second.nextIncoming()]);
  await bob.answerNext();
  const { call } = await second.waitForEvent('call.failed', { callId: atSecond });
  expect(call.end).toMatchObject({ key: 'answeredElsewhere', isMissed: false });
  await hearEachOther(alice, bob);
  await tab.page.close();
});

test('a blind transfer connects the other two', async () => {
  const [atAlice, atBob] = await talk(alice, bob);
  const transferred = alice.run('transfer', atAlice, carol.user);
  await carol.answerNext();
  await transferred;
  await Promise.all([hearsOf(bob, carol), hearsOf(carol, bob)]);
  expect(await alice.calls()).toEqual([]);
  await until('bob to have one call', async () => (await bob.calls()).length === 1);
  expect(await bob.calls()).not.toContain(atBob);
});
