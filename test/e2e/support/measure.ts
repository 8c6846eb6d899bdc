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

/**
 * Waits until a tab hears a frequency as the loudest, without its own in it, while packets with
 * sound arrive. All of it in one look: beside another browser a tab misses a moment now and then,
 * and the onset of a tone has all frequencies in it.
 */
export async function hears(
  tab: Tab,
  { hz, not, connection = -1 }: { hz: number; not: number; connection?: number },
): Promise<PageHeard> {
  let last = 'nothing';
  return until(
    `${String(hz)} Hz to be heard, and not ${String(not)} Hz`,
    async () => {
      const [heard, arrived] = await Promise.all([
        tab.hear({ connection, ms: 150 }).catch(() => undefined),
        arriving(tab, { connection, ms: 200 }).catch(() => undefined),
      ]);
      if (!heard || !arrived) return undefined;
      last = JSON.stringify({ ...heard, ...arrived });
      const { rms, peaks } = heard;
      // Whoever hears himself does so about as loudly; a lost packet makes a little of every frequency.
      const loud = (peaks[0]?.db ?? 0) - 30;
      const isOwnIn = peaks.some((peak) => isNear(peak.hz, not) && peak.db > loud);
      const isHeard = rms > 0.02 && isNear(heard.hz, hz) && !isOwnIn;
      return isHeard && arrived.packets > 3 && arrived.energy > silence ? heard : undefined;
    },
    { found: () => last },
  );
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
