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

/** Refuses an INVITE or UPDATE that requires an extension other than `ours` (RFC 3261 section 8.2.2.3). */
export function refusalOf(request: RawIncoming, ours: readonly string[]): Refusal | undefined {
  const unknown = request
    .getHeaders('Require')
    .flatMap((value) => value.toLowerCase().split(/[\s,]+/))
    .filter((tag) => tag !== '' && !ours.includes(tag));
  if (unknown.length === 0) return undefined;
  return { statusCode: 420, headers: [`Unsupported: ${unknown.join(', ')}`] };
}
