import { afterEach, beforeAll, expect, test } from 'vitest';
import { unasked } from './support/browser.ts';
import type { Party } from './support/browser.ts';
import { enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { until } from './support/processes.ts';

// A browser that plays nothing before its user has touched the page. Whatever Playwright evaluates
// counts as a touch, so the phone makes itself, and is looked at without one.

const lab = useLab();

let alice: Party;
let bob: Member;

beforeAll(async () => {
  const { kamailio, party } = lab();
  bob = await enter('bob', { party, socket: kamailio.url });
});

afterEach(async () => {
  await bob.quiet();
  await alice.close();
});

/** A phone that answers by itself, or rings. */
async function open(answers: boolean): Promise<void> {
  const { kamailio, server, party } = lab();
  const configuration = {
    userAgent: {
      transport: { sockets: [kamailio.url] },
      authentication: { username: '1001', password: 'pw1001', realm: domain },
    },
    audioContext: { renderTargets: ['audio-context'] },
  };
  // Chromium lets a page play that has the microphone; this one sends silence.
  server.put(
    '/blocked.html',
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">' +
      '<p id="empty">a page</p><div id="audio-context"></div>' +
      '<script src="/dist/cordboard.js"></script><script src="/blocked.js"></script>',
  );
  server.put(
    '/blocked.js',
    `const create = () =>
  Promise.resolve(new MediaStreamAudioDestinationNode(new AudioContext()).stream);
globalThis.phone = Cordboard.createWebphone({
  ...${JSON.stringify(configuration)},
  mediaDevices: { audioinput: { create } },
});
globalThis.heard = [];
phone.onPattern('audioContext.*', (name) => heard.push(name));
phone.on('call.ringing.started', ({ callId }) => {
  if (${String(answers)}) void phone.calls.get(callId).answer();
});`,
  );
  alice = await party({ name: 'alice', path: '/blocked.html', autoplay: 'blocked' });
  await until('alice to be registered', () =>
    unasked(alice.page, () => phone.userAgent.isRegistered()),
  );
}

const said = (): Promise<readonly string[]> =>
  unasked(alice.page, () => (globalThis as unknown as { heard: string[] }).heard);
const button = (): Promise<string> =>
  unasked(
    alice.page,
    () => document.querySelector('#audio-context [part~="unlock"]')?.textContent ?? '',
  );

test('a ring is told to be blocked, and heard after one click anywhere', async () => {
  await open(false);
  await bob.callTo('1001');
  await until('the button', async () => (await button()) === 'Click to hear the call');
  expect(await said()).toContain('audioContext.blocked');
  expect(await said()).not.toContain('audioContext.started');
  await alice.page.mouse.click(5, 5);
  await until('the ring', async () => (await said()).includes('audioContext.unblocked'));
  expect(await said()).toContain('audioContext.started');
  expect(await button()).toBe('');
});

test('a call is told to be blocked, and heard after one click anywhere', async () => {
  await open(true);
  await bob.callTo('1001');
  await until('the button', async () => (await button()) === 'Click to hear the call');
  const isPaused = (): Promise<boolean | undefined> =>
    unasked(alice.page, () => phone.calls.primary()?.getRemoteAudio()?.paused);
  expect(await isPaused()).toBe(true);
  await alice.page.mouse.click(5, 5);
  await until('the call to be heard', async () => (await isPaused()) === false);
  await until('the button to go', async () => (await button()) === '');
});
