import type { Off } from './scope.ts';

/** Where a key was pressed: in something that is typed into, on a button or link, or neither. */
export type KeyPlace = 'field' | 'control' | 'page';

/** Hears a key go down or come up; `event.type` tells which. */
export type KeyListener = (event: KeyboardEvent, place: KeyPlace) => void;

/**
 * The keys that the page leaves to a phone: pressed while nothing has the focus, or another part of
 * the only phone there is. Of several phones it is the one that the user touched last.
 */
export interface Keyboard {
  /** Hears the keys of this phone. Whether a key is held down, or part of a shortcut, is in the event. */
  readonly listen: (listener: KeyListener) => Off;
  /** The phone was touched: its keys are its own from now on. */
  readonly use: () => void;
}

interface Member {
  /** Whether the phone can be seen: one that draws nothing cannot be meant. */
  readonly isShown: () => boolean;
}

// All phones of the page, the one that was used last in front: a key is for one of them only.
const members: Member[] = [];

/** The keyboard of one phone. */
export function createKeyboard(isShown: () => boolean): Keyboard & { readonly dispose: Off } {
  const member: Member = { isShown };
  const listeners = new Set<KeyListener>();
  members.push(member);

  const leave = (): void => {
    const place = members.indexOf(member);
    if (place >= 0) members.splice(place, 1);
  };
  const hear = (event: KeyboardEvent): void => {
    const shown = members.filter((each) => each.isShown());
    if ((shown[0] ?? members[0]) !== member || !isOurs(event, shown.length > 1)) return;
    const place = placeOf(event);
    for (const listener of [...listeners]) listener(event, place);
  };
  const attach = (): void => {
    if (typeof document === 'undefined') return;
    document.addEventListener('keydown', hear);
    document.addEventListener('keyup', hear);
  };
  const detach = (): void => {
    if (typeof document === 'undefined') return;
    document.removeEventListener('keydown', hear);
    document.removeEventListener('keyup', hear);
  };
  return {
    listen: (listener) => {
      if (listeners.size === 0) attach();
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) detach();
      };
    },
    use: () => {
      if (!members.includes(member)) return;
      leave();
      members.unshift(member);
    },
    dispose: () => {
      if (listeners.size > 0) detach();
      listeners.clear();
      leave();
    },
  };
}

/** Where the key was pressed, shadow roots looked into. */
export function placeOf(event: Event): KeyPlace {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return 'page';
  const isEditable = target instanceof HTMLElement && target.isContentEditable;
  if (
    isEditable ||
    target.closest('input, textarea, select, [contenteditable]:not([contenteditable="false"])')
  ) {
    return 'field';
  }
  return target.closest('button, a[href], summary, [role="button"], [role="link"]')
    ? 'control'
    : 'page';
}

// Nothing has the focus, or another part of the only phone there is; all else is the page's own.
function isOurs(event: Event, hasOthers: boolean): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return true;
  if (target === document.body || target === document.documentElement) return true;
  if (placeOf(event) === 'field' || hasOthers) return false;
  return event
    .composedPath()
    .some((each) => each instanceof Element && each.hasAttribute('data-cordboard'));
}
