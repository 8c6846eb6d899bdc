import type { ByKind, CallSnapshot } from './snapshot.ts';

/** What a call's permission to send depends on. */
type Facts = Pick<
  CallSnapshot,
  | 'isPrimary'
  | 'isJoined'
  | 'status'
  | 'hold'
  | 'muted'
  | 'deviceMuted'
  | 'systemMuted'
  | 'missing'
  | 'localVideo'
>;

/**
 * Which media a call may send at this moment. The one place that decides it: muted means muted, held
 * means silent, and microphone and camera belong to the call in focus, and to those that are in a
 * conference with it. A shared screen is no camera: it was put there on purpose, and what mutes the
 * camera leaves it alone.
 */
export function maySend(call: Facts): ByKind {
  const isOpen = (call.isPrimary || call.isJoined) && mayRelay(call);
  const mayKind = (kind: keyof ByKind, isMutable: boolean): boolean => {
    const isMuted = call.muted[kind] || call.deviceMuted[kind] || call.systemMuted[kind];
    return isOpen && !call.missing[kind] && !(isMutable && isMuted);
  };
  return {
    audio: mayKind('audio', true),
    video: call.localVideo !== 'none' && mayKind('video', call.localVideo === 'camera'),
  };
}

/**
 * Whether a call may send the other voices of a conference. They are no microphone of this side, so
 * no mute counts for them; what is held is silent all the same.
 */
export function mayRelay({ status, hold }: Pick<CallSnapshot, 'status' | 'hold'>): boolean {
  return status !== 'ended' && !hold.local && !hold.remote;
}
