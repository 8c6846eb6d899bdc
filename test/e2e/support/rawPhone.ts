import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import nodeResolve from '@rollup/plugin-node-resolve';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { rollup } from 'rollup';
import { domain } from './kamailio.ts';
import { until } from './processes.ts';
import type { PageServer } from './server.ts';

/** Where `serveRawPhone` puts its page. */
export const rawPhonePath = '/raw.html';

/** Something a JsSIP session said; `code` and `reason` are the response's. */
export interface RawEvent {
  readonly at: number;
  readonly name: string;
  readonly originator?: string;
  readonly cause?: string;
  readonly code?: number;
  readonly reason?: string;
}

/** Account and media of a raw phone; `socket` is the WebSocket address. */
export interface RawPhoneOptions {
  readonly user: string;
  readonly socket: string;
  readonly password?: string;
  readonly pcConfig?: RTCConfiguration;
  readonly constraints?: MediaStreamConstraints;
  readonly autoAnswer?: boolean;
}

/** JsSIP on a page, driven from a test. Sessions are counted from 0; -1, the default, is the newest. */
export interface RawPhone {
  readonly call: (target: string) => Promise<number>;
  readonly answer: (session?: number) => Promise<void>;
  readonly hangUp: (session?: number) => Promise<void>;
  readonly hold: () => Promise<void>;
  readonly unhold: () => Promise<void>;
  readonly sendDtmf: (digits: string, options?: RawDtmf) => Promise<void>;
  readonly events: (session?: number) => Promise<readonly RawEvent[]>;
  readonly waitFor: (name: string, session?: number) => Promise<RawEvent>;
  /** Milliseconds from `call` to the INVITE on the wire. */
  readonly sentInvite: (session?: number) => Promise<number>;
}

/** Times in ms; `transportType` is RFC2833 for RTP events. */
export interface RawDtmf {
  readonly transportType?: 'RFC2833' | 'INFO';
  readonly duration?: number;
  readonly interToneGap?: number;
}

/** The side of the page that rawPhonePage.js defines. */
interface PageSide {
  readonly start: (options: object) => Promise<void>;
  readonly autoAnswer: (isOn: boolean) => void;
  readonly call: (target: string) => number;
  readonly answer: (session: number) => void;
  readonly hangUp: (session: number) => void;
  readonly hold: (session: number) => void;
  readonly unhold: (session: number) => void;
  readonly sendDtmf: (session: number, digits: string, options: object) => void;
  readonly events: (session: number) => readonly RawEvent[];
  readonly sentInvite: (session: number) => Promise<number>;
}

declare global {
  // What rawPhonePage.js puts into its page.
  var rawPhone: PageSide;
}

/** Bundles JsSIP into a page and serves it at `rawPhonePath`. */
export async function serveRawPhone(server: PageServer): Promise<void> {
  const bundle = await rollup({
    input: fileURLToPath(new URL('rawPhonePage.js', import.meta.url)),
    plugins: [nodeResolve({ browser: true, preferBuiltins: false }), commonjs(), json()],
    onwarn: () => undefined,
  });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  server.put('/raw.js', output[0].code);
  server.put(
    rawPhonePath,
    '<!doctype html><meta charset="utf-8"><title>JsSIP</title><link rel="icon" href="data:,">' +
      '<script src="/raw.js"></script>',
  );
}

/** Registers a raw phone on a page opened at `rawPhonePath`; rejects with JsSIP's cause. */
export async function startRawPhone(page: Page, options: RawPhoneOptions): Promise<RawPhone> {
  const { autoAnswer = false, ...account } = options;
  const full = { password: `pw${options.user}`, domain, ...account };
  await page.evaluate((on) => {
    rawPhone.autoAnswer(on);
  }, autoAnswer);
  await page.evaluate((given) => rawPhone.start(given), full);
  return {
    call: (target) => page.evaluate((to) => rawPhone.call(to), target),
    answer: (session = -1) =>
      page.evaluate((place) => {
        rawPhone.answer(place);
      }, session),
    hangUp: (session = -1) =>
      page.evaluate((place) => {
        rawPhone.hangUp(place);
      }, session),
    hold: () =>
      page.evaluate(() => {
        rawPhone.hold(-1);
      }),
    unhold: () =>
      page.evaluate(() => {
        rawPhone.unhold(-1);
      }),
    sendDtmf: (digits, dtmf = {}) =>
      page.evaluate(
        ([text, how]) => {
          rawPhone.sendDtmf(-1, text, how);
        },
        [digits, dtmf] as const,
      ),
    events: (session = -1) => page.evaluate((place) => rawPhone.events(place), session),
    waitFor: (name, session = -1) =>
      until(`the session to say ${name}`, async () => {
        const events = await page.evaluate((place) => rawPhone.events(place), session);
        return events.find((event) => event.name === name);
      }),
    sentInvite: (session = -1) => page.evaluate((place) => rawPhone.sentInvite(place), session),
  };
}
