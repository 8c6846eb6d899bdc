import { createStore, newId } from '../../src/core/index.ts';
import type { Store } from '../../src/core/index.ts';
import type { Context } from './buddies.ts';
import { write } from './pidf.ts';
import { Publisher } from './publisher.ts';
import type { OwnPresence, PresenceApi } from './types.ts';
import { followUser } from './user.ts';

/** The own state, told to the server when that is wanted. */
export interface Own extends Pick<PresenceApi, 'getOwn' | 'setStatus'> {
  readonly store: Store<OwnPresence>;
}

/** Begins with the configured state. */
export function createOwn(ctx: Context): Own {
  const { options } = ctx;
  const { request } = ctx.require('userAgent');
  const { follow, pauseAfter } = ctx.require('subscriptions');
  const store = createStore<OwnPresence>({
    ...{ status: options.status, note: '', isPublished: false, error: null },
  });
  const id = newId().slice(0, 8);
  const isTalking = (): boolean =>
    options.follow_calls && ctx.calls.list().some((call) => call.isEstablished());
  const publisher = new Publisher(
    {
      ...{ clock: ctx.clock, request, pauseAfter },
      body: () => {
        const { status, note } = store.get();
        const isOnThePhone = status !== 'offline' && isTalking();
        return write(options.entity, id, { status: isOnThePhone ? 'onThePhone' : status, note });
      },
      published: () => {
        store.set({ isPublished: true, error: null });
        ctx.emit('presence.own.published', { own: store.get() });
      },
      failed: (error, retryIn) => {
        store.set({ isPublished: false, error });
        ctx.emit('presence.own.failed', { error, retryIn });
      },
    },
    options.publish_expires,
  );
  if (options.publish) {
    const begin = (): void => {
      publisher.begin();
    };
    follow(begin, (how) => {
      publisher.end(how);
      store.set({ isPublished: false });
    });
    let wasTalking = false;
    const look = (): void => {
      if (isTalking() === wasTalking) return;
      wasTalking = !wasTalking;
      publisher.update();
    };
    for (const event of ['call.established', 'call.terminated'] as const) ctx.on(event, look);
  }
  // What one user said is not said for who logs in after them.
  followUser(ctx, () => {
    publisher.forget();
    store.set({ status: options.status, note: '', isPublished: false, error: null });
    ctx.emit('presence.own.updated', { own: store.get() });
  });
  return {
    store,
    getOwn: store.get,
    setStatus: (status, note = store.get().note) => {
      store.set({ status, note, isPublished: false });
      ctx.emit('presence.own.updated', { own: store.get() });
      if (options.publish) publisher.update();
    },
  };
}
