import { PhoneError } from '../../src/core/index.ts';
import type { Action, AnswerOptions, ErrorCode, Store } from '../../src/core/index.ts';
import type { CallControlApi, CallControlState } from './types.ts';

type Commands = Omit<CallControlApi, 'updateRenders'>;

// No news for the one who pressed the button: another button was pressed, or the call is over.
const quiet: readonly ErrorCode[] = ['call.ended', 'call.superseded', 'phone.destroyed'];

/** What the buttons do: the commands, whose refusals are shown in words instead of being thrown. */
export function createActions(
  commands: Commands,
  store: Store<CallControlState>,
): Readonly<Record<string, Action>> {
  const shown = async (command: () => Promise<void>, expected = quiet): Promise<void> => {
    store.set({ error: null });
    try {
      await command();
    } catch (error) {
      if (error instanceof PhoneError && expected.includes(error.code)) return;
      store.set({ error });
    }
  };
  const { answer, transfer, transferAttended, redial, startScreenShare, ...simple } = commands;
  const buttons = Object.entries(simple).map(([name, command]): [string, Action] => [
    name,
    () => shown(command),
  ]);
  const take =
    (options?: AnswerOptions): Action =>
    () =>
      shown(() => answer(options));
  return {
    ...Object.fromEntries(buttons),
    redial: async () => {
      store.set({ isRedialing: true });
      await shown(redial);
      store.set({ isRedialing: false });
    },
    // Who closes the list of screens has chosen to share none.
    startScreenShare: () => shown(startScreenShare, [...quiet, 'media.dismissed']),
    transferAttended: ({ element }) => {
      const target = targetIn(element.closest('form'));
      return shown(() => transferAttended(target));
    },
    transfer: ({ element }) => {
      const panel = element.closest('[part="panel"]');
      const target = targetIn(element);
      const done = shown(() => transfer(target));
      // The draw that shows the field is the next thing this turn does.
      queueMicrotask(() => fieldIn(panel)?.focus());
      return done;
    },
    answer: take(),
    answerVideo: take({ video: true }),
    dismiss: () => {
      store.set({ error: null, transferredTo: '' });
    },
  };
}

const fieldIn = (place: Element | null): HTMLInputElement | null | undefined =>
  place?.querySelector<HTMLInputElement>('[name="target"]');
const targetIn = (place: Element | null): string | undefined => fieldIn(place)?.value;
