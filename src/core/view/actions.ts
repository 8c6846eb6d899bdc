import { isClaimed } from './roots.ts';
import { rowOf } from './rows.ts';
import type { Action, ActionInput, Off, Root } from './types.ts';

/** What the listeners of one root need to know. */
export interface ActionSetup {
  readonly actions: Readonly<Record<string, Action>>;
  readonly report: (error: unknown) => void;
}

const defaultTypes: readonly string[] = ['click', 'submit', 'change', 'input'];

// Events that do not bubble are heard in the capture phase, and only for their own target.
const silent: ReadonlySet<string> = new Set(
  (
    'focus blur mouseenter mouseleave pointerenter pointerleave scroll load error toggle invalid ' +
    'cancel close play playing pause ended timeupdate volumechange loadedmetadata'
  ).split(' '),
);

const changing: ReadonlySet<string> = new Set(['checkbox', 'radio', 'range', 'file']);

/** The event types that templates ask for, beyond those that elements have by default. */
export function eventTypes(templates: Iterable<string>): ReadonlySet<string> {
  const attributes = [...templates].flatMap((text) => [
    ...text.matchAll(/data-action\s*=\s*(?:"[^"]*"|'[^']*')/g),
  ]);
  const types = attributes.flatMap(([attribute]) => [...attribute.matchAll(/([a-z][\w:.]*)->/gi)]);
  return new Set([...defaultTypes, ...types.flatMap(([, type]) => type ?? [])]);
}

function defaultType(element: Element): string {
  if (element instanceof HTMLFormElement) return 'submit';
  if (element instanceof HTMLSelectElement) return 'change';
  if (element instanceof HTMLTextAreaElement) return 'input';
  if (!(element instanceof HTMLInputElement)) return 'click';
  if (element.type === 'button' || element.type === 'submit') return 'click';
  return changing.has(element.type) ? 'change' : 'input';
}

/** The names of the actions that the element asks for on this type of event. */
function asked(element: Element, type: string): readonly string[] {
  const words = element.getAttribute('data-action')?.split(/\s+/).filter(Boolean) ?? [];
  return words.flatMap((word) => {
    const arrow = word.indexOf('->');
    const wanted = arrow < 0 ? defaultType(element) : word.slice(0, arrow);
    if (wanted !== type) return [];
    return arrow < 0 ? word : word.slice(arrow + 2);
  });
}

/** The nearest element that asks for something, from the target up to, not including, the root. */
function findAsking(event: Event, root: Root): Element | undefined {
  const { target } = event;
  let found: Element | undefined;
  for (let at = target instanceof Element ? target : null; at !== root; at = at.parentElement) {
    // An earlier listener of the same event may have taken the target out of the page.
    if (at === null) break;
    // Another view is drawn in here: its own listeners answer.
    if (isClaimed(at)) return undefined;
    const isHeard = event.bubbles || at === target;
    if (isHeard && asked(at, event.type).length > 0) found ??= at;
  }
  return found;
}

function isDisabled(element: Element): boolean {
  return element.matches(':disabled') || element.getAttribute('aria-disabled') === 'true';
}

function valueOf(element: Element): string | undefined {
  const given = element.getAttribute('data-value');
  if (given !== null) return given;
  if (element instanceof HTMLInputElement) return element.value;
  if (element instanceof HTMLSelectElement) return element.value;
  if (element instanceof HTMLTextAreaElement) return element.value;
  return element instanceof HTMLButtonElement && element.value !== '' ? element.value : undefined;
}

async function run(name: string, input: ActionInput, setup: ActionSetup): Promise<void> {
  try {
    const action = Object.hasOwn(setup.actions, name) ? setup.actions[name] : undefined;
    if (action === undefined) throw new Error(`There is no action "${name}"`);
    await action(input);
  } catch (error) {
    setup.report(error);
  }
}

/** Listens at the root for all its elements; the returned function stops that. */
export function listen(root: Root, types: ReadonlySet<string>, setup: ActionSetup): Off {
  const handle = (event: Event): void => {
    const element = findAsking(event, root);
    if (element === undefined) return;
    // Even a form that is disabled must not send itself and leave the page.
    if (event.type === 'submit') event.preventDefault();
    if (isDisabled(element)) return;
    const input = { value: valueOf(element), event, element, row: rowOf(element, root) };
    for (const name of asked(element, event.type)) void run(name, input, setup);
  };
  const each = [...types].map((type) => [type, silent.has(type)] as const);
  for (const [type, capture] of each) root.addEventListener(type, handle, capture);
  return () => {
    for (const [type, capture] of each) root.removeEventListener(type, handle, capture);
  };
}
