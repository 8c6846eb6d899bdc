import { placeOf } from '../../src/core/index.ts';
import type { KeyPlace } from '../../src/core/index.ts';
import { autoActionFor } from './state.ts';
import type { DialpadApi, DialpadOptions } from './types.ts';
import type { DialpadCore } from './typing.ts';

/** The keyboard of one phone. */
export interface Shortcuts {
  /** A key was pressed inside the dialpad itself. */
  readonly inside: (event: Event) => void;
  /** The dialpad was touched: keys pressed nowhere in particular are for this phone now. */
  readonly use: () => void;
}

// What the dialpad has heard inside of itself comes by the page as well.
const seen = new WeakSet<Event>();

/** Keys of the keyboard: inside the dialpad, and where no field or other widget has the focus. */
export function createShortcuts(core: DialpadCore, api: DialpadApi): Shortcuts {
  const { ctx } = core;
  const press = createPress(core, api);
  ctx.keyboard.listen((event, place) => {
    if (event.type !== 'keydown' || seen.has(event)) return;
    if (ctx.options.globalKeyShortcuts) press(event, place);
  });
  return {
    inside: (event) => {
      if (!(event instanceof KeyboardEvent) || seen.has(event)) return;
      seen.add(event);
      ctx.keyboard.use();
      press(event, placeOf(event));
    },
    use: ctx.keyboard.use,
  };
}

type Key = 'enter' | 'escape' | 'backspace' | 'dtmf';

// A shortcut of the browser, a key held down, a character half composed, or a key already used.
function isSomethingElse(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  return event.repeat || event.isComposing || event.defaultPrevented;
}

function keyFor(event: KeyboardEvent, place: KeyPlace): Key | undefined {
  if (isSomethingElse(event)) return undefined;
  // A button that has the focus is pressed by Enter; a link is followed.
  if (event.key === 'Enter') return place === 'control' ? undefined : 'enter';
  if (event.key === 'Escape') return 'escape';
  if (place === 'field') return undefined;
  if (event.key === 'Backspace') return 'backspace';
  return /^[0-9*#+]$/.test(event.key) ? 'dtmf' : undefined;
}

function createPress(
  core: DialpadCore,
  api: DialpadApi,
): (event: KeyboardEvent, place: KeyPlace) => void {
  const { keys } = core.ctx.options;
  const defaults = defaultActions(core, api);
  return (event, place) => {
    const key = keyFor(event, place);
    if (!key || !keys[key].enabled) return;
    const { action } = keys[key];
    if (action) action(event, api);
    else if (defaults[key](event)) event.preventDefault();
  };
}

// Each tells whether there was something to do; if not, the key is the browser's.
function defaultActions(
  { ctx, target, store, fail }: DialpadCore,
  api: DialpadApi,
): DialpadOptions['keys'] extends Record<infer Name, unknown>
  ? Readonly<Record<Name & Key, (event: KeyboardEvent) => boolean>>
  : never {
  const quietly = (command: Promise<unknown>): true => {
    // Every command of the dialpad tells its refusal under the field.
    command.catch(() => undefined);
    return true;
  };
  return {
    enter: () => {
      const agent = ctx.optional('userAgent');
      const wanted = autoActionFor(ctx.calls.primary()?.snapshot, target());
      if (wanted === 'redial' || wanted === 'terminate') return false;
      if (agent && !agent.isStarted()) return quietly(agent.start().catch(fail));
      return quietly(api.autoAction({ redial: false, terminate: false }));
    },
    escape: () => {
      if (ctx.calls.primary()) return quietly(api.terminate());
      if (store.get().text === '') return false;
      api.clear();
      return true;
    },
    backspace: () => {
      if (store.get().text === '') return false;
      api.backspace();
      return true;
    },
    dtmf: ({ key }) => quietly(api.dial(key)),
  };
}
