import { PhoneError } from '../../src/core/index.ts';
import type { Clock } from '../../src/core/index.ts';
import type { ProvisioningOptions } from './types.ts';

/** Characters; no configuration has so many, and a page of a portal may. */
const largest = 1_000_000;

/** What asking needs of the phone. */
export interface Asking {
  readonly options: ProvisioningOptions;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Asks for the configuration. The browser sends `If-None-Match` by itself and answers a 304 from its
 * cache, so a server of another origin need not allow that header, nor show its `ETag`. Rejects with
 * `configuration.invalid`; nothing of an answer is quoted.
 */
export async function ask({ options, clock, signal }: Asking): Promise<object> {
  const controller = new AbortController();
  const give = (): void => {
    controller.abort();
  };
  const stop = clock.after(options.timeout * 1000, give);
  signal.addEventListener('abort', give, { signal: controller.signal });
  try {
    const response = await fetch(options.url, {
      cache: 'no-cache',
      credentials: options.credentials,
      headers: { accept: 'application/json', ...(await authorization(options, controller.signal)) },
      redirect: 'error',
      signal: controller.signal,
    });
    return await configurationIn(response);
  } catch (error) {
    throw error instanceof PhoneError ? error : refused('no answer');
  } finally {
    stop();
    give();
  }
}

async function authorization(
  { token, url }: ProvisioningOptions,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (token === undefined) return {};
  const { protocol, hostname } = new URL(url, document.baseURI);
  if (protocol !== 'https:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)) {
    throw refused('a token is sent by https only');
  }
  // One that never comes would stop every later question too.
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => {
      reject(refused('no token'));
    };
    signal.addEventListener('abort', giveUp, { once: true });
  });
  return { authorization: `Bearer ${await Promise.race([token(), late])}` };
}

async function configurationIn(response: Response): Promise<object> {
  if (!response.ok) throw refused(String(response.status));
  if (!/^application\/([\w.-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '')) {
    throw refused('no application/json');
  }
  if (Number(response.headers.get('content-length')) > largest) throw refused('too large');
  const text = await response.text();
  if (text.length > largest) throw refused('too large');
  const config = parsed(text);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw refused('no JSON object');
  }
  return config;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(reason: string): PhoneError {
  return new PhoneError('configuration.invalid', { message: `provisioning.url: ${reason}` });
}
