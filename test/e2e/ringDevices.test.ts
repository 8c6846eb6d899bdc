import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { clearStage, enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { dropInsOn, html } from './support/dropIns.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { isNear } from './support/measure.ts';
import { makePhone } from './support/phone.ts';
import type { Settings } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startPulse } from './support/pulse.ts';
import type { Pulse, Speaker } from './support/pulse.ts';

// What is heard on which of several real speakers: PulseAudio's, listened to at their monitors.

const lab = useLab();

// To catch up, a browser plays a stream by up to a tenth faster, and higher with it.
const ringHz = [620, 632, 644, 656, 668, 680];
/** Of the key 5. */
const keyHz = [770, 1336];
/** France has a single tone of 1.5 s. */
const ringbackHz = 440;
const bobHz = 1000;

let pulse: Pulse;
/** The system's own. */
let desk: Speaker;
let hall: Speaker;
let kitchen: Speaker;
/** Those that are plugged in. */
let speakers: readonly Speaker[];
let alice: Member;
let bob: Member;

/** Rings and key tones that last, so that a recording falls into them. */
const config = (additional: readonly string[] = []): Settings => ({
  mediaDevices: { ringoutput: { additional } },
  audioContext: {
    channels: {
      ringer: { onTime: 20, offTime: 1, carrier: { frequency: ringHz[0] } },
      tones: { duration: 4 },
    },
    tones: { country: 'fr' },
  },
});

async function phoneOfAlice(tab: Member['tab'], settings: Settings): Promise<Member> {
  const account = { user: '1001', socket: lab().kamailio.url, config: settings };
  return { ...(await makePhone(tab, account)), tab, hz: 700 };
}

beforeAll(async () => {
  pulse = await startPulse();
  desk = await pulse.addSpeaker({ name: 'Desk speaker' });
  hall = await pulse.addSpeaker({ name: 'Hall' });
  kitchen = await pulse.addSpeaker({ name: 'Kitchen' });
  speakers = [desk, hall, kitchen];
  await pulse.addMicrophone({ name: 'Microphone', hz: 700 });
  const { party, kamailio } = lab();
  const [atAlice, itsBob] = await Promise.all([
    party({ name: 'alice', pulse }),
    enter('bob', { party, socket: kamailio.url }),
  ]);
  bob = itsBob;
  alice = await phoneOfAlice(atAlice, config());
  await alice.page.evaluate(() => phone.mediaDevices.askPermission());
});

afterEach(() => clearStage(alice, bob));

async function choose(kind: 'audiooutput' | 'ringoutput', label: string): Promise<void> {
  await alice.page.locator(`#media-devices [part=${kind}]`).selectOption({ label });
  await until(`${label} to be used`, () =>
    alice.page.evaluate(([of, name]) => phone.mediaDevices.getPreferredDevice(of)?.name === name, [
      kind,
      label,
    ] as const),
  );
}

/** Waits until a tone is heard on some speakers, and nothing at the same time on all others. */
function isHeard(hz: number | readonly number[], on: readonly Speaker[]): Promise<unknown> {
  const names = on.map(({ name }) => name).join(' and ');
  return until(`${[hz].flat().join(' or ')} Hz on ${names} alone`, async () => {
    const heard = await Promise.all(speakers.map((speaker) => speaker.record(300)));
    return speakers.every((speaker, place) => {
      const { hz: found = 0, rms = 1 } = heard[place] ?? {};
      if (!on.includes(speaker)) return rms < 0.002;
      return rms > 0.02 && [hz].flat().some((wanted) => isNear(found, wanted));
    });
  });
}

async function bobRings(): Promise<void> {
  await bob.callTo(alice.user);
  await alice.nextIncoming();
}

test('a call rings on its own device; all else is heard on the speaker', async () => {
  await choose('audiooutput', 'Default');
  await choose('ringoutput', 'Hall');
  await bobRings();
  await isHeard(ringHz, [hall]);
  await alice.answerNext();
  await isHeard(bobHz, [desk]);
  await alice.run('hangup');

  await alice.page.locator('#dialpad [part~="five"]').click();
  await isHeard(keyHz, [desk]);
  await alice.page.evaluate(() => {
    phone.dialpad.clear();
  });
  await alice.callTo(bob.user);
  await isHeard(ringbackHz, [desk]);
  await bob.answerNext();
  await isHeard(bobHz, [desk]);
});

