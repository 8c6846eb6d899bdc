import en from '../../locales/en.json' with { type: 'json' };
import { PhoneError, createStore, definePlugin, schema } from '../../src/core/index.ts';
import type { Call, PluginFactory, Store } from '../../src/core/index.ts';
import template from '../../templates/voicemail.mustache';
import { freshIn, parseSummary } from './messageSummary.ts';
import type { VoicemailOptions, VoicemailState } from './types.ts';
import { createPress, followUser } from './user.ts';
import { toModel } from './view.ts';

export type * from './types.ts';
export type { VoicemailModel } from './view.ts';

const { flag, integer, object, text } = schema;

interface State {
  readonly mailbox: VoicemailState;
  readonly error: unknown;
}

/** Before the server has told anything. */
const nothing: State = {
  mailbox: { isKnown: false, isWaiting: false, account: '', counts: {} },
  error: null,
};

/** Tells of messages in the mailbox (RFC 3842), and calls it. */
export const voicemail: PluginFactory<'voicemail', VoicemailOptions> = definePlugin({
  name: 'voicemail',
  requires: ['userAgent', 'subscriptions'],
  defaults: { target: '', mailbox: '', subscribe: true, subscribe_expires: 3600 },
  schema: object<VoicemailOptions>({
    ...{ target: text(), mailbox: text(), subscribe: flag() },
    subscribe_expires: integer(1, 604_800),
  }),
  template,
  locale: en.voicemail,
  setup: (ctx) => {
    const { target, subscribe: isAsked, subscribe_expires: expires } = ctx.options;
    const agent = ctx.require('userAgent');
    const store = createStore(nothing);
    const mailbox = (): string => ctx.options.mailbox || store.get().mailbox.account;
    const call = async (): Promise<Call> => {
      if (mailbox() === '') throw new PhoneError('call.targetMissing');
      return await agent.call(mailbox());
    };
    const press = createPress(ctx, call);
    const view = ctx.view({
      watch: ['language.changed'],
      model: () =>
        toModel({
          ...{ ...store.get(), canCall: mailbox() !== '' },
          ...{ t: ctx.t, language: ctx.i18n.languageTag() },
        }),
      actions: {
        call: async () => {
          store.set({ error: null });
          await press().catch((error: unknown) => {
            store.set({ error });
          });
        },
      },
    });
    ctx.onDestroy(store.subscribe(view.invalidate));
    const take = (body: string): void => {
      const next = body === '' ? null : parseSummary(body);
      if (!next) {
        if (body !== '') ctx.log.warn('What the server says of the mailbox cannot be read.');
        return;
      }
      const added = freshIn(next) - freshIn(store.get().mailbox);
      if (!update(store, next)) return;
      ctx.emit('voicemail.updated', { state: next });
      if (added > 0) ctx.emit('voicemail.received', { state: next, added });
    };
    const subscription = isAsked
      ? ctx.require('subscriptions').subscribe({
          ...{ target, expires, event: 'message-summary' },
          accept: 'application/simple-message-summary',
          onNotify: ({ body }) => {
            take(body);
          },
        })
      : null;
    ctx.on('userAgent.received.notify', ({ package: event, body }) => {
      if (/^message-summary\s*(;|$)/.test(event)) take(body);
    });
    followUser(ctx, () => {
      store.set({ error: null });
      // What was told of one user's mailbox is nothing of the next one's.
      if (update(store, nothing.mailbox)) ctx.emit('voicemail.updated', { state: nothing.mailbox });
    });
    ctx.emit('voicemail.created', {});
    return {
      getState: () => store.get().mailbox,
      call: async () => {
        await call();
      },
      refresh: () => subscription?.refresh(),
      updateRenders: view.invalidate,
    };
  },
});

function update(store: Store<State>, mailbox: VoicemailState): boolean {
  if (JSON.stringify(mailbox) === JSON.stringify(store.get().mailbox)) return false;
  store.set({ mailbox: Object.freeze(mailbox) });
  return true;
}
