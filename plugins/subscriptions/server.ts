import type { Off } from '../../src/core/index.ts';
import type { Context } from './context.ts';
import type { SubscriptionsApi } from './types.ts';

/** Tells whether the server can be asked, and when that changes. */
export interface ServerWatch {
  readonly isThere: () => boolean;
  readonly follow: SubscriptionsApi['follow'];
}

/** Watches the connection and the registration. */
export function watchServer(ctx: Context): ServerWatch {
  const agent = ctx.require('userAgent');
  const afterConnection = ctx.options.after === 'connection';
  const isThere = (): boolean => agent.isConnected() && (afterConnection || agent.isRegistered());
  return {
    isThere,
    follow: (begin, end) => {
      let isOver = false;
      const leave = (): void => {
        end('leaving');
      };
      // An event may be about another account: what counts is how the agent stands for us.
      const look = (): void => {
        if (isThere()) begin();
        else if (!agent.isConnected()) end('lost');
      };
      const came = afterConnection ? 'userAgent.connected' : 'userAgent.registration.registered';
      const offs: Off[] = [
        ctx.on(came, look),
        ctx.on('userAgent.disconnected', () => {
          if (!agent.isConnected()) end('lost');
        }),
        ctx.on('userAgent.stopping', leave),
        ctx.on('userAgent.stopped', look),
        onLeavingPage(leave),
      ];
      const off = (): void => {
        if (isOver) return;
        isOver = true;
        for (const undo of offs) undo();
      };
      ctx.onDestroy(() => {
        if (!isOver) leave();
        off();
      });
      if (isThere()) begin();
      return off;
    },
  };
}

// Captured, to be earlier than the agent, which closes the connection at this event.
function onLeavingPage(leave: () => void): Off {
  if (typeof addEventListener !== 'function') return () => undefined;
  const own = new AbortController();
  addEventListener(
    'pagehide',
    ({ persisted }) => {
      if (!persisted) leave();
    },
    { capture: true, signal: own.signal },
  );
  return () => {
    own.abort();
  };
}
