import type { Bus, PatternListener } from './bus.ts';
import type { Calls } from './call/calls.ts';
import type { Clock } from './clock.ts';
import { PhoneError } from './errors.ts';
import type { Strings, Translator } from './i18n.ts';
import type { KeyListener, Keyboard } from './keyboard.ts';
import type { Logger } from './logger.ts';
import { withDefaults } from './options.ts';
import type { ConfiguredPlugin, CommonOptions, PluginView, PluginViewHandle } from './plugin.ts';
import type { EventMap, EventName } from './registry.ts';
import { createScope } from './scope.ts';
import type { Off, Scope } from './scope.ts';
import { memoryOf } from './storage.ts';
import type { StoragePort } from './storage.ts';
import type { AddTexts } from './texts.ts';
import type { RenderTarget, Renderer } from './view/types.ts';

/** What the host passes on to plugins. */
export interface HostServices {
  readonly bus: Bus;
  readonly calls: Calls;
  readonly clock: Clock;
  readonly keyboard: Keyboard;
  readonly translator: Translator;
  readonly addTexts: AddTexts;
  readonly renderer: Renderer;
  readonly storage: StoragePort | boolean | undefined;
  readonly logger: (owner: string) => Logger;
  readonly report: (plugin: string, during: string, error: unknown) => void;
}

/** The plugins of a phone. */
export interface Host {
  /** Sets a plugin up; a failure is reported and leaves nothing of the plugin behind. */
  readonly setUp: (plugin: ConfiguredPlugin) => void;
  /** The APIs of the plugins that are set up. */
  readonly apis: Readonly<Record<string, unknown>>;
  /** Takes all plugins down, the last one first. */
  readonly dispose: Off;
}

/** Sets plugins up and takes them down again. */
export function createHost(services: HostServices): Host {
  const apis: Record<string, unknown> = {};
  const scopes: Scope[] = [];
  return {
    apis,
    setUp: (plugin) => {
      const { name } = plugin;
      const scope = createScope((error) => {
        services.report(name, 'destroy', error);
      });
      try {
        const missing = plugin.requires.find((required) => !(required in apis));
        if (missing !== undefined) {
          throw new PhoneError('plugin.missing', {
            message: `Plugin "${name}" requires "${missing}", which failed.`,
          });
        }
        // The context is built for this very plugin; `setup` cannot tell so in its erased type.
        apis[name] = plugin.setup(contextFor(plugin, { ...services, apis, scope }) as never);
        scopes.push(scope);
      } catch (error) {
        scope.dispose();
        services.report(name, 'setup', error);
      }
    },
    dispose: () => {
      for (const scope of scopes.reverse()) scope.dispose();
      scopes.length = 0;
    },
  };
}

interface Surroundings extends HostServices {
  readonly apis: Readonly<Record<string, unknown>>;
  readonly scope: Scope;
}

function contextFor(plugin: ConfiguredPlugin, host: Surroundings): unknown {
  const { name } = plugin;
  const { bus, calls, clock, keyboard, translator, logger, scope, apis } = host;
  const options = Object.freeze(withDefaults(plugin.defaults, plugin.given ?? {}));
  const ask = (allowed: readonly string[]) => (wanted: string) => {
    if (!allowed.includes(wanted)) {
      throw new PhoneError('plugin.missing', {
        message: `Plugin "${name}" asks for "${wanted}" without declaring it.`,
      });
    }
    return apis[wanted];
  };
  return {
    options,
    calls: calls,
    clock: {
      now: clock.now,
      after: (ms: number, task: () => void) => {
        const run = (): void => {
          // What has run is not kept until the end, with all that it was to work on.
          stop();
          task();
        };
        const stop = scope.add(clock.after(ms, run));
        return stop;
      },
      every: (ms: number, task: () => void) => scope.add(clock.every(ms, task)),
    },
    keyboard: {
      use: keyboard.use,
      listen: (listener: KeyListener) => scope.add(keyboard.listen(listener)),
    },
    memory: memoryOf(name, host.storage),
    log: logger(name),
    signal: scope.signal,
    on: (event: EventName, listener: (payload: EventMap[EventName]) => void) =>
      scope.add(bus.on(event, listener, name)),
    onPattern: (pattern: string, listener: PatternListener) =>
      scope.add(bus.onPattern(pattern, listener, name)),
    isHeard: bus.isHeard,
    emit: (event: EventName, payload: EventMap[EventName]) => {
      bus.emit(event, payload);
    },
    require: ask(plugin.requires),
    optional: ask(plugin.optional),
    t: (key: string, variables?: Readonly<Record<string, unknown>>) =>
      translator.translate(key.includes('.') ? key : `${name}.${key}`, variables),
    i18n: translator,
    addTexts: (section: string, strings: Strings) => {
      if (!scope.signal.aborted) host.addTexts(section, strings);
    },
    view: (view: PluginView) => drawn(plugin, { ...view, options }, host),
    onDestroy: (teardown: Off) => {
      scope.add(teardown);
    },
  };
}

function drawn(
  plugin: ConfiguredPlugin,
  view: PluginView & { readonly options: CommonOptions },
  { bus, renderer, scope }: Surroundings,
): PluginViewHandle {
  const { watch, options, ...spec } = view;
  const handle = renderer.view({
    plugin: plugin.name,
    template: options.template ?? plugin.template ?? '',
    ...spec,
  });
  scope.add(handle.destroy);
  for (const event of watch) scope.add(bus.on(event, handle.invalidate, plugin.name));
  for (const target of options.renderTargets ?? []) handle.addTarget(target);
  return {
    ...{ invalidate: handle.invalidate, tick: handle.tick },
    addTarget: (target: RenderTarget) => scope.add(handle.addTarget(target)),
  };
}
