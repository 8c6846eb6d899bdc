import type { EventMap, EventName, Off } from '../core/index.ts';

/** One event, in the order of the phone. */
export interface RecordedEvent {
  readonly name: EventName;
  readonly payload: unknown;
}

/** What a phone has said so far. */
export interface EventRecorder {
  readonly all: readonly RecordedEvent[];
  /** The names so far, `phone.*` and `language.*` left out; with a prefix only those under it. */
  readonly names: (prefix?: string) => readonly string[];
  /** All payloads of one event. */
  readonly of: <Name extends EventName>(name: Name) => readonly EventMap[Name][];
  /** The last payload of one event; fails when there was none. */
  readonly last: <Name extends EventName>(name: Name) => EventMap[Name];
  /** Forgets what was said so far. */
  readonly clear: () => void;
}

interface Speaker {
  readonly onPattern: (
    pattern: string,
    listener: (name: EventName, payload: unknown) => void,
  ) => Off;
}

/** A recorder that can be attached to a phone, or be fed from `listeners`. */
export interface AttachableRecorder extends EventRecorder {
  readonly attach: (speaker: Speaker) => Off;
  readonly record: (name: EventName, payload: unknown) => void;
}

/** Records events and freezes their plain data all the way down: whoever changes it later throws. */
export function eventRecorder(): AttachableRecorder {
  const all: RecordedEvent[] = [];
  const record = (name: EventName, payload: unknown): void => {
    all.push({ name, payload: deepFreeze(payload) });
  };
  const quiet = ['phone.', 'language.'];
  const of = <Name extends EventName>(wanted: Name): readonly EventMap[Name][] =>
    all.filter(({ name }) => name === wanted).map(({ payload }) => payload as EventMap[Name]);
  return {
    all,
    names: (prefix) =>
      all
        .map(({ name }) => name as string)
        .filter((name) =>
          prefix === undefined
            ? !quiet.some((start) => name.startsWith(start))
            : name === prefix || name.startsWith(`${prefix}.`),
        ),
    of,
    last: (name) => {
      const payload = of(name).at(-1);
      if (payload === undefined) throw new Error(`No event "${name}" was emitted.`);
      return payload;
    },
    clear: () => {
      all.length = 0;
    },
    record,
    attach: (speaker) => speaker.onPattern('**', record),
  };
}

/** Freezes plain objects and lists all the way down; elements, tracks and classes stay as they are. */
export function deepFreeze<Value>(value: Value): Value {
  freeze(value, new Set());
  return value;
}

function freeze(value: unknown, seen: Set<unknown>): void {
  if (!isPlain(value) || seen.has(value)) return;
  seen.add(value);
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner, seen);
}

function isPlain(value: unknown): value is Record<string, unknown> | readonly unknown[] {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
