import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Tab } from './browser.ts';
import { startProcess, until } from './processes.ts';
import type { RunningProcess } from './processes.ts';

interface PagePhone {
  readonly userAgent: { readonly isRegistered: () => boolean };
  readonly calls: { readonly list: () => readonly PageCall[] };
}

interface PageCall {
  readonly getPeerConnection: () => unknown;
  readonly getRemoteAudio: () => HTMLAudioElement | undefined;
}

/** The phones of the sandbox's page. */
export type PhoneName = 'one' | 'two' | 'echo';

declare global {
  // What the sandbox's page leaves for the curious.
  interface Window {
    readonly phones?: Readonly<Record<PhoneName, PagePhone>>;
  }
}

/** The frequency in Hz that phone two of the page sends in place of a microphone. */
export const testToneHz = 523;

const script = fileURLToPath(new URL('../../../examples/sandbox/start.mjs', import.meta.url));

/** What `npm start` runs after the build. */
export function npmStart(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningProcess {
  return startProcess({
    name: 'start',
    command: process.execPath,
    args: [script, ...args],
    env: { PORT: '', ...env },
  });
}

/** The address that `npm start` prints; it ends with a slash. */
export function addressOf(running: RunningProcess): Promise<string> {
  return until('the address', () => /http:\/\/\S+:\d+\//.exec(running.log())?.[0], {
    alive: running,
  });
}

/** One phone of a page, used like a person does: by looking and clicking. */
export interface Desk {
  readonly number: () => Promise<string>;
  readonly part: (plugin: string, part: string) => Locator;
  /** Presses the keys of the dialpad one by one, and then "Call". */
  readonly dial: (number: string) => Promise<void>;
}

/** A phone of the sandbox's page. */
export function desk(page: Page, name: 'one' | 'two'): Desk {
  const part = (plugin: string, wanted: string): Locator =>
    page.locator(`#${name}-${plugin} [part~="${wanted}"]`);
  return {
    part,
    number: () => page.locator(`#${name}-number`).innerText(),
    dial: async (number) => {
      for (const key of number) {
        await part('dialpad', 'key')
          .and(page.locator(`[data-value="${key}"]`))
          .click();
      }
      await part('dialpad', 'call').click();
    },
  };
}

/** Waits until all three phones of the page are registered. */
export async function registered({ page }: Tab): Promise<void> {
  await page.waitForFunction(() => {
    const phones = Object.values(window.phones ?? {});
    return phones.length === 3 && phones.every(({ userAgent }) => userAgent.isRegistered());
  });
}

/** What a phone's only call hears in Hz, once it hears anything: the tone swells and fades. */
export async function hears(tab: Tab, name: PhoneName): Promise<number> {
  const connection = await tab.page.evaluate((phone) => {
    const [call] = window.phones?.[phone].calls.list() ?? [];
    return harness.connections.indexOf(call?.getPeerConnection());
  }, name);
  expect(connection).not.toBe(-1);
  return hearsSound(tab, connection);
}

/** What a connection of a page hears in Hz, once it hears anything. */
export function hearsSound(tab: Tab, connection: number): Promise<number> {
  const listen = async (): Promise<number | undefined> => {
    const { hz, rms } = await tab.hear({ connection, ms: 400 });
    return rms > 0.01 ? hz : undefined;
  };
  return until('sound', listen, { timeoutMs: 20_000 });
}

/** Whether the loudspeaker of the phone's only call is off. */
export function isSilent({ page }: Tab, name: PhoneName): Promise<boolean | undefined> {
  return page.evaluate((phone) => {
    const loudspeaker = window.phones?.[phone].calls.list()[0]?.getRemoteAudio();
    return loudspeaker && (loudspeaker.muted || loudspeaker.volume === 0);
  }, name);
}

/** Waits until no phone of the page has a call. */
export async function idle({ page }: Tab): Promise<void> {
  await page.waitForFunction(() =>
    Object.values(window.phones ?? {}).every(({ calls }) => calls.list().length === 0),
  );
}

/** The frequencies that an FFT cannot tell from this one. */
export function near(hz: number): readonly number[] {
  return Array.from({ length: 21 }, (_, index) => hz - 10 + index);
}
