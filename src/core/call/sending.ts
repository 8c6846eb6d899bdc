import type { ByKind, CallSnapshot } from './snapshot.ts';

/**
 * Which media a call may send at this moment. The one place that decides it: muted means muted,
 * held means silent, and the microphone belongs to the call in focus only.
 */
export function maySend(call: CallSnapshot, deviceMuted: ByKind): ByKind {
  const isOpen = call.isPrimary && call.status !== 'ended' && !call.hold.local && !call.hold.remote;
  return {
    audio: isOpen && !call.muted.audio && !deviceMuted.audio,
    video: isOpen && !call.muted.video && !deviceMuted.video,
  };
}
