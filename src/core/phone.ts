import { createBus } from './bus.ts';
import type { Bus } from './bus.ts';
import { createCalls } from './call/calls.ts';
import type { CallOptions } from './call/call.ts';
import type { Calls } from './call/calls.ts';
import { followSpacebar } from './call/pushToTalk.ts';
import { createClock } from './clock.ts';
import { PhoneError } from './errors.ts';
import { createHost } from './host.ts';
import { createTranslator } from './i18n.ts';
import type { I18nOptions, Translator } from './i18n.ts';
import { createKeyboard } from './keyboard.ts';
import { createLogging } from './logger.ts';
import type { LogOptions, Logger } from './logger.ts';
import { inOrder } from './order.ts';
import { checkOptions } from './options.ts';
import type { ConfiguredPlugin } from './plugin.ts';
import type { EventMap, EventName, PluginName, PluginRegistry } from './registry.ts';
import { commonSchema, rootSchema } from './rootSchema.ts';
import type { Off } from './scope.ts';
import type { StoragePort } from './storage.ts';
import { addTexts, watched } from './texts.ts';
import { createRenderer } from './view/renderer.ts';

/** Listeners by event name, heard from before the first plugin is set up. */
export type Listeners = {
  readonly [Name in EventName]?: (payload: EventMap[Name]) => void;
};

/** What a phone is made of. */
export interface PhoneOptions<Name extends PluginName = PluginName> {
  /** The plugins, each with its options. */
  readonly plugins: readonly ConfiguredPlugin<Name>[];
  readonly i18n?: I18nOptions;
  readonly call?: CallOptions;
  readonly log?: LogOptions;
  /** Where devices and volumes are remembered. False: nowhere. Default: `localStorage`. */
  readonly storage?: StoragePort | boolean;
  /** Listeners that hear even what happens during set-up. */
  readonly listeners?: Listeners;
  /** The part of the configuration that is nobody's; its keys are warned of. */
  readonly unknown?: Readonly<Record<string, unknown>>;
}

/** A phone: its plugins by name, its calls, its events. */
export interface PhoneCore {
  /** The APIs of the plugins that are set up, by name. */
  readonly plugins: Partial<PluginRegistry>;
  /** The calls, and which one is in focus. */
  readonly calls: Calls;
  /** Texts and language. */
  readonly i18n: Translator;
  /** Hears an event until the returned function is called or the phone is destroyed. */
  readonly on: Bus['on'];
  /** Hears an event once. */
  readonly once: Bus['once'];
  /** Hears all events whose name matches, such as `call.**`; for loggers and tests. */
  readonly onPattern: Bus['onPattern'];
  /** Takes everything down: plugins, calls, timers, tracks, elements. Calling it again does nothing. */
  readonly destroy: Off;
}

/** Any phone; its plugins are properties of it: `phone.userAgent` is `phone.plugins.userAgent`. */
export type Phone = PhoneCore & Partial<PluginRegistry>;

/** A phone of these plugins. One that failed to set up (`phone.plugin.failed`) is missing all the same. */
export type PhoneWith<Name extends PluginName> = PhoneCore & {
  readonly [Key in Name]: PluginRegistry[Key];
};

// Counted for all copies of this file, such as those of two script tags: ids are the page's.
const phones: unique symbol = Symbol.for('cordboard.phones');
const page = globalThis as { [phones]?: number };

/**
 * Makes a phone of exactly these plugins. Throws one `configuration.invalid` that lists every wrong
 * key, `plugin.duplicate`, `plugin.missing` or `plugin.cycle`; nothing is left behind then.
 */
export function createPhone<Name extends PluginName>(options: PhoneOptions<Name>): PhoneWith<Name> {
  const logger = createLogging(options.log);
  const log = logger('core');
  const bus = createBus((name, error, owner) => {
    failed(owner, name, error);
  });
  let isReporting = false;
  const failed = (plugin: string, during: string, error: unknown): void => {
    log.error(`${plugin}: ${during} failed`, error);
    // A listener of this very event that throws must not be reported to itself for ever.
    if (isReporting) return;
    isReporting = true;
    bus.emit('phone.plugin.failed', { plugin, during, error });
    isReporting = false;
  };
  for (const [name, listener] of Object.entries(options.listeners ?? {})) {
    bus.on(name as EventName, listener as (payload: unknown) => void);
  }
  const plugins = accept(options, bus, log.warn);
  // The APIs are those that the plugins of these names returned.
  return assemble(options, plugins, { bus, logger, failed }) as PhoneWith<Name>;
}

