import en from '../../locales/en.json' with { type: 'json' };
import { createStore, definePlugin } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import template from '../../templates/dialpad.mustache';
import { createActions } from './actions.ts';
import { createApi } from './commands.ts';
import { defaults, optionsSchema } from './options.ts';
import { createShortcuts } from './shortcuts.ts';
import { firstState, withoutTones } from './state.ts';
import type { DialpadOptions } from './types.ts';
import { createCore, createTyping } from './typing.ts';
import { toModel } from './view.ts';

export type * from './types.ts';

/** A field, twelve keys, and the keyboard: types targets, sends tones, calls and transfers. */
export const dialpad: PluginFactory<'dialpad', DialpadOptions> = definePlugin({
  name: 'dialpad',
  optional: ['userAgent'],
  defaults,
  schema: optionsSchema,
  template,
  locale: en.dialpad,
  setup: (ctx) => {
    const store = createStore(firstState(ctx.options));
    const core = createCore(ctx, store);
    const typing = createTyping(core);
    const api = createApi(core, typing, () => view);
    const shortcuts = createShortcuts(core, api);
    const { actions, hasFocus } = createActions({ core, typing, api, shortcuts });
    const view = ctx.view({
      watch: [
        'call.primary.changed',
        'call.promoted',
        'call.demoted',
        'call.terminated',
        'language.changed',
      ],
      model: () =>
        toModel({
          state: store.get(),
          options: ctx.options,
          call: ctx.calls.primary()?.snapshot,
          t: ctx.t,
        }),
      actions,
    });
    store.subscribe(view.invalidate);
    ctx.on('call.primary.transfer.collecting', api.clear);
    ctx.on('call.primary.transfer.attended.collecting', api.clear);
    ctx.on('call.transfer.attended.consulting', api.clear);
    ctx.on('call.primary.transfer.completed', api.clear);
    // Tones belong to the call they were sent in; what is being typed at this moment stays in sight.
    const dropTones = (): void => {
      store.set(hasFocus() ? { tones: '' } : withoutTones(store.get()));
    };
    ctx.on('call.primary.terminated', dropTones);
    ctx.on('call.demoted', dropTones);
    ctx.emit('dialpad.created', {});
    return api;
  },
});
