import type { PluginContext, PluginRegistry } from '../../src/core/index.ts';
import { presenceRoot, tell } from './pidf.ts';
import type { Told } from './pidf.ts';
import type { Buddy, BuddyOptions, PresenceApi, PresenceOptions } from './types.ts';

/** What this plugin has of the phone. */
export type Context = PluginContext<'presence', PresenceOptions, 'subscriptions' | 'userAgent'>;

type Subscription = ReturnType<PluginRegistry['subscriptions']['subscribe']>;

interface Entry {
  readonly buddy: Buddy;
  readonly subscription: Subscription;
  /** Of this subscription: what an earlier one still has to say is about nobody. */
  readonly token: symbol;
}

/** Watches people; `changed` runs after each change. */
export type Buddies = Pick<PresenceApi, 'getBuddies' | 'getBuddy' | 'watch' | 'unwatch'>;

/** Nobody is watched at first. */
export function createBuddies(ctx: Context, changed: () => void): Buddies {
  const entries = new Map<string, Entry>();
  const update = (id: string, token: symbol, { status, note }: Told): void => {
    const entry = entries.get(id);
    if (entry?.token !== token || (entry.buddy.status === status && entry.buddy.note === note))
      return;
    const buddy = Object.freeze({ ...entry.buddy, status, note });
    entries.set(id, { ...entry, buddy });
    changed();
    ctx.emit('presence.buddy.updated', { buddy });
  };
  return {
    getBuddies: () => [...entries.values()].map(({ buddy }) => buddy),
    getBuddy: (id) => entries.get(id)?.buddy,
    watch: (id, name = id) => {
      const known = entries.get(id);
      if (known) return known.buddy;
      const buddy: Buddy = Object.freeze({ id, name, status: 'unknown', note: '' });
      const token = Symbol(id);
      const subscription = subscribeTo(ctx, id, (told) => {
        update(id, token, told);
      });
      entries.set(id, { buddy, subscription, token });
      changed();
      ctx.emit('presence.buddy.added', { buddy });
      return buddy;
    },
    unwatch: (id) => {
      const entry = entries.get(id);
      if (!entry) return;
      entries.delete(id);
      void entry.subscription.unsubscribe();
      changed();
      ctx.emit('presence.buddy.removed', { buddy: entry.buddy });
    },
  };
}

function subscribeTo(
  ctx: Context,
  id: BuddyOptions['id'],
  update: (told: Told) => void,
): Subscription {
  const { subscribe, readXml } = ctx.require('subscriptions');
  return subscribe({
    ...{ target: id, event: 'presence', accept: 'application/pidf+xml' },
    expires: ctx.options.subscribe_expires,
    onNotify: ({ body, subscription }) => {
      // Without a word of a state there is none: nobody has published any.
      if (body === '') {
        if (subscription.status === 'active') update({ status: 'unknown', note: '' });
        return;
      }
      const document = readXml(body, presenceRoot);
      if (document) update(tell(document));
      else ctx.log.warn(`What the server says of ${id} cannot be read.`);
    },
    onChange: ({ status, expiresAt }) => {
      const isGone = expiresAt === null && (status === 'waiting' || status === 'ended');
      if (isGone) update({ status: 'unknown', note: '' });
    },
  });
}
