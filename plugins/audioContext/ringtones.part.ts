import type { CallSnapshot } from '../../src/core/index.ts';
import type { PlayingTone } from './toneSynth.ts';
import type { RingtoneOptions } from './types.ts';

/**
 * The address of the sound that a call rings with, or null for the generated ring. What the call
 * itself asks for by `Alert-Info` (RFC 3261 section 20.4) comes first, then who calls, then the
 * default. An address in the header is a stranger's: it is taken only from an origin that the
 * configuration names.
 */
export function ringtoneFor(
  options: RingtoneOptions,
  call: Pick<CallSnapshot, 'alertInfo' | 'remote'> | undefined,
  base: string,
): string | null {
  const asked =
    call?.alertInfo
      .map((header) => named(options, header) ?? allowed(options, header, base))
      .find((address) => address !== undefined) ??
    (call && ofCaller(options, call.remote.user));
  return asked ?? (options.default === '' ? null : options.default);
}

function named({ alertInfo }: RingtoneOptions, header: string): string | undefined {
  const text = header.toLowerCase();
  return Object.entries(alertInfo).find(([part]) => text.includes(part.toLowerCase()))?.[1];
}

function allowed(
  { alertInfoOrigins }: RingtoneOptions,
  header: string,
  base: string,
): string | undefined {
  const addresses = [...header.matchAll(/<([^<>]{1,2048})>/g)].map(([, address = '']) => address);
  return addresses.find((address) => {
    if (!URL.canParse(address, base)) return false;
    const { protocol, origin } = new URL(address, base);
    return /^https?:$/.test(protocol) && alertInfoOrigins.includes(origin);
  });
}

// Of several starts that fit, the longest says most.
function ofCaller({ callers }: RingtoneOptions, user: string): string | undefined {
  const fits = (key: string): boolean =>
    key.endsWith('*') ? user.startsWith(key.slice(0, -1)) : user === key;
  const [best] = Object.keys(callers)
    .filter(fits)
    .sort((one, other) => other.length - one.length);
  return best === undefined ? undefined : callers[best];
}

/** The largest file in bytes: half a minute of uncompressed stereo. */
const largest = 5_300_000;

/** What a ringtone is chosen and loaded with. */
export interface RingtoneRequest {
  readonly ringtones: RingtoneOptions;
  readonly call: CallSnapshot | undefined;
  readonly context: BaseAudioContext;
  readonly signal: AbortSignal;
}

/** What plays the ringtone of a call, loaded; null for the generated ring. */
export async function openRingtone({
  ringtones,
  call,
  context,
  signal,
}: RingtoneRequest): Promise<((output: AudioNode) => PlayingTone) | null> {
  const address = ringtoneFor(ringtones, call, location.href);
  if (address === null) return null;
  const response = await fetch(address, {
    signal,
    // A redirection could lead to an origin that nobody has allowed.
    redirect: 'error',
    // Who sent the header need not learn who is called, and on which page.
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });
  if (!response.ok) throw new Error(`${address} was answered with ${String(response.status)}`);
  const buffer = await context.decodeAudioData(await read(response));
  return (output) => playRingtone(buffer, output);
}

async function read(response: Response): Promise<ArrayBuffer> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.length;
    if (size > largest) {
      await reader?.cancel();
      throw new Error(`${response.url} is larger than ${String(largest)} bytes`);
    }
    parts.push(part.value);
  }
  const all = new Uint8Array(size);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all.buffer;
}

function playRingtone(buffer: AudioBuffer, output: AudioNode): PlayingTone {
  const source = new AudioBufferSourceNode(output.context, { buffer, loop: true });
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  source.connect(output);
  source.start();
  return {
    stop: () => {
      source.stop();
      source.disconnect();
      finish();
    },
    ended,
  };
}
