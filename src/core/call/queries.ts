import type { Call } from './call.ts';
import { directionWord } from './call.ts';
import { identityOf, summarize } from './identity.ts';
import type { CallCore } from './callCore.ts';

type Queries = Pick<
  Call,
  | 'getId'
  | 'hasSession'
  | 'isPrimary'
  | 'isInProgress'
  | 'isEstablished'
  | 'isEnded'
  | 'isRinging'
  | 'isInTransfer'
  | 'isAttendedTransferPending'
  | 'isOnHold'
  | 'isMuted'
  | 'getDirection'
  | 'localIdentity'
  | 'remoteIdentity'
  | 'remoteURIUser'
  | 'getPeerConnection'
  | 'hasPeerConnection'
  | 'getRemoteAudio'
  | 'getRemoteVideo'
  | 'getLocalVideo'
  | 'getLocalTrack'
  | 'getRemoteTrack'
  | 'getRefer'
  | 'summary'
>;

/** libwebphone's questions, answered from the snapshot. */
export function createQueries({ now, session, playback, local, referral }: CallCore): Queries {
  const summary = (): ReturnType<Call['summary']> => summarize(now());
  return {
    getId: () => now().id,
    hasSession: () => summary().hasSession,
    isPrimary: () => now().isPrimary,
    isInProgress: () => summary().progress,
    isEstablished: () => summary().established,
    isEnded: () => summary().ended,
    isRinging: () => now().direction === 'incoming' && now().status === 'ringing',
    isInTransfer: () => summary().inTransfer,
    isAttendedTransferPending: () => {
      const { kind, status } = now().transfer ?? {};
      return kind === 'attended' && (status === 'collecting' || status === 'consulting');
    },
    isOnHold: () => summary().held,
    isMuted: () => summary().muted,
    getDirection: () => directionWord(now().direction),
    localIdentity: () => identityOf(now().local),
    remoteIdentity: () => identityOf(now().remote),
    remoteURIUser: () => now().remote.user,
    getPeerConnection: () => session.connection,
    hasPeerConnection: () => session.connection !== undefined,
    getRemoteAudio: () => playback.remote('audio'),
    getRemoteVideo: () => playback.remote('video'),
    getLocalVideo: () => playback.local(),
    getLocalTrack: local.track,
    getRemoteTrack: playback.track,
    getRefer: () => referral.request,
    summary,
  };
}
