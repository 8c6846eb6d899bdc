/** Undoes what the call that returned it has done. Calling it twice does nothing more. */
export type Off = () => void;

/** Plain data that a template reads: strings, numbers, booleans, arrays and plain objects. */
export type Model = Readonly<Record<string, unknown>>;

/** What a view draws into: an element, or the shadow root of one. */
export type Root = Element | ShadowRoot;

/** What the renderer needs from the phone it draws for. */
export interface ViewServices {
  /** Prefix of all element ids of this phone, for example `cb1`. */
  readonly uid: string;
  /** The texts of a plugin in the current language; the same object as long as nothing changed. */
  readonly texts: (plugin: string) => Readonly<Record<string, string>>;
  /** The current language and its direction of writing. */
  readonly locale: () => { readonly lang: string; readonly dir: 'ltr' | 'rtl' };
  /** The user has touched the phone. */
  readonly used: () => void;
  /** Runs `task` once after so many milliseconds. */
  readonly after: (milliseconds: number, task: () => void) => unknown;
  /** Hears of each draw or action that failed; it must not throw. */
  readonly report: (plugin: string, error: unknown) => void;
}

/** Names the element of a target in the spelling that configurations use. */
export interface RootReference {
  readonly elementId?: string | null;
  readonly element?: Element | null;
}

/** A target with a template, partials or data of its own; what is left out comes from the view. */
export interface TargetObject {
  readonly root: string | Root | RootReference;
  readonly template?: string;
  /** By name: in place of the view's own partials, more of them, or, by its model field, the row of a list. */
  readonly partials?: Readonly<Record<string, string>>;
  /** Read as `data` in the template; it is never changed by the engine. */
  readonly data?: Model;
}

/** Where to draw: an element id, an element, a shadow root, or one of these with a template of its own. */
export type RenderTarget = string | Root | TargetObject;

/** What an action is told about the event that asked for it. */
export interface ActionInput {
  /** `data-value` of the element, else the own value of a form control. */
  readonly value: string | undefined;
  readonly event: Event;
  /** The element that carries `data-action`. */
  readonly element: Element;
  /** The key of the row around the element, if there is one. */
  readonly row: string | undefined;
}

/** Does what a template asks for; a promise it returns may reject, which is reported. */
export type Action = (input: ActionInput) => unknown;

/** A list that is drawn row by row into the element with `data-rows` of the same name. */
export interface RowSpec {
  /** Draws one row; it must give exactly one element. */
  readonly template: string;
  /** The field of a row that tells it from the others: a string or a number. */
  readonly key: string;
}

/**
 * Takes an element that a template names with `data-element`, until the returned function is called:
 * for pictures, meters and canvases, which are fed by hand and not drawn.
 */
export type BindElement = (element: HTMLElement, row: string | undefined) => Off;

/** Something that is so, in words: it is said to screen readers when it begins to be so. */
export interface Fact {
  readonly text: string;
  /**
   * What is so of what, such as the id of a call and what it does, the same in every language. Two of which the same is
   * so are both told, and what was told is not told again in other words.
   */
  readonly key?: string;
  /** Said at once, into whatever is being said. */
  readonly isUrgent?: boolean;
}

/** What one plugin draws and answers to. */
export interface ViewSpec {
  readonly plugin: string;
  readonly template: string;
  readonly partials?: Readonly<Record<string, string>>;
  /**
   * Gives fresh plain data at each call; what it gave earlier must not be changed afterwards. `texts` are
   * those of the plugin, another object after each change of texts or language.
   */
  readonly model: (texts: Readonly<Record<string, string>>) => Model;
  readonly actions?: Readonly<Record<string, Action>>;
  /** What is said besides that which the template marks by `data-say`, also while nothing of the plugin is drawn. */
  readonly says?: () => readonly Fact[];
  /** By the name in `data-element`: what happens with such an element while it is in a target. */
  readonly elements?: Readonly<Record<string, BindElement>>;
  /** By model field: the lists that are drawn row by row. */
  readonly rows?: Readonly<Record<string, RowSpec>>;
}

/** One plugin's view, in step at all of its targets. */
export interface View {
  /** Asks for a draw at the end of this turn, however often it is called until then. */
  readonly invalidate: () => void;
  /**
   * Writes fields of one row that count, such as a duration, without a draw: where the row marks them by `data-text`. A
   * target where they take a draw gets one. `model` has to give the same from then on.
   */
  readonly tick: (list: string, key: string, fields: Readonly<Record<string, string>>) => void;
  /** Draws here too; the returned function empties the target and leaves nothing behind. */
  readonly addTarget: (target: RenderTarget) => Off;
  /** The roots drawn into at present. */
  readonly roots: readonly Root[];
  /** Removes all targets. */
  readonly destroy: () => void;
}

/** Draws the views of one phone. */
export interface Renderer {
  readonly view: (spec: ViewSpec) => View;
  /** Draws at once what waits for the end of the turn. */
  readonly flush: () => void;
  /** Whether anything is drawn anywhere. */
  readonly isShown: () => boolean;
  /** Asks all views for a draw, as after a change of language. */
  readonly invalidateAll: () => void;
  readonly destroy: () => void;
}
