import type { Off } from '../core/index.ts';
import { matcher } from '../core/pattern.ts';
import type { Webphone } from '../entry/create.ts';
import { plain } from './commands.ts';
import type { ToHost } from './protocol.ts';

/** An event that has happened. */
export interface Told {
  readonly name: string;
  readonly payload: unknown;
}

/** A phone, and what happened while it was made. */
export interface Present {
  readonly phone: Webphone;
  readonly early: readonly Told[];
}

/** The page around the frame, which may be allowed, or not, or not any more. */
export interface Guest {
  readonly say: (answer: ToHost) => void;
  /** It may not: it hears nothing from now on. */
  readonly refuse: () => void;
  /** It wants to hear an event, or no more. Without a phone that is remembered only. */
  readonly listen: (name: unknown, isOn: boolean, present?: Present) => void;
  /** It asks whether there is a phone, and is answered if it may know. */
  readonly greet: (isAllowed: boolean) => void;
  /** Another phone, which it may have: it hears of that what it listens to, from its making on. */
  readonly meet: (present: Present) => void;
}

/** A page of this origin around the frame. */
export function createGuest(origin: string): Guest {
  const listened = new Map<string, Off>();
  let hasGreeted = false;
  let isAnswered = false;

  const say = (answer: ToHost): void => {
    window.parent.postMessage(answer, origin);
  };
  const tell = (name: string, payload: unknown): void => {
    say({ cordboard: 'event', name, payload: plain(payload) });
  };
  const follow = (pattern: string, { phone, early }: Present, isFromItsMaking: boolean): void => {
    listened.get(pattern)?.();
    listened.set(pattern, phone.onPattern(pattern, tell));
    if (!isFromItsMaking) return;
    const isMeant = matcher(pattern);
    for (const { name, payload } of early) if (isMeant(name)) tell(name, payload);
  };
  const greet = (isAllowed: boolean): void => {
    hasGreeted = true;
    isAnswered = isAllowed;
    if (isAllowed) say({ cordboard: 'ready' });
  };
  return {
    say,
    refuse: () => {
      for (const off of listened.values()) off();
    },
    listen: (given, isOn, present) => {
      // A page may send anything.
      const name = String(given);
      if (!isOn) {
        listened.get(name)?.();
        listened.delete(name);
      } else if (present === undefined) listened.set(name, listened.get(name) ?? nothingToLeave);
      // What it listens to before it greets, it listened to before the frame was there.
      else follow(name, present, !isAnswered);
    },
    greet,
    meet: (present) => {
      for (const name of listened.keys()) follow(name, present, true);
      if (hasGreeted && !isAnswered) greet(true);
    },
  };
}

const nothingToLeave: Off = () => undefined;
