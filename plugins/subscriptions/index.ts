import { checkHeaders, definePlugin, schema } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import type { Context } from './context.ts';
import { pauseAfter } from './decisions.ts';
import type { Notify } from './dialog.ts';
import type { Send } from './exchange.ts';
import { SubscriptionMachine } from './machine.ts';
import type { MachineServices } from './machine.ts';
import { watchServer } from './server.ts';
import type { SubscriptionsApi, SubscriptionsOptions } from './types.ts';
import { readXml } from './xml.ts';

export type * from './types.ts';

/** SUBSCRIBE and NOTIFY (RFC 6665): what other plugins watch lines, people and mailboxes with. */
export const subscriptions: PluginFactory<'subscriptions', SubscriptionsOptions> = definePlugin({
  name: 'subscriptions',
  requires: ['userAgent'],
  defaults: {
    expires: 3600,
    after: 'registration',
    retry_min_interval: 5,
    retry_max_interval: 300,
  },
  schema: schema.object<SubscriptionsOptions>({
    expires: schema.integer(1, 604_800),
    after: schema.oneOf('registration', 'connection'),
    retry_min_interval: schema.number(1, 86_400),
    retry_max_interval: schema.number(1, 86_400),
  }),
  setup: (ctx) => {
    const machines = new Set<SubscriptionMachine>();
    const server = watchServer(ctx);
    const services = createServices(ctx, machines);
    takeNotify(ctx, machines);
    server.follow(
      () => {
        for (const machine of [...machines]) machine.begin();
      },
      (how) => {
        for (const machine of [...machines]) machine.end(how);
      },
    );
    ctx.emit('subscriptions.created', {});
    return {
      follow: server.follow,
      pauseAfter: services.pauseAfter,
      readXml,
      list: () => [...machines].filter(({ isWanted }) => isWanted).map(({ snapshot }) => snapshot),
      subscribe: (wish) => {
        checkHeaders([`Event: ${wish.event}`, `Accept: ${wish.accept ?? ''}`]);
        checkHeaders(wish.headers);
        const machine = new SubscriptionMachine(
          services,
          wish,
          wish.expires ?? ctx.options.expires,
        );
        machines.add(machine);
        if (server.isThere()) machine.begin();
        return {
          snapshot: () => machine.snapshot,
          refresh: () => {
            machine.refresh();
          },
          unsubscribe: () => machine.unsubscribe(),
        };
      },
    } satisfies SubscriptionsApi;
  },
});

function createServices(ctx: Context, machines: Set<SubscriptionMachine>): MachineServices {
  const { retry_min_interval: least, retry_max_interval: most } = ctx.options;
  const guarded = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      ctx.log.error('A listener of a subscription failed.', error);
    }
  };
  return {
    clock: ctx.clock,
    send: sender(ctx),
    pauseAfter: (failures) => pauseAfter(failures, { least, most }),
    changed: ({ wish, snapshot }) => {
      ctx.emit('subscriptions.changed', { subscription: snapshot });
      guarded(() => wish.onChange?.(snapshot));
    },
    notified: ({ wish }, notification) => {
      const { subscription, contentType, body } = notification;
      ctx.emit('subscriptions.notified', { subscription, contentType, body });
      guarded(() => wish.onNotify?.(notification));
    },
    failed: ({ snapshot }) => {
      const { error, reason, retryIn, event, target } = snapshot;
      ctx.log.warn(`No "${event}" of ${target}: ${error?.message ?? reason}`, { retryIn });
      ctx.emit('subscriptions.failed', { subscription: snapshot, error, reason, retryIn });
    },
    done: (machine) => {
      machines.delete(machine);
    },
  };
}

function sender(ctx: Context): Send {
  const agent = ctx.require('userAgent');
  return (target, { callId, localTag, remoteTag, remoteTarget, cseq, routes }, headers) =>
    agent.request('SUBSCRIBE', remoteTarget ?? target, {
      headers,
      dialog: { callId, localTag, to: target, cseq, routes, ...(remoteTag && { remoteTag }) },
    });
}

// One that is nobody's is left to the agent: it refuses it when it belongs to an unknown dialog.
function takeNotify(ctx: Context, machines: ReadonlySet<SubscriptionMachine>): void {
  const find = (notify: Notify): SubscriptionMachine | undefined =>
    [...machines].find((machine) => machine.exchange.owns(notify));
  ctx.onDestroy(
    ctx.require('userAgent').onRequest({
      method: 'NOTIFY',
      matches: (notify) => find(notify) !== undefined,
      take: (notify) => find(notify)?.exchange.take(notify),
    }),
  );
}
