import { expect } from 'vitest';
import type { PageHeard, Tab } from './browser.ts';
import { until } from './processes.ts';

/** Which peer connection (the newest by default) and, in ms, how long to measure (400). */
export interface MeasureOptions {
  readonly connection?: number;
  readonly ms?: number;
}

/** What arrived within a window: packets, and the energy of their sound. */
export interface Arrived {
  readonly packets: number;
  readonly energy: number;
}

/** The energy of half a second of next to nothing; a test tone has more than 0.01 in it. */
const silence = 1e-4;
const toleranceHz = 12;

/** True when two frequencies in Hz are the same as far as a tab can hear. */
export function isNear(hz: number, other: number): boolean {
  return Math.abs(hz - other) <= toleranceHz;
}

/** Counts what arrives at a tab during a window of stated length. */
async function arriving(
  tab: Tab,
  { connection = -1, ms = 400 }: MeasureOptions = {},
): Promise<Arrived> {
  return tab.page.evaluate(
    async ([place, time]) => {
      const count = async (): Promise<Arrived> =>
        (await harness.stats(place)).audio.inbound ?? { packets: 0, energy: 0 };
      const before = await count();
      await new Promise((resolve) => setTimeout(resolve, time));
      const after = await count();
      return { packets: after.packets - before.packets, energy: after.energy - before.energy };
    },
    [connection, ms] as const,
  );
}

/** Waits until a tab hears a frequency as the loudest, and checks that its own is not in it. */
export async function hears(
  tab: Tab,
  { hz, not, connection = -1 }: { hz: number; not: number; connection?: number },
): Promise<PageHeard> {
  await until(`${String(hz)} Hz to be heard`, async () => {
    const found = await tab.hear({ connection, ms: 150 }).catch(() => undefined);
    return found !== undefined && found.rms > 0.02 && isNear(found.hz, hz);
  });
  // A new look: the onset of a tone has all frequencies in it.
  const heard = await tab.hear({ connection, ms: 150 });
  expect(isNear(heard.hz, hz), `${String(heard.hz)} Hz`).toBe(true);
  // Whoever hears himself does so about as loudly; a lost packet makes a little of every frequency.
  const loud = (heard.peaks[0]?.db ?? 0) - 30;
  expect(heard.peaks.filter((peak) => isNear(peak.hz, not) && peak.db > loud)).toEqual([]);
  const { packets, energy } = await arriving(tab, { connection, ms: 200 });
  expect(packets).toBeGreaterThan(3);
  expect(energy).toBeGreaterThan(silence);
  return heard;
}

/** Waits until nothing is heard, then measures a window in which nothing may be heard. */
export async function hearsNothing(tab: Tab, options: MeasureOptions = {}): Promise<Arrived> {
  await until('silence', async () => {
    const { energy } = await arriving(tab, { ...options, ms: 100 });
    return energy < silence / 4;
  });
  const arrived = await arriving(tab, options);
  expect(arrived.energy).toBeLessThan(silence);
  return arrived;
}

/** Waits until no packets arrive, then measures a window in which none may arrive. */
export async function getsNothing(tab: Tab, options: MeasureOptions = {}): Promise<void> {
  await until('packets to stop', async () => {
    const { packets } = await arriving(tab, { ...options, ms: 100 });
    return packets === 0;
  });
  expect((await arriving(tab, options)).packets).toBe(0);
}
