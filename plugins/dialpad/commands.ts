import { PhoneError } from '../../src/core/index.ts';
import type { Call, PluginViewHandle } from '../../src/core/index.ts';
import { autoActionFor, emptied, withoutLast } from './state.ts';
import type { AutoAction, DialpadApi, DialpadState } from './types.ts';
import type { DialpadCore, Typing } from './typing.ts';

/** The public API, made of what the parts can do. */
export function createApi(
  core: DialpadCore,
  typing: Typing,
  view: () => PluginViewHandle,
): DialpadApi {
  return {
    ...fieldApi(core, typing, view),
    ...switchApi(core),
    ...callApi(core),
  };
}

type FieldApi = Pick<
  DialpadApi,
  'dial' | 'backspace' | 'clear' | 'getTarget' | 'hasTarget' | 'updateRenders'
>;

function fieldApi(core: DialpadCore, typing: Typing, view: () => PluginViewHandle): FieldApi {
  const { ctx, store, target } = core;
  const clear = (): void => {
    store.set(emptied);
    ctx.emit('dialpad.target.clear', { target: target() });
  };
  const getTarget = (shouldClear = false, join = true): string | readonly string[] => {
    const found = target();
    if (shouldClear) clear();
    return join ? found : Array.from(found);
  };
  return {
    dial: (characters, tones = true) => typing.dial(String(characters), tones),
    backspace: () => {
      store.set(withoutLast(store.get()));
      ctx.emit('dialpad.target.backspace', { target: target() });
    },
    clear,
    // The overloads say which of the two comes back for which `join`.
    getTarget: getTarget as DialpadApi['getTarget'],
    hasTarget: () => target() !== '',
    updateRenders: (afterwards) => {
      view().invalidate();
      // Queued behind the draw, which is at the end of this turn.
      if (afterwards) queueMicrotask(afterwards);
    },
  };
}

type SwitchApi = Pick<
  DialpadApi,
  Extract<keyof DialpadApi, `${string}${'Filter' | 'Conversion' | 'Convertion'}`>
>;

function switchApi({ ctx, store }: DialpadCore): SwitchApi {
  const turn = (
    field: Extract<keyof DialpadState, 'isFiltering' | 'isConverting'>,
    on: boolean,
  ): void => {
    if (store.get()[field] === on) return;
    store.set({ [field]: on });
    const subject = field === 'isFiltering' ? 'filter' : 'convert';
    ctx.emit(`dialpad.${subject}.${on ? 'enabled' : 'disabled'}`, {});
  };
  const enableConversion = (): void => {
    turn('isConverting', true);
  };
  const disableConversion = (): void => {
    turn('isConverting', false);
  };
  const toggleConversion = (): void => {
    turn('isConverting', !store.get().isConverting);
  };
  return {
    enableFilter: () => {
      turn('isFiltering', true);
    },
    disableFilter: () => {
      turn('isFiltering', false);
    },
    toggleFilter: () => {
      turn('isFiltering', !store.get().isFiltering);
    },
    enableConversion,
    disableConversion,
    toggleConversion,
    enableConvertion: enableConversion,
    disableConvertion: disableConversion,
    toggleConvertion: toggleConversion,
  };
}

type CallApi = Pick<
  DialpadApi,
  'answer' | 'autoAction' | 'call' | 'getAutoAction' | 'redial' | 'terminate' | 'transfer'
>;

function callApi(core: DialpadCore): CallApi {
  const { ctx, target } = core;
  const told = async (command: () => Promise<unknown>): Promise<void> => {
    try {
      await command();
    } catch (error) {
      core.fail(error);
      throw error;
    }
  };
  const start = createStarter(core);
  const redial = (): Promise<void> =>
    told(() =>
      start((agent) => {
        ctx.emit('dialpad.redial', {});
        return agent.redial();
      }),
    );
  const actions: Readonly<Record<AutoAction, () => Promise<void>>> = {
    answer: () => told(() => primary(core).answer()),
    call: async (): Promise<void> => {
      await told(() => start((agent) => callTarget(core, agent)));
    },
    redial,
    terminate: () => told(() => primary(core).terminate()),
    transfer: () =>
      told(() => {
        const call = primary(core);
        if (target() === '') throw new PhoneError('call.targetMissing');
        return call.isAttendedTransferPending()
          ? call.attendedTransferStart(target())
          : call.transfer(target());
      }),
  };
  const getAutoAction = (): AutoAction => autoActionFor(ctx.calls.primary()?.snapshot, target());
  return {
    ...actions,
    call: (mayRedial = true) => {
      if (target() !== '') return actions.call();
      return mayRedial ? redial() : Promise.resolve();
    },
    getAutoAction,
    autoAction: async (allowed = {}) => {
      const wanted = getAutoAction();
      if (allowed[wanted] ?? true) await actions[wanted]();
    },
  };
}

type UserAgent = NonNullable<ReturnType<DialpadCore['ctx']['optional']>>;
type Start = (begin: (agent: UserAgent) => Promise<unknown>) => Promise<unknown>;

// A second press while the first one waits, for the microphone perhaps, is the same wish.
function createStarter({ ctx, store }: DialpadCore): Start {
  let running: Promise<unknown> | undefined;
  return (begin) => {
    const agent = ctx.optional('userAgent');
    if (!agent) throw new PhoneError('plugin.missing', { message: 'Calling needs "userAgent".' });
    if (running) return running;
    store.set({ isCalling: true, error: null });
    running = begin(agent).finally(() => {
      running = undefined;
      store.set({ isCalling: false });
    });
    return running;
  };
}

async function callTarget({ ctx, store, target }: DialpadCore, agent: UserAgent): Promise<void> {
  const { text } = store.get();
  const called = target();
  ctx.emit('dialpad.call', { target: called });
  await agent.call(called);
  // Who typed on meanwhile keeps what was typed.
  if (store.get().text !== text) return;
  store.set(emptied);
  ctx.emit('dialpad.target.clear', { target: '' });
}

function primary({ ctx }: DialpadCore): Call {
  const call = ctx.calls.primary();
  if (!call) throw new PhoneError('call.stateInvalid');
  return call;
}
