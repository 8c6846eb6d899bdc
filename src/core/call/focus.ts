import type { Bus } from '../bus.ts';
import type { FocusPolicy } from './call.ts';
import { emitter } from './emitter.ts';
import type { LiveCall } from './liveCall.ts';

/** Which call the microphone, dialpad and controls belong to. */
export interface Focus {
  readonly holder: () => string | null;
  /** Gives the focus to a call without asking the policy. */
  readonly set: (callId: string | null) => void;
  /** Moves the focus and lets the policy hold and resume. */
  readonly move: (callId: string | null) => Promise<void>;
  /** The call is over: the next one comes into view. */
  readonly lost: (callId: string) => void;
  /** These calls are a conference: the microphone is for all when one has the focus. */
  readonly join: (callIds: readonly string[]) => void;
  readonly forget: () => void;
}

/** What the focus moves among. */
export interface FocusServices {
  readonly live: ReadonlyMap<string, LiveCall>;
  readonly bus: Bus;
  readonly policy: () => FocusPolicy;
  readonly report: (error: unknown) => void;
}

/** A focus that nobody has. */
export function createFocus({ live, bus, policy, report }: FocusServices): Focus {
  let holder: string | null = null;
  let joined: readonly string[] = [];

  const show = (callId: string | null, isPrimary: boolean): void => {
    const entry = callId === null ? undefined : live.get(callId);
    if (!entry) return;
    entry.setFocus(isPrimary);
    emitter(bus, () => entry.call.snapshot)(isPrimary ? 'promoted' : 'demoted', {});
  };
  const set = (callId: string | null): void => {
    const previous = holder;
    holder = callId;
    share();
    show(previous, false);
    show(callId, true);
  };
  const isJoined = (callId: string | null): boolean => joined.includes(callId ?? '');
  const share = (): void => {
    for (const [id, entry] of live) {
      entry.change({ type: 'joined', isJoined: isJoined(holder) && isJoined(id) });
    }
  };
  const callAt = (callId: string | null): LiveCall['call'] | undefined =>
    callId === null ? undefined : live.get(callId)?.call;
  return {
    holder: () => holder,
    set,
    move: async (callId) => {
      if (callId === holder || (callId !== null && !live.has(callId))) return;
      const leaving = callAt(holder);
      const isWithin = isJoined(holder) && isJoined(callId);
      const { leaving: leave, entering: enter } = policy();
      set(callId);
      // From one to another of the same conference: nobody is left.
      if (isWithin) return;
      const entering = callAt(callId);
      // Held first, resumed second: a server that knows one talking call per user wants that order.
      if (leaving?.isEnded() === false) await leave(leaving).catch(report);
      if (entering?.isPrimary() === true) await enter(entering).catch(report);
    },
    lost: (callId) => {
      if (holder !== callId) return;
      holder = null;
      // It stays held or ringing: the user decides what to do with it.
      set([...live.keys()].at(-1) ?? null);
    },
    join: (callIds) => {
      joined = callIds;
      share();
    },
    forget: () => {
      holder = null;
    },
  };
}
