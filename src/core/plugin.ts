import type { Listener, PatternListener } from './bus.ts';
import type { Calls } from './call/calls.ts';
import type { Clock } from './clock.ts';
import type { Bundle, Strings, Translator } from './i18n.ts';
import type { Keyboard } from './keyboard.ts';
import type { Logger } from './logger.ts';
import type { EventMap, EventName, PluginName, PluginRegistry } from './registry.ts';
import type { AnySchema, Schema } from './schema.ts';
import type { Off } from './scope.ts';
import type { Memory } from './storage.ts';
import type { Action, BindElement, Fact, RenderTarget } from './view/types.ts';

/** What every plugin's part of the configuration may hold besides its own options. */
export interface CommonOptions {
  /** False leaves the plugin out. Default true. */
  readonly enabled?: boolean;
  /** Where the plugin draws itself: element ids, elements, shadow roots, or objects around them. */
  readonly renderTargets?: readonly RenderTarget[];
  /** A Mustache template in place of the plugin's own, for all its targets. */
  readonly template?: string;
  /** Texts in place of the plugin's own, by language. */
  readonly i18n?: { readonly resourceBundles?: Readonly<Record<string, Strings>> };
}

/** How a plugin draws itself. */
export interface PluginView {
  /** The events after which it is drawn again, at most once per turn. */
  readonly watch: readonly EventName[];
  /**
   * The data of the template. Pure: it reads state and changes nothing. `texts` are those of the plugin,
   * another object after each change of texts or language: with it something made of them can be kept.
   */
  readonly model: (texts: Strings) => Readonly<Record<string, unknown>>;
  /** What `data-action` in the template may name. */
  readonly actions?: Readonly<Record<string, Action>>;
  /**
   * By the name in `data-element`: takes each such element that comes into a target, and gives it up
   * again. Feed pictures, meters and canvases here; mark them `data-preserve` if they have content.
   */
  readonly elements?: Readonly<Record<string, BindElement>>;
  /**
   * What screen readers are told besides the texts that the template marks by `data-say`: all that is so at
   * present. A text is said once for each `key` when it is there for the first time. Heard also while the
   * plugin is not drawn.
   */
  readonly says?: () => readonly Fact[];
  /** Mustache partials that the template uses. */
  readonly partials?: Readonly<Record<string, string>>;
  /** Lists of the model that are drawn row by row, each with its row template and key field. */
  readonly rows?: Readonly<Record<string, { readonly template: string; readonly key: string }>>;
}

/** The events a plugin may emit: those that begin with its own name. */
export type OwnEvent<Name extends string> = Extract<EventName, `${Name}.${string}`>;

/** All that a plugin has of the phone. Whatever it gives, it takes back when the phone is destroyed. */
export interface PluginContext<
  Name extends PluginName,
  Options,
  Requires extends PluginName = never,
  Optional extends PluginName = never,
> {
  /** The plugin's part of the configuration, the defaults filled in. */
  readonly options: Readonly<Options & CommonOptions>;
  /** The calls of the phone, and the ports that a plugin may fill. */
  readonly calls: Calls;
  /** Timers that end with the phone. */
  readonly clock: Clock;
  /** Keys that nothing on the page has the focus for, if this phone was used last. */
  readonly keyboard: Keyboard;
  /** What the plugin remembers over a reload; never for secrets. */
  readonly memory: Memory;
  /** Writes lines under the plugin's name. */
  readonly log: Logger;
  /** Aborted when the phone is destroyed; give it to `fetch` and `addEventListener`. */
  readonly signal: AbortSignal;
  /** Hears an event until the phone is destroyed or the returned function is called. */
  readonly on: <Event extends EventName>(event: Event, listener: Listener<Event>) => Off;
  /** Hears every event whose name matches, such as `call.**`; for loggers and bridges. */
  readonly onPattern: (pattern: string, listener: PatternListener) => Off;
  /** Whether the application or a plugin listens to this very event; patterns do not count. */
  readonly isHeard: (event: EventName) => boolean;
  /** Emits an event of the plugin's own namespace. */
  readonly emit: <Event extends OwnEvent<Name>>(event: Event, payload: EventMap[Event]) => void;
  /** The API of a plugin that `requires` names. */
  readonly require: <Plugin extends Requires>(plugin: Plugin) => PluginRegistry[Plugin];
  /** The API of a plugin that `optional` names, or undefined when it is not there. */
  readonly optional: <Plugin extends Optional>(
    plugin: Plugin,
  ) => PluginRegistry[Plugin] | undefined;
  /** A text: a key of the plugin's own, or of another section after its name and a dot. */
  readonly t: (key: string, variables?: Readonly<Record<string, unknown>>) => string;
  /**
   * The language at present, for `Intl`: `new Intl.NumberFormat(ctx.i18n.languageTag())`. Asked for in `model`, it is
   * always right: all is drawn again after a change, which `language.changed` tells too.
   */
  readonly i18n: Pick<Translator, 'direction' | 'language' | 'languageTag'>;
  /** Adds English texts that were not there at set-up; those of the application win over them. */
  readonly addTexts: (section: string, strings: Strings) => void;
  /** Draws the plugin into its render targets. */
  readonly view: (view: PluginView) => PluginViewHandle;
  /** Runs when the phone is destroyed. */
  readonly onDestroy: (teardown: Off) => void;
}

