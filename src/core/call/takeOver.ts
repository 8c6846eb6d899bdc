import type { Bus } from '../bus.ts';
import { emitter } from './emitter.ts';
import type { Focus } from './focus.ts';
import type { LiveCall } from './liveCall.ts';
import type { ByKind } from './snapshot.ts';

/**
 * Answers the call that takes the place of another one (RFC 3891), as muted, held, shown and in focus
 * as that one is, with the application's stream and elements where that one has them. When it cannot be
 * answered it is refused, and the other one goes on.
 */
export async function takeOver(
  next: LiveCall,
  { call: replaced, given }: LiveCall,
  { bus, focus }: { readonly bus: Bus; readonly focus: Focus },
): Promise<void> {
  const { call } = next;
  const { muted, hold, pending, isPrimary, localVideo, media } = replaced.snapshot;
  // What waits for the far end is the user's wish already.
  if (pending === 'hold' || (hold.local && pending !== 'unhold')) beginHeld(next, muted);
  else next.change({ type: 'muted', muted });
  // Not by the policy: the one that is left is about to end, and need not be held before.
  if (isPrimary) focus.set(call.id);
  emitter(bus, () => replaced.snapshot)('replaced', { replacedBy: call.id });
  try {
    const video = localVideo !== 'none';
    await call.answer({ ...given(), takeFocus: false, video, receiveVideo: media.video });
  } catch (error) {
    if (isPrimary && !replaced.isEnded()) focus.set(replaced.id);
    await call.terminate();
    throw error;
  }
}

// No far end ends a hold of the user's. A call can be held from its ACK on only, and a far end may
// refuse it: until it is held, the call is muted.
function beginHeld({ call, session, change }: LiveCall, muted: ByKind): void {
  change({ type: 'muted', muted: { audio: true, video: true } });
  const off = session.observe(({ type }) => {
    if (type !== 'established') return;
    off();
    call
      .hold()
      .then(() => {
        change({ type: 'muted', muted });
      })
      .catch(() => undefined);
  });
}
