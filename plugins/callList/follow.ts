import type { CallSnapshot, Off, PluginContext, Store } from '../../src/core/index.ts';
import { withEnd, withError, withNewCall } from './state.ts';
import type { CallListOptions, CallListState } from './types.ts';

type Context = PluginContext<'callList', CallListOptions>;

/** Keeps the state in step with the calls, and tells of calls that come and go. */
export function followCalls(ctx: Context, store: Store<CallListState>): void {
  const change = (transition: (state: CallListState) => CallListState): void => {
    store.set(transition(store.get()));
  };
  const clearLater = noticeTimer(ctx, store);
  ctx.on('call.created', ({ callId, call }) => {
    change(withNewCall);
    ctx.emit('callList.calls.added', { callId, call });
  });
  ctx.on('call.established', ({ callId, call }) => {
    // Another call came into focus while this one was being answered: it waits on hold, so that it
    // does not begin to speak by itself when the other one ends.
    if (!call.isPrimary)
      ctx.calls
        .get(callId)
        ?.hold()
        .catch(() => undefined);
  });
  ctx.on('call.changed', ({ callId, call }) => {
    if (call.pending !== null) change((state) => withError(state, callId, null));
  });
  ctx.on('call.operation.failed', ({ callId, error }) => {
    change((state) => withError(state, callId, error));
  });
  ctx.on('call.terminated', ({ callId, call }) => {
    const { notices } = store.get();
    change((state) => withEnd(state, call));
    if (store.get().notices !== notices) clearLater();
    ctx.emit('callList.calls.removed', { callId, call });
  });
  followFocus(ctx);
}

function noticeTimer(ctx: Context, store: Store<CallListState>): Off {
  let stop: Off = () => undefined;
  return () => {
    stop();
    stop = ctx.clock.after(ctx.options.noticeDuration * 1000, () => {
      stop();
      store.set({ notices: [] });
    });
  };
}

// One event for each move of the focus, whether the core says it in one step or in two.
function followFocus(ctx: Context): void {
  let previous: CallSnapshot | null = null;
  const changed = (current: CallSnapshot | null): void => {
    const left = previous;
    previous = null;
    ctx.emit('callList.calls.changed', { current, previous: left });
  };
  ctx.on('call.promoted', ({ call }) => {
    changed(call);
  });
  ctx.on('call.demoted', ({ call }) => {
    previous = call;
    if (!ctx.calls.primary()) changed(null);
  });
  ctx.on('call.terminated', ({ callId, call }) => {
    if (!call.isPrimary) return;
    previous = call;
    // Another call comes into focus by itself after this event, if there is one.
    if (!ctx.calls.list().some((other) => other.id !== callId)) changed(null);
  });
}
