import { PhoneError } from '../../src/core/index.ts';

// Far longer than any address that people have; what is longer is no name for a thread.
const longest = 300;

/**
 * The name of a thread, as `2002@example.com`: what was typed or came in, in one spelling. A number
 * without a domain is one of `own`, the account's. Throws `call.targetMissing` and `call.targetInvalid`.
 */
export function peerOf(target: string, own: string): string {
  const bare = target.trim().replace(/^(?:sips?|tel):/i, '');
  if (bare === '') throw new PhoneError('call.targetMissing');
  // First: the user may have parameters too (RFC 3261 section 19.1.1).
  const at = bare.indexOf('@');
  const user = at < 0 ? withoutDecoration(withoutParameters(bare)) : decoded(bare.slice(0, at));
  const domain = at < 0 ? domainOf(own) : withoutParameters(bare.slice(at + 1)).toLowerCase();
  const peer = `${user}@${domain}`;
  const isUsable = user !== '' && /^[\w.\-:[\]]+$/.test(domain) && !/[<>"\s@]/.test(user);
  if (!isUsable || peer.length > longest) throw new PhoneError('call.targetInvalid');
  return peer;
}

/**
 * The name of the thread for who sent a message, or null when it could not be answered there. An
 * address without a user is that of a host: with the account's domain it would be somebody else's.
 */
export function senderOf(from: string, own: string): string | null {
  if (/^sips?:[^@]*$/i.test(from.trim())) return null;
  try {
    return peerOf(from, own);
  } catch {
    return null;
  }
}

/** What a person calls a peer: the number alone where it is of the account's own domain. */
export function shortPeer(peer: string, own: string): string {
  const suffix = `@${domainOf(own)}`;
  return peer.endsWith(suffix) ? peer.slice(0, -suffix.length) : peer;
}

const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

const withoutParameters = (address: string): string => address.replace(/[;?].*$/s, '');

// Only a number has decoration; the dots and dashes of a name are part of it.
function withoutDecoration(user: string): string {
  const number = user.replace(/[\s().\-/\u00a0\u2010-\u2015]/g, '');
  return /^\+?[\d*#]+$/.test(number) ? number : decoded(user);
}

function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
