import type { Context } from './actions.ts';

interface Taken {
  readonly callId: string;
  /** What is drawn of the call: the user may have gone on to its other button. */
  readonly row: Element;
  /** What had the focus before. */
  readonly before: Element | null;
}

// Whether somebody types in a field is seen too late, after the first letter; and a frame does not say
// what in it has the focus.
const fields =
  'input, textarea, select, iframe, [role="textbox"], [role="searchbox"], [role="combobox"]';

/** What has the focus, shadow trees included. */
function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

function isTypedInto(element: Element | null): boolean {
  // Nobody in a frame is told what has the focus in the page around it: a field, perhaps.
  if (window.parent !== window && !document.hasFocus()) return true;
  if (!(element instanceof HTMLElement)) return false;
  return element.isContentEditable || element.matches(fields);
}

const rowOf = (button: Element): Element => button.closest('li') ?? button;

/**
 * Moves the focus to the button that answers a call, once for each call that comes, and back when the call ends
 * unanswered, or on to the next call that waits. It stays in a field, in the page around a frame, and at another call
 * that rings: what Enter does is not to change under the finger. It does not go to a call that is to be answered
 * without the user. The function takes each such button when it is drawn.
 */
export function focusIncoming(ctx: Context): (button: HTMLElement) => void {
  /** The buttons of each call that rings, one in each place. */
  const buttons = new Map<string, readonly HTMLElement[]>();
  /** The calls that have had their turn, and those that have it after the one that is taken. */
  const known = new Set<string>();
  const waiting = new Set<string>();
  /** Those that are to be answered by themselves. */
  const expected = new Set<string>();
  let taken: Taken | undefined;

  const take = (callId: string, before: Element | null): boolean => {
    // One that is not displayed does not get it; the call may be drawn elsewhere, too.
    const button = buttons.get(callId)?.find((each) => {
      each.focus();
      return focused() === each;
    });
    if (!button) return false;
    known.add(callId);
    taken = { callId, row: rowOf(button), before };
    return true;
  };
  // The user may have gone there without being taken.
  const isAtOne = (at: Element | null): boolean =>
    [...buttons.values()].flat().some((button) => rowOf(button).contains(at));
  const offer = (callId: string): void => {
    const isOver = [known, waiting, expected].some((calls) => calls.has(callId));
    if (isOver || !ctx.calls.get(callId)?.isRinging()) return;
    const before = focused();
    if (isTypedInto(before)) known.add(callId);
    else if (isAtOne(before)) waiting.add(callId);
    else take(callId, before);
  };
  const forget = (callId: string): void => {
    buttons.delete(callId);
    for (const calls of [known, waiting, expected]) calls.delete(callId);
  };

  ctx.on('userAgent.autoAnswer.expected', ({ callId }) => {
    expected.add(callId);
  });
  ctx.on('userAgent.autoAnswer.skipped', ({ callId }) => {
    if (expected.delete(callId)) offer(callId);
  });
  ctx.on('call.established', ({ callId }) => {
    forget(callId);
    if (taken?.callId === callId) taken = undefined;
  });
  // Before the draw that takes the buttons away.
  ctx.on('call.terminated', ({ callId }) => {
    forget(callId);
    if (taken?.callId !== callId) return;
    const { row, before } = taken;
    taken = undefined;
    if (!row.contains(focused())) return;
    for (const next of waiting) {
      waiting.delete(next);
      if (take(next, before)) return;
    }
    if (before instanceof HTMLElement) before.focus();
  });

  return (button) => {
    const callId = button.dataset['value'] ?? '';
    const there = buttons.get(callId) ?? [];
    buttons.set(callId, [...there.filter(({ isConnected }) => isConnected), button]);
    offer(callId);
  };
}
