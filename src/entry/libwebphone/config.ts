import { audioContext } from '../../../plugins/audioContext/index.ts';
import { dialpad } from '../../../plugins/dialpad/index.ts';
import { mediaDevices } from '../../../plugins/mediaDevices/index.ts';
import { userAgent } from '../../../plugins/userAgent/index.ts';
import { videoCanvas } from '../../../plugins/videoCanvas/index.ts';
import { isPlain, isSame, over, section } from './values.ts';
import type { Plain } from './values.ts';

/** The native plugins behind the drop-in's classes; the call list and the controls are its own. */
export const factories: Readonly<Record<string, unknown>> = {
  userAgent,
  mediaDevices,
  audioContext,
  dialpad,
  videoCanvas,
};

const outputs = { mediaElement: { create: true, elementId: null, element: null } };
const inputs = { mediaElement: { create: false, elementId: null, element: null } };

/** Where libwebphone's defaults are others than the native ones, or the native phone has none. */
const defaults: Plain = {
  i18n: { fallbackLng: 'en' },
  call: {
    useAudioContext: false,
    globalKeyShortcuts: true,
    startWithAudioMuted: false,
    startWithVideoMuted: false,
    keys: { spacebar: { enabled: true } },
    // JsSIP's own, which libwebphone leaves as it is.
    dtmf: { transport: 'INFO' },
  },
  // libwebphone waits for `start()`.
  userAgent: { ...userAgent.defaults, autostart: false },
  callList: {},
  callControl: {},
  dialpad: dialpad.defaults,
  mediaDevices: over({}, mediaDevices.defaults, {
    manageMediaElements: true,
    ringoutput: outputs,
    audiooutput: outputs,
    audioinput: inputs,
    videoinput: { ...inputs, show: true },
  }),
  audioContext: audioContext.defaults,
  videoCanvas: over({}, videoCanvas.defaults, {
    fullscreen: { show: false },
    canvasLoop: { show: true },
    localVideo: { name: 'localVideo' },
    remoteVideo: { name: 'remoteVideo' },
  }),
  mediaPreviews: { enabled: false },
};

/** The whole configuration: what the page gave over the defaults. */
export function wholeConfig(given: unknown): Record<string, unknown> {
  const config = over(defaults, answeringOf(given), withoutNull(given));
  for (const name of Object.keys(config)) {
    const own = config[name];
    const common = { enabled: name !== 'mediaPreviews', renderTargets: [] };
    if (isPlain(own) && !['i18n', 'call', 'log', 'storage'].includes(name)) {
      config[name] = over(common, own);
    }
  }
  return config;
}

// The fork's `call.autoAnswer` in native words, which go before it where they have been said themselves.
function answeringOf(given: unknown): Plain {
  const { autoAnswer } = section(given, 'call');
  const { enabled = autoAnswer === true, onlyWhenIdle } = section({ autoAnswer }, 'autoAnswer');
  if (enabled !== true) return {};
  return { userAgent: { user_agent: { auto_answer: onlyWhenIdle === false ? 'always' : 'idle' } } };
}

/** Whether a plugin of the fork is asked for. */
export function isAskedFor(config: Plain, name: string): boolean {
  return isPlain(config[name]) && isEnabled(config, name);
}

/** Whether a plugin is switched on. */
export function isEnabled(config: Plain, name: string): boolean {
  return section(config, name)['enabled'] !== false;
}

/** What a plugin shows of its configuration: the secrets are masked. */
export function shownConfig(config: Plain, name: string): Plain {
  const own = section(config, name);
  return name === 'userAgent' ? (masked(own) as Plain) : own;
}

const mask = '********';

/** The same with a mask in place of each secret, those of more accounts and of TURN servers too. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) =>
    /(password|ha1|jwt|credential)$/i.test(key) ? [key, inner ? mask : ''] : [key, masked(inner)],
  );
  return Object.fromEntries(entries) as Plain;
}

/** A copy of what a page made of `masked(real)`, with the secrets back where there is still their mask. */
export function unmasked(given: unknown, real: unknown, shown: unknown = masked(real)): unknown {
  if (given === mask && shown === mask) return real;
  if (Array.isArray(given)) {
    const [reals, all] = [listOf(real), listOf(shown)];
    return given.map((item: unknown, at) => {
      const from = placeOf(item, at, { given, all });
      return unmasked(item, reals[from], all[from]);
    });
  }
  if (!isPlain(given)) return given;
  const [inReal, inShown] = [section({ real }, 'real'), section({ shown }, 'shown')];
  const entries = Object.entries(given).map(([key, inner]) => [
    key,
    unmasked(inner, inReal[key], inShown[key] ?? null),
  ]);
  return Object.fromEntries(entries) as Plain;
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

type Lists = Readonly<Record<'given' | 'all', readonly unknown[]>>;

// Where an item of a list came from: a server that was put before it must not get its secret.
function placeOf(item: unknown, at: number, { given, all }: Lists): number {
  if (isSame(item, all[at])) return at;
  const moved = all.findIndex((one) => isSame(item, one));
  if (moved !== -1) return moved;
  return given.some((one) => isSame(one, all[at])) ? -1 : at;
}

// A page that leaves a key to libwebphone may say null or undefined.
function withoutNull(given: unknown): unknown {
  if (!isPlain(given)) return given;
  const entries = Object.entries(given).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutNull(value)]));
}
