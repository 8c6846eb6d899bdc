import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Browser, LaunchOptions } from 'playwright-core';
import { mediaHost, signallingHost } from './network.ts';
import { scratchDirectory } from './processes.ts';
import type { Pulse } from './pulse.ts';
import { sineWav } from './wav.ts';
import { writeFlatY4m } from './y4m.ts';
import type { Colour } from './y4m.ts';

/** What a browser has, and what it lets a page do. */
export interface ChromiumOptions {
  /** The tone of its microphone in Hz (440). */
  readonly hz?: number;
  /** 'denied' refuses permission, 'none' has no device at all. */
  readonly microphone?: 'granted' | 'denied' | 'none';
  /** 'denied' refuses it for the camera; only with a microphone that is granted. */
  readonly camera?: 'granted' | 'denied';
  /** Real devices in the stead of the fake microphone: what this server has, and its changes. */
  readonly pulse?: Pulse;
  /** What its camera shows, everywhere the same; without it there is Chromium's moving picture. */
  readonly colour?: Colour;
  /**
   * What becomes of a request for the screen: `tab` is the title of the tab that is shared, with its
   * sound; closing that tab ends it. 'unanswered' leaves the question open. Without this option it
   * is Chromium's fake screen.
   */
  readonly display?: { readonly tab: string } | 'refused' | 'unanswered';
  /**
   * 'blocked' plays no sound before the user has touched the page. Playwright's `evaluate`, and with
   * it everything a `Tab` measures, is such a touch: see `unasked`.
   */
  readonly autoplay?: 'allowed' | 'blocked';
  readonly args?: readonly string[];
}

/** A camera that comes and goes; pages know when the promise resolves. */
export interface Camera {
  readonly unplug: () => Promise<void>;
  readonly plug: () => Promise<void>;
}

const flags = [
  // Root needs it, and the pages are our own.
  '--no-sandbox',
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];
const fakeDevices = '--use-fake-device-for-media-stream';
const cameraFlag = (file: string): string => `--use-file-for-fake-video-capture=${file}`;

/** Only the process that opens cameras is told of the fake one: microphones stay the real ones. */
function cameraAlone(file: string): string {
  const script = join(scratchDirectory('camera'), 'start.sh');
  const camera = `exec "$@" ${fakeDevices} "${cameraFlag(file)}"`;
  const text = `#!/bin/sh\ncase "$*" in *video_capture.mojom.*) ${camera} ;; esac\nexec "$@"\n`;
  writeFileSync(script, text, { mode: 0o755 });
  return `--utility-cmd-prefix=${script}`;
}

function deviceFlags(options: ChromiumOptions, camera: string | undefined): readonly string[] {
  const { microphone = 'granted', hz = 440, pulse } = options;
  if (microphone === 'none' || pulse !== undefined) {
    return camera === undefined ? [] : [cameraAlone(camera)];
  }
  const picture = camera === undefined ? [] : [cameraFlag(camera)];
  return [fakeDevices, `--use-file-for-fake-audio-capture=${sineWav(hz)}`, ...picture];
}

function answerFlags({ microphone, camera, display }: ChromiumOptions): readonly string[] {
  if (display === 'refused') return ['--auto-reject-capture'];
  if (display === 'unanswered') return [];
  if (display !== undefined) return [`--auto-select-tab-capture-source-by-title=${display.tab}`];
  // It answers for the screen too, and always with a fake one.
  const isGranted = (microphone ?? 'granted') === 'granted' && camera !== 'denied';
  return isGranted ? ['--use-fake-ui-for-media-stream'] : [];
}

/** The file that is the camera of `options`; none when they say nothing about it. */
export function cameraFile({ colour }: ChromiumOptions): string | undefined {
  if (colour === undefined) return undefined;
  const file = join(scratchDirectory('camera'), `${colour.join('-')}.y4m`);
  writeFlatY4m(file, colour);
  return file;
}

/** How Playwright starts a browser with `options`, and `camera` from `cameraFile`. */
export function launchOptions(options: ChromiumOptions, camera: string | undefined): LaunchOptions {
  const { autoplay = 'allowed', display, pulse, args = [] } = options;
  const policy = autoplay === 'allowed' ? 'no-user-gesture' : 'document-user-activation';
  const needsLoopback = mediaHost() === signallingHost;
  return {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    ...(pulse === undefined ? {} : { env: { ...process.env, ...pulse.env } }),
    // Playwright silences a browser; a real speaker and a shared tab must sound.
    ...(pulse === undefined && typeof display !== 'object'
      ? {}
      : { ignoreDefaultArgs: ['--mute-audio'] }),
    args: [
      ...flags,
      `--autoplay-policy=${policy}-required`,
      ...deviceFlags(options, camera),
      ...answerFlags(options),
      // Without any other network Chromium gathers no candidates, and says so to nobody.
      ...(needsLoopback ? ['--allow-loopback-in-peer-connection'] : []),
      ...args,
    ],
  };
}

/** What the first context may use. */
export function permissionsOf(options: ChromiumOptions): readonly string[] {
  const { microphone, camera, colour } = options;
  if (microphone === 'denied') return [];
  // Without the permission the candidates are names (mDNS) that no other browser resolves.
  const isFilmed = colour !== undefined && camera !== 'denied';
  return isFilmed ? ['microphone', 'camera'] : ['microphone'];
}

/**
 * Opens a page out of sight of the party's, and gives what makes it look at the devices. Without
 * udev Chromium notices a change only when some page asks for the list; then all pages know.
 */
async function deviceWatcher(browser: Browser, url: string): Promise<() => Promise<void>> {
  const page = await browser.newPage();
  // Only a page from a trustworthy address has devices.
  await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(url);
  const look = async (): Promise<void> => {
    await page.evaluate(() => navigator.mediaDevices.enumerateDevices());
  };
  // A change is told as against what was seen before.
  await look();
  return look;
}

/** Has `browser` notice what changes at `pulse`. */
export async function watchPulse(browser: Browser, url: string, pulse: Pulse): Promise<void> {
  const look = await deviceWatcher(browser, url);
  pulse.onChange.add(look);
  browser.on('disconnected', () => pulse.onChange.delete(look));
}

/** The camera that `file` is for `browser`: Chromium has a fake camera while its file is there. */
export function cameraOf(browser: Browser, url: string, file: string | undefined): Camera {
  let watcher: Promise<() => Promise<void>> | undefined;
  const change = async (move: (name: string, aside: string) => void): Promise<void> => {
    if (file === undefined) throw new Error('only a party with a colour has a camera to unplug');
    watcher ??= deviceWatcher(browser, url);
    const look = await watcher;
    move(file, `${file}.unplugged`);
    await look();
  };
  return {
    unplug: () =>
      change((name, aside) => {
        renameSync(name, aside);
      }),
    plug: () =>
      change((name, aside) => {
        renameSync(aside, name);
      }),
  };
}
