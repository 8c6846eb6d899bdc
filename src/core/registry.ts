import type { CallEvents } from './call/events.ts';
import type { PhoneError } from './errors.ts';

/** What the phone itself emits. */
export interface PhoneEvents {
  /** Every plugin is set up. */
  'phone.created': { readonly plugins: readonly string[] };
  /** The phone is about to be taken down. */
  'phone.destroyed': Readonly<Record<string, never>>;
  /** A plugin's set-up, listener, action or draw failed; everything else runs on. */
  'phone.plugin.failed': {
    /** The plugin, or `core` for a listener of the application. */
    readonly plugin: string;
    /** What failed, such as `setup`, `draw` or the name of an event. */
    readonly during: string;
    readonly error: unknown;
  };
  /** An unknown key stands in the configuration; it is ignored. */
  'phone.configuration.warning': {
    readonly path: string;
    /** The known key that comes nearest, or null. */
    readonly nearest: string | null;
    readonly message: string;
  };
  /** The configuration is not usable; the same error is thrown. */
  'phone.configuration.failed': { readonly error: PhoneError };
  /** The language was set or changed. */
  'language.changed': { readonly language: string };
  /** Texts were added to a language. */
  'language.bundle.added': { readonly language: string; readonly plugin: string };
}

/**
 * Every event and its payload. Open for declaration merging: a plugin adds its own by
 * `declare module 'cordboard/core' { interface EventMap { 'mine.happened': {...} } }`.
 */
export interface EventMap extends PhoneEvents, CallEvents {}

/**
 * Every plugin and its public API. Open for declaration merging:
 * `declare module 'cordboard/core' { interface PluginRegistry { mine: MineApi } }`.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- plugins merge their entries into it
export interface PluginRegistry {}

/** The names of all events. */
export type EventName = Extract<keyof EventMap, string>;

/** The names of all plugins. */
export type PluginName = Extract<keyof PluginRegistry, string>;
