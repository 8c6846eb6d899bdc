import { afterEach, beforeAll, describe, expect, test } from 'vitest';
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
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { isUp, makePhone } from './support/phone.ts';
import { until } from './support/processes.ts';

const lab = useLab();

let alice: Member;
let bob: Member;

beforeAll(async () => {
  const { kamailio, party } = lab();
  const stage = { party, socket: kamailio.url };
  [alice, bob] = await Promise.all([enter('alice', stage), enter('bob', stage)]);
});

afterEach(() => clearStage(alice, bob));

describe('a call that is up', () => {
  test('carries sound both ways, and a hang-up of either side ends it for both', async () => {
    for (const [ender, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      await talk(alice, bob);
      await hearEachOther(alice, bob);
      expect(await alice.tab.liveTracks()).not.toHaveLength(0);
      await ender.run('hangup');
      const { call } = await other.waitForEvent('call.ended');
      expect(call.end).toMatchObject({ by: 'remote', failed: false, key: 'normal' });
      expect((await ender.waitForEvent('call.ended')).call.end).toMatchObject({ by: 'local' });
      // This hangs nothing up here: both are to find out and to let go of the microphone.
      await clearStage(alice, bob);
    }
  });

  test('on hold the holder gets no packets and the held side no sound; resume brings both back', async () => {
    const [atAlice, atBob] = await talk(alice, bob);
    await hearEachOther(alice, bob);
    await alice.run('hold');
    await bob.waitForEvent('call.hold', { callId: atBob });
    expect((await alice.snapshot(atAlice)).hold).toEqual({ local: true, remote: false });
    expect((await bob.snapshot(atBob)).hold).toEqual({ local: false, remote: true });
    expect(await bob.textOf('call-list', 'state')).toBe('Held by the other side');
    expect(await alice.textOf('call-list', 'state')).toBe('On hold');
    await Promise.all([isCutOffFrom(alice), isSilentFor(bob)]);
    await alice.run('unhold');
    await bob.waitForEvent('call.unhold', { callId: atBob });
    expect((await bob.snapshot(atBob)).hold).toEqual({ local: false, remote: false });
    await hearEachOther(alice, bob);
  });

  test('can be held from both sides, and each takes back its own hold only', async () => {
    const [atAlice] = await talk(alice, bob);
    await alice.run('hold');
    await bob.run('hold');
    expect((await alice.snapshot(atAlice)).hold).toEqual({ local: true, remote: true });
    await alice.run('unhold');
    expect((await alice.snapshot(atAlice)).hold).toEqual({ local: false, remote: true });
    await Promise.all([isSilentFor(alice), isCutOffFrom(bob)]);
    await bob.run('unhold');
    await hearEachOther(alice, bob);
  });

  test('hold pressed five times ends in the state last asked for', async () => {
    const [atAlice, atBob] = await talk(alice, bob);
    await hearEachOther(alice, bob);
    const mash = async (start: 'hold' | 'unhold'): Promise<void> => {
      const other = start === 'hold' ? 'unhold' : 'hold';
      const wishes = [start, other, start, other, start] as const;
      await Promise.all(wishes.map((wish) => alice.tryRun(wish, atAlice)));
      await alice.waitForCall('the hold to settle', isUp, atAlice);
    };
    await mash('hold');
    expect((await alice.snapshot(atAlice)).hold.local).toBe(true);
    expect((await bob.snapshot(atBob)).hold.remote).toBe(true);
    await Promise.all([isCutOffFrom(alice), isSilentFor(bob)]);
    await mash('unhold');
    expect((await alice.snapshot(atAlice)).hold.local).toBe(false);
    await hearEachOther(alice, bob);
  });

  test('muted is silence at the far side, and unmuted is sound again', async () => {
    const [atAlice] = await talk(alice, bob);
    await hearEachOther(alice, bob);
    await alice.run('mute');
    expect((await alice.snapshot(atAlice)).muted.audio).toBe(true);
    await isSilentFor(bob);
    await hearsOf(alice, bob);
    await alice.run('unmute');
    await hearsOf(bob, alice);
  });

  test('stays muted through hold and resume', async () => {
    await talk(alice, bob);
    await hearEachOther(alice, bob);
    await alice.run('mute');
    await alice.run('hold');
    await alice.run('unhold');
    await hearsOf(alice, bob);
    await isSilentFor(bob);
  });
});

describe('a call that is not answered', () => {
  test('is cancelled by the caller: missed at the other end', async () => {
    const atAlice = await alice.callTo('1002');
    const atBob = await bob.nextIncoming();
    await alice.waitForCall('ringing', ({ status }) => status === 'ringing', atAlice);
    await alice.run('cancel');
    const { call } = await bob.waitForEvent('call.failed', { callId: atBob });
    expect(call.end).toMatchObject({ by: 'remote', key: 'canceled', isMissed: true });
    expect(await bob.textOf('call-list', 'notices')).toContain('Missed call from 1001');
    expect((await alice.waitForEvent('call.failed')).call.end).toMatchObject({ key: 'canceled' });
  });

  test.each([
    [486, 'busyHere', 'busy'],
    [603, 'decline', 'decline'],
  ] as const)('is rejected with %i', async (statusCode, key, word) => {
    const atAlice = await alice.callTo('1002');
    const atBob = await bob.nextIncoming();
    await bob.run('reject', atBob, { statusCode });
    const { call } = await alice.waitForEvent('call.failed', { callId: atAlice });
    expect(call.end).toMatchObject({ by: 'remote', failed: true, statusCode, key });
    expect((await alice.textOf('call-list', 'reason')).toLowerCase()).toContain(word);
    const { call: rejected } = await bob.waitForEvent('call.failed', { callId: atBob });
    expect(rejected.end).toMatchObject({ by: 'local', isMissed: false });
    expect(await bob.textOf('call-list', 'reason')).toBe('');
  });

  test('tells of an unknown number and of a phone that is not there', async () => {
    for (const [user, statusCode] of [
      ['7777', 404],
      ['1015', 480],
    ] as const) {
      const callId = await alice.callTo(user);
      const { call } = await alice.waitForEvent('call.failed', { callId });
      expect(call.end).toMatchObject({ statusCode, failed: true });
      expect(await alice.textOf('call-list', 'reason')).not.toBe('');
    }
  });
});

describe('forking', () => {
  test('of two tabs that ring one answers; the other learns that it is taken and misses nothing', async () => {
    const secondTab = await bob.tab.open('/');
    const second = await makePhone(secondTab, { user: '1002', socket: lab().kamailio.url });
    const atAlice = await alice.callTo('1002');
    const [atBob, atSecond] = await Promise.all([bob.nextIncoming(), second.nextIncoming()]);
    await bob.run('answer', atBob);
    await alice.waitForCall('the call to be up', isUp, atAlice);
    await hearEachOther(alice, bob);
    const { call } = await second.waitForEvent('call.failed', { callId: atSecond });
    expect(call.end).toMatchObject({ by: 'remote', key: 'answeredElsewhere', isMissed: false });
    expect(await second.textOf('call-list', 'notices')).toContain(
      'The call was answered on another phone.',
    );
    expect(await second.textOf('call-list', 'notices')).not.toContain('Missed');
    expect(await secondTab.liveTracks()).toEqual([]);
    expect(await alice.calls()).toEqual([atAlice]);
    await secondTab.page.close();
  });
});

describe('the microphone', () => {
  const carolHz = 700;
  const cases = [
    {
      microphone: 'denied',
      code: 'media.denied',
      words: 'The browser was told not to let this page use the microphone or camera.',
    },
    { microphone: 'none', code: 'media.noDevice', words: 'No microphone or camera was found.' },
  ] as const;

  test.each(cases)(
    '$microphone: says so, calls nobody, and an incoming call goes on ringing',
    async ({ microphone, code, words }) => {
      const tab = await lab().party({ name: 'carol', hz: carolHz, microphone });
      const carol = await makePhone(tab, { user: '1003', socket: lab().kamailio.url });
      expect((await carol.tryCall('1002')).error).toMatchObject({ name: 'PhoneError', code });
      expect(await carol.textOf('user-agent', 'error')).toBe(words);
      expect(await carol.calls()).toEqual([]);
      expect(await bob.calls()).toEqual([]);

      const atAlice = await alice.callTo('1003');
      const atCarol = await carol.nextIncoming();
      expect((await carol.tryRun('answer', atCarol)).error).toMatchObject({ code });
      expect(await carol.textOf('call-list', 'error')).toBe(words);
      expect(await carol.snapshot(atCarol)).toMatchObject({ status: 'ringing', pending: null });
      expect(await alice.snapshot(atAlice)).toMatchObject({ status: 'ringing' });

      if (microphone === 'denied') {
        await tab.context.grantPermissions(['microphone']);
        await carol.run('answer', atCarol);
        await alice.waitForCall('the call to be up', isUp, atAlice);
        await hears(alice.tab, { hz: carolHz, not: alice.hz });
        await hears(tab, { hz: alice.hz, not: carolHz });
      } else {
        await carol.run('reject', atCarol);
        await alice.waitForEvent('call.failed', { callId: atAlice });
      }
      await carol.quiet();
      await tab.close();
    },
  );

  /** From now on the question for the permission stands until the user answers it. */
  async function askUser({ page }: Member): Promise<() => Promise<void>> {
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        await new Promise((answered) => {
          addEventListener('user answered', answered, { once: true });
        });
        mediaDevices.getUserMedia = ask;
        return ask(constraints);
      };
    });
    return () =>
      page.evaluate(() => {
        dispatchEvent(new Event('user answered'));
      });
  }

  test('that comes after the caller has given up is let go of', async () => {
    const atAlice = await alice.callTo('1002');
    const atBob = await bob.nextIncoming();
    const userAnswers = await askUser(bob);
    const answered = bob.tryRun('answer', atBob);
    await bob.waitForCall('the answer', ({ pending }) => pending === 'answer', atBob);
    await alice.run('cancel', atAlice);
    const { call } = await bob.waitForEvent('call.failed', { callId: atBob });
    expect(call.end).toMatchObject({ by: 'remote', key: 'canceled', isMissed: true });
    await userAnswers();
    expect((await answered).error?.code).toBe('call.ended');
    await bob.quiet();
  });

  test('that comes after the user has given up his own call is let go of, and nobody is called', async () => {
    const userAnswers = await askUser(alice);
    const called = alice.tryCall(bob.user);
    await until('the call to be listed', async () => (await alice.calls()).length === 1);
    await alice.run('cancel');
    const { call } = await alice.waitForEvent('call.failed');
    expect(call.end).toMatchObject({ by: 'local', key: 'canceled' });
    await userAnswers();
    expect((await called).error?.code).toBe('call.ended');
    expect(await alice.textOf('user-agent', 'error')).toBe('');
    expect(await bob.calls()).toEqual([]);
  });
});
