import type { UA, URI } from 'jssip';
import { PhoneError } from '../../src/core/index.ts';
import type { ByKind, Party } from '../../src/core/index.ts';
import type { RawNameAddr } from './stackTypes.ts';

/** Who an agent is. */
export interface Account {
  readonly uri: URI;
  readonly displayName: string;
  /** The user part of the contact, to which requests are addressed. */
  readonly contactUser: string;
}

/** The account of an agent. JsSIP types its configuration as what it was given, not as what it is. */
export function accountOf(ua: UA): Account {
  const { configuration, contact } = ua as unknown as {
    configuration: { uri: URI; display_name: string | null };
    contact: { uri: URI };
  };
  return {
    uri: configuration.uri,
    displayName: configuration.display_name ?? '',
    contactUser: contact.uri.user,
  };
}

/** The agent's own end of a call. */
export function ownParty(ua: UA): Party {
  const { uri, displayName: name } = accountOf(ua);
  return { name, user: uri.user, uri: String(uri) };
}

/** One end of a call from an address header. */
export function partyOf({
  display_name: name,
  uri,
}: Pick<RawNameAddr, 'display_name' | 'uri'>): Party {
  return { name: name ?? '', user: decoded(uri.user ?? ''), uri: String(uri) };
}

/** The far end of a call to `uri`. */
export function partyAt(uri: URI): Party {
  return { name: '', user: decoded(uri.user), uri: String(uri) };
}

/** A user part as it is shown; one with a stray percent sign is legal enough to stay as it stands. */
function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** What was asked for as an address of the agent's domain. Throws `call.targetInvalid`. */
export function parseTarget(ua: UA, target: string): URI {
  const { normalizeTarget } = ua as unknown as {
    normalizeTarget: (target: string) => URI | undefined;
  };
  try {
    const uri = normalizeTarget.call(ua, target);
    if (uri) return uri;
  } catch {
    // An address with broken escapes; told like any other that cannot be called.
  }
  throw new PhoneError('call.targetInvalid');
}

/** Which media an offer names. */
export function offeredBy(sdp: string | null | undefined): ByKind {
  // No body asks for an offer in the answer (RFC 3261 section 13.2.1): audio is what a phone has.
  if (!sdp) return { audio: true, video: false };
  return { audio: /^m=audio [1-9]/m.test(sdp), video: /^m=video [1-9]/m.test(sdp) };
}
