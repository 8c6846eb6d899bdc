import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { clearStage, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { hears, hearsNothing, isNear } from './support/measure.ts';
import { makePhone } from './support/phone.ts';
import type { Settings } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startPulse } from './support/pulse.ts';
import type { Microphone, Pulse, Speaker } from './support/pulse.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';

// Real devices: PulseAudio's, which a browser takes for hardware. Alice has them, Bob a tone of his own.

const lab = useLab();

const deskHz = 700;
const headsetHz = 1300;
const bobHz = 1000;

// The browser's noise suppression takes a lasting tone for noise.
const plain = { noiseSuppression: false, echoCancellation: false, autoGainControl: false };
const config: Settings = { mediaDevices: { audioinput: { constraints: plain } } };

let pulse: Pulse;
let desk: Microphone;
let deskSpeaker: Speaker;
let alice: Member;
let bob: Member;
let trace: SipTrace;

async function member(name: string, tab: Party, options: Partial<Member> & { user: string }) {
  const { user, hz = bobHz } = options;
  const socket = lab().kamailio.url;
  return { ...(await makePhone(tab, { user, socket, config })), tab, hz, name };
}

beforeAll(async () => {
  pulse = await startPulse();
  deskSpeaker = await pulse.addSpeaker({ name: 'Desk speaker' });
  desk = await pulse.addMicrophone({ name: 'Desk microphone', hz: deskHz });
  const [atAlice, atBob] = await Promise.all([
    lab().party({ name: 'alice', pulse }),
    lab().party({ name: 'bob', hz: bobHz }),
  ]);
  trace = traceSip(atAlice.page);
  [alice, bob] = await Promise.all([
    member('alice', atAlice, { user: '1001', hz: deskHz }),
    member('bob', atBob, { user: '1002' }),
  ]);
});

afterEach(() => clearStage(alice, bob));

const choose = (part: string, label: string): Promise<readonly string[]> =>
  alice.page.locator(`#media-devices [part=${part}]`).selectOption({ label });
const chosen = (part: string): Promise<string> =>
  alice.page.evaluate(
    (name) =>
      document.querySelector<HTMLSelectElement>(`#media-devices [part=${name}]`)?.selectedOptions[0]
        ?.textContent ?? '',
    part,
  );
const notice = (): Promise<string> => alice.textOf('media-devices', 'notice');
const silenced = (): Promise<string> => alice.textOf('media-devices', 'silenced');

/** For how long, in ms, Bob hears nothing until he hears a frequency after something was done. */
async function silenceUntil(hz: number, act: () => Promise<unknown>): Promise<number> {
  await bob.tab.listen();
  await act();
  await hears(bob.tab, { hz, not: bobHz });
  const { levels } = await bob.tab.listened();
  await bob.tab.stopListening();
  const loud = levels.filter(({ rms }) => rms > 0.02).map(({ at }) => at);
  expect(loud.length, 'moments with sound').toBeGreaterThan(5);
  return Math.max(...loud.slice(1).map((at, place) => at - (loud[place] ?? at)));
}