test('while it rings the ring moves to the device that is chosen, the system’s own too', async () => {
  await choose('audiooutput', 'Default');
  await choose('ringoutput', 'Hall');
  await bobRings();
  await isHeard(ringHz, [hall]);
  await choose('ringoutput', 'Kitchen');
  await isHeard(ringHz, [kitchen]);
  await choose('ringoutput', 'Default');
  await isHeard(ringHz, [desk]);
  // Where calls are heard is another matter.
  await choose('audiooutput', 'Hall');
  await isHeard(ringHz, [desk]);
  // The speaker that was chosen before the call.
  await alice.answerNext();
  await isHeard(bobHz, [hall]);
});

test('it rings on the system’s own speaker when its device is unplugged, and goes back to it', async () => {
  await choose('audiooutput', 'Default');
  await choose('ringoutput', 'Default');
  await choose('ringoutput', 'Kitchen');
  await bobRings();
  await isHeard(ringHz, [kitchen]);
  await kitchen.unplug();
  speakers = [desk, hall];
  await isHeard(ringHz, [desk]);
  kitchen = await pulse.addSpeaker({ name: 'Kitchen' });
  speakers = [desk, hall, kitchen];
  await isHeard(ringHz, [kitchen]);
});

test('it rings on several devices when so configured', async () => {
  const additional = await alice.page.evaluate(() =>
    phone.mediaDevices
      .getDevices()
      .ringoutput.filter(({ name }) => name === 'Kitchen')
      .map(({ id }) => id),
  );
  expect(additional).toHaveLength(1);
  await choose('ringoutput', 'Hall');
  await alice.page.reload();
  alice = await phoneOfAlice(alice.tab, config(additional));
  await bobRings();
  await isHeard(ringHz, [hall, kitchen]);
  await alice.answerNext();
  await isHeard(bobHz, [desk]);
});

/** A phone of the drop-in, of another account, whose page has a list for the second device that rings. */
async function dropIn(): Promise<Page> {
  const { server, kamailio } = lab();
  server.put('/dropin.html', html);
  const page = await alice.page.context().newPage();
  await page.goto(`${server.url}/dropin.html`);
  const { audioContext } = config();
  const authentication = { username: '1003', password: 'pw1003', realm: domain };
  const userAgent = { transport: { sockets: [kamailio.url] }, authentication, autostart: true };
  const template =
    '<select id="{{by_id.ringoutput.elementId}}" data-kind="first">{{#data.ringoutput.devices}}' +
    '<option value="{{id}}">{{name}}</option>{{/data.ringoutput.devices}}</select>' +
    '<select id="{{by_id.ringoutput2.elementId}}" data-kind="second">{{#data.ringoutput2.devices}}' +
    '<option value="{{id}}">{{name}}</option>{{/data.ringoutput2.devices}}</select>';
  await page.evaluate(
    ([given, text]) => {
      const root = document.body.appendChild(document.createElement('div'));
      const mediaDevices = { renderTargets: [{ root, template: text }] };
      makeDropIn('carol', { ...given, mediaDevices, storage: false });
    },
    [{ userAgent, audioContext }, template] as const,
  );
  await dropInsOn(page).heard('carol', 'userAgent.registration.registered');
  return page;
}

test('in the drop-in, `ringoutput2` rings besides `ringoutput`, until it is none', async () => {
  const page = await dropIn();
  const list = (kind: string): Locator => page.locator(`[data-kind=${kind}]`);
  await list('first').selectOption({ label: 'Hall' });
  await dropInsOn(page).heard('carol', 'mediaDevices.ring.output.changed');
  await list('second').selectOption({ label: 'Kitchen' });
  await dropInsOn(page).heard('carol', 'mediaDevices.ring.output.secondary.changed');
  await bob.callTo('1003');
  await isHeard(ringHz, [hall, kitchen]);
  await list('second').selectOption('none');
  await isHeard(ringHz, [hall]);
  await page.close();
});
