import { PhoneError } from './errors.ts';

/**
 * Loads a part of the phone that few need: `loadPart(() => import('./tones.part.ts'))`. Beside the
 * script-tag file it is a file of its own, so it may import types only from the core. Rejects with
 * `phone.partMissing` when the file cannot be had; the next call tries again.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    throw new PhoneError('phone.partMissing', { cause });
  }
}
