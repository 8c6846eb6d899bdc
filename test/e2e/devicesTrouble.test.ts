import { beforeAll, describe, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { red, sees } from './support/pictures.ts';
import { until } from './support/processes.ts';
import { startPulse } from './support/pulse.ts';

// Each way not to get a microphone or a camera, and out of it again without a reload.

const lab = useLab();

let bob: Member;

beforeAll(async () => {
  const { kamailio, party } = lab();
  bob = await enter('bob', { party, socket: kamailio.url });
});

async function phoneOn(tab: Party): Promise<TestPhone> {
  const constraints = { noiseSuppression: false, echoCancellation: false };
  const config = { mediaDevices: { audioinput: { constraints } } };
  return makePhone(tab, { user: '1001', socket: lab().kamailio.url, config });
}

const errorOf = (alice: TestPhone): Promise<string> => alice.textOf('media-devices', 'error');
const retry = (alice: TestPhone): Promise<void> =>
  alice.page.locator('#media-devices [part=retry]').click();

async function isRefused(alice: TestPhone, code: string, words: string): Promise<void> {
  expect((await alice.tryCall('1002')).error).toMatchObject({ code });
  expect(await errorOf(alice)).toContain(words);
  expect(await alice.tab.liveTracks()).toEqual([]);
}

async function talks(alice: TestPhone, hz: number): Promise<void> {
  await alice.callTo('1002');
  await bob.answerNext();
  await hears(bob.tab, { hz, not: bob.hz });
  await Promise.all([alice.quiet(), bob.quiet()]);
}

describe('a microphone that is not to be had', () => {
  test('is refused, and works as soon as the user allows it', async () => {
    const tab = await lab().party({ name: 'alice', microphone: 'denied' });
    const alice = await phoneOn(tab);
    await isRefused(alice, 'media.denied', 'not to let this page use the microphone');
    expect(await alice.textOf('media-devices', 'hint')).toContain("browser's address bar");
    await tab.context.grantPermissions(['microphone']);
    // Nobody has pressed anything.
    await until('the error to go', async () => (await errorOf(alice)) === '');
    expect(await alice.textOf('media-devices', 'hint')).toBe('');
    await talks(alice, 440);
    await tab.close();
  });

  test('is not there, and works as soon as it is plugged in', async () => {
    const pulse = await startPulse();
    await pulse.addSpeaker({ name: 'Desk speaker' });
    const tab = await lab().party({ name: 'alice', pulse });
    const alice = await phoneOn(tab);
    await isRefused(alice, 'media.noDevice', 'No microphone');
    await retry(alice);
    await until('the second error', async () => (await errorOf(alice)).includes('No microphone'));
    await pulse.addMicrophone({ name: 'Desk microphone', hz: 700 });
    await until('the error to go', async () => (await errorOf(alice)) === '');
    expect(await tab.liveTracks()).toEqual([]);
    await talks(alice, 700);
    await tab.close();
    await pulse.stop();
  });

  // No browser can be made to do it on demand: its answer is put in its place.
  test.each([
    ['busy', 'NotReadableError', '', 'media.busy', 'in use by another program'],
    [
      'dismissed',
      'NotAllowedError',
      'Permission dismissed',
      'media.dismissed',
      'without an answer',
    ],
  ])('is %s (simulated), and works at the next try', async (...row) => {
    const [, name, message, code, words] = row;
    const tab = await lab().party({ name: 'alice', hz: 440 });
    const alice = await phoneOn(tab);
    await tab.page.evaluate(
      ([error, text]) => {
        const { mediaDevices } = navigator;
        const original = mediaDevices.getUserMedia.bind(mediaDevices);
        mediaDevices.getUserMedia = () => Promise.reject(new DOMException(text, error));
        Object.assign(window, {
          recover: () => {
            mediaDevices.getUserMedia = original;
          },
        });
      },
      [name, message] as const,
    );
    await isRefused(alice, code, words);
    await retry(alice);
    expect(await errorOf(alice)).toContain(words);
    await tab.page.evaluate('recover()');
    await retry(alice);
    await until('the error to go', async () => (await errorOf(alice)) === '');
    await talks(alice, 440);
    await tab.close();
  });

  test('is kept from a page without https, and that is said', async () => {
    const tab = await lab().party({ name: 'alice' });
    const { url } = lab().server;
    await tab.page.route('http://phone.example/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response: await tab.page.request.get(`${url}${pathname}`) });
    });
    await tab.page.goto('http://phone.example/');
    const socket = lab().kamailio.url;
    const alice = await makePhone(tab, { user: '1001', socket, isAwaited: false });
    const { error } = await tab.page.evaluate(() => rec.settle(phone.mediaDevices.askPermission()));
    expect(error).toMatchObject({ code: 'media.insecure' });
    expect(await errorOf(alice)).toContain('https');
    await tab.close();
  });
});

describe('a camera that is not to be had', () => {
  const filmed = (camera: 'granted' | 'denied'): Promise<Party> =>
    lab().party({ name: 'alice', hz: 440, colour: red, camera });

  async function callWithoutCamera(alice: TestPhone): Promise<void> {
    await alice.callTo('1002');
    await bob.answerNext();
    await hears(bob.tab, { hz: 440, not: bob.hz });
  }

  async function isNotSeen(alice: TestPhone, code: string, words: string): Promise<void> {
    expect((await alice.tryRun('startVideo')).error).toMatchObject({ code });
    expect(await errorOf(alice)).toContain(words);
    expect((await alice.tab.liveTracks()).filter(({ kind }) => kind === 'video')).toEqual([]);
    // The talk goes on.
    expect((await alice.snapshot()).localVideo).toBe('none');
    await hears(bob.tab, { hz: 440, not: bob.hz });
  }

  async function isSeen(alice: TestPhone): Promise<void> {
    await until('the error to go', async () => (await errorOf(alice)) === '');
    await alice.run('startVideo');
    await sees(bob.tab, red);
    await Promise.all([alice.quiet(), bob.quiet()]);
  }

  test('is refused, and is seen in the same call when the user allows it', async () => {
    const tab = await filmed('denied');
    const alice = await phoneOn(tab);
    await callWithoutCamera(alice);
    await isNotSeen(alice, 'media.denied', 'not to let this page use the microphone or camera');
    expect(await alice.textOf('media-devices', 'hint')).toContain('Allow the camera');
    await tab.context.grantPermissions(['microphone', 'camera']);
    await isSeen(alice);
    await tab.close();
  });

  test('is not there, and is seen in the same call when it is plugged in', async () => {
    const tab = await filmed('granted');
    await tab.camera.unplug();
    const alice = await phoneOn(tab);
    await callWithoutCamera(alice);
    await isNotSeen(alice, 'media.noDevice', 'No microphone or camera');
    await tab.camera.plug();
    await isSeen(alice);
    await tab.close();
  });
});
