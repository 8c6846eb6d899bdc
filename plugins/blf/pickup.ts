import { PhoneError } from '../../src/core/index.ts';
import { statusOf } from './dialogInfo.ts';
import type { BlfCall, BlfKey } from './types.ts';

/** What to call to take a call that rings elsewhere, and with which headers. */
export interface PickupCall {
  readonly target: string;
  readonly headers: readonly string[];
}

// RFC 3261 section 25.1, of a Call-ID what cannot end the value of a header or begin a parameter.
const word = /^[\w\-.!%*+`'~()<>:\\"/[\]?{}@]+$/;
const token = /^[\w\-.!%*+`'~]+$/;

/**
 * How to pick up the call of a key. The caller is called, who began the dialog that rings and so may
 * be asked to replace it (RFC 3891 section 3); `early-only` leaves it alone once it was answered.
 * Throws `call.stateInvalid`.
 */
export function pickupOf({ id, callInfo }: BlfKey, way: string): PickupCall {
  if (way === '' || !callInfo || statusOf(callInfo) !== 'ringing') {
    throw new PhoneError('call.stateInvalid');
  }
  if (way !== 'replaces') return { target: `${way}${id}`, headers: [] };
  const { callId, localTag, remoteTag } = callInfo;
  const target = callerOf(callInfo);
  const isTold = word.test(callId) && token.test(localTag) && token.test(remoteTag);
  if (!isTold || !/^sips?:/i.test(target)) throw new PhoneError('call.stateInvalid');
  return {
    target,
    headers: [
      `Replaces: ${callId};to-tag=${remoteTag};from-tag=${localTag};early-only`,
      'Require: replaces',
    ],
  };
}

// RFC 7118 section 5.2.1: the Contact of a browser names a host that there is not.
function callerOf({ remote: { target, identity } }: BlfCall): string {
  const isReachable = target !== '' && !/\.invalid(?:[:;>]|$)/i.test(target);
  return isReachable ? target : identity;
}
