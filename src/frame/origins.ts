import type { Logger } from '../core/logger.ts';
import type { LoadedConfig } from '../entry/more.ts';

/** `frame` in the configuration of a frame. */
export interface FrameSection {
  /** The origins whose pages may command the phone, such as `https://app.example.com`. Default: none. */
  readonly origins?: readonly string[];
}

/** What `phone.json` of a frame holds: the configuration of its phone, `preset` and more plugins included, and this. */
export type FrameConfig = LoadedConfig & {
  /** Who may command the phone. */
  readonly frame?: FrameSection;
};

/**
 * The origins that the section `frame` of a configuration names. Anything but a list of strings names
 * nobody: parts of a string are strings too, and origins of somebody else.
 */
export function originsFrom(section: unknown, log: Logger): readonly string[] {
  // What is no section is told as what is no list.
  const { origins, ...others } = isObject(section) ? section : { origins: section ?? undefined };
  for (const key of Object.keys(others))
    log.warn(`Unknown key "frame.${key}" is ignored. Known keys: origins.`);
  if (origins === undefined) return [];
  if (
    Array.isArray(section) ||
    !Array.isArray(origins) ||
    !origins.every((origin) => typeof origin === 'string')
  ) {
    log.error('frame.origins must be a list of origins, such as ["https://app.example.com"]');
    return [];
  }
  for (const origin of origins) if (!isOrigin(origin)) log.error(adviceOn(origin));
  // Every page in a sandbox and every file is "null", whoever wrote it.
  return origins.filter((origin) => origin !== 'null');
}

function isObject(value: unknown): value is { readonly origins?: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function adviceOn(text: string): string {
  const meant = URL.canParse(text) && text.startsWith('http') ? new URL(text).origin : undefined;
  const advice = meant === undefined ? 'such as "https://app.example.com"' : `such as "${meant}"`;
  return `frame.origins: "${text}" is never the origin of a page; one is scheme, host and port, ${advice}`;
}
