import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type * as Conference from '../../plugins/conference/index.ts';
import type { Party } from './support/browser.ts';
import { bundled } from './support/bundle.ts';
import { clearStage, enter, hearsOf, isSilentFor, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { isNear } from './support/measure.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';

const lab = useLab();

let alice: Member;
let bob: Member;
let carol: Member;
let trace: SipTrace;

declare global {
  // The AudioContext that a conference was made with.
  var mixing: AudioContext | undefined;
}

/** Puts a phone that has conferences into a page in place of the script tag's. */
async function withConferences(party: Party, code: string): Promise<Party> {
  await party.page.addScriptTag({ content: code });
  await party.page.evaluate(() => {
    const place = document.createElement('div');
    place.id = 'conference';
    document.body.append(place);
    const library = Cordboard as typeof Cordboard & typeof Conference;
    globalThis.Cordboard = {
      ...library,
      createWebphone: (settings) =>
        library.createWebphone({
          ...settings,
          plugins: [library.conference({ renderTargets: ['conference'] })],
        }),
    };
  });
  return party;
}

beforeAll(async () => {
  const { kamailio, party } = lab();
  const code = await bundled('Cordboard', ['src/entry/index.ts', 'plugins/conference/index.ts']);
  const stage = { party, socket: kamailio.url };
  const host: typeof party = async (options) => {
    const made = await withConferences(await party(options), code);
    trace = traceSip(made.page);
    return made;
  };
  [alice, bob, carol] = await Promise.all([
    enter('alice', { ...stage, party: host }),
    enter('bob', stage),
    enter('carol', stage),
  ]);
});

afterEach(() => clearStage(alice, bob, carol));

/** Waits until a phone hears these people, then checks that it hears no others. */
async function hearsOnly(listener: Member, ...speakers: readonly Member[]): Promise<void> {
  const finds = (peaks: readonly { hz: number; db: number }[], hz: number): boolean => {
    const loud = (peaks[0]?.db ?? 0) - 35;
    return peaks.some((peak) => isNear(peak.hz, hz) && peak.db > loud);
  };
  const look = async (): Promise<readonly string[]> => {
    const { peaks, rms } = await listener.tab.hear({ ms: 150 });
    if (rms < 0.02) return [];
    return [alice, bob, carol].filter(({ hz }) => finds(peaks, hz)).map(({ user }) => user);
  };
  const wanted = [alice, bob, carol]
    .filter((one) => speakers.includes(one))
    .map(({ user }) => user);
  const isSame = async (): Promise<boolean> => String(await look()) === String(wanted);
  await until(`${listener.user} to hear ${String(wanted)}`, isSame);
  // A new look: what has just begun or ended has all frequencies in it.
  expect(await look()).toEqual(wanted);
}

async function press(part: string, name = ''): Promise<void> {
  const panel = alice.page.locator('#conference');
  const row = panel.locator('[part="participant"]', { hasText: name });
  await (name === '' ? panel : row).locator(`[part="${part}"]`).first().click();
}

/** Alice's conference with both: the ids of her calls. */
async function confer(): Promise<readonly [string, string]> {
  const [toBob] = await talk(alice, bob);
  const [toCarol] = await talk(alice, carol);
  await alice.waitForCall('the hold', (call) => call.hold.local && isUp(call), toBob);
  await alice.page.evaluate(() => {
    const usual = globalThis.AudioContext;
    globalThis.AudioContext = class extends usual {
      constructor(options?: AudioContextOptions) {
        super(options);
        globalThis.mixing = this;
        globalThis.AudioContext = usual;
      }
    };
  });
  await press('merge');
  await alice.waitForCall('the resume', (call) => !call.hold.local && isUp(call), toBob);
  return [toBob, toCarol];
}

async function isReleased(): Promise<void> {
  await until('the mixing to end', () =>
    alice.page.evaluate(() => globalThis.mixing?.state === 'closed'),
  );
}

describe('a conference of three', () => {
  test('each hears the two others and not itself; only the one on hold was offered anything', async () => {
    const invites = (): number => trace.sent('INVITE').length;
    const [toBob, toCarol] = await confer();
    const before = invites();
    await Promise.all([hearsOnly(bob, alice, carol), hearsOnly(carol, alice, bob)]);
    await Promise.all([hearsOf(alice, bob, toBob), hearsOf(alice, carol, toCarol)]);
    await alice.run('mute', toBob);
    await Promise.all([hearsOnly(bob, carol), hearsOnly(carol, bob)]);
    expect((await alice.snapshot(toCarol)).muted.audio).toBe(true);
    await alice.run('unmute', toCarol);
    await press('mute', bob.user);
    await Promise.all([hearsOnly(bob, alice, carol), hearsOnly(carol, alice)]);
    await press('mute', bob.user);
    await hearsOnly(carol, alice, bob);
    expect(invites()).toBe(before);
    await alice.page.evaluate(() => globalThis.phone.plugins.conference?.endConference());
    await isReleased();
  });

  test('one on hold hears nothing and is not heard; the others go on', async () => {
    const [toBob] = await confer();
    await hearsOnly(carol, alice, bob);
    await press('hold', bob.user);
    await alice.waitForCall('the hold', (call) => call.hold.local && isUp(call), toBob);
    await Promise.all([isSilentFor(bob), hearsOnly(carol, alice)]);
    await press('hold', bob.user);
    await Promise.all([hearsOnly(bob, alice, carol), hearsOnly(carol, alice, bob)]);
  });

  test('split leaves the call in focus, and the other one on hold', async () => {
    const [toBob, toCarol] = await confer();
    await hearsOnly(bob, alice, carol);
    await press('splitAll');
    await alice.waitForCall('the hold', (call) => call.hold.local && isUp(call), toBob);
    await Promise.all([isSilentFor(bob), hearsOnly(carol, alice)]);
    expect((await alice.snapshot(toCarol)).isPrimary).toBe(true);
    await isReleased();
  });

  test('when one hangs up, the other one is an ordinary call; so it is when one is dropped', async () => {
    const [toBob] = await confer();
    await hearsOnly(carol, alice, bob);
    await carol.run('hangup');
    await isReleased();
    await Promise.all([hearsOnly(bob, alice), hearsOf(alice, bob, toBob)]);
    const [toCarol] = await talk(alice, carol);
    await alice.waitForCall('the hold', (call) => call.hold.local && isUp(call), toBob);
    await press('merge');
    await hearsOnly(carol, alice, bob);
    await press('drop', bob.user);
    await bob.waitForEvent('call.ended');
    await Promise.all([hearsOnly(carol, alice), hearsOf(alice, carol, toCarol)]);
  });
});
