import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Tab } from './support/browser.ts';
import { clearStage, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';
import type { Colour } from './support/y4m.ts';

// A camera of one colour that can be unplugged, and a tab of another that is shared for a screen.

const lab = useLab();

const red: Colour = [220, 40, 40];
const green: Colour = [40, 160, 60];

let alice: Member;
let bob: Member;
let trace: SipTrace;

beforeAll(async () => {
  const { kamailio, party, server } = lab();
  server.put('/shared.html', '<!doctype html><title>Shared</title><body bgcolor="#28a03c">');
  const [atAlice, atBob] = await Promise.all([
    party({ name: 'alice', colour: red, display: { tab: 'Shared' } }),
    party({ name: 'bob', hz: 1000 }),
  ]);
  trace = traceSip(atAlice.page);
  const config = { mediaDevices: { videoinput: { show: true } } };
  const socket = kamailio.url;
  alice = {
    ...(await makePhone(atAlice, { user: '1001', socket, config })),
    tab: atAlice,
    hz: 440,
  };
  bob = { ...(await makePhone(atBob, { user: '1002', socket })), tab: atBob, hz: 1000 };
});

afterEach(() => clearStage(alice, bob));

/** Waits until Bob sees a colour; encoders change every part of it by a little. */
async function bobSees(colour: Colour): Promise<void> {
  await until(`the colour ${colour.join()}`, async () => {
    const seen = await bob.tab.look().catch(() => null);
    return seen?.colour.every((part, i) => Math.abs(part - (colour[i] ?? 0)) < 20);
  });
}

const origins = async (): Promise<readonly string[]> =>
  (await alice.tab.liveTracks()).filter(({ kind }) => kind === 'video').map(({ origin }) => origin);

const startSharing = (): Promise<void> =>
  alice.page.evaluate(() => phone.mediaDevices.startScreenCapture());

async function shareTab(): Promise<Tab> {
  const shared = await alice.tab.open('/shared.html');
  await startSharing();
  return shared;
}

const choose = (id: string): Promise<unknown> =>
  alice.page.locator('#media-devices [part=videoinput]').selectOption(id);

describe('a camera', () => {
  test('is off until the call has a picture, and off again after it', async () => {
    await talk(alice, bob);
    expect(await origins()).toEqual([]);
    await alice.run('startVideo');
    await bobSees(red);
    await alice.run('stopVideo');
    expect(await origins()).toEqual([]);
  });

  test('is off with none, and sends again when it is chosen', async () => {
    await talk(alice, bob);
    await alice.run('startVideo');
    await bobSees(red);
    const camera = await alice.page.evaluate(
      () => phone.mediaDevices.getPreferredDevice('videoinput')?.id ?? '',
    );
    await choose('none');
    await until('the camera to be off', async () => (await origins()).length === 0);
    await alice.waitForCall('no picture', ({ localVideo }) => localVideo === 'none');
    await choose(camera);
    await bobSees(red);
  });

  test('that is unplugged and plugged in again is seen again', async () => {
    await talk(alice, bob);
    await alice.run('startVideo');
    await bobSees(red);
    const offers = trace.sent('INVITE').length;
    await alice.tab.camera.unplug();
    await until('the error', async () => (await alice.textOf('media-devices', 'error')) !== '');
    const frames = async (): Promise<number> => (await bob.tab.stats()).video.inbound?.frames ?? 0;
    const before = await frames();
    await alice.tab.camera.plug();
    await until('new frames', async () => (await frames()) > before + 5);
    await bobSees(red);
    expect(await alice.textOf('media-devices', 'error')).toBe('');
    expect(trace.sent('INVITE')).toHaveLength(offers);
  });
});

describe('a shared screen', () => {
  test('takes the place of the camera, which is off meanwhile, and gives it back at a press', async () => {
    await talk(alice, bob);
    await alice.run('startVideo');
    await bobSees(red);
    const offers = trace.sent('INVITE').length;
    const shared = await shareTab();
    await bobSees(green);
    expect(await origins()).toEqual(['getDisplayMedia']);
    expect(await alice.textOf('media-devices', 'sharing')).toBe('You are sharing your screen.');
    await alice.page.locator('#media-devices [part=unshare]').click();
    await bobSees(red);
    expect((await origins()).every((origin) => origin === 'getUserMedia')).toBe(true);
    expect(trace.sent('INVITE')).toHaveLength(offers);
    await shared.page.close();
  });

  test('returns to the camera when it ends outside of the page', async () => {
    await talk(alice, bob);
    await alice.run('startVideo');
    await bobSees(red);
    const shared = await shareTab();
    await bobSees(green);
    // Headless Chromium has no bar; a tab that is closed ends the share in the same way.
    await shared.page.close();
    await bobSees(red);
    await alice.waitForEvent('mediaDevices.screenCapture.stopped');
    expect(await alice.page.evaluate(() => phone.mediaDevices.isSharing())).toBe(false);
  });

  test('is seen in a call without a camera while the camera is muted, and leaves no picture', async () => {
    await talk(alice, bob);
    await alice.run('mute', '', { audio: false, video: true });
    const shared = await shareTab();
    await bobSees(green);
    await alice.page.locator('#media-devices [part=unshare]').click();
    await alice.waitForCall('no picture', ({ localVideo, pending }) => {
      return localVideo === 'none' && pending === null;
    });
    expect(await origins()).toEqual([]);
    await shared.page.close();
  });

  test('is let go of with the call', async () => {
    await talk(alice, bob);
    const shared = await shareTab();
    await bobSees(green);
    await bob.run('hangup');
    await until('the screen to be free', async () => (await origins()).length === 0);
    await shared.page.close();
  });

  test('that the user does not choose is no error', async () => {
    const { kamailio, party } = lab();
    const tab = await party({ name: 'carol', display: 'refused' });
    const carol = await makePhone(tab, { user: '1003', socket: kamailio.url });
    await carol.callTo('1002');
    await bob.answerNext();
    const { error } = await carol.page.evaluate(() =>
      rec.settle(phone.mediaDevices.startScreenCapture()),
    );
    expect(error).toMatchObject({ code: 'media.dismissed' });
    expect(await carol.textOf('media-devices', 'error')).toBe('');
    await carol.quiet();
    await tab.close();
  });
});
