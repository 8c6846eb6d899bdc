import template from '../../templates/callControl.mustache';
import en from '../../locales/en.json' with { type: 'json' };
import { PhoneError, createStore, definePlugin, schema } from '../../src/core/index.ts';
import type {
  CallSnapshot,
  PluginContext,
  PluginFactory,
  Schema,
  Store,
} from '../../src/core/index.ts';
import { createActions } from './actions.ts';
import { createCommands } from './commands.ts';
import { screenOf } from './screen.ts';
import { referred, transferOwner } from './transfer.ts';
import type { CallControlOptions, CallControlState, Showing } from './types.ts';
import { toModel } from './view.ts';

export type * from './types.ts';
export type { CallControlModel } from './view.ts';

const questions = [
  'call.refer.requested',
  'call.refer.requestAccepted',
  'call.refer.rejected',
] as const;
const { either, flag, object, oneOf } = schema;
const showing: Schema<Showing> = either(flag(), oneOf('auto'));

/** The buttons of the call in focus: those that make sense now, and no others. */
export const callControl: PluginFactory<'callControl', CallControlOptions> = definePlugin({
  name: 'callControl',
  optional: ['dialpad', 'mediaDevices', 'userAgent'],
  defaults: { video: { show: 'auto' }, screenShare: { show: 'auto' } },
  schema: object<CallControlOptions>({
    video: object<CallControlOptions['video']>({ show: showing }),
    screenShare: object<CallControlOptions['screenShare']>({ show: showing }),
  }),
  template,
  locale: en.callControl,
  setup: (ctx) => {
    const dialpad = ctx.optional('dialpad');
    const isDrawn = Boolean(ctx.options.renderTargets?.length);
    const userAgent = ctx.optional('userAgent');
    const screen = screenOf(ctx.optional('mediaDevices'));
    const store = createStore<CallControlState>({
      error: null,
      isRedialing: false,
      transferredTo: '',
      strangers: [],
    });
    const commands = createCommands({
      calls: ctx.calls,
      redial: userAgent?.redial,
      screen,
      stranger: () => store.get().strangers[0]?.request,
      takeTarget: () => dialpad?.getTarget(true) ?? '',
    });
    const view = ctx.view({
      watch: [
        'call.created',
        'call.demoted',
        'call.primary.changed',
        'call.primary.ended',
        'call.primary.failed',
        'call.transfer.attended.consulting',
        'call.ended',
        // Whoever listens to these can be asked, so only what is drawn does.
        ...(isDrawn ? questions : []),
        'userAgent.redial.update',
      ],
      model: () =>
        toModel({
          call: living(ctx.calls.primary()?.snapshot),
          owner: transferOwner(ctx.calls)?.snapshot,
          referred: referred(ctx.calls)?.snapshot,
          state: store.get(),
          hasAgent: userAgent !== undefined,
          redialTarget: userAgent?.getRedial() ?? '',
          hasDialpad: dialpad !== undefined,
          hasScreen: screen !== undefined,
          options: ctx.options,
          t: ctx.t,
        }),
      actions: createActions(commands, store),
    });
    const forget = (): void => {
      store.set({ error: null });
    };
    followTransfers(ctx, store);
    if (isDrawn) followStrangers(ctx, store);
    // What was refused for one call says nothing about the next one.
    ctx.on('call.promoted', forget);
    ctx.on('call.demoted', forget);
    ctx.on('call.primary.terminated', forget);
    ctx.onDestroy(store.subscribe(view.invalidate));
    ctx.emit('callControl.created', {});
    return { ...commands, updateRenders: view.invalidate };
  },
});

type Events = Pick<PluginContext<'callControl', CallControlOptions>, 'on'>;

// Whoever began a transfer, here or elsewhere: what came of it is shown.
function followTransfers({ on }: Events, store: Store<CallControlState>): void {
  on('call.transfer.failed', ({ call, statusCode }) => {
    const status = statusCode === null ? {} : { statusCode };
    store.set({ error: new PhoneError(call.transfer?.error ?? 'transfer.failed', status) });
  });
  on('call.transfer.started', () => {
    store.set({ error: null });
  });
  on('call.transfer.completed', ({ target }) => {
    store.set({ transferredTo: target });
  });
  on('call.created', () => {
    store.set({ transferredTo: '' });
  });
}

function followStrangers({ on }: Events, store: Store<CallControlState>): void {
  on('userAgent.refer.requested', (stranger) => {
    store.set({ strangers: [...store.get().strangers, stranger] });
  });
  for (const step of ['requestAccepted', 'rejected'] as const) {
    on(`userAgent.refer.${step}`, ({ request }) => {
      store.set({ strangers: store.get().strangers.filter((one) => one.request !== request) });
    });
  }
}

function living(call: CallSnapshot | undefined): CallSnapshot | undefined {
  return call?.status === 'ended' ? undefined : call;
}
