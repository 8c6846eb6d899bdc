import rowTemplate from '../../templates/_callListRow.mustache';
import noticeTemplate from '../../templates/_callListNotice.mustache';
import template from '../../templates/callList.mustache';
import en from '../../locales/en.json' with { type: 'json' };
import { PhoneError, createStore, definePlugin, loadPart, schema } from '../../src/core/index.ts';
import type { BindElement, Call, Calls, PluginFactory } from '../../src/core/index.ts';
import { createActions } from './actions.ts';
import type { Context } from './actions.ts';
import { followCalls } from './follow.ts';
import { holdOthers } from './policy.ts';
import { initialState, withoutNotice } from './state.ts';
import type { CallListApi, CallListOptions } from './types.ts';
import { timesOf, toFacts, toModel } from './view.ts';
import type { CallListSource } from './view.ts';

export type * from './types.ts';
export type { CallListModel, CallRow, NoticeRow } from './view.ts';

/** Several calls at once: who they are, how they go, and which one is in focus. */
export const callList: PluginFactory<'callList', CallListOptions> = definePlugin({
  name: 'callList',
  defaults: { focusIncoming: false, noticeDuration: 60 },
  schema: schema.object<CallListOptions>({
    focusIncoming: schema.flag(),
    noticeDuration: schema.number(1, 86_400),
  }),
  template,
  locale: en.callList,
  setup: (ctx) => {
    const store = createStore(initialState);
    const { getCalls, getCall, switchCall, removeCall } = createMethods(ctx.calls);
    ctx.onDestroy(ctx.calls.usePolicy(holdOthers));
    followCalls(ctx, store);
    const source = (texts?: object): CallListSource => ({
      calls: getCalls().map(({ snapshot }) => snapshot),
      state: store.get(),
      t: ctx.t,
      language: ctx.i18n.languageTag(),
      now: ctx.clock.now(),
      texts,
    });
    const view = ctx.view({
      watch: ['call.changed', 'call.created', 'call.ended', 'call.failed'],
      model: (texts) => toModel(source(texts)),
      says: () => toFacts(source()),
      elements: ctx.options.focusIncoming ? { answer: takeAnswer(ctx) } : {},
      rows: {
        calls: { template: rowTemplate, key: 'callId' },
        notices: { template: noticeTemplate, key: 'callId' },
      },
      actions: {
        ...createActions(ctx, switchCall),
        dismiss: ({ value = '' }) => {
          store.set(withoutNotice(store.get(), value));
        },
      },
    });
    ctx.onDestroy(store.subscribe(view.invalidate));
    ctx.on('call.timeupdate', ({ callId, duration }) => {
      const { spokenDuration, ...clock } = timesOf(duration, ctx.i18n.languageTag());
      // To write a text costs more than all else here, and to hear one takes seconds.
      const isSpoken = Math.floor(duration / 1000) % 5 === 0;
      view.tick('calls', callId, isSpoken ? { ...clock, spokenDuration } : clock);
    });
    ctx.emit('callList.created', {});
    return { getCalls, getCall, switchCall, removeCall, updateRenders: view.invalidate };
  },
});

/** Gives the buttons that answer to what moves the focus to them; a microtask later all is drawn. */
function takeAnswer(ctx: Context): BindElement {
  const ready = loadPart(() => import('./focusIncoming.part.ts')).then(
    ({ focusIncoming }) => focusIncoming(ctx),
    (error: unknown) => {
      ctx.log.warn('The focus is not moved to incoming calls.', error);
    },
  );
  return (button) => {
    void ready.then((focus) => focus?.(button));
    return () => undefined;
  };
}

type Methods = Omit<CallListApi, 'updateRenders'>;

function createMethods(calls: Calls): Methods {
  // An ended call is on the core's list until its last event; for the user it is gone at once.
  const live = (call: Call | undefined): Call | undefined => (call?.isEnded() ? undefined : call);
  return {
    getCalls: () => calls.list().filter((call) => !call.isEnded()),
    getCall: (callId) => live(callId ? calls.get(callId) : calls.primary()),
    switchCall: async (callId) => {
      const wanted = callId === 'new' ? null : callId;
      if (wanted !== null && !live(calls.get(wanted))) {
        throw new PhoneError('call.ended', {
          message: `switchCall(): there is no call "${wanted}".`,
        });
      }
      await calls.focus(wanted);
    },
    removeCall: async (callId) => {
      await calls.get(callId)?.terminate();
    },
  };
}
