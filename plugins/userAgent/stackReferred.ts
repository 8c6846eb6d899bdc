import { URI } from 'jssip';
import type { UA } from 'jssip';
import { PhoneError, checkHeaders, loadPart } from '../../src/core/index.ts';
import type { Clock, SessionFact, SipSession } from '../../src/core/index.ts';
import type { Referral } from './referred.part.ts';
import type { OutgoingOptions } from './settings.ts';
import { accountOf, partyOf } from './stackAddress.ts';
import type { StackListener } from './stackListener.ts';
import type { RawSession } from './stackTypes.ts';

/** Deals with a REFER that came in, by the policy of the moment unless another one is given. */
export type ReferReceiver = (
  referral: Referral,
  policy?: ReturnType<StackListener['referPolicy']>,
) => void;

/** What REFERs that come in are followed by. */
export interface ReceiverServices {
  readonly ua: UA;
  readonly clock: Clock;
  readonly listener: StackListener;
  /** A session that waits to be started. */
  readonly launch: (target: URI, options: OutgoingOptions) => SipSession;
}

/** Takes what it needs to follow a REFER from where it lies when the first one comes. */
export function createReceiver(given: ReceiverServices): ReferReceiver {
  const services = { ...given, URI, PhoneError, checkHeaders, partyOf, accountOf };
  return (referral, policy = given.listener.referPolicy()) => {
    const { request } = referral;
    if (policy === 'deny') {
      request.reply(603);
      return;
    }
    loadPart(() => import('./referred.part.ts'))
      .then(({ receiveRefer }) => {
        receiveRefer(referral, { ...services, isTrusted: policy === 'follow' });
      })
      .catch(() => {
        request.reply(500);
      });
  };
}

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
