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
      const lose = (): void => {
        end('lost');
      };
      const offs: Off[] = [
        ctx.on(
          afterConnection ? 'userAgent.connected' : 'userAgent.registration.registered',
          begin,
        ),
        ctx.on('userAgent.disconnected', lose),
        ctx.on('userAgent.stopping', leave),
        ctx.on('userAgent.stopped', lose),
        onLeavingPage(leave, ctx.signal),
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
function onLeavingPage(leave: () => void, signal: AbortSignal): Off {
  if (typeof addEventListener !== 'function') return () => undefined;
  const own = new AbortController();
  addEventListener(
    'pagehide',
    ({ persisted }) => {
      if (!persisted) leave();
    },
    { capture: true, signal: AbortSignal.any([signal, own.signal]) },
  );
  return () => {
    own.abort();
  };
}
