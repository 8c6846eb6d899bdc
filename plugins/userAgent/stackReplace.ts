import { InviteServerTransaction, checkTransaction } from 'jssip/lib/Transactions.js';
import type { UA } from 'jssip';
import type { EndKnowledge } from './stackEnd.ts';
import type { RawAgent, RawIncoming, RawReplaces, RawSession } from './stackTypes.ts';

/** A replacement that is asked for. */
export interface Replacement {
  readonly request: RawIncoming;
  readonly known: EndKnowledge;
  /** Hears of the session of the one who takes the place, before JsSIP tells of it. */
  readonly replaced: (by: RawSession) => void;
}

/**
 * Lets somebody else take the far end's place (RFC 3891 section 3). The request names a dialog of
 * `raw`, which only those know who took part in it, or were sent by one who did.
 */
export function replace(raw: RawSession, { request, known, replaced }: Replacement): void {
  // A call that rings here was not begun by this phone, which is no place to take.
  if (!known.isUp && raw.direction === 'incoming') request.reply(481);
  else if (known.isUp && request.replaces?.early_only === true) request.reply(486);
  else {
    const Session = raw.constructor as new (agent: unknown) => RawSession;
    const session = new Session(raw._ua);
    session.on('confirmed', () => {
      if (raw.isEnded()) return;
      known.failure = 'transferred';
      raw.terminate({});
    });
    session.init_incoming(request, replaced);
  }
}

/** What the agent knows of replacements. */
export interface ReplacingAgent {
  readonly canReplace: boolean;
  /** The ids of dialogs that are over. */
  readonly over: ReadonlySet<string>;
}

/**
 * Checks `Replaces` of an INVITE (RFC 3891 section 3) and hands what it says on to JsSIP, which finds
 * the dialog. True when the INVITE is answered here.
 */
export function refusesReplaces(ua: UA & ReplacingAgent, request: RawIncoming): boolean {
  const status = statusFor(ua, request);
  if (status === undefined) return false;
  // One that comes again is answered by its transaction.
  if (checkTransaction(ua, request)) return true;
  new InviteServerTransaction(ua, (ua as unknown as RawAgent)._transport, request);
  request.reply(status);
  return true;
}

function statusFor({ canReplace, over }: ReplacingAgent, request: RawIncoming): number | undefined {
  const values = request.getHeaders('Replaces');
  // An offer within a call replaces nothing.
  if (!canReplace || request.to_tag !== undefined || values.length === 0) {
    delete request.headers['Replaces'];
    return undefined;
  }
  const replaces = parsed(values.join());
  if (!replaces) return 400;
  request.replaces = replaces;
  const { call_id: id, to_tag: to, from_tag: from } = replaces;
  return over.has(id + to + from) ? 603 : undefined;
}

/** A call with one tag of either kind, or undefined. */
function parsed(value: string): RawReplaces | undefined {
  const id = /^[^\s;,]+(?=\s*;)/.exec(value)?.[0];
  const [to, from] = ['to', 'from'].map((side) => {
    const found = value.matchAll(new RegExp(`;\\s*${side}-tag\\s*=([^;,]+)`, 'gi'));
    const [tag, ...more] = Array.from(found, ([, text]) => text?.trim());
    return more.length === 0 ? tag : '';
  });
  if (!id || !to || !from) return undefined;
  const early_only = /;\s*early-only\s*(?:;|$)/i.test(value);
  return { call_id: id, to_tag: to, from_tag: from, early_only };
}
