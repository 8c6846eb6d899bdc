import { expect } from 'vitest';
import type { Party, Tab } from '../e2e/support/browser.ts';
import { domain } from '../e2e/support/kamailio.ts';
import type { Lab } from '../e2e/support/lab.ts';
import type { Settings } from '../e2e/support/phone.ts';
import { until } from '../e2e/support/processes.ts';
import { rawPhonePath, startRawPhone } from '../e2e/support/rawPhone.ts';
import { microphoneWav } from '../e2e/support/wav.ts';
import { median, note } from './results.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Seconds of script that a page has used so far. */
async function scriptTime({ page }: Tab): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN;
  };
}

/** Milliseconds of script per second of two pages at the same time, the middle of eleven rounds. */
async function scriptPerSecond(one: Tab, other: Tab): Promise<[number, number]> {
  const clocks = [await scriptTime(one), await scriptTime(other)];
  const read = (): Promise<number[]> => Promise.all(clocks.map((clock) => clock()));
  await pause(1000);
  const used: [number[], number[]] = [[], []];
  for (let round = 0; round < 11; round += 1) {
    const before = await read();
    await pause(2000);
    const after = await read();
    used.forEach((side, at) => side.push(((after[at] ?? NaN) - (before[at] ?? NaN)) * 500));
  }
  return [median(used[0]), median(used[1])];
}

interface IdleCall {
  readonly user: string;
  readonly target: string;
  readonly socket: string;
  /** What is configured besides the panels that every one of these calls has. */
  readonly config: Settings;
}

// Not `makePhone`: it records all events, which is work that no user of the library has.
async function idleCall({ page }: Tab, { user, target, socket, config }: IdleCall): Promise<void> {
  const account = {
    transport: { sockets: [socket] },
    authentication: { username: user, password: `pw${user}`, realm: domain },
  };
  await page.evaluate(
    ([userAgent, more]) => {
      globalThis.phone = Cordboard.createWebphone({
        userAgent: { ...userAgent, renderTargets: ['user-agent'] },
        callList: { renderTargets: ['call-list'] },
        callControl: { renderTargets: ['call-control'] },
        dialpad: { renderTargets: ['dialpad'] },
        mediaDevices: { renderTargets: ['media-devices'] },
        videoCanvas: { renderTargets: ['video-canvas'] },
        ...more,
      }) as typeof globalThis.phone;
    },
    [account, config] as const,
  );
  const isTrue = (what: string, check: () => boolean | undefined): Promise<true> =>
    until(what, async () => ((await page.evaluate(check)) === true ? true : null));
  await isTrue('the phone to be registered', () => globalThis.phone.userAgent.isRegistered());
  await page.evaluate((to) => globalThis.phone.userAgent.call(to).then(() => undefined), target);
  await isTrue('the answer', () => globalThis.phone.calls.primary()?.isEstablished());
}

/** An idle call with everything drawn but level meters, which are measured by themselves, and JsSIP's. */
export async function compareIdleCalls({ kamailio }: Lab, party: Party): Promise<void> {
  const [our, their] = [await party.open('/'), await party.open(rawPhonePath)];
  const [target, socket] = ['1002', kamailio.url];
  await startRawPhone(their.page, { user: target, socket, autoAnswer: true });
  const audioContext = { renderTargets: ['audio-context'], levels: { show: false } };
  await idleCall(our, { user: '1001', target, socket, config: { audioContext } });
  const [ms, reference] = await scriptPerSecond(our, their);
  for (const { page } of [our, their]) await page.close();
  note('ms of script per second of an idle call, less JsSIP', [ms, reference, 1], {
    value: ms - reference,
  });
}

/** The switch for a microphone with a tone that swells and fades: every look at it finds another level. */
function swellingMicrophone(): string {
  const rate = 48_000;
  const sample = (_: unknown, at: number): number => {
    const turn = (2 * Math.PI * at) / rate;
    return Math.sin(440 * turn) * (0.3 - 0.27 * Math.cos(1.5 * turn));
  };
  const samples = Float32Array.from({ length: rate * 2 }, sample);
  return `--use-file-for-fake-audio-capture=${microphoneWav({ rate, samples })}`;
}

/** How often each level meter of a page moves in a second. */
function moves({ page }: Tab): Promise<readonly number[]> {
  return page.evaluate(async () => {
    const counts = [...document.querySelectorAll('meter')].map((meter) => {
      const count = { moves: 0 };
      const observer = new MutationObserver((records) => {
        count.moves += records.length;
      });
      observer.observe(meter, { attributes: true });
      return { count, observer };
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return counts.map(({ count, observer }) => {
      observer.disconnect();
      return count.moves;
    });
  });
}

/** A call whose panel of sound, meters moving, is on the screen, and the same call without the panel. */
export async function compareMeter(lab: Lab): Promise<void> {
  const args = [swellingMicrophone()];
  const far = await lab.party({ name: 'far', path: rawPhonePath, args });
  const shown = await lab.party({ name: 'meter', args });
  const plain = await shown.open('/');
  const [target, socket] = ['1013', lab.kamailio.url];
  await startRawPhone(far.page, { user: target, socket, autoAnswer: true });
  for (const { page } of [shown, plain]) await page.setViewportSize({ width: 1280, height: 3000 });
  const audioContext = { renderTargets: ['audio-context'] };
  await idleCall(plain, { user: '1015', target, socket, config: {} });
  await idleCall(shown, { user: '1014', target, socket, config: { audioContext } });
  const areMoving = async (): Promise<boolean> => {
    const counts = await moves(shown);
    return counts.length === 2 && counts.every((count) => count >= 7);
  };
  await until('the meters to move', areMoving);
  const [ms, reference] = await scriptPerSecond(shown, plain);
  expect(await areMoving(), 'the meters move still').toBe(true);
  expect(await moves(plain), 'meters of the other call').toEqual([]);
  await far.close();
  await shown.close();
  note('ms of script per second of a level meter, less the call without', [ms, reference, 2], {
    value: ms - reference,
  });
}
