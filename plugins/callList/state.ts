import type { CallEnd, CallSnapshot } from '../../src/core/index.ts';
import type { CallListState } from './types.ts';

/** The state before the first call. */
export const initialState: CallListState = Object.freeze({
  errors: {},
  notices: [],
  ended: [],
});

/** True while an incoming call waits for the user to answer or decline it. */
export function isWaiting(call: CallSnapshot): boolean {
  return call.direction === 'incoming' && call.status === 'ringing';
}

/** A call came: what was left of earlier ones makes room. */
export function withNewCall(state: CallListState): CallListState {
  return { ...state, notices: [], ended: [] };
}

/** An operation of the call was refused; null forgets the last refusal. */
export function withError(state: CallListState, callId: string, error: unknown): CallListState {
  if (error === null && !(callId in state.errors)) return state;
  const { [callId]: _, ...others } = state.errors;
  return { ...state, errors: error === null ? others : { ...others, [callId]: error } };
}

/** A call ended: nothing of it is kept but its notice, if it deserves one. */
export function withEnd(state: CallListState, call: CallSnapshot): CallListState {
  return {
    ...withError(state, call.id, null),
    ended: [...state.ended, call],
    notices: isWorthNotice(call.end) ? [call, ...state.notices] : state.notices,
  };
}

/** The notice of a call went away. */
export function withoutNotice(state: CallListState, callId: string): CallListState {
  return { ...state, notices: state.notices.filter(({ id }) => id !== callId) };
}

// What the user did himself, and a plain goodbye, need no explanation.
function isWorthNotice(end: CallEnd | null): boolean {
  if (end === null || end.key === 'normal') return false;
  return !(end.by === 'local' && (end.key === 'canceled' || end.key === 'rejected'));
}
