import { asPhoneError } from '../core/errors.ts';
import type { Off } from '../core/index.ts';
import type { Logger } from '../core/logger.ts';
import type { Webphone } from '../entry/create.ts';
import { plain, runCommand } from './commands.ts';
import { createGuest } from './guest.ts';
import type { Guest, Told } from './guest.ts';
import { isOurs } from './protocol.ts';
import type { FrameFailure, ToFrame } from './protocol.ts';

/** What is served to the page around a frame. */
export interface Served {
  /** The present phone, once it is made. */
  readonly phone: () => Promise<Webphone>;
  /** Hears of each phone as soon as it is there: another configuration is another one. */
  readonly onPhone: (listener: (phone: Webphone) => void, signal?: AbortSignal) => void;
  /** What was told while the present phone was made. */
  readonly early: () => readonly Told[];
  /** The origins whose pages may command the present phone. */
  readonly origins: () => readonly string[];
  readonly log: Logger;
}

/** Takes messages of the page around this one from now on, and keeps them until it is known who may. */
export function serveParent(served: Promise<Served>): Off {
  const controller = new AbortController();
  const { signal } = controller;
  // One page, so one origin; whoever else sends something is none the wiser.
  const guests = new Map<string, Guest>();
  const refused = new Set<string>();
  const guestOf = (origin: string): Guest => {
    const guest = guests.get(origin) ?? createGuest(origin);
    guests.set(origin, guest);
    return guest;
  };
  const take = async ({ source, origin, data }: MessageEvent<unknown>): Promise<void> => {
    if (!isOurs(data) || source !== window.parent || source === window) return;
    const { phone, early, origins, log } = await served;
    const message = data as ToFrame;
    const guest = guestOf(origin);
    if (!origins().includes(origin)) {
      remember(message, guest);
      // Once is enough for the log, and the page itself gets no answer at all.
      if (!refused.has(origin))
        log.warn(`Messages of ${origin} are refused: it is not in frame.origins`);
      refused.add(origin);
      return;
    }
    const made = await phone().catch((thrown: unknown) => {
      const error = failureOf(thrown);
      if (message.cordboard === 'hello') guest.say({ cordboard: 'broken', error });
      if (message.cordboard === 'command')
        guest.say({ cordboard: 'failure', id: message.id, error });
    });
    if (!made) return;
    if (message.cordboard === 'hello') guest.greet(true);
    else if (message.cordboard === 'listen')
      guest.listen(message.name, message.isOn, { phone: made, early: early() });
    else await run(made, message, guest);
  };
  const hear = (event: MessageEvent<unknown>): void => {
    // What cannot be answered can be told to nobody.
    take(event).catch(() => undefined);
  };
  window.addEventListener('message', hear, { signal });
  void served.then(({ onPhone, early, origins }) => {
    const change = (phone: Webphone): void => {
      for (const [origin, guest] of guests) {
        guest.refuse();
        if (!origins().includes(origin)) continue;
        refused.delete(origin);
        guest.meet({ phone, early: early() });
      }
    };
    onPhone(change, signal);
  });
  return () => {
    controller.abort();
    for (const guest of guests.values()) guest.refuse();
  };
}

/** What a page wants that may not: another configuration may let it. What it orders is not done later. */
function remember(message: ToFrame, guest: Guest): void {
  if (message.cordboard === 'hello') guest.greet(false);
  else if (message.cordboard === 'listen') guest.listen(message.name, message.isOn);
}

async function run(
  phone: Webphone,
  { id, name, given }: Extract<ToFrame, { readonly id: number }>,
  { say }: Guest,
): Promise<void> {
  try {
    const value = plain(await runCommand(phone, name, given));
    say({ cordboard: 'result', id, value });
  } catch (thrown) {
    say({ cordboard: 'failure', id, error: failureOf(thrown) });
  }
}

function failureOf(thrown: unknown): FrameFailure {
  const { code, message } = asPhoneError(thrown, 'call.failed');
  return { code, message };
}
