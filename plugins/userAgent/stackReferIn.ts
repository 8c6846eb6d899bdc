import type { SessionFact } from '../../src/core/index.ts';
import type { Referral } from './referral.ts';
import type { RawSession } from './stackTypes.ts';

/** Where the REFERs within a call go. */
export interface ReferServices {
  readonly tell: (fact: SessionFact) => void;
  readonly onRefer: (referral: Referral) => void;
}

/** JsSIP would take every REFER with 202 before anybody hears of it. */
export function followRefers(raw: RawSession, { tell, onRefer }: ReferServices): void {
  raw._receiveRefer = (request) => {
    onRefer({
      request,
      tell: (news) => {
        tell({ type: 'refer', ...news });
      },
      notify: (headers, body) => {
        const content = 'Content-Type: message/sipfrag;version=2.0';
        // RFC 3515 section 2.4.6: several may run within one call.
        const event = `Event: refer;id=${String(request.cseq)}`;
        raw.sendRequest('NOTIFY', { extraHeaders: [event, content, ...headers], body });
      },
    });
  };
}
