import type { Root } from './types.ts';

type Typed = HTMLInputElement | HTMLTextAreaElement;

function isTyped(element: Element): element is Typed {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

/** The focused element inside the root, looked for in the shadow tree that the root belongs to. */
export function focusedIn(root: Root): HTMLElement | undefined {
  const tree = root.getRootNode();
  const active = 'activeElement' in tree ? tree.activeElement : undefined;
  return active instanceof HTMLElement && root.contains(active) ? active : undefined;
}

function findAgain(root: Root, element: HTMLElement): HTMLElement | undefined {
  if (element.isConnected) return element;
  if (element.id === '') return undefined;
  const found = root.querySelector(`[id="${CSS.escape(element.id)}"]`);
  return found instanceof HTMLElement ? found : undefined;
}

// The pressed button is gone, or no longer to be pressed. Where the keyboard goes on from is the row or
// panel that it stood in, not the top of the page.
function rescue(root: Root, row: Element | null): void {
  const inRow = root.contains(row) ? row?.querySelector('button:not(:disabled)') : null;
  const panel = inRow ?? root.querySelector('[tabindex="-1"]') ?? root.firstElementChild;
  if (panel instanceof HTMLElement) panel.focus({ preventScroll: true });
}

/**
 * Runs `work`, then gives focus and selection back if moving or replacing nodes has lost them; when
 * the focused element itself is gone or disabled, the first button of its row gets the focus, or its
 * panel: that which the template marks with `tabindex="-1"`.
 */
export function keepFocus(root: Root, work: () => void): void {
  const focused = focusedIn(root);
  if (focused === undefined) {
    work();
    return;
  }
  const row = focused.closest('li');
  const start = isTyped(focused) ? focused.selectionStart : null;
  const end = isTyped(focused) ? focused.selectionEnd : null;
  work();
  const again = findAgain(root, focused);
  if (!again || again.matches(':disabled')) {
    rescue(root, row);
    return;
  }
  if (focusedIn(root) === again) return;
  again.focus({ preventScroll: true });
  if (isTyped(again) && start !== null && end !== null) again.setSelectionRange(start, end);
}
