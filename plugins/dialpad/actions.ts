import type { Action } from '../../src/core/index.ts';
import { createLongPress } from './longPress.ts';
import type { Shortcuts } from './shortcuts.ts';
import { takesTones } from './state.ts';
import type { DialpadApi } from './types.ts';
import type { DialpadCore, Typing } from './typing.ts';

/** What the actions are made of. */
export interface ActionParts {
  readonly core: DialpadCore;
  readonly typing: Typing;
  readonly api: DialpadApi;
  readonly shortcuts: Shortcuts;
}

/** What the template may ask for, and whether its field has the focus. */
export interface Actions {
  readonly actions: Readonly<Record<string, Action>>;
  readonly hasFocus: () => boolean;
}

/** The actions of the template. */
export function createActions({ core, typing, api, shortcuts }: ActionParts): Actions {
  const { ctx } = core;
  let field: Element | undefined;
  const zero = createLongPress(ctx.clock, () => {
    void api.dial('+');
  });
  // Every command tells its refusal under the field; to the view it is no failure.
  const quietly =
    (command: () => Promise<void>): Action =>
    () =>
      command().catch(() => undefined);
  return {
    hasFocus: () => {
      const root = field?.getRootNode();
      const isTree = root instanceof Document || root instanceof ShadowRoot;
      return isTree && root.activeElement === field;
    },
    actions: {
      edit: async ({ value, element }) => {
        field = element;
        shortcuts.use();
        await typing.edited(value ?? '');
      },
      dial: ({ value = '' }) => {
        shortcuts.use();
        if (value === '0' && zero.takesClick()) return undefined;
        return api.dial(value);
      },
      hold: (input) => {
        shortcuts.use();
        // In a call there is no plus to be had: a tone cannot say it.
        if (!takesTones(ctx.calls.primary()?.snapshot)) zero.down(input);
      },
      release: zero.up,
      // Touch screens open a menu on a long press.
      suppress: ({ event }) => {
        event.preventDefault();
      },
      use: shortcuts.use,
      key: ({ event }) => {
        shortcuts.inside(event);
      },
      backspace: api.backspace,
      clear: api.clear,
      filter: api.toggleFilter,
      convert: api.toggleConversion,
      call: quietly(() => api.call(false)),
      transfer: quietly(api.transfer),
    },
  };
}
