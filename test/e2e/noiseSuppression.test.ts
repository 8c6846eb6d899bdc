import { beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { outcome, speechInNoise } from '../support/speechInNoise.ts';
import { party } from './support/browser.ts';
import type { Party } from './support/browser.ts';
import { useHarness } from './support/lab.ts';
import { startPageServer } from './support/server.ts';
import type { PageServer } from './support/server.ts';
import { microphoneWav } from './support/wav.ts';

// The shipped files in a browser, without a phone: as a page by script tag loads them.

/** The side of the page that noiseSuppressionPage.js defines. */
interface PageSide {
  readonly violations: readonly string[];
  readonly made: { readonly worklets: number; readonly sources: number };
  readonly render: (samples: string) => Promise<string>;
  readonly use: (options?: UseOptions) => Promise<Refusal | null>;
  readonly compare: (ms: number) => Promise<{
    readonly before: readonly number[];
    readonly after: readonly number[];
  }>;
  readonly stop: () => { readonly microphone: string; readonly made: string };
}

interface UseOptions {
  readonly sampleRate?: number;
  readonly assets?: string;
  readonly isSuspended?: boolean;
}

interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly microphone: string;
}

declare global {
  // What noiseSuppressionPage.js puts into its page.
  var suppression: PageSide;
}

const strict =
  "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
const withWasm = strict.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");
const page =
  '<!doctype html><title>Noise</title><script type="module" src="/support/noiseSuppressionPage.js"></script>';

const scene = speechInNoise(12, -40);
let server: PageServer;
let alice: Party;

useHarness();

beforeAll(async () => {
  server = await startPageServer();
  server.put('/strict.html', page, strict);
  server.put('/wasm.html', page, withWasm);
  const file = microphoneWav({ rate: 48_000, samples: scene.mixed });
  alice = await party({
    url: server.url,
    name: 'alice',
    args: [`--use-file-for-fake-audio-capture=${file}`],
  });
});

interface Watched {
  readonly page: Page;
  /** The paths that this page has asked the server for. */
  readonly asked: () => readonly string[];
}

async function open(path: string): Promise<Watched> {
  const begun = server.requests.length;
  const { page } = await alice.open(path);
  return { page, asked: () => server.requests.slice(begun) };
}

const ownFiles = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => path.startsWith('/dist/noise-suppression/')).sort();

test('pauses fall by 20 dB or more, words stay, and everything comes 960 samples later', async () => {
  const { page } = await open('/wasm.html');
  const rendered = await page.evaluate(
    (samples) => suppression.render(samples),
    Buffer.from(scene.mixed.buffer).toString('base64'),
  );
  const bytes = Uint8Array.from(Buffer.from(rendered, 'base64'));
  const { pausesFell, wordsFell, likeness } = outcome(scene, new Float32Array(bytes.buffer), 960);
  expect(pausesFell).toBeGreaterThan(20);
  expect(Math.abs(wordsFell)).toBeLessThan(1);
  expect(likeness).toBeGreaterThan(0.95);
  await page.close();
});

describe('on a strict page that allows WebAssembly', () => {
  test('the microphone loses its noise and keeps its words, by files of its server only', async () => {
    const { page, asked } = await open('/wasm.html');
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(`${server.url}/`)) elsewhere.push(request.url());
    });
    expect(asked()).toContain('/dist/noiseSuppression.js');
    expect(ownFiles(asked())).toEqual([]);
    expect(await page.evaluate(() => suppression.use())).toBeNull();
    expect(ownFiles(asked())).toEqual([
      '/dist/noise-suppression/rnnoise.wasm',
      '/dist/noise-suppression/worklet.js',
    ]);
    await expect
      .poll(
        async () => {
          const { before, after } = await page.evaluate(() => suppression.compare(4000));
          // The quietest tenth is pauses, the loudest tenth words.
          const at = (levels: readonly number[], share: number): number =>
            levels[Math.floor(levels.length * share)] ?? 0;
          const words = Math.abs(at(before, 0.9) - at(after, 0.9));
          return { pausesFall: at(before, 0.1) - at(after, 0.1) > 20, wordsStay: words < 3 };
        },
        { timeout: 30_000 },
      )
      .toEqual({ pausesFall: true, wordsStay: true });
    expect(await page.evaluate(() => suppression.stop())).toEqual({
      microphone: 'live',
      made: 'ended',
    });
    expect(await page.evaluate(() => suppression.violations)).toEqual([]);
    expect(elsewhere).toEqual([]);
    await page.close();
  });

  test('a second call fetches nothing again', async () => {
    const { page, asked } = await open('/wasm.html');
    for (let call = 0; call < 2; call += 1) {
      expect(await page.evaluate(() => suppression.use())).toBeNull();
      await page.evaluate(() => suppression.stop());
    }
    expect(asked().filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
    await page.close();
  });

  test('it does not wait for a context that waits for a click', async () => {
    const { page } = await open('/wasm.html');
    expect(await page.evaluate(() => suppression.use({ isSuspended: true }))).toBeNull();
    await page.evaluate(() => suppression.stop());
    await page.close();
  });

  test.each([
    [{ assets: '/nowhere' }, '/nowhere/rnnoise.wasm: HTTP 404'],
    [{ sampleRate: 44_100 }, '48000 Hz, not 44100'],
  ])('with %o it tells why not, and nothing is left open', async (options, reason) => {
    const { page } = await open('/wasm.html');
    const refusal = await page.evaluate((given) => suppression.use(given), options);
    expect(refusal).toMatchObject({ code: 'media.processorFailed', microphone: 'live' });
    expect(refusal?.message).toContain(reason);
    expect(await page.evaluate(() => suppression.made)).toEqual({ worklets: 0, sources: 0 });
    await page.close();
  });
});

test('on a page that refuses WebAssembly it says so, loads nothing and leaves nothing open', async () => {
  const { page, asked } = await open('/strict.html');
  expect(await page.evaluate(() => suppression.use())).toMatchObject({
    name: 'PhoneError',
    code: 'media.wasmRefused',
    microphone: 'live',
  });
  expect(ownFiles(asked())).toEqual([]);
  expect(await page.evaluate(() => suppression.made)).toEqual({ worklets: 0, sources: 0 });
  // The one question whether WebAssembly is allowed.
  expect(await page.evaluate(() => suppression.violations)).toEqual(['script-src wasm-eval']);
  await page.close();
});

test('a page with a phone that does not use it asks for nothing of it', async () => {
  const { page, asked } = await open('/');
  expect(asked()).toContain('/dist/cordboard.js');
  expect(asked().filter((path) => /noise/i.test(path))).toEqual([]);
  await page.close();
});
