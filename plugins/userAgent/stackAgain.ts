import RequestSender from 'jssip/lib/RequestSender.js';
import { loadPart } from '../../src/core/index.ts';
import type { SessionFact } from '../../src/core/index.ts';
import { partyOf } from './stackAddress.ts';
import type { SessionServices } from './stackStart.ts';
import type { RawSession } from './stackTypes.ts';

/** What an INVITE that is to be sent again needs. */
export interface AgainServices extends Pick<SessionServices, 'redirects'> {
  readonly tell: (fact: SessionFact) => void;
}

/**
 * Lets an INVITE go out again that was redirected (3xx, RFC 3261 section 8.1.3.4) or asked for too short a
 * session (422, RFC 4028 section 7.3). JsSIP fails the call then.
 */
export function sendAgain(raw: RawSession, { redirects, tell }: AgainServices): void {
  const receive = raw._receiveInviteResponse.bind(raw);
  raw._receiveInviteResponse = (response) => {
    const status = response.status_code ?? 0;
    // An answer that crossed our CANCEL: JsSIP would leave the far end in a call with nobody.
    if (status >= 200 && status < 300 && raw.isEnded()) raw._is_canceled = true;
    if (status !== 422 && !(status >= 300 && status <= 302 && redirects !== 'deny')) {
      receive(response);
      return;
    }
    const fail = (): void => {
      receive(response);
    };
    loadPart(() => import('./inviteAgain.part.ts')).then(({ inviteAgain }) => {
      inviteAgain(raw, response, { redirects, tell, fail, partyOf, Sender: RequestSender });
    }, fail);
  };
}
