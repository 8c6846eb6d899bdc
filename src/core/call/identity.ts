import type { CallSnapshot, Party } from './snapshot.ts';
import { directionWord, type CallSummary } from './call.ts';

/** How a party is shown: `Display (user)`, or the user alone when there is no other name. */
export function identityOf(party: Party): string {
  const user = party.user || party.uri;
  return party.name && party.name !== party.user ? `${party.name} (${user})` : user;
}

/** The snapshot in libwebphone's flat words. */
export function summarize(call: CallSnapshot): CallSummary {
  const direction = directionWord(call.direction);
  const isUp = call.status === 'established' || call.status === 'reconnecting';
  return {
    callId: call.id,
    hasSession: call.status !== 'ended',
    progress: call.status === 'connecting' || call.status === 'ringing',
    established: isUp,
    ended: call.status === 'ended',
    held: call.hold.local || call.hold.remote,
    muted: call.muted.audio || call.muted.video,
    isAudioMuted: call.muted.audio,
    isVideoMuted: call.muted.video,
    primary: call.isPrimary,
    inTransfer: call.transfer?.status === 'collecting',
    direction,
    terminating: direction === 'terminating',
    originating: direction === 'originating',
    localIdentity: identityOf(call.local),
    remoteIdentity: identityOf(call.remote),
  };
}
