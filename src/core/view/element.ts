// What the template said about `open` at the last draw: the live attribute is the user's.
const drawnOpen = new WeakMap<Element, boolean>();

/** A selector of what the user can open and close. */
export const openable = 'details, dialog';

function isOpenable(element: Element): boolean {
  return element.matches(openable);
}

/** Notes the drawn state of what the user can open and close, in nodes that are new. */
export function rememberDrawn(node: Node): void {
  if (!(node instanceof Element || node instanceof DocumentFragment)) return;
  if (node instanceof Element && isOpenable(node)) drawnOpen.set(node, node.hasAttribute('open'));
  for (const element of node.querySelectorAll(openable)) {
    drawnOpen.set(element, element.hasAttribute('open'));
  }
}

/** Makes the newly drawn element as open as the live one, unless the template changed its mind. */
export function settleOpen(live: Element, drawn: Element): void {
  if (!isOpenable(live)) return;
  const open = drawn.hasAttribute('open');
  if (drawnOpen.get(live) === open) drawn.toggleAttribute('open', live.hasAttribute('open'));
  drawnOpen.set(live, open);
}

/** Gives the live element the attributes of the drawn one, writing only those that differ. */
export function syncAttributes(live: Element, drawn: Element): void {
  for (const { name, value } of drawn.attributes) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  if (live.attributes.length === drawn.attributes.length) return;
  for (const name of live.getAttributeNames()) {
    if (!drawn.hasAttribute(name)) live.removeAttribute(name);
  }
}

/** Runs `write`, then puts the caret where someone who is typing expects it. */
function keepCaret(live: HTMLInputElement | HTMLTextAreaElement, write: () => void): void {
  const { value, selectionStart: start, selectionEnd: end } = live;
  write();
  if (live.value === value || start === null || end === null || !live.matches(':focus')) return;
  // At the end one goes on writing at the end; in the middle one stays there.
  const last = live.value.length;
  if (end === value.length) live.setSelectionRange(last, last);
  else live.setSelectionRange(start, end);
}

function syncInput(live: HTMLInputElement, drawn: HTMLInputElement): void {
  const value = drawn.getAttribute('value') ?? '';
  const valueChanged = (live.getAttribute('value') ?? '') !== value;
  const checked = drawn.hasAttribute('checked');
  const checkedChanged = live.hasAttribute('checked') !== checked;
  keepCaret(live, () => {
    syncAttributes(live, drawn);
    if (valueChanged && live.type !== 'file' && live.value !== value) live.value = value;
  });
  if (checkedChanged) live.checked = checked;
}

function syncTextArea(live: HTMLTextAreaElement, drawn: HTMLTextAreaElement): void {
  const value = drawn.defaultValue;
  syncAttributes(live, drawn);
  if (live.defaultValue === value) return;
  keepCaret(live, () => {
    live.defaultValue = value;
    if (live.value !== value) live.value = value;
  });
}

function syncOption(live: HTMLOptionElement, drawn: HTMLOptionElement): void {
  const selected = drawn.hasAttribute('selected');
  const changed = live.hasAttribute('selected') !== selected;
  syncAttributes(live, drawn);
  if (changed) live.selected = selected;
  if (live.textContent !== drawn.textContent) live.textContent = drawn.textContent;
}

/**
 * Brings a form control in line with the drawn one and tells whether it was one. What the user typed,
 * ticked or chose stays, unless the template itself says something else than at the last draw.
 */
export function syncControl(live: Element, drawn: Element): boolean {
  if (live instanceof HTMLInputElement && drawn instanceof HTMLInputElement) {
    syncInput(live, drawn);
  } else if (live instanceof HTMLTextAreaElement && drawn instanceof HTMLTextAreaElement) {
    syncTextArea(live, drawn);
  } else if (live instanceof HTMLOptionElement && drawn instanceof HTMLOptionElement) {
    syncOption(live, drawn);
  } else {
    return false;
  }
  return true;
}
