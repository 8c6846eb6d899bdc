import EventEmitter2 from 'eventemitter2';
import { matcher } from './pattern.ts';
import type { EventMap, EventName } from './registry.ts';
import type { Off } from './scope.ts';

/** Hears one event. */
export type Listener<Name extends EventName> = (payload: EventMap[Name]) => void;

/** Hears every event that a pattern matches. */
export type PatternListener = (name: EventName, payload: unknown) => void;

/** The typed face of the emitter. Listeners are isolated: one that throws is reported, the rest run. */
export interface Bus {
  /** `owner` is the plugin that listens, named when the listener throws; the application if none. */
  readonly on: <Name extends EventName>(
    name: Name,
    listener: Listener<Name>,
    owner?: string,
  ) => Off;
  readonly once: <Name extends EventName>(name: Name, listener: Listener<Name>) => Off;
  readonly emit: <Name extends EventName>(name: Name, payload: EventMap[Name]) => void;
  /**
   * Hears all events whose name matches: `*` stands for one segment, `**` for any number of them.
   * For loggers, bridges and tests: every event of the phone is compared with the pattern.
   */
  readonly onPattern: (pattern: string, listener: PatternListener, owner?: string) => Off;
  /** Whether anybody listens to this very event. */
  readonly isHeard: (name: EventName) => boolean;
  /** How many listeners there are, for leak tests. */
  readonly count: () => number;
  readonly dispose: () => void;
}

/** What hears of a listener that threw. `owner` is the plugin, or `core` for the application. */
export type ListenerReport = (name: string, error: unknown, owner: string) => void;

// A named import of a CommonJS default differs between bundlers and Node; the class itself does not.
type Emitter = InstanceType<typeof EventEmitter2>;

/** A bus of its own for one phone. */
export function createBus(report: ListenerReport): Bus {
  const emitter: Emitter = new EventEmitter2({ maxListeners: 0 });
  const guarded =
    <Name extends EventName>(name: Name, listener: Listener<Name>, owner: string): Listener<Name> =>
    (payload) => {
      try {
        listener(payload);
      } catch (error) {
        report(name, error, owner);
      }
    };
  const on: Bus['on'] = (name, listener, owner = 'core') => {
    const entry = guarded(name, listener, owner);
    emitter.on(name, entry);
    return () => {
      emitter.off(name, entry);
    };
  };
  return {
    on,
    once: (name, listener) => {
      const off = on(name, (payload) => {
        off();
        listener(payload);
      });
      return off;
    },
    emit: (name, payload) => {
      emitter.emit(name, payload);
    },
    onPattern: (pattern, listener, owner = 'core') => {
      const matches = matcher(pattern);
      const entry = (name: string | string[], payload: unknown): void => {
        if (typeof name !== 'string' || !matches(name)) return;
        try {
          listener(name as EventName, payload);
        } catch (error) {
          report(name, error, owner);
        }
      };
      emitter.onAny(entry);
      return () => {
        emitter.offAny(entry);
      };
    },
    isHeard: (name) => emitter.listeners(name).length > 0,
    count: () =>
      emitter.eventNames().reduce((sum, name) => sum + emitter.listeners(name).length, 0) +
      emitter.listenersAny().length,
    dispose: () => {
      emitter.removeAllListeners();
      for (const entry of [...emitter.listenersAny()]) emitter.offAny(entry as never);
    },
  };
}
