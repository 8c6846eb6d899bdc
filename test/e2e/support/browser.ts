import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { cameraFile, cameraOf, launchOptions, permissionsOf, watchPulse } from './chromium.ts';
import type { Camera, ChromiumOptions } from './chromium.ts';
import { atEnd } from './processes.ts';
import type { Colour } from './y4m.ts';

/** Counters of one direction of one kind of media; `energy` and `level` are for sound only. */
export interface RtpCounters {
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly energy: number;
  readonly level: number;
  readonly frames: number;
  readonly codec: string;
}

/** Both directions of one kind; null where there is no such stream. */
export interface RtpBothWays {
  readonly inbound: RtpCounters | null;
  readonly outbound: RtpCounters | null;
}

/** The state of one peer connection, from `getStats`. */
export interface ConnectionStats {
  readonly state: RTCPeerConnectionState;
  readonly ice: RTCIceConnectionState;
  readonly signaling: RTCSignalingState;
  readonly directions: readonly (RTCRtpTransceiverDirection | null)[];
  readonly audio: RtpBothWays;
  readonly video: RtpBothWays;
}

/** What a page hears: the loudest frequencies in Hz, loudest first, and the level from 0 to 1. */
export interface PageHeard {
  readonly hz: number;
  readonly rms: number;
  readonly peaks: readonly { readonly hz: number; readonly db: number }[];
}

/** What a page shows: the average colour, and the size of the picture in pixels. */
export interface PageSeen {
  readonly colour: Colour;
  readonly width: number;
  readonly height: number;
}

/** What `listen` has found since: digits with their length in ms, and a level about every 20 ms. */
export interface Listened {
  readonly digits: readonly { readonly digit: string; readonly ms: number }[];
  readonly levels: readonly { readonly at: number; readonly rms: number }[];
}

/** A capture track that still runs; `origin` is getUserMedia or getDisplayMedia, clones included. */
export interface LiveTrack {
  readonly kind: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly origin: string;
}

/** One page, watched. Peer connections are counted from 0; -1, the default, is the newest. */
export interface Tab {
  readonly page: Page;
  /** Every line of the console, objects written out whole. */
  readonly console: readonly string[];
  readonly pageErrors: readonly Error[];
  readonly stats: (connection?: number) => Promise<ConnectionStats>;
  readonly hear: (options?: { connection?: number; ms?: number }) => Promise<PageHeard>;
  /** The next picture a connection receives, or what an element shows; null when there is none. */
  readonly look: (options?: { connection?: number; selector?: string }) => Promise<PageSeen | null>;
  readonly listen: (connection?: number) => Promise<void>;
  readonly listened: (connection?: number) => Promise<Listened>;
  readonly stopListening: (connection?: number) => Promise<void>;
  readonly connections: () => Promise<number>;
  readonly liveTracks: () => Promise<readonly LiveTrack[]>;
}

/** One party: a browser process of its own with its first tab. */
export interface Party extends Tab {
  readonly name: string;
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** Only with `colour` can it be unplugged; its tracks then end. */
  readonly camera: Camera;
  /** Opens another tab in the same profile; without a path it stays blank. */
  readonly open: (path?: string) => Promise<Tab>;
  readonly close: () => Promise<void>;
}

/** How to start a party. */
export interface PartyOptions extends ChromiumOptions {
  readonly name?: string;
  /** Where paths are looked up: the page server's address. */
  readonly url: string;
  /** The first tab's path ('/'). */
  readonly path?: string;
  /** Starts another browser than Chromium, one that grants a page its microphone unasked. */
  readonly launch?: () => Promise<Browser>;
}

/** The side of the page that pageHelpers.js defines. */
interface Harness {
  readonly connections: readonly unknown[];
  readonly stats: (connection: number) => Promise<ConnectionStats>;
  readonly hear: (connection: number, ms: number) => Promise<PageHeard>;
  readonly look: (what: number | MediaStreamTrack | HTMLVideoElement) => Promise<PageSeen | null>;
  readonly listen: (connection: number) => Promise<void>;
  readonly heard: (connection: number) => Listened;
  readonly stopListening: (connection: number) => void;
  readonly liveTracks: () => readonly LiveTrack[];
  readonly forget: () => void;
}

/** One entry of `rec` on the test page: ms since the page began, payload as plain data. */
export interface RecordedEvent {
  readonly at: number;
  readonly name: string;
  readonly payload: unknown;
}

