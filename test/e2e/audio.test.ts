import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AudioProcessor } from '../../src/core/index.ts';
import { clearStage, enter, hearsOf, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { hears, isNear } from './support/measure.ts';
import { ownRecording, ownSound } from './support/ownSound.ts';
import type { OwnSound } from './support/ownSound.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';
import { sippHz, startUas } from './support/sipp.ts';
import type { UasScenario } from './support/sippScenarios.ts';
import { heardEdges } from './support/toneMeter.ts';

// What a phone plays itself, as it leaves its channels, in calls through Kamailio.

const lab = useLab({ rtpengine: true });
const farEnd = '1009';

let alice: Member;
let bob: Member;
let carol: Member;

beforeAll(async () => {
  const { kamailio, party } = lab();
  const config = { audioContext: { tones: { country: 'gb', failureSeconds: 30 } } };
  const stage = { party, socket: kamailio.url, config };
  [alice, bob, carol] = await Promise.all([
    enter('alice', stage),
    enter('bob', stage),
    enter('carol', stage),
  ]);
});

afterEach(() => clearStage(alice, bob, carol));

const volume = (channel: string, value: number): Promise<void> =>
  alice.page.evaluate(
    ([name, to]) => {
      phone.audioContext.changeVolume(name as 'ringer', to);
    },
    [channel, value] as const,
  );
const has = ({ hz }: OwnSound, ...wanted: readonly number[]): boolean =>
  wanted.every((one) => hz.some((found) => isNear(found, one)));
const isSilent = async (channel: 'master' | 'ringer' = 'master'): Promise<void> => {
  // What is on its way when a sound ends is still heard.
  await ownSound(alice, { channel, ms: 300 });
  expect((await ownSound(alice, { channel, ms: 400 })).rms).toBeLessThan(0.001);
};
/** A sound that was heard, at half the volume of its channel now: half the level. */
async function halves(before: OwnSound, channel: 'ringer' | 'tones', ms: number): Promise<void> {
  const stream = channel === 'ringer' ? 'ringer' : 'master';
  const full = await alice.page.evaluate(
    (name) => phone.audioContext.getVolume(name, { scale: false }),
    channel,
  );
  await volume(channel, full / 2);
  // What is on its way at the old volume is heard first.
  await ownSound(alice, { channel: stream, ms: 300 });
  const after = await ownSound(alice, { channel: stream, ms });
  await volume(channel, full);
  expect(after.rms / before.rms).toBeGreaterThan(0.45);
  expect(after.rms / before.rms).toBeLessThan(0.55);
}
/** How long what is heard is silent, sounds, is silent and so on, from the end of its first sound on. */
async function whole(seconds: number): Promise<readonly number[]> {
  const edges = heardEdges(await ownRecording(alice, seconds));
  // The first sound may have begun before.
  return edges.slice(2).map((edge, place) => edge - (edges[place + 1] ?? 0));
}
/** Whether a cadence, begun at any of its silences, is what was heard from beginning to end. */
function isCadence(heard: readonly number[], cadence: readonly number[]): boolean {
  if (cadence.length === 0) return heard.length === 0;
  const isFrom = (start: number): boolean =>
    heard.every((length, place) => {
      const expected = cadence[(start + place) % cadence.length] ?? NaN;
      return Math.abs(length - expected) < 0.02;
    });
  return heard.length >= cadence.length - 1 && cadence.some((_, at) => at % 2 === 1 && isFrom(at));
}

describe('a phone that is called', () => {
  test('rings on its channel until it is answered, half as loud at half the volume', async () => {
    await bob.callTo(alice.user);
    await alice.nextIncoming();
    // The ring swells ten times a second: its carrier has a band at either side.
    const ring = await ownSound(alice, { channel: 'ringer', ms: 2800 });
    expect(has(ring, 440), ring.hz.join()).toBe(true);
    await halves(ring, 'ringer', 2800);
    await isSilent();
    await alice.answerNext();
    await isSilent('ringer');
  });

  test('in a call has a call waiting tone in place of the ring', async () => {
    await talk(alice, bob);
    await carol.callTo(alice.user);
    await alice.nextIncoming();
    await alice.waitForEvent('audioContext.tone.started');
    const waiting = await ownSound(alice, { ms: 4500 });
    expect(has(waiting, 400), waiting.hz.join()).toBe(true);
    await isSilent('ringer');
    await halves(waiting, 'tones', 4500);
    await carol.run('hangup');
    await alice.waitForEvent('audioContext.tone.stopped');
    await isSilent();
  });
});

describe('a phone that calls', () => {
  test('hears ringback until the answer, half as loud at half the volume', async () => {
    await alice.callTo(bob.user);
    await alice.waitForEvent('audioContext.tone.started');
    const ringback = await ownSound(alice, { ms: 3200 });
    expect(has(ringback, 400, 450), ringback.hz.join()).toBe(true);
    await halves(ringback, 'tones', 3200);
    await bob.answerNext();
    await alice.waitForEvent('audioContext.tone.stopped');
    await isSilent();
  });

  test('hears ringback until early media really comes, not when it is announced', async () => {
    await startUas('ringsThenEarlyMedia', { kamailio: lab().kamailio, user: farEnd });
    const id = await alice.callTo(farEnd);
    await alice.waitForEvent('audioContext.tone.started');
    await alice.waitForCall('early media', ({ hasEarlyMedia }) => hasEarlyMedia, id);
    const events = await alice.events();
    expect(events.filter(({ name }) => name === 'audioContext.tone.stopped')).toEqual([]);
    // Longer than its pause.
    const announced = await ownSound(alice, { ms: 2600 });
    expect(announced.rms).toBeGreaterThan(0.02);
    await hears(alice.tab, { hz: sippHz, not: alice.hz });
    expect((await alice.snapshot(id)).status).toBe('ringing');
    await alice.waitForEvent('audioContext.tone.stopped');
    await isSilent();
    await alice.waitForCall('the answer', isUp, id);
  });

  // All of 400 Hz; what tells them apart is how long they sound and are silent, in seconds.
  const failures: readonly (readonly [string, UasScenario, readonly number[]])[] = [
    ['busy', 'busy486', [0.375, 0.375]],
    ['unobtainable', 'notFound404', []],
    ['congestion', 'unavailable480AfterRinging', [0.4, 0.35, 0.225, 0.525]],
  ];
  test.each(failures)('hears %s, and silence at the next key', async (kind, scenario, cadence) => {
    await startUas(scenario, { kamailio: lab().kamailio, user: farEnd });
    await alice.tryCall(farEnd);
    await until(kind, async () => {
      const started = await alice.page.evaluate(() => rec.named('audioContext.tone.started'));
      return started.some(({ payload }) => (payload as { kind: string }).kind === kind);
    });
    const tone = await ownSound(alice, { ms: 1200 });
    expect(has(tone, 400), tone.hz.join()).toBe(true);
    await until(`the cadence of ${kind}`, async () => isCadence(await whole(3), cadence));
    await halves(tone, 'tones', 1200);
    await alice.page.keyboard.press('Shift');
    await isSilent();
  });

  test('hears a dial tone while a transfer waits for its target', async () => {
    const [toBob] = await talk(alice, bob);
    const collecting = alice.run('transfer', toBob);
    await alice.waitForEvent('call.transfer.collecting');
    const tone = await ownSound(alice, { ms: 500 });
    expect(has(tone, 350, 440), tone.hz.join()).toBe(true);
    await halves(tone, 'tones', 500);
    await collecting;
    await alice.run('cancelTransfer', toBob);
    await isSilent();
  });
});

test('each key of the dialpad has its two tones, in one channel', async () => {
  const pairs = { five: [770, 1336], pound: [941, 1477] };
  for (const [key, pair] of Object.entries(pairs)) {
    const heard = await ownSound(alice, { ms: 900 }, () =>
      alice.page.locator(`#dialpad [part~="${key}"]`).click(),
    );
    expect(has(heard, ...pair), heard.hz.join()).toBe(true);
    await alice.page.evaluate(() => {
      phone.dialpad.clear();
    });
  }
});

describe('processors', () => {
  /** Moves every frequency up and down by 300 Hz, in the page; or fails. */
  const process = (...names: readonly string[]): Promise<void> =>
    alice.page.evaluate(async (wanted) => {
      const mirror: AudioProcessor = {
        name: 'mirror',
        process: (track, context) => {
          const source = new MediaStreamAudioSourceNode(context, {
            mediaStream: new MediaStream([track]),
          });
          const ring = new GainNode(context, { gain: 0 });
          const carrier = new OscillatorNode(context, { frequency: 300 });
          const line = new MediaStreamAudioDestinationNode(context);
          carrier.connect(ring.gain);
          source.connect(ring).connect(line);
          carrier.start();
          const [made] = line.stream.getAudioTracks();
          if (!made) throw new Error('no track');
          return {
            track: made,
            stop: () => {
              carrier.stop();
              source.disconnect();
              made.stop();
            },
          };
        },
      };
      const broken: AudioProcessor = {
        name: 'broken',
        process: () => Promise.reject(new Error('broken')),
      };
      const all = { mirror, broken };
      await phone.audioContext.setProcessors({
        outgoing: wanted.map((name) => all[name as keyof typeof all]),
      });
    }, names);

  test('are heard at the far end, change in a call, and are left out when they fail', async () => {
    const [id] = await talk(alice, bob);
    await hearsOf(bob, alice);
    await process('mirror');
    await until('440 Hz to be 140 and 740 Hz', async () => {
      const { peaks } = await bob.tab.hear({ ms: 200 });
      const hears = (hz: number): boolean => peaks.some((peak) => isNear(peak.hz, hz));
      return hears(140) && hears(740) && !hears(alice.hz);
    });
    await alice.run('mute', id, { audio: true });
    await until('silence at the far end', async () => (await bob.tab.hear({ ms: 200 })).rms < 0.01);
    await alice.run('unmute', id, { audio: true });
    await process('broken');
    await hearsOf(bob, alice);
    const failed = await alice.waitForEvent('audioContext.processor.failed');
    expect(failed).toMatchObject({ processor: 'broken', direction: 'outgoing' });
    expect(await alice.textOf('audio-context', 'notice')).toMatch(/^\u2068broken\u2069: /);
    await process();
    await hearsOf(bob, alice);
    expect((await alice.snapshot(id)).status).toBe('established');
  });
});

test('the far end is as loud as its volume and the master say', async () => {
  await talk(alice, bob);
  await volume('remote', 0.5);
  await volume('master', 0.5);
  const level = await alice.page.evaluate(() => phone.calls.primary()?.getRemoteAudio()?.volume);
  await volume('remote', 1);
  await volume('master', 1);
  expect(level).toBe(0.25);
});

test('meters show both sides of a call', async () => {
  await talk(alice, bob);
  const level = (part: string): Promise<number> =>
    alice.page.evaluate(
      (name) => document.querySelector<HTMLMeterElement>(`[part~="${name}"]`)?.value ?? 0,
      part,
    );
  // What is not on the screen is not measured.
  expect(await level('localLevel')).toBe(0);
  await alice.page.locator('[part~="localLevel"]').scrollIntoViewIfNeeded();
  await expect.poll(() => level('localLevel')).toBeGreaterThan(0.5);
  await expect.poll(() => level('remoteLevel')).toBeGreaterThan(0.5);
  await alice.run('mute', '', { audio: true });
  await expect.poll(() => level('localLevel')).toBeLessThan(0.1);
});

test('the test sound and one’s own voice are heard without a call', async () => {
  const tone = await ownSound(alice, { ms: 1200 }, () =>
    alice.page.locator('#audio-context [part~="tone"]').click(),
  );
  expect(has(tone, 440), tone.hz.join()).toBe(true);
  const button = alice.page.locator('#audio-context [part~="loopback"]');
  const voice = await ownSound(alice, { ms: 2500 }, () => button.click());
  expect(has(voice, alice.hz), voice.hz.join()).toBe(true);
  expect(await alice.tab.liveTracks()).not.toEqual([]);
  await button.click();
  await expect.poll(() => alice.tab.liveTracks()).toEqual([]);
});
