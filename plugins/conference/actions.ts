import type { Action } from '../../src/core/index.ts';
import type { ConferenceCore } from './context.ts';
import type { ConferenceApi } from './types.ts';

type Commands = Omit<ConferenceApi, 'updateRenders'>;

/** What the buttons do. */
export function createActions(
  { ctx, store }: ConferenceCore,
  commands: Commands,
): Readonly<Record<string, Action>> {
  // With a row of its own for what is refused there; here is told what comes to nothing as a whole.
  const does = (command: (callId: string) => Promise<void> | void): Action => {
    return async ({ value = '', element }) => {
      const stay = focusKeeper(element);
      store.set({ error: null });
      try {
        await command(value);
      } catch (error) {
        ctx.log.debug('An action on the conference was refused.', error);
        if (store.get().errors[value] === undefined) store.set({ error });
      }
      // What is drawn by then is what the command has changed.
      queueMicrotask(stay);
    };
  };
  return {
    merge: does(() => commands.merge()),
    add: does(commands.addToConference),
    mute: does((callId) => {
      if (commands.isCallerMuted(callId)) commands.unmuteCaller(callId);
      else commands.muteCaller(callId);
    }),
    hold: does((callId) => {
      const isHeld = ctx.calls.get(callId)?.snapshot.hold.local === true;
      return isHeld ? commands.unhold(callId) : commands.hold(callId);
    }),
    split: does(commands.split),
    splitAll: does(() => commands.split()),
    drop: does(commands.drop),
    end: does(commands.endConference),
  };
}

// The button may be gone afterwards; who pressed it by keyboard stays in the panel.
function focusKeeper(button: Element): () => void {
  const panel = button.closest('[part="panel"]');
  const tree = button.getRootNode() as Document | ShadowRoot;
  if (!panel || tree.activeElement !== button) return () => undefined;
  return () => {
    const { activeElement } = tree;
    // On the page around the panel, or nowhere.
    const isLost = activeElement === null || activeElement.contains(panel);
    if (isLost) panel.querySelector<HTMLElement>('[part="title"]')?.focus();
  };
}
