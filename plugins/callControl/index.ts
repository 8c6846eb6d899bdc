import template from '../../templates/callControl.mustache';
import en from '../../locales/en.json' with { type: 'json' };
import { createStore, definePlugin, schema } from '../../src/core/index.ts';
import type { CallSnapshot, PluginFactory } from '../../src/core/index.ts';
import { createActions, createFocusKeeper } from './actions.ts';
import { createCommands } from './commands.ts';
import type { CallControlOptions, CallControlState } from './types.ts';
import { toModel } from './view.ts';

export type * from './types.ts';
export type { CallControlModel } from './view.ts';

/** The buttons of the call in focus: those that make sense now, and no others. */
export const callControl: PluginFactory<'callControl', CallControlOptions> = definePlugin({
  name: 'callControl',
  optional: ['dialpad', 'userAgent'],
  defaults: {},
  schema: schema.object<CallControlOptions>({}),
  template,
  locale: en.callControl,
  setup: (ctx) => {
    const dialpad = ctx.optional('dialpad');
    const userAgent = ctx.optional('userAgent');
    const store = createStore<CallControlState>({ error: null, isRedialing: false });
    const commands = createCommands({
      calls: ctx.calls,
      redial: userAgent?.redial,
      takeTarget: () => dialpad?.getTarget(true) ?? '',
    });
    const focus = createFocusKeeper();
    const view = ctx.view({
      watch: [
        'call.created',
        'call.demoted',
        'call.primary.changed',
        'call.primary.ended',
        'call.primary.failed',
        'userAgent.redial.update',
      ],
      model: () =>
        toModel({
          call: living(ctx.calls.primary()?.snapshot),
          state: store.get(),
          redialTarget: userAgent?.getRedial() ?? '',
          hasDialpad: dialpad !== undefined,
          t: ctx.t,
        }),
      actions: createActions(commands, store, focus.answering),
    });
    const forget = (): void => {
      store.set({ error: null });
    };
    ctx.on('call.primary.established', focus.established);
    // What was refused for one call says nothing about the next one.
    ctx.on('call.promoted', forget);
    ctx.on('call.demoted', forget);
    ctx.on('call.primary.terminated', forget);
    ctx.onDestroy(store.subscribe(view.invalidate));
    ctx.emit('callControl.created', {});
    return { ...commands, updateRenders: view.invalidate };
  },
});

function living(call: CallSnapshot | undefined): CallSnapshot | undefined {
  return call?.status === 'ended' ? undefined : call;
}
