import type { Action, Store } from '../../src/core/index.ts';
import type { Inbox } from './inbox.ts';
import type { Screen } from './screen.ts';

/** What the actions work on. */
export interface ActionServices {
  readonly inbox: Inbox;
  readonly screen: Store<Screen>;
  readonly select: (peer: string | null) => void;
}

/** What the controls do. */
export function createActions({
  inbox,
  screen,
  select,
}: ActionServices): Readonly<Record<string, Action>> {
  // What cannot be done is said where it was wished.
  const trying = (element: Element, part: string, work: () => void): void => {
    try {
      screen.set({ error: null });
      work();
      focusOn(element, part);
    } catch (error) {
      screen.set({ error });
    }
  };
  const write = (peer: string, text: string): void => {
    screen.set({ drafts: { ...screen.get().drafts, [peer]: text } });
  };
  const back: Action = ({ element }) => {
    const { selected } = screen.get();
    select(null);
    focusOn(element, 'select', selected);
  };
  const send: Action = ({ element }) => {
    const { selected, drafts } = screen.get();
    const draft = drafts[selected ?? ''] ?? '';
    if (selected === null || draft.trim() === '') return;
    trying(element, 'draft', () => {
      inbox.post(selected, draft);
      write(selected, '');
    });
  };
  return {
    back,
    send,
    open: ({ value = '', element }) => {
      trying(element, 'draft', () => {
        select(value);
      });
    },
    address: ({ value = '' }) => {
      screen.set({ to: value });
    },
    write: ({ element }) => {
      trying(element, 'draft', () => {
        select(screen.get().to);
      });
    },
    draft: ({ value = '' }) => {
      const { selected } = screen.get();
      if (selected === null) return;
      write(selected, value);
      inbox.typing.typed(selected, value);
    },
    key: (input) => {
      const { key, shiftKey } = input.event as KeyboardEvent;
      // Enter also ends the choice of a character in many scripts.
      if (isOfComposition(input.event as KeyboardEvent)) return;
      if (key === 'Escape') back(input);
      if (key !== 'Enter' || shiftKey) return;
      input.event.preventDefault();
      send(input);
    },
    retry: ({ value = '', element }) => {
      trying(element, 'draft', () => {
        inbox.retry(value);
      });
    },
  };
}

function isOfComposition(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- WebKit says by this code alone that a key has ended a composition
  return event.isComposing || event.keyCode === 229;
}

// The control that was pressed may be gone with the next draw, which is the next thing this turn does.
function focusOn(element: Element, part: string, value: string | null = null): void {
  const panel = element.closest('[part="panel"]');
  queueMicrotask(() => {
    const all = [...(panel?.querySelectorAll<HTMLElement>(`[part="${part}"]`) ?? [])];
    const found = value === null ? all[0] : all.find(({ dataset }) => dataset['value'] === value);
    (found ?? panel?.querySelector<HTMLElement>('[part="to"]'))?.focus();
  });
}
