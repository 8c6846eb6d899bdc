import { asPhoneError } from '../core/errors.ts';
import type { Off } from '../core/index.ts';
import type { Logger } from '../core/logger.ts';
import type { Webphone } from '../entry/create.ts';
import { plain, runCommand } from './commands.ts';
import { isOurs } from './protocol.ts';
import type { FrameFailure, ToFrame, ToHost } from './protocol.ts';

/** What is served to the page around a frame. */
export interface Served {
  /** The present phone, once it is made. */
  readonly phone: () => Promise<Webphone>;
  /** Hears of each phone as soon as it is there: another configuration is another one. */
  readonly onPhone: (listener: (phone: Webphone) => void, signal?: AbortSignal) => void;
  /** The origins whose pages may command the present phone. */
  readonly origins: () => readonly string[];
  readonly log: Logger;
}

/** Takes messages of the page around this one from now on, and keeps them until it is known who may. */
export function serveParent(served: Promise<Served>): Off {
  const controller = new AbortController();
  const listened = new Map<string, Listened>();
  const refused = new Set<string>();
  const take = async ({ source, origin, data }: MessageEvent<unknown>): Promise<void> => {
    if (!isOurs(data) || source !== window.parent || source === window) return;
    const { phone, origins, log } = await served;
    if (!origins().includes(origin)) {
      // Once is enough for the log, and the page itself gets no answer at all.
      if (!refused.has(origin))
        log.warn(`Messages of ${origin} are refused: it is not in frame.origins`);
      refused.add(origin);
      return;
    }
    const say = (answer: ToHost): void => {
      window.parent.postMessage(answer, origin);
    };
    const message = data as ToFrame;
    const made = await phone().catch((thrown: unknown) => {
      if (message.cordboard === 'hello') say({ cordboard: 'broken', error: failureOf(thrown) });
    });
    if (made) await answer(made, message, { say, origin, listened });
  };
  const hear = (event: MessageEvent<unknown>): void => {
    // What cannot be answered can be told to nobody.
    take(event).catch(() => undefined);
  };
  const { signal } = controller;
  window.addEventListener('message', hear, { signal });
  void served.then(({ onPhone, origins }) => {
    onPhone((phone) => {
      moveTo(phone, listened, origins());
    }, signal);
  });
  return () => {
    controller.abort();
    for (const { off } of listened.values()) off();
  };
}

/** An event that the page listens to. */
interface Listened extends Hearer {
  readonly off: Off;
}

interface Hearer {
  readonly say: (answer: ToHost) => void;
  readonly origin: string;
}

interface Talk extends Hearer {
  readonly listened: Map<string, Listened>;
}

async function answer(phone: Webphone, message: ToFrame, talk: Talk): Promise<void> {
  const { say } = talk;
  if (message.cordboard === 'hello') {
    say({ cordboard: 'ready' });
  } else if (message.cordboard === 'listen') {
    listen(phone, message, talk);
  } else {
    const { id, name, given } = message;
    try {
      const value = plain(await runCommand(phone, name, given));
      say({ cordboard: 'result', id, value });
    } catch (thrown) {
      say({ cordboard: 'failure', id, error: failureOf(thrown) });
    }
  }
}

function failureOf(thrown: unknown): FrameFailure {
  const { code, message } = asPhoneError(thrown, 'call.failed');
  return { code, message };
}

function listen(
  phone: Webphone,
  { name, isOn }: { readonly name: string; readonly isOn: boolean },
  { say, origin, listened }: Talk,
): void {
  listened.get(name)?.off();
  listened.delete(name);
  if (!isOn) return;
  const off = phone.onPattern(name, (event, payload) => {
    say({ cordboard: 'event', name: event, payload: plain(payload) });
  });
  listened.set(name, { off, say, origin });
}

/** What the page listens to it hears of the next phone too, unless it may not any more. */
function moveTo(
  phone: Webphone,
  listened: Map<string, Listened>,
  origins: readonly string[],
): void {
  for (const [name, { say, origin }] of [...listened]) {
    const isOn = origins.includes(origin);
    listen(phone, { name, isOn }, { say, origin, listened });
    // It has been told by now.
    if (!isOn || name !== 'phone.created') continue;
    say({ cordboard: 'event', name, payload: { plugins: Object.keys(phone.plugins) } });
  }
}
