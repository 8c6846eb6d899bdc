import type { RawIncoming, RawSession } from './stackTypes.ts';

/** What a SIP extension that few use does to the calls of an agent. */
export interface SessionExtension {
  /** Header lines for each INVITE. */
  readonly headers: readonly string[];
  /** A session is there; of an incoming one nothing has been said to the caller yet. */
  readonly begin: (raw: RawSession) => void;
}

/** What is said to a request that asks for what this agent has not. */
export interface Refusal {
  readonly statusCode: number;
  readonly headers: readonly string[];
}

/** The tags of extensions in the headers of that name (RFC 3261 section 20.32), in lower case. */
function tagsOf(request: Pick<RawIncoming, 'getHeaders'>, name: string): readonly string[] {
  return request
    .getHeaders(name)
    .flatMap((value) => value.toLowerCase().split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

// RFC 4028 section 4: the shortest interval there is.
const shortest = 90;

/**
 * Refuses an INVITE or UPDATE that requires an extension other than `ours` (RFC 3261 section 8.2.2.3), or that
 * asks for too short a session (RFC 4028 section 9).
 */
export function refusalOf(request: RawIncoming, ours: readonly string[]): Refusal | undefined {
  const unknown = tagsOf(request, 'Require').filter((tag) => !ours.includes(tag));
  if (unknown.length > 0) {
    return { statusCode: 420, headers: [`Unsupported: ${unknown.join(', ')}`] };
  }
  const isTimed = ours.includes('timer') && tagsOf(request, 'Supported').includes('timer');
  if (!isTimed || (request.session_expires ?? shortest) >= shortest) return undefined;
  return { statusCode: 422, headers: [`Min-SE: ${String(shortest)}`] };
}
