import { URI } from 'jssip';
import { PhoneError, checkHeaders, loadPart } from '../../src/core/index.ts';
import { accountOf, partyOf } from './stackAddress.ts';
import type { ReceiverServices, ReferReceiver } from './stackReceiving.ts';

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
