import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, LaunchOptions, Page } from 'playwright-core';
import { mediaHost, signallingHost } from './network.ts';
import { atEnd } from './processes.ts';
import type { Pulse } from './pulse.ts';
import { sineWav } from './wav.ts';

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
  /** Opens another tab in the same profile; without a path it stays blank. */
  readonly open: (path?: string) => Promise<Tab>;
  readonly close: () => Promise<void>;
}

/** How to start a party. */
export interface PartyOptions {
  readonly name?: string;
  /** Where paths are looked up: the page server's address. */
  readonly url: string;
  /** The first tab's path ('/'). */
  readonly path?: string;
  /** The tone of its microphone in Hz (440). */
  readonly hz?: number;
  /** 'denied' refuses permission, 'none' has no device at all. */
  readonly microphone?: 'granted' | 'denied' | 'none';
  /** Real devices in the stead of the fake microphone: what this server has, and its changes. */
  readonly pulse?: Pulse;
  readonly args?: readonly string[];
}

/** The side of the page that pageHelpers.js defines. */
interface Harness {
  readonly connections: readonly unknown[];
  readonly stats: (connection: number) => Promise<ConnectionStats>;
  readonly hear: (connection: number, ms: number) => Promise<PageHeard>;
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

const flags = [
  // Root needs it, and the pages are our own.
  '--no-sandbox',
  '--autoplay-policy=no-user-gesture-required',
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

function microphoneFlags(options: PartyOptions): readonly string[] {
  const { microphone = 'granted', hz = 440, pulse } = options;
  if (microphone === 'none') return [];
  const fake = [
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${sineWav(hz)}`,
  ];
  const device = pulse === undefined ? fake : [];
  return microphone === 'granted' ? [...device, '--use-fake-ui-for-media-stream'] : device;
}

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

/** Playwright silences a browser; what plays on a speaker of a test must be heard there. */
function soundOf({ pulse }: PartyOptions): Pick<LaunchOptions, 'env' | 'ignoreDefaultArgs'> {
  if (pulse === undefined) return {};
  return { env: { ...process.env, ...pulse.env }, ignoreDefaultArgs: ['--mute-audio'] };
}

/** Has a page of its own, out of sight of the party's, look at the devices when they change. */
async function watchDevices(browser: Browser, { pulse, url }: PartyOptions): Promise<void> {
  if (pulse === undefined) return;
  const page = await browser.newPage();
  // Only a page from a trustworthy address has devices.
  await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(url);
  const look = async (): Promise<void> => {
    await page.evaluate(() => navigator.mediaDevices.enumerateDevices());
  };
  // A change is told as against what was seen before.
  await look();
  pulse.onChange.add(look);
  browser.on('disconnected', () => pulse.onChange.delete(look));
}

/** Starts a browser for one party and opens its page; it ends with the test file. */
export async function party(options: PartyOptions): Promise<Party> {
  const { name = 'party', url, path = '/', microphone = 'granted', args = [] } = options;
  const needsLoopback = mediaHost() === signallingHost;
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    ...soundOf(options),
    args: [
      ...flags,
      ...microphoneFlags(options),
      // Without any other network Chromium gathers no candidates, and says so to nobody.
      ...(needsLoopback ? ['--allow-loopback-in-peer-connection'] : []),
      ...args,
    ],
  });
  // Without the permission the candidates are names (mDNS) that no other browser resolves.
  const permissions = microphone === 'denied' ? [] : ['microphone'];
  const context = await browser.newContext({ permissions });
  await watchDevices(browser, options);
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
