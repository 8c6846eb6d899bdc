import { PhoneError } from '../errors.ts';

// RFC 3261 section 25.1: a token, a colon, and a value without line breaks.
const header = /^[\w\-.!%*+`'~]+[ \t]*:[^\r\n\0]*$/;

/** Whether a line can be put into a message: `Name: value`, without a line break. */
export function isHeader(line: string): boolean {
  return header.test(line);
}

/**
 * Rejects headers that would break the message they are put into, or smuggle others into it.
 * Throws `call.headerInvalid`, without the header's value, which may be confidential.
 */
export function checkHeaders(headers: readonly string[] | undefined): void {
  const wrong = headers?.findIndex((line) => !isHeader(line)) ?? -1;
  if (wrong >= 0) {
    throw new PhoneError('call.headerInvalid', {
      message: `headers[${String(wrong)}] is not "Name: value" on one line.`,
    });
  }
}
