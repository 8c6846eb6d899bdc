import { PhoneError } from '../core/errors.ts';
import { loadPart } from '../core/loadPart.ts';
import type { WebphoneConfig } from './create.ts';

/**
 * Reads a configuration from where it is said to be: the address of a JSON file, or `#id` of an
 * element that holds it, and the `.mustache` files that it names, whose addresses are relative to the JSON
 * file. Rejects with `configuration.invalid` when any of it cannot be had, or is no JSON or no object. An element
 * that stands before `follower` is read while the rest of the page is still being parsed.
 */
export async function readConfig(
  place: string,
  signal?: AbortSignal,
  follower?: Element,
): Promise<WebphoneConfig> {
  const text = await (place.startsWith('#') ? textOf(place, follower) : load(place, signal));
  const config = parseConfig(place, text);
  // Few have them: the part that reads them is loaded when they are named.
  if (!text.includes('.mustache"')) return config;
  return (await loadPart(() => import('./templateFiles.part.ts'))).withTemplates(config, {
    place,
    load,
    signal,
  });
}

/** The configuration that a text from this place holds. */
export function parseConfig(place: string, text: string): WebphoneConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    // What the browser says of it quotes the text, and that may hold a password.
    throw unusable(`${place}: no JSON`);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw unusable(`${place}: no object`);
  }
  // Plugins that are loaded by name have a section of that name.
  if ('plugins' in config) throw unusable(`${place}: plugins are sections in JSON`);
  return config;
}

/** What is thrown when there is no configuration to be had. */
export function unusable(message: string): PhoneError {
  return new PhoneError('configuration.invalid', { message });
}

/** Resolves when the page has been parsed. */
export function domReady(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      resolve();
    };
    document.addEventListener('DOMContentLoaded', done, { once: true });
  });
}

async function textOf(place: string, follower: Element | undefined): Promise<string> {
  const found = (): Element | null => document.getElementById(place.slice(1));
  const isBefore =
    follower && found()?.compareDocumentPosition(follower) === Node.DOCUMENT_POSITION_FOLLOWING;
  const early = isBefore ? found()?.textContent : undefined;
  // What it is drawn into may stand further down.
  if (early && !/"(renderTargets|canvas)"/.test(early)) return early;
  await domReady();
  const text = found()?.textContent;
  if (!text) throw unusable(`${place}: not found`);
  return text;
}

async function load(place: string, signal: AbortSignal | undefined): Promise<string> {
  const response = await fetch(place, signal && { signal }).catch(() => undefined);
  if (!response?.ok) throw unusable(`${place}: ${String(response?.status ?? 'not found')}`);
  return response.text();
}
