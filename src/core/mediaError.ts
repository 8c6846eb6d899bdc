import { PhoneError } from './errors.ts';
import type { ErrorCode } from './errors.ts';

// The names are those of the Media Capture and Streams specification, section getUserMedia.
const codes: Readonly<Record<string, ErrorCode>> = {
  NotAllowedError: 'media.denied',
  SecurityError: 'media.insecure',
  NotFoundError: 'media.noDevice',
  OverconstrainedError: 'media.noDevice',
  NotReadableError: 'media.busy',
  AbortError: 'media.busy',
};

/** What `getUserMedia` rejected with, as a `PhoneError` that tells the user what to do. */
export function mediaError(thrown: unknown): PhoneError {
  if (thrown instanceof PhoneError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : { name: '', message: '' };
  // Chromium tells a closed question from a refusal only in the text of the error.
  if (name === 'NotAllowedError' && message.toLowerCase().includes('dismissed')) {
    return new PhoneError('media.dismissed', { cause: thrown });
  }
  return new PhoneError(codes[name] ?? 'media.failed', { cause: thrown });
}
