import type { Action, PluginContext } from '../../src/core/index.ts';
import type { CallListApi, CallListOptions } from './types.ts';

/** What the phone gives to the plugin. */
export type Context = PluginContext<'callList', CallListOptions>;

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
  return {
    select: quietly(switchCall),
    answer: quietly((callId) => calls.get(callId)?.answer()),
    decline: quietly((callId) => calls.get(callId)?.reject()),
    hangup: quietly((callId) => calls.get(callId)?.hangup()),
  };
}
