import type { LocalFailure, SessionEnd } from '../../src/core/index.ts';
import type { RawEnd } from './stackTypes.ts';

/** What the adapter knows of an end before JsSIP tells of it. */
export interface EndKnowledge {
  /** The 200 has been sent or received. JsSIP calls a call established from `answer()` on. */
  isUp: boolean;
  /** The user asked for the end. */
  byUser: boolean;
  /** The status that the user refused with. */
  statusCode: number | null;
  localOffline?: boolean;
  failure?: LocalFailure;
}

// JsSIP's causes that say more than the status code does.
const failures: Readonly<Record<string, LocalFailure>> = {
  'No Answer': 'noAnswer',
  'RTP Timeout': 'connectionLost',
  'Request Timeout': 'deadline',
  'No ACK': 'connectionLost',
  'Dialog Error': 'connectionLost',
  'WebRTC Error': 'mediaFailed',
  'Internal Error': 'mediaFailed',
  'Bad Media Description': 'incompatible',
  'Missing SDP': 'incompatible',
  'Incompatible SDP': 'incompatible',
};

/** JsSIP's account of an end in the words of the port. */
export function sessionEnd(end: RawEnd, known: EndKnowledge): SessionEnd {
  const statusCode = end.message?.status_code ?? known.statusCode;
  const failure = failureOf(end, known, statusCode);
  const isOffline = known.localOffline === true || end.cause === 'Connection Error';
  return {
    by: byWhom(end, known),
    statusCode,
    reasons: end.message?.getHeaders('Reason') ?? [],
    ...(failure && { failure }),
    ...(isOffline && { localOffline: true }),
  };
}

function byWhom({ originator }: RawEnd, { byUser, failure }: EndKnowledge): SessionEnd['by'] {
  if (originator === 'remote' || failure === 'transferred') return 'remote';
  return byUser ? 'local' : 'network';
}

function failureOf(
  { originator, cause }: RawEnd,
  known: EndKnowledge,
  statusCode: number | null,
): LocalFailure | undefined {
  if (known.byUser) return undefined;
  // A refusal by the far end speaks for itself; JsSIP's word for it would only blur it.
  if (originator === 'remote' && statusCode !== null) return known.failure;
  return known.failure ?? failures[cause];
}
