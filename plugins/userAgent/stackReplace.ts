import type { EndKnowledge } from './stackEnd.ts';
import type { RawIncoming, RawSession } from './stackTypes.ts';

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
