import { legEvent } from './context.ts';
import type { ConferenceCore, Strategy } from './context.ts';
import type { LocalStrategy } from './local.ts';

/** Keeps the conference in step with what happens to its calls. */
export function followCalls(core: ConferenceCore, strategy: Strategy): void {
  const { ctx, store } = core;
  const isLeg = (callId: string): boolean => store.get().legs.includes(callId);
  ctx.on('call.terminated', ({ callId }) => {
    const call = ctx.calls.get(callId);
    const { [callId]: _, ...errors } = store.get().errors;
    store.set({ errors });
    if (!call || !isLeg(callId)) return;
    strategy.left(call).catch((error: unknown) => {
      ctx.log.warn('A call did not leave the conference well.', error);
    });
  });
  ctx.on('call.operation.failed', ({ callId, error }) => {
    if (isLeg(callId)) store.set({ errors: { ...store.get().errors, [callId]: error } });
  });
  ctx.on('call.changed', ({ callId, call }) => {
    const { [callId]: error, ...others } = store.get().errors;
    if (call.pending !== null && error !== undefined) store.set({ errors: others });
  });
  ctx.on('call.promoted', ({ callId }) => {
    const call = ctx.calls.get(callId);
    if (call && isLeg(callId)) ctx.emit('conference.leg.switched', legEvent(call));
  });
}

/** What a conference that is mixed here has to follow besides. */
export function followSound(core: ConferenceCore, strategy: LocalStrategy): void {
  const { ctx, store, legs } = core;
  // There is one user: muted to one is muted to all, and heard by one is heard by all.
  ctx.on('call.changed', ({ callId, call, previous }) => {
    const { audio } = call.muted;
    if (audio === previous.muted.audio || !store.get().legs.includes(callId)) return;
    for (const other of legs()) {
      const changing = audio ? other.mute({ audio: true }) : other.unmute({ audio: true });
      changing.catch(() => undefined);
    }
  });
  followFocus(core);
  const refresh = ({ callId }: { readonly callId: string }): void => {
    const call = ctx.calls.get(callId);
    if (call && store.get().legs.includes(callId)) strategy.refresh(call);
  };
  ctx.on('call.changed', ({ callId, call, previous }) => {
    if (call.hold.remote !== previous.hold.remote) refresh({ callId });
  });
  ctx.on('call.local.audio.added', refresh);
  ctx.on('call.local.audio.removed', refresh);
  ctx.on('call.peerconnection.add.track', refresh);
  ctx.on('call.remote.audio.element', ({ callId, element }) => {
    if (store.get().silenced.includes(callId)) element.muted = true;
  });
}

// The policy holds and resumes the one call that has the focus; the others of the conference follow it.
function followFocus({ ctx, store }: ConferenceCore): void {
  // Whoever the user has put on hold before stays so.
  const waiting = new Set<string>();
  ctx.on('call.changed', ({ callId, call, previous }) => {
    if (call.isJoined === previous.isJoined || !store.get().legs.includes(callId)) return;
    if (call.isJoined ? !waiting.delete(callId) : call.hold.local) return;
    if (!call.isJoined) waiting.add(callId);
    const leg = ctx.calls.get(callId);
    const settling = call.isJoined ? leg?.unhold() : leg?.hold();
    settling?.catch((error: unknown) => {
      ctx.log.debug('A call of the conference did not follow the focus.', error);
    });
  });
  ctx.on('call.terminated', ({ callId }) => {
    waiting.delete(callId);
  });
}
