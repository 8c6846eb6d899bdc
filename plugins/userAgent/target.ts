import { PhoneError } from '../../src/core/index.ts';

// What people write into numbers, RFC 3966 section 5.1.1 calls visual separators, and some more.
const separators = /[\s().\-/\u00a0\u2010-\u2015]/g;

/**
 * What a person typed as something that can be called: a number without its decoration, or an
 * address as it stands. Throws `call.targetMissing` and `call.targetInvalid`.
 */
export function cleanTarget(typed: string): string {
  const target = typed.trim();
  if (target === '') throw new PhoneError('call.targetMissing');
  const bare = target.replace(/^(?:sips?|tel):/i, '');
  const [user = ''] = bare.split('@');
  // Only a number has decoration; the dots and dashes of a name are part of it.
  const number = user.replace(separators, '');
  if (!bare.includes('@') && /^\+?[\d*#,]+$/.test(number)) return number;
  if (!/^sips?:/i.test(target) && /\s/.test(target)) throw new PhoneError('call.targetInvalid');
  if (bare === '' || user === '' || /[<>"\\^`{|}\s]/.test(bare)) {
    throw new PhoneError('call.targetInvalid');
  }
  return target.replace(/^tel:/i, '');
}
