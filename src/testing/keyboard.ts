import { settled } from './settled.ts';

/** Types into a field at its caret, as a person does: one character and one event after the other. */
export async function typeInto(into: HTMLInputElement, text: string): Promise<void> {
  for (const char of text) {
    // By hand: the simulated DOM's own setRangeText loses the caret.
    const at = into.selectionStart ?? 0;
    into.value = into.value.slice(0, at) + char + into.value.slice(into.selectionEnd ?? at);
    into.setSelectionRange(at + 1, at + 1);
    into.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
    await settled();
  }
}

/** Presses a key on an element, or on the page where nothing has the focus. */
export async function pressKey(
  name: string,
  { on = document.body, ...rest }: KeyboardEventInit & { readonly on?: EventTarget } = {},
): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', {
    key: name,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...rest,
  });
  on.dispatchEvent(event);
  await settled();
  return event;
}
