import type { Off } from '../../src/core/index.ts';
import type { UserAgentContext } from './context.ts';
import { redact } from './redact.ts';
import type { Trace } from './stackSocket.ts';

/** A trace of what passes the socket and the bus, credentials left out. */
export interface Debugging {
  readonly trace: Trace;
  readonly startDebug: () => void;
  readonly stopDebug: () => void;
  readonly isDebugging: () => boolean;
}

/** Debugging that is off until it is started. */
export function createDebugging(ctx: UserAgentContext): Debugging {
  let stop: Off | undefined;
  return {
    trace: (direction, message) => {
      if (stop) ctx.log.print(`SIP ${direction}\n${redact(message)}`);
      return stop !== undefined;
    },
    isDebugging: () => stop !== undefined,
    startDebug: () => {
      if (stop) return;
      stop = ctx.onPattern('**', (name, payload) => {
        // The stack's own objects hold the requests as they were sent, credentials included.
        const { event, ...rest } = payload as Readonly<Record<string, unknown>>;
        ctx.log.print(name, event === undefined ? rest : { ...rest, event: '[the stack’s own]' });
      });
      ctx.emit('userAgent.debug.start', {});
    },
    stopDebug: () => {
      if (!stop) return;
      ctx.emit('userAgent.debug.stop', {});
      stop();
      stop = undefined;
    },
  };
}
