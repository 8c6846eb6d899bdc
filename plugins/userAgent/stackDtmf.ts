import { PhoneError } from '../../src/core/index.ts';
import type { Clock, DtmfOptions } from '../../src/core/index.ts';
import { infoDigits, rtpEvents } from './dtmf.ts';
import type { DtmfPath } from './dtmf.ts';
import type { RawSession } from './stackTypes.ts';

/** The way the digits of a session travel. Throws `call.stateInvalid` without a connection. */
export function dtmfPath(raw: RawSession, options: DtmfOptions, clock: Clock): DtmfPath {
  if (options.transport === 'INFO') {
    const extraHeaders = ['Content-Type: application/dtmf-relay', ...(options.headers ?? [])];
    return infoDigits((body) => {
      // A refused INFO is a lost digit, not the end of the call.
      raw.sendRequest('INFO', { extraHeaders, body });
    }, clock);
  }
  if (!raw.connection) throw new PhoneError('call.stateInvalid');
  return rtpEvents(raw.connection, clock);
}
