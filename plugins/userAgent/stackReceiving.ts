import type { UA, URI } from 'jssip';
import type { Clock, PhoneError, SipSession, checkHeaders } from '../../src/core/index.ts';
import type { Referral } from './referral.ts';
import type { OutgoingOptions } from './settings.ts';
import type { accountOf, partyOf } from './stackAddress.ts';
import type { StackListener } from './stackListener.ts';

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

/** What a REFER that came in is dealt with by. */
export interface ReferredServices extends ReceiverServices {
  /** Follow without asking. */
  readonly isTrusted: boolean;
  readonly URI: typeof URI;
  readonly PhoneError: typeof PhoneError;
  readonly checkHeaders: typeof checkHeaders;
  readonly partyOf: typeof partyOf;
  readonly accountOf: typeof accountOf;
}