/** The side of the test page that record.js defines. */
interface Recorder {
  readonly events: readonly RecordedEvent[];
  readonly add: (name: string, payload?: unknown) => void;
  readonly watch: (source: unknown, names: readonly string[]) => void;
  readonly names: () => readonly string[];
  readonly named: (name: string) => readonly RecordedEvent[];
  readonly clear: () => void;
  readonly plain: (value: unknown) => unknown;
  readonly settle: (promise: unknown) => Promise<{ value?: unknown; error?: unknown }>;
}

declare global {
  // What record.js puts into the test page.
  var rec: Recorder;
  // What pageHelpers.js puts into every page; only code that runs in a page may use it.
  var harness: Harness;
}

const pageHelpers = fileURLToPath(new URL('pageHelpers.js', import.meta.url));

const open = new Set<Party>();

/** Every error no page caught since the last call; a test with one of these has failed. */
export function takePageErrors(): readonly string[] {
  return pageErrors.splice(0);
}

const pageErrors: string[] = [];

async function openTab(context: BrowserContext, name: string, address: string): Promise<Tab> {
  const page = await context.newPage();
  const lines: string[] = [];
  const errors: Error[] = [];
  await page.exposeFunction('harnessConsole', (line: string) => {
    lines.push(line);
  });
  page.on('pageerror', (error) => {
    errors.push(error);
    pageErrors.push(`${name}: ${error.stack ?? error.message}`);
  });
  page.on('crash', () => {
    pageErrors.push(`${name}: the page crashed`);
  });
  // What the browser itself writes (a failed load, a refused socket) passes no console method.
  page.on('console', (message) => {
    lines.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript({ path: pageHelpers });
  await page.goto(address);
  return {
    page,
    console: lines,
    pageErrors: errors,
    stats: (connection = -1) => page.evaluate((place) => harness.stats(place), connection),
    hear: ({ connection = -1, ms = 500 } = {}) =>
      page.evaluate(([place, time]) => harness.hear(place, time), [connection, ms] as const),
    look: ({ connection = -1, selector } = {}) =>
      selector === undefined
        ? page.evaluate((place) => harness.look(place), connection)
        : page.locator(selector).evaluate((element) => harness.look(element as HTMLVideoElement)),
    listen: (connection = -1) => page.evaluate((place) => harness.listen(place), connection),
    listened: (connection = -1) => page.evaluate((place) => harness.heard(place), connection),
    stopListening: (connection = -1) =>
      page.evaluate((place) => {
        harness.stopListening(place);
      }, connection),
    connections: () => page.evaluate(() => harness.connections.length),
    liveTracks: () => page.evaluate(() => harness.liveTracks()),
  };
}

/**
 * Runs a function in a page without counting as a touch of its user, as `page.evaluate` does: what
 * needs a touch stays refused. The function may use nothing from outside of it.
 */
export async function unasked<T>(page: Page, action: () => T | Promise<T>): Promise<T> {
  const session = await page.context().newCDPSession(page);
  try {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: `(${String(action)})()`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value as T;
  } finally {
    await session.detach();
  }
}

/** Starts a browser for one party and opens its page; it ends with the test file. */
export async function party(options: PartyOptions): Promise<Party> {
  const { name = 'party', url, path = '/', pulse } = options;
  const file = cameraFile(options);
  const { launch } = options;
  const browser = await (launch ?? (() => chromium.launch(launchOptions(options, file))))();
  const permissions = launch === undefined ? [...permissionsOf(options)] : [];
  const context = await browser.newContext({ permissions });
  if (pulse !== undefined) await watchPulse(browser, url, pulse);
  // Chromium refuses by itself only when there is another tab to choose.
  if (options.display === 'refused') await browser.newPage();
  const tab = await openTab(context, name, `${url}${path}`);
  const close = async (): Promise<void> => {
    open.delete(result);
    await browser.close();
  };
  const result: Party = {
    ...tab,
    name,
    browser,
    context,
    camera: cameraOf(browser, url, file),
    close,
    open: (other) => openTab(context, name, other === undefined ? 'about:blank' : `${url}${other}`),
  };
  open.add(result);
  atEnd(() => (open.has(result) ? close() : undefined));
  return result;
}

/** The last console lines of all open parties, for a failing test to print. */
export function consoleTails(lines = 30): string {
  return [...open]
    .map(({ name, console }) => `--- console of ${name}\n${console.slice(-lines).join('\n')}`)
    .join('\n');
}
