import { createStore } from '../../src/core/index.ts';
import type { Call, PluginContext, Store } from '../../src/core/index.ts';
import type { ConferenceOptions, ConferenceState, LegEvent, News } from './types.ts';

/** What the phone gives the plugin. */
export type Context = PluginContext<'conference', ConferenceOptions, 'callList', 'userAgent'>;

/** What the parts of the plugin share. */
export interface ConferenceCore {
  readonly ctx: Context;
  readonly store: Store<ConferenceState>;
  /** The calls that are in the conference. */
  readonly legs: () => readonly Call[];
  /** Says who came or went. */
  readonly tell: (kind: News['kind'], ...names: readonly string[]) => void;
  /** The calls that could join, oldest first. */
  readonly candidates: () => readonly Call[];
  /** How many more calls there is room for. */
  readonly room: () => number;
}

/** How calls are made one conference: here, or on the server. */
export interface Strategy {
  /** How many calls a conference begins with. */
  readonly least: number;
  /** Joins these calls. Rejects when it comes to nothing. */
  readonly join: (calls: readonly Call[]) => Promise<void>;
  /** Takes one call out, which is then held. */
  readonly part: (call: Call) => Promise<void>;
  /** Makes ordinary calls of all of them. */
  readonly dissolve: (reason: 'user' | 'leg-ended') => Promise<void>;
  /** Nobody hears the far end of this call, or everybody does again. */
  readonly silence: (call: Call, isSilent: boolean) => void;
  /** A call of the conference has ended. */
  readonly left: (call: Call) => Promise<void>;
  /** Lets go of everything at once: there is no conference any more. */
  readonly close: () => void;
}

/** What an event tells of a call. */
export function legEvent(call: Call): LegEvent {
  return { callId: call.id, call: call.snapshot };
}

/** What the plugin starts with. */
const none: ConferenceState = {
  id: null,
  legs: [],
  silenced: [],
  errors: {},
  error: null,
  news: null,
  isBusy: false,
};

/** No conference. */
export function createCore(ctx: Context): ConferenceCore {
  const store = createStore(none);
  const { maxParticipants, strategy } = ctx.options;
  const isDue = (call: Call): boolean => {
    const transfer = call.snapshot.transfer?.status ?? 'failed';
    // A call whose transfer came to nothing is a call like any other.
    return call.isEstablished() && transfer === 'failed' && !store.get().legs.includes(call.id);
  };
  const byId = (ids: readonly string[]): Call[] =>
    ids.map((id) => ctx.calls.get(id)).filter((call) => call !== undefined);
  return {
    ctx,
    store,
    legs: () => byId(store.get().legs),
    tell: (kind, ...names) => {
      const { news } = store.get();
      const isAgain = news?.kind === kind && String(news.names) === String(names) && !news.isAgain;
      store.set({ news: { kind, names, isAgain } });
    },
    candidates: () => ctx.calls.list().filter(isDue),
    // The user is one of the participants; on a server's bridge the server counts.
    room: () => (strategy === 'bridge' ? Infinity : maxParticipants - 1 - store.get().legs.length),
  };
}
