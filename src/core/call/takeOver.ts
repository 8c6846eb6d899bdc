import type { Bus } from '../bus.ts';
import { emitter } from './emitter.ts';
import type { Focus } from './focus.ts';
import type { LiveCall } from './liveCall.ts';

/**
 * Answers the call that takes the place of another one (RFC 3891), as muted, shown and in focus as
 * that one is. When it cannot be answered it is refused, and the other one goes on.
 */
export async function takeOver(
  { call, change }: LiveCall,
  { call: replaced }: LiveCall,
  { bus, focus }: { readonly bus: Bus; readonly focus: Focus },
): Promise<void> {
  const { muted, isPrimary, localVideo, media } = replaced.snapshot;
  change({ type: 'muted', muted });
  // Not by the policy: the one that is left is about to end, and need not be held before.
  if (isPrimary) focus.set(call.id);
  emitter(bus, () => replaced.snapshot)('replaced', { replacedBy: call.id });
  try {
    const video = localVideo !== 'none';
    await call.answer({ takeFocus: false, video, receiveVideo: media.video });
  } catch (error) {
    if (isPrimary && !replaced.isEnded()) focus.set(replaced.id);
    await call.terminate();
    throw error;
  }
}