/** A drawn plugin. */
export interface PluginViewHandle {
  /** Draws again at the end of this turn. */
  readonly invalidate: () => void;
  /**
   * Writes fields of one row that count, such as a duration, without a draw: where the row marks them by `data-text`. A
   * target where they take a draw gets one. `model` has to give the same from then on.
   */
  readonly tick: (list: string, key: string, fields: Readonly<Record<string, string>>) => void;
  /** Draws into one more place; the returned function empties it again. */
  readonly addTarget: (target: RenderTarget) => Off;
}

/** A plugin, as it is written. */
export interface PluginSpec<
  Name extends PluginName,
  Options,
  Requires extends PluginName = never,
  Optional extends PluginName = never,
> {
  /** The plugin's name: its key in the configuration, its event prefix, and its section of texts. */
  readonly name: Name;
  /** Plugins that must be there; they are set up first. */
  readonly requires?: readonly Requires[];
  /** Plugins that are used when they are there; they are set up first. */
  readonly optional?: readonly Optional[];
  /** What `ctx.options` holds where the configuration says nothing: objects are merged, lists replaced. */
  readonly defaults: Options;
  /** What the configuration may hold; the builders are in `schema` of the core. */
  readonly schema: Schema<Options>;
  /** The Mustache template, for `ctx.view`; without one the plugin has no face. */
  readonly template?: string;
  /** The English texts: `{{t.key}}` in the template, `ctx.t('key')` in code. */
  readonly locale?: Strings;
  /** English texts of sections that several plugins use, such as the catalogue of responses. */
  readonly sharedTexts?: Bundle;
  /** Sets the plugin up and returns its API, which is `phone[name]` from then on. Not async. */
  readonly setup: (ctx: PluginContext<Name, Options, Requires, Optional>) => PluginRegistry[Name];
}

/** A plugin with its options, ready to be given to `createPhone`. */
export interface ConfiguredPlugin<Name extends PluginName = PluginName> {
  readonly name: Name;
  readonly requires: readonly string[];
  readonly optional: readonly string[];
  readonly defaults: object;
  readonly schema: AnySchema;
  readonly template: string | undefined;
  readonly locale: Strings | undefined;
  readonly sharedTexts: Bundle | undefined;
  readonly given: object | undefined;
  // The host alone calls it, with the context that belongs to it.
  readonly setup: (ctx: never) => PluginRegistry[Name];
}

/** What `definePlugin` makes: call it with options and give the result to `createPhone`. */
export interface PluginFactory<Name extends PluginName, Options> {
  (options?: DeepPartial<Options> & CommonOptions): ConfiguredPlugin<Name>;
  /** The plugin's name. */
  readonly pluginName: Name;
  /** What its part of the configuration may hold. */
  readonly schema: AnySchema;
  /** What holds where the configuration says nothing. */
  readonly defaults: Options;
}

/** The same shape with every key left out at will; lists stay whole. */
export type DeepPartial<Value> = Value extends readonly unknown[] | ((...args: never) => unknown)
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: DeepPartial<Value[Key]> }
    : Value;

/**
 * Makes a plugin of its description. The name must be in `PluginRegistry`, the events it emits in
 * `EventMap`, both by declaration merging; then options, events and the APIs of other plugins are
 * typed, and a typing error does not compile.
 *
 * The result is called with options and given to `createPhone`, which checks them against `schema`
 * (`configuration.invalid` lists every wrong key) and fills `defaults` in. `setup` runs once for each
 * phone, after those of the plugins in `requires` (`plugin.missing` when one is not there) and
 * `optional`. Where it throws, the phone says `phone.plugin.failed` and does without the plugin.
 * Importing it touches no document: what needs one belongs into `setup`.
 *
 * @example
 * const greeter = definePlugin({
 *   name: 'greeter',
 *   defaults: { word: 'Hello' },
 *   schema: schema.object<{ word: string }>({ word: schema.text() }),
 *   setup: (ctx) => ({ greet: () => ctx.options.word }),
 * });
 * const phone = createPhone({ plugins: [greeter({ word: 'Hi' })] });
 */
export function definePlugin<
  Name extends PluginName,
  Options extends object,
  Requires extends PluginName = never,
  Optional extends PluginName = never,
>(spec: PluginSpec<Name, Options, Requires, Optional>): PluginFactory<Name, Options> {
  const configure = (options?: DeepPartial<Options> & CommonOptions): ConfiguredPlugin<Name> => ({
    name: spec.name,
    requires: spec.requires ?? [],
    optional: spec.optional ?? [],
    defaults: spec.defaults,
    schema: spec.schema,
    template: spec.template,
    locale: spec.locale,
    sharedTexts: spec.sharedTexts,
    given: options,
    setup: spec.setup,
  });
  return Object.assign(configure, {
    pluginName: spec.name,
    schema: spec.schema,
    defaults: spec.defaults,
  });
}
