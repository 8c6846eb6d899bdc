import { focusedIn, keepFocus } from '../../core/view/focus.ts';

/**
 * Keeps the focus over a paint. Where what had it is gone and the template names nothing that takes it, as those of
 * libwebphone do not, the target itself holds it until it goes on: the keyboard does not begin at the top of the page.
 */
export function holdFocus(root: Element, signal: AbortSignal, paint: () => void): void {
  const focused = focusedIn(root);
  keepFocus(root, paint);
  if (!focused || focusedIn(root) || !(root instanceof HTMLElement)) return;
  if (!root.hasAttribute('tabindex')) {
    root.tabIndex = -1;
    const held = new AbortController();
    const release = (): void => {
      // The window has lost the focus, and will give it back here.
      if (!signal.aborted && focusedIn(root) === root) return;
      root.removeAttribute('tabindex');
      held.abort();
    };
    root.addEventListener('blur', release, { signal: held.signal });
    signal.addEventListener('abort', release, { signal: held.signal });
  }
  root.focus({ preventScroll: true });
}
