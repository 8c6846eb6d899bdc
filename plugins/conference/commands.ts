import { PhoneError } from '../../src/core/index.ts';
import type { Call } from '../../src/core/index.ts';
import { legEvent } from './context.ts';
import type { ConferenceCore, Strategy } from './context.ts';
import type { ConferenceApi } from './types.ts';

/** What the plugin's API does. */
export function createCommands(
  core: ConferenceCore,
  strategy: Strategy,
): Omit<ConferenceApi, 'updateRenders'> {
  const { ctx, store, legs } = core;
  const isLeg = (callId: string): boolean => store.get().legs.includes(callId);
  const legOf = (callId = primaryOf(core)): Call => {
    const call = ctx.calls.get(callId);
    if (call && isLeg(callId)) return call;
    throw new PhoneError('call.stateInvalid', {
      message: `The call "${callId}" is not in the conference.`,
    });
  };
  return {
    isActive: () => store.get().id !== null,
    getConferenceId: () => store.get().id,
    getLegs: legs,
    isLeg,
    ...createMerging(core, strategy),
    split: async (callId) => {
      if (callId !== undefined) await strategy.part(legOf(callId));
      else if (store.get().id !== null) await strategy.dissolve('user');
    },
    drop: async (callId) => legOf(callId).hangup(),
    endConference: async () => {
      const ended = legs();
      if (ended.length === 0) return;
      // First: whoever ends must not pass the focus on, or leave a conference of the others.
      strategy.close();
      core.tell('over');
      ctx.emit('conference.ended', { reason: 'user' });
      await Promise.all(ended.map((call) => call.hangup()));
    },
    ...createHolding(core, legOf),
    isMuted: () => legs().some(({ snapshot }) => snapshot.muted.audio),
    ...createSilencing(core, strategy, legOf),
    switchLeg: (callId) => ctx.calls.focus(legOf(callId).id),
  };
}

function primaryOf({ legs }: ConferenceCore): string {
  return legs().find((call) => call.isPrimary())?.id ?? '';
}

type Merging = Pick<ConferenceApi, 'canAdd' | 'canMerge' | 'merge' | 'addToConference'>;

function createMerging(core: ConferenceCore, strategy: Strategy): Merging {
  const { ctx, store, candidates, room } = core;
  const isActive = (): boolean => store.get().id !== null;
  // Where there is no room for all, the call in focus comes first.
  const all = (): readonly Call[] =>
    [...candidates()].sort((one, other) => rank(one) - rank(other)).slice(0, room());
  const least = (): number => (isActive() ? 1 : strategy.least);
  const canAdd = (callId: string): boolean => room() > 0 && candidates().some(isCall(callId));
  const merge: Merging['merge'] = async (ids = all().map(({ id }) => id)) => {
    const calls = candidates().filter(({ id }) => ids.includes(id));
    const isWhole = calls.length === new Set(ids).size;
    const fits = calls.length >= least() && calls.length <= room();
    if (!isWhole || !fits || store.get().isBusy) throw new PhoneError('call.stateInvalid');
    store.set({ isBusy: true, error: null });
    try {
      await strategy.join(calls);
    } catch (error) {
      ctx.emit('conference.failed', { error });
      throw error;
    } finally {
      store.set({ isBusy: false });
    }
  };
  return {
    canAdd,
    canMerge: () => !store.get().isBusy && all().length >= least(),
    merge,
    addToConference: async (callId) => {
      const [primary] = candidates().filter((call) => call.isPrimary() && call.id !== callId);
      const isAlone = isActive() || !primary || strategy.least < 2;
      await merge(isAlone ? [callId] : [primary.id, callId]);
    },
  };
}

function rank(call: Call): number {
  return call.isPrimary() ? 0 : 1;
}

function isCall(callId: string): (call: Call) => boolean {
  return ({ id }) => id === callId;
}

type LegOf = (callId?: string) => Call;

function createHolding(
  { ctx, legs }: ConferenceCore,
  legOf: LegOf,
): Pick<ConferenceApi, 'hold' | 'unhold' | 'isOnHold'> {
  return {
    hold: async (callId) => {
      if (callId !== undefined) return legOf(callId).hold();
      await Promise.all(legs().map((call) => call.hold()));
      ctx.emit('conference.hold', {});
    },
    unhold: async (callId) => {
      if (callId !== undefined) return legOf(callId).unhold();
      await Promise.all(legs().map((call) => call.unhold()));
      ctx.emit('conference.unhold', {});
    },
    isOnHold: () => legs().length > 0 && legs().every((call) => call.isOnHold()),
  };
}

function createSilencing(
  { ctx, store }: ConferenceCore,
  strategy: Strategy,
  legOf: LegOf,
): Pick<ConferenceApi, 'muteCaller' | 'unmuteCaller' | 'isCallerMuted'> {
  const isSilenced = (callId: string): boolean => store.get().silenced.includes(callId);
  const set = (callId: string | undefined, isSilent: boolean): void => {
    const call = legOf(callId);
    if (isSilenced(call.id) === isSilent) return;
    strategy.silence(call, isSilent);
    const others = store.get().silenced.filter((id) => id !== call.id);
    store.set({ silenced: isSilent ? [...others, call.id] : others });
    ctx.emit(`conference.caller.${isSilent ? 'muted' : 'unmuted'}`, legEvent(call));
  };
  return {
    muteCaller: (callId) => {
      set(callId, true);
    },
    unmuteCaller: (callId) => {
      set(callId, false);
    },
    isCallerMuted: (callId) => isSilenced(legOf(callId).id),
  };
}
