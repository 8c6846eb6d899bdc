import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clearStage, hearEachOther, talk } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { isUp } from './support/phone.ts';
import {
  black,
  blue,
  camerasOf,
  film,
  framesOf,
  arrivingFrames,
  red,
  sees,
  seesNothing,
  talkFilmed,
} from './support/pictures.ts';
import type { Filmed } from './support/pictures.ts';
import { until } from './support/processes.ts';
import { startUas } from './support/sipp.ts';

// What two people see of one another, measured at the far end: colours, and frames decoded.

const lab = useLab({ rtpengine: true });

let alice: Filmed;
let bob: Filmed;

beforeAll(async () => {
  const { party, kamailio } = lab();
  const stage = { party, socket: kamailio.url };
  [alice, bob] = await Promise.all([film('alice', red, stage), film('bob', blue, stage)]);
});

afterEach(() => clearStage(alice, bob));

const seeEachOther = async (): Promise<void> => {
  await Promise.all([sees(alice.tab, bob.colour), sees(bob.tab, alice.colour)]);
};

describe('a call that starts with a picture', () => {
  test('shows each the other, and says so', async () => {
    const [atAlice, atBob] = await talkFilmed(alice, bob, { video: true });
    await seeEachOther();
    await hearEachOther(alice, bob);
    for (const [member, id] of [
      [alice, atAlice],
      [bob, atBob],
    ] as const) {
      expect(await arrivingFrames(member.tab)).toBeGreaterThan(5);
      expect(await member.snapshot(id)).toMatchObject({
        media: { audio: true, video: true },
        receiving: { audio: true, video: true },
        sending: { audio: true, video: true },
        localVideo: 'camera',
      });
      expect(await member.eventsOf(id)).toContain('remote.video.added');
    }
  });

  test('answered with sound alone: no picture either way, and the caller’s camera goes off', async () => {
    const [atAlice, atBob] = await talkFilmed(alice, bob, {});
    await hearEachOther(alice, bob);
    await Promise.all([seesNothing(alice.tab), seesNothing(bob.tab)]);
    expect(await framesOf(bob.tab)).toBe(0);
    const none = { receiving: { video: false }, sending: { video: false }, localVideo: 'none' };
    expect(await bob.snapshot(atBob)).toMatchObject(none);
    await alice.waitForCall('no picture', ({ localVideo }) => localVideo === 'none', atAlice);
    expect(await alice.snapshot(atAlice)).toMatchObject(none);
    await until('the camera to be off', async () => (await camerasOf(alice)) === 0);
    // A later offer does not bring back what was declined.
    await alice.run('hold', atAlice);
    await alice.run('unhold', atAlice);
    await hearEachOther(alice, bob);
    await Promise.all([seesNothing(alice.tab), seesNothing(bob.tab)]);
    // But who declined may show himself after all.
    await bob.run('startVideo', atBob);
    await sees(alice.tab, bob.colour);
    await alice.run('startVideo', atAlice);
    await sees(bob.tab, alice.colour);
  });

  test('answered by somebody who only wants to see', async () => {
    const [atAlice, atBob] = await talkFilmed(alice, bob, { receiveVideo: true });
    await sees(bob.tab, alice.colour);
    await seesNothing(alice.tab);
    expect(await camerasOf(bob)).toBe(0);
    expect((await bob.snapshot(atBob)).receiving.video).toBe(true);
    expect((await alice.snapshot(atAlice)).receiving.video).toBe(false);
  });
});

describe('a camera in a call that began without', () => {
  test('is seen when it is started, is off at the far end, and lets go when it is stopped', async () => {
    const [atAlice, atBob] = await talk(alice, bob);
    await alice.run('startVideo', atAlice);
    await sees(bob.tab, alice.colour);
    expect(await camerasOf(bob)).toBe(0);
    await seesNothing(alice.tab);
    await hearEachOther(alice, bob);
    expect(await alice.snapshot(atAlice)).toMatchObject({
      localVideo: 'camera',
      sending: { video: true },
      receiving: { video: false },
      pending: null,
    });

    await bob.run('startVideo', atBob);
    await seeEachOther();

    await alice.run('stopVideo', atAlice);
    await until('the camera to be free', async () => (await camerasOf(alice)) === 0);
    await bob.waitForEvent('call.remote.video.removed', { callId: atBob });
    await seesNothing(bob.tab);
    await sees(alice.tab, bob.colour);
    expect((await bob.snapshot(atBob)).receiving).toEqual({ audio: true, video: false });

    await alice.run('startVideo', atAlice);
    await seeEachOther();
  });

  test('is black at the far end while it is muted', async () => {
    const [atAlice] = await talkFilmed(alice, bob, { video: true });
    await seeEachOther();
    await alice.run('mute', atAlice, { video: true });
    await sees(bob.tab, black);
    expect((await alice.snapshot(atAlice)).sending).toEqual({ audio: true, video: false });
    await hearEachOther(alice, bob);
    await alice.run('unmute', atAlice, { video: true });
    await sees(bob.tab, alice.colour);
  });

  test('is not seen while the call is held, and again when it is resumed', async () => {
    const [atAlice, atBob] = await talkFilmed(alice, bob, { video: true });
    await seeEachOther();
    await alice.run('hold', atAlice);
    await bob.waitForCall('the hold', ({ hold }) => hold.remote, atBob);
    await Promise.all([seesNothing(alice.tab), isDark(bob)]);
    expect((await bob.snapshot(atBob)).sending.video).toBe(false);
    await alice.run('unhold', atAlice);
    await alice.waitForCall('the call to be up', isUp, atAlice);
    await seeEachOther();
    expect(await bob.snapshot(atBob)).toMatchObject({
      receiving: { video: true },
      sending: { video: true },
    });
  });
});

/** Nothing arrives, or nothing but black. */
const isDark = async ({ tab }: Filmed): Promise<void> => {
  if ((await arrivingFrames(tab)) > 0) await sees(tab, black);
};

describe('a far end that takes no picture', () => {
  const refusals = [
    ['refuses the offer with 488', 'reinvite488Once', 488],
    ['answers it without a picture', 'declinesVideo', undefined],
  ] as const;
  test.each(refusals)(
    'and %s: the call goes on, the camera is off',
    async (_, scenario, status) => {
      const sipp = await startUas(scenario, { kamailio: lab().kamailio, user: '1009' });
      const id = await alice.callTo('1009');
      await alice.waitForCall('the call to be up', isUp, id);
      const { error } = await alice.tryRun('startVideo', id);
      expect(error).toMatchObject({ code: 'call.operationRefused' });
      expect(error?.statusCode).toBe(status);
      expect(await camerasOf(alice)).toBe(0);
      expect(await alice.snapshot(id)).toMatchObject({
        status: 'established',
        localVideo: 'none',
        sending: { audio: true, video: false },
        pending: null,
      });
      expect((await alice.tab.stats()).signaling).toBe('stable');
      await alice.run('hold', id);
      expect((await alice.snapshot(id)).hold).toEqual({ local: true, remote: false });
      await alice.run('hangup', id);
      expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
    },
  );
});
