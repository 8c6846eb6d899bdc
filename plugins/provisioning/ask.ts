import { PhoneError } from '../../src/core/index.ts';
import type { Clock } from '../../src/core/index.ts';
import { paceIn } from './pace.ts';
import type { ProvisioningOptions } from './types.ts';

/** Characters; no configuration has so many, and a page of a portal may. */
const largest = 1_000_000;

/** What asking needs of the phone. */
export interface Asking {
  readonly options: ProvisioningOptions;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What the server says. */
export interface Answer {
  readonly config: object;
  /** Seconds until it should be asked again; undefined when it does not say. */
  readonly pace: number | undefined;
}

/**
 * Asks for the configuration. The browser sends `If-None-Match` by itself and answers a 304 from its
 * cache, so a server of another origin need not allow that header, nor show its `ETag`. Rejects with
 * `configuration.invalid`; nothing of an answer is quoted.
 */
export function ask(asking: Asking): Promise<Answer> {
  const place = 'provisioning.url';
  const question = { place, address: asking.options.url, accept: 'application/json' };
  return answerTo(question, asking, async (response) => {
    const { headers } = response;
    if (!/^application\/([\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) {
      throw refused(place, 'no application/json');
    }
    const config = parsed(await textOf(response, place));
    if (typeof config !== 'object' || config === null || Array.isArray(config)) {
      throw refused(place, 'no JSON object');
    }
    return { config, pace: paceIn(headers.get('cache-control')) };
  });
}

/** The text of a file that the configuration names, which is asked for in the same way. */
export function textAt(address: string, asking: Asking): Promise<string> {
  const question = { place: address, address, accept: 'text/plain, */*' };
  return answerTo(question, asking, (response) => textOf(response, address));
}

interface Question {
  /** What an error calls it. */
  readonly place: string;
  readonly address: string;
  readonly accept: string;
}

async function answerTo<Found>(
  { place, address, accept }: Question,
  { options, clock, signal }: Asking,
  read: (response: Response) => Promise<Found>,
): Promise<Found> {
  const controller = new AbortController();
  const give = (): void => {
    controller.abort();
  };
  const stop = clock.after(options.timeout * 1000, give);
  signal.addEventListener('abort', give, { signal: controller.signal });
  if (signal.aborted) give();
  try {
    const response = await fetch(address, {
      cache: 'no-cache',
      credentials: options.credentials,
      headers: { accept, ...(await authorization(address, options, controller.signal)) },
      redirect: 'error',
      signal: controller.signal,
    });
    if (!response.ok) throw refused(place, String(response.status));
    return await read(response);
  } catch (error) {
    throw error instanceof PhoneError ? error : refused(place, 'no answer');
  } finally {
    stop();
    give();
  }
}

async function authorization(
  address: string,
  { token, url }: ProvisioningOptions,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (token === undefined) return {};
  const { protocol, hostname, origin } = new URL(address, document.baseURI);
  // It is meant for the server of the configuration, which may name files of any other.
  if (origin !== new URL(url, document.baseURI).origin) return {};
  if (protocol !== 'https:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)) {
    throw refused('provisioning.url', 'a token is sent by https only');
  }
  // One that is given up already has nothing to wait for.
  signal.throwIfAborted();
  // Before there is anything to reject that nobody would hear of: it may throw.
  const given = token();
  // One that never comes would stop every later question too.
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => {
      reject(refused('provisioning.url', 'no token'));
    };
    signal.addEventListener('abort', giveUp, { once: true });
  });
  return { authorization: `Bearer ${await Promise.race([given, late])}` };
}

async function textOf(response: Response, place: string): Promise<string> {
  if (Number(response.headers.get('content-length')) > largest) throw refused(place, 'too large');
  const text = await response.text();
  if (text.length > largest) throw refused(place, 'too large');
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(place: string, reason: string): PhoneError {
  return new PhoneError('configuration.invalid', { message: `${place}: ${reason}` });
}
