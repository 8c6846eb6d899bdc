import type { Off } from '../../src/core/index.ts';
import type { Context } from './context.ts';
import { choiceOf, isServerThere } from './context.ts';
import { composingBody, composingType, readComposing } from './isComposing.ts';

/** Who types to whom. */
export interface Typing {
  /** The user's text has changed. */
  readonly typed: (peer: string, text: string) => void;
  /** The user's message is out, which says by itself that they stopped. */
  readonly sent: (peer: string) => void;
  /** What the far end says of its user. */
  readonly take: (peer: string, body: string) => void;
  /** The far end's message is here, or its thread is gone. */
  readonly arrived: (peer: string) => void;
  readonly isComposing: (peer: string) => boolean;
  /** The connection is gone: nobody is told, and nobody tells. */
  readonly reset: () => void;
}

// RFC 3994 section 3.2: idle after 15 seconds. Said again each minute, and valid a little longer.
const idleAfter = 15_000;
const sayAgainAfter = 60_000;
const validSeconds = 90;

/** Nobody types. `changed` runs after each change of who does. */
export function createTyping(
  ctx: Context,
  hasThread: (peer: string) => boolean,
  changed: () => void,
): Typing {
  const heard = new Map<string, Off>();
  const said = createSaying(ctx, hasThread);
  const arrived = (peer: string): void => {
    const stop = heard.get(peer);
    if (!stop) return;
    stop();
    heard.delete(peer);
    ctx.emit('messages.composing', { peer, isComposing: false });
    changed();
  };
  return {
    ...said,
    arrived,
    isComposing: (peer) => heard.has(peer),
    take: (peer, body) => {
      const told = readComposing(body);
      // A stranger who only types has no thread to show it in.
      if (!told?.isActive || !hasThread(peer)) {
        if (told) arrived(peer);
        return;
      }
      const isNew = !heard.has(peer);
      heard.get(peer)?.();
      heard.set(
        peer,
        ctx.clock.after(told.refresh * 1000, () => {
          arrived(peer);
        }),
      );
      if (!isNew) return;
      ctx.emit('messages.composing', { peer, isComposing: true });
      changed();
    },
    reset: () => {
      said.reset();
      for (const peer of [...heard.keys()]) arrived(peer);
    },
  };
}

interface Said {
  readonly stop: Off;
  /** Milliseconds since 1970. */
  readonly sayAgainAt: number;
}

function createSaying(
  ctx: Context,
  hasThread: (peer: string) => boolean,
): Pick<Typing, 'typed' | 'sent' | 'reset'> {
  const told = new Map<string, Said>();
  // Who does not understand is not told again before the page is loaded anew.
  const refusing = new Set<string>();
  const say = (peer: string, state: 'active' | 'idle'): void => {
    if (!isServerThere(ctx)) return;
    const request = ctx.require('userAgent').request('MESSAGE', `sip:${peer}`, {
      ...choiceOf(ctx),
      body: composingBody(state, validSeconds),
      contentType: composingType,
    });
    request.then(
      ({ statusCode }) => {
        if (statusCode >= 300) refusing.add(peer);
      },
      (error: unknown) => {
        ctx.log.debug('Nobody was told that the user types.', error);
      },
    );
  };
  const sent = (peer: string): void => {
    told.get(peer)?.stop();
    told.delete(peer);
  };
  const idle = (peer: string): void => {
    if (!told.has(peer)) return;
    sent(peer);
    say(peer, 'idle');
  };
  return {
    sent,
    typed: (peer, text) => {
      if (text === '') {
        idle(peer);
        return;
      }
      const isTold = ctx.options.composing && hasThread(peer) && !refusing.has(peer);
      if (!isTold || !isServerThere(ctx)) return;
      const known = told.get(peer);
      known?.stop();
      const now = ctx.clock.now();
      const isDue = !known || now >= known.sayAgainAt;
      const sayAgainAt = isDue ? now + sayAgainAfter : known.sayAgainAt;
      const stop = ctx.clock.after(idleAfter, () => {
        idle(peer);
      });
      told.set(peer, { stop, sayAgainAt });
      if (isDue) say(peer, 'active');
    },
    reset: () => {
      for (const peer of [...told.keys()]) sent(peer);
    },
  };
}
