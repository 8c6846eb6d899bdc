import type { Logger } from '../core/logger.ts';

/**
 * The origins that `frame.origins` of a configuration names. Anything but a list of strings names
 * nobody: parts of a string are strings too, and origins of somebody else.
 */
export function originsFrom(given: unknown, log: Logger): readonly string[] {
  if (Array.isArray(given) && given.every((origin) => typeof origin === 'string')) return given;
  if (given !== undefined) {
    log.error('frame.origins must be a list of origins, such as ["https://app.example.com"]');
  }
  return [];
}
