/** JsSIP's typed sessions fit the members that the adapter uses, as far as JsSIP types them. */
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import type { RawSession } from '../../plugins/userAgent/stackTypes.ts';
import type { StackSession } from '../../plugins/userAgent/stackSession.ts';
import type { SipSession } from '../../src/core/index.ts';
import type { FakeSession } from '../support/fakeSession.ts';

declare const jssip: RTCSession;
declare const stack: StackSession;
declare const fake: FakeSession;

// The adapter's session and the tests' own both are what the core expects of a session.
stack satisfies SipSession;
fake satisfies SipSession;

type Public = 'connection' | 'contact' | 'isEnded' | 'isEstablished' | 'isReadyToReOffer';

// A public member that JsSIP renames or takes away is found here.
const names = [
  'connection',
  'contact',
  'direction',
  'remote_identity',
  'local_identity',
  'isEnded',
  'isEstablished',
  'isReadyToReOffer',
  'answer',
  'terminate',
  'refer',
] as const;
jssip satisfies Pick<RawSession, Public>;
names satisfies readonly (keyof RTCSession & keyof RawSession)[];