interface Foundations {
  readonly bus: Bus;
  readonly logger: ReturnType<typeof createLogging>;
  readonly failed: (plugin: string, during: string, error: unknown) => void;
}

function accept(
  { plugins, i18n, call, log, storage, listeners, unknown }: PhoneOptions,
  bus: Bus,
  warn: (message: string) => void,
): readonly ConfiguredPlugin[] {
  try {
    const ordered = inOrder(plugins);
    const root = { i18n, call, log, storage, listeners, ...unknown };
    const present = Object.fromEntries(
      Object.entries(root).filter(([, value]) => value !== undefined),
    );
    const warnings = checkOptions([
      { path: '', schema: rootSchema(plugins.map(({ name }) => name)), value: present },
      ...ordered.map(({ name, schema, given }) => ({
        path: name,
        schema: commonSchema(schema),
        value: given ?? {},
      })),
    ]);
    for (const warning of warnings) {
      warn(warning.message);
      bus.emit('phone.configuration.warning', warning);
    }
    return ordered;
  } catch (error) {
    if (error instanceof PhoneError) bus.emit('phone.configuration.failed', { error });
    bus.dispose();
    throw error;
  }
}

/** The same, and on its way to the language that is configured where its texts are yet to be loaded. */
function spoken(i18n: Translator, options: I18nOptions = {}, log: Logger): Translator {
  const { lng, loadLanguage } = options;
  if (lng && loadLanguage && lng !== 'en') {
    i18n.changeLanguage(lng).catch((error: unknown) => {
      log.warn('The texts of the language could not be loaded.', error);
      void i18n.changeLanguage('en');
    });
  }
  return i18n;
}

function assemble(
  options: PhoneOptions,
  plugins: readonly ConfiguredPlugin[],
  { bus, logger, failed }: Foundations,
): PhoneCore {
  const clock = createClock();
  const translator = createTranslator(options.i18n ?? {}, () => {
    renderer.invalidateAll();
  });
  const renderer = createRenderer({
    uid: `cb${String((page[phones] = (page[phones] ?? 0) + 1))}`,
    ...{ after: clock.after, texts: translator.texts },
    used: () => {
      keyboard.use();
    },
    locale: () => ({ lang: translator.language(), dir: translator.direction() }),
    report: (plugin, error) => {
      failed(plugin, 'draw', error);
    },
  });
  const calls = createCalls({
    bus,
    clock,
    options: options.call ?? {},
    report: (error) => {
      logger('core').warn('A command on a call failed.', error);
    },
  });
  const { dispose: disposeCalls, ...publicCalls } = calls;
  const keyboard = createKeyboard(renderer.isShown);
  const leaveSpacebar = followSpacebar(calls, { keyboard, bus, options: options.call ?? {} });
  const host = createHost({
    bus,
    calls: publicCalls,
    clock,
    keyboard,
    translator,
    addTexts: addTexts(translator, plugins, options.i18n),
    renderer,
    storage: options.storage,
    logger,
    report: failed,
  });
  for (const plugin of plugins) host.setUp(plugin);
  let isDestroyed = false;
  const phone = {
    ...host.apis,
    plugins: Object.freeze({ ...host.apis }),
    calls: publicCalls,
    i18n: spoken(watched(translator, bus), options.i18n, logger('core')),
    on: bus.on,
    once: bus.once,
    onPattern: bus.onPattern,
    destroy: () => {
      if (isDestroyed) return;
      isDestroyed = true;
      bus.emit('phone.destroyed', {});
      leaveSpacebar();
      host.dispose();
      keyboard.dispose();
      disposeCalls();
      renderer.destroy();
      clock.dispose();
      bus.dispose();
    },
  };
  bus.emit('language.changed', { language: translator.language() });
  bus.emit('phone.created', { plugins: Object.keys(host.apis) });
  // The APIs are those that the plugins of these names returned.
  return Object.freeze(phone);
}
