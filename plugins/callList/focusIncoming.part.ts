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

/**
 * Moves the focus to the button that answers a call, once for each call that comes, and back when the call ends
 * unanswered. It stays in a field, in the page around a frame, and at another call that rings: what Enter does is not
 * to change under the finger. The function takes each such button when it is drawn.
 */
export function focusIncoming(ctx: Context): (button: HTMLElement) => void {
  const known = new Set<string>();
  let taken: Taken | undefined;

  ctx.on('call.established', ({ callId }) => {
    if (taken?.callId === callId) taken = undefined;
  });
  // Before the draw that takes the buttons away.
  ctx.on('call.terminated', ({ callId }) => {
    known.delete(callId);
    if (taken?.callId !== callId) return;
    const { row, before } = taken;
    taken = undefined;
    if (row.contains(focused()) && before instanceof HTMLElement) before.focus();
  });

  return (button) => {
    const callId = button.dataset['value'] ?? '';
    if (known.has(callId) || !ctx.calls.get(callId)?.isRinging()) return;
    const before = focused();
    if (isTypedInto(before) || taken?.row.contains(before)) {
      known.add(callId);
      return;
    }
    button.focus();
    // One that is not displayed does not get it; the call may be drawn elsewhere, too.
    if (focused() !== button) return;
    known.add(callId);
    taken = { callId, row: button.closest('li') ?? button, before };
  };
}
