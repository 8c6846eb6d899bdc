import en from '../../locales/en.json' with { type: 'json' };
import { definePlugin, schema } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import buddyTemplate from '../../templates/_presenceBuddy.mustache';
import template from '../../templates/presence.mustache';
import { createBuddies } from './buddies.ts';
import { createOwn } from './own.ts';
import type { BuddyOptions, PresenceOptions } from './types.ts';
import { ownStatuses, toModel } from './view.ts';

export type * from './types.ts';
export type { BuddyRow, PresenceModel } from './view.ts';

const { filledText, flag, integer, list, object, objectWith, oneOf, text } = schema;

/** Who is to be had, and telling others how you are (RFC 3856, RFC 3863, RFC 3903). */
export const presence: PluginFactory<'presence', PresenceOptions> = definePlugin({
  name: 'presence',
  requires: ['userAgent', 'subscriptions'],
  defaults: {
    buddies: [],
    subscribe_expires: 3600,
    publish: true,
    publish_expires: 3600,
    entity: 'pres:self',
    status: 'available',
    follow_calls: true,
  },
  schema: object<PresenceOptions>({
    buddies: list(objectWith<BuddyOptions>(['id'], { id: filledText(), name: text() })),
    subscribe_expires: integer(1, 604_800),
    publish: flag(),
    publish_expires: integer(1, 604_800),
    entity: filledText(),
    status: oneOf('available', 'away', 'busy', 'onThePhone', 'offline'),
    follow_calls: flag(),
  }),
  template,
  locale: en.presence,
  setup: (ctx) => {
    const own = createOwn(ctx);
    const buddies = createBuddies(ctx, () => {
      view.invalidate();
    });
    const view = ctx.view({
      watch: ['language.changed'],
      model: () =>
        toModel({
          buddies: buddies.getBuddies(),
          own: own.getOwn(),
          canPublish: ctx.options.publish,
          t: ctx.t,
        }),
      rows: { buddies: { template: buddyTemplate, key: 'id' } },
      actions: {
        choose: ({ value }) => {
          const chosen = ownStatuses.find((status) => status === value);
          if (chosen) own.setStatus(chosen);
        },
        say: ({ value = '' }) => {
          own.setStatus(own.getOwn().status, value);
        },
      },
    });
    ctx.onDestroy(own.store.subscribe(view.invalidate));
    for (const { id, name } of ctx.options.buddies) buddies.watch(id, name);
    ctx.emit('presence.created', {});
    return {
      ...buddies,
      getOwn: own.getOwn,
      setStatus: own.setStatus,
      updateRenders: view.invalidate,
    };
  },
});
