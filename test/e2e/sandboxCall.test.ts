import { afterEach, beforeAll, expect, test } from 'vitest';
import { startSipServer } from '../../examples/sandbox/server/sipServer.js';
import type { SipServer } from '../../examples/sandbox/server/sipServer.js';
import { party } from './support/browser.ts';
import {
  clearStage,
  enterAll,
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
import { findTones } from './support/toneFinder.ts';

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
  [alice, bob, carol] = await enterAll(stage);
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

test('a call carries sound both ways, and a hang-up of either side ends it for both', async () => {
  for (const [ender, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    await talk(alice, bob);
    await hearEachOther(alice, bob);
    for (const { tab } of [alice, bob]) expect(await tab.liveTracks()).not.toHaveLength(0);
    await ender.run('hangup');
    const { call } = await other.waitForEvent('call.ended');
    expect(call.end).toMatchObject({ by: 'remote', failed: false, key: 'normal' });
    expect((await ender.waitForEvent('call.ended')).call.end).toMatchObject({ by: 'local' });
    for (const { tab, user } of [alice, bob]) {
      const isFree = async (): Promise<boolean> => (await tab.liveTracks()).length === 0;
      await until(`the microphone of ${user} to be free`, isFree);
    }
    await clearStage(alice, bob);
  }
});

test('a call on hold is silent, and resume brings the sound back', async () => {
  await talk(alice, bob);
  await hearEachOther(alice, bob);
  await alice.run('hold');
  await bob.waitForEvent('call.hold');
  await Promise.all([isCutOffFrom(alice), isSilentFor(bob)]);
  await alice.run('unhold');
  await hearEachOther(alice, bob);
});

test('muted is silence at the far side, and unmuted is sound again', async () => {
  await talk(alice, bob);
  await hearEachOther(alice, bob);
  await alice.run('mute');
  await isSilentFor(bob);
  await hearsOf(alice, bob);
  await alice.run('unmute');
  await hearsOf(bob, alice);
});

test('digits arrive complete and in order', async () => {
  await talk(alice, bob);
  await hearEachOther(alice, bob);
  const tones = await findTones(bob.page);
  await alice.run('sendDTMF', '', '19#');
  await until('all digits', async () => (await tones()).length >= 3);
  const heard = await tones();
  expect(heard.map(({ digit }) => digit).join('')).toBe('19#');
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
  // Who is transferred is asked first.
  await bob.page.locator('#call-control [data-action=followRefer]').click();
  await carol.answerNext();
  await transferred;
  await Promise.all([hearsOf(bob, carol), hearsOf(carol, bob)]);
  expect(await alice.calls()).toEqual([]);
  await until('bob to have one call', async () => (await bob.calls()).length === 1);
  expect(await bob.calls()).not.toContain(atBob);
});
