import type { Action, PluginContext } from '../../src/core/index.ts';
import type { CallListApi, CallListOptions } from './types.ts';

type Context = PluginContext<'callList', CallListOptions>;

/** What the buttons of the rows do. */
export function createActions(
  ctx: Context,
  switchCall: CallListApi['switchCall'],
): Readonly<Record<string, Action>> {
  const { calls, log } = ctx;
  const quietly = (command: (callId: string) => Promise<void> | undefined): Action => {
    return async ({ value = '' }) => {
      try {
        await command(value);
      } catch (error) {
        // A refusal is drawn in the row of the call, by `call.operation.failed`.
        log.debug('An action on a call was refused.', error);
      }
    };
  };
  const answer = quietly((callId) => calls.get(callId)?.answer());
  const keepFocus = focusKeeper(ctx);
  return {
    select: quietly(switchCall),
    answer: (input) => {
      keepFocus(input.value ?? '', input.element);
      return answer(input);
    },
    decline: quietly((callId) => calls.get(callId)?.reject()),
    hangup: quietly((callId) => calls.get(callId)?.hangup()),
  };
}

// The button is gone once the call is up; who pressed it by keyboard stays in the row of the call.
function focusKeeper(ctx: Context): (callId: string, button: Element) => void {
  let answered: { readonly callId: string; readonly row: Element } | null = null;
  ctx.on('call.established', ({ callId }) => {
    if (answered?.callId !== callId) return;
    const { row } = answered;
    answered = null;
    // The draw that removes the button is the next thing this turn does.
    queueMicrotask(() => {
      const tree = row.getRootNode() as Document | ShadowRoot;
      // On the page or on the panel: the focus fell to what is around the row.
      const isAround = tree.activeElement === null || tree.activeElement.contains(row);
      if (isAround) row.querySelector<HTMLElement>('[part="select"]')?.focus();
    });
  });
  return (callId, button) => {
    const row = button.closest('[part="call"]');
    answered = row && { callId, row };
  };
}