describe('microphones', () => {
  test('none is open before a call, and names come with the first one', async () => {
    expect(await alice.tab.liveTracks()).toEqual([]);
    await talk(alice, bob);
    await hears(bob.tab, { hz: deskHz, not: bobHz });
    expect(await alice.tab.liveTracks()).toHaveLength(2);
    expect(await chosen('audioinput')).toBe('Default');
  });

  test('the call moves within a second when the one in use is unplugged, and back when it is plugged in', async () => {
    const headset = await pulse.addMicrophone({ name: 'Headset', hz: headsetHz });
    await talk(alice, bob);
    await hears(bob.tab, { hz: deskHz, not: bobHz });
    await choose('audioinput', 'Headset');
    await hears(bob.tab, { hz: headsetHz, not: deskHz });
    const offers = trace.sent('INVITE').length;

    const lost = await silenceUntil(deskHz, headset.unplug);
    expect(lost).toBeLessThan(1000);
    expect(await notice()).toBe('Now using \u2068Default\u2069.');
    await alice.waitForEvent('mediaDevices.audio.input.changed');

    // Another id under the same label, as after the data of the site was cleared.
    let again: Microphone | undefined;
    const found = await silenceUntil(headsetHz, async () => {
      again = await pulse.addMicrophone({ name: 'Headset', hz: headsetHz });
    });
    expect(found).toBeLessThan(1000);
    expect(await notice()).toBe('Now using \u2068Headset\u2069.');
    expect(await chosen('audioinput')).toBe('Headset');
    expect(trace.sent('INVITE')).toHaveLength(offers);
    await again?.unplug();
  });

  test('coming and going opens none without a call', async () => {
    const headset = await pulse.addMicrophone({ name: 'Headset', hz: headsetHz });
    await until('the list', async () => (await chosen('audioinput')) === 'Headset');
    await headset.unplug();
    await until('the list', async () => (await chosen('audioinput')) === 'Default');
    expect(await alice.tab.liveTracks()).toEqual([]);
  });

  test('a switch on the microphone is told, and told no more', async () => {
    await talk(alice, bob);
    await hears(bob.tab, { hz: deskHz, not: bobHz });
    await desk.setMuted(true);
    await until('the notice', async () => (await silenced()) !== '');
    expect(await silenced()).toBe('Your computer or headset has muted the microphone.');
    expect((await alice.snapshot()).sending.audio).toBe(false);
    await hearsNothing(bob.tab);
    await desk.setMuted(false);
    await until('the end of the notice', async () => (await silenced()) === '');
    await hears(bob.tab, { hz: deskHz, not: bobHz });
  });

  test('what the browser does to the sound is switched in the call, and kept over a reload', async () => {
    await talk(alice, bob);
    await hears(bob.tab, { hz: deskHz, not: bobHz });
    const offers = trace.sent('INVITE').length;
    const settings = (): Promise<boolean | string | undefined> =>
      alice.page.evaluate(
        () => phone.calls.primary()?.getLocalTrack('audio')?.getSettings().echoCancellation,
      );
    expect(await settings()).toBe(false);
    await alice.page.locator('#media-devices summary').click();
    await alice.page.getByLabel('Cancel echo').click();
    await alice.waitForEvent('mediaDevices.audio.processing.changed');
    expect([true, 'all', 'remote-only']).toContain(await settings());
    await hears(bob.tab, { hz: deskHz, not: bobHz });
    expect(trace.sent('INVITE')).toHaveLength(offers);
    const kept = await alice.page.evaluate(() =>
      localStorage.getItem('cordboard.mediaDevices.processing'),
    );
    expect(JSON.parse(kept ?? '')).toEqual({ echoCancellation: true });
    await alice.page.getByLabel('Cancel echo').click();
    await until('the old sound', async () => (await settings()) === false);
    await alice.page.locator('#media-devices summary').click();
  });
});

describe('speakers', () => {
  test('play the call on the one that is chosen, and on the system’s own when it is unplugged', async () => {
    const headphones = await pulse.addSpeaker({ name: 'Headphones' });
    await talk(alice, bob);
    const isHeardOn = (speaker: Speaker): Promise<unknown> =>
      until(`Bob on ${speaker.name}`, async () => {
        const heard = await speaker.record(300);
        return heard.rms > 0.02 && isNear(heard.hz, bobHz);
      });
    await isHeardOn(deskSpeaker);
    await choose('audiooutput', 'Headphones');
    await isHeardOn(headphones);
    expect((await deskSpeaker.record()).rms).toBeLessThan(0.01);

    await headphones.unplug();
    await isHeardOn(deskSpeaker);
    expect(await notice()).toBe('Now using \u2068Default\u2069.');
    const sink = (): Promise<string | undefined> =>
      alice.page.evaluate(() => phone.calls.primary()?.getRemoteAudio()?.sinkId);
    expect(await sink()).toBe('');

    const again = await pulse.addSpeaker({ name: 'Headphones' });
    await isHeardOn(again);
    expect(await chosen('audiooutput')).toBe('Headphones');
    expect(await sink()).not.toBe('');
    await again.unplug();
  });

  test('a choice is there again after a reload', async () => {
    const headphones = await pulse.addSpeaker({ name: 'Headphones' });
    await alice.page.evaluate(() => phone.mediaDevices.askPermission());
    await choose('ringoutput', 'Headphones');
    await until('the choice', () =>
      alice.page.evaluate(() => phone.mediaDevices.getRingDevices()[0]?.name === 'Headphones'),
    );
    await alice.page.reload();
    alice = { ...alice, ...(await member('alice', alice.tab, { user: '1001', hz: deskHz })) };
    expect(await chosen('ringoutput')).toBe('Headphones');
    expect(await alice.tab.liveTracks()).toEqual([]);
    await headphones.unplug();
  });
});
