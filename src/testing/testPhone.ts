import { createPhone } from '../core/index.ts';
import type {
  ConfiguredPlugin,
  EventName,
  Listeners,
  LogLine,
  Phone,
  PhoneOptions,
  PluginName,
  PluginRegistry,
} from '../core/index.ts';
import { atCleanUp } from './cleanUp.ts';
import { eventRecorder } from './eventRecorder.ts';
import type { AttachableRecorder, EventRecorder } from './eventRecorder.ts';

/** A phone in a test. */
export interface TestPhone {
  readonly phone: Phone;
  /** Everything the phone has said since it was created, and of its set-up what `early` names. */
  readonly events: EventRecorder;
  /** The lines of the log. */
  readonly log: readonly LogLine[];
  /** The API of a plugin; fails when its set-up failed. */
  readonly api: <Name extends PluginName>(name: Name) => PluginRegistry[Name];
  /** The element that the plugin draws into; it is in the page. */
  readonly root: (plugin: string) => HTMLElement;
  /** The first element of the plugin with this `part`; fails when there is none. */
  readonly part: (plugin: string, part: string) => HTMLElement;
}

/** What a phone in a test is made of. */
export interface TestPhoneOptions extends PhoneOptions {
  /**
   * What `events` records in the set-up of plugins too, such as `dialpad.created`. `phone.created`, and what
   * tells of a wrong configuration or a plugin that failed, it always does.
   */
  readonly early?: readonly EventName[];
}

/**
 * A phone of these plugins, each with an element to draw into unless its options name targets, or there
 * is no document. It is destroyed by `cleanUp`; `events` freezes every payload, so that a listener that changes a
 * snapshot fails.
 */
export function testPhone({ early = [], ...options }: TestPhoneOptions): TestPhone {
  const roots = new Map<string, HTMLElement>();
  const log: LogLine[] = [];
  const events = eventRecorder();
  const setUp = recordEarly(events, [...always, ...early], options.listeners ?? {});
  const plugins = options.plugins.map((plugin) => mounted(plugin, roots));
  const phone = createPhone({
    log: { level: 'debug', sink: (line) => log.push(line) },
    ...options,
    listeners: { ...options.listeners, ...setUp.listeners },
    plugins,
  });
  setUp.stop();
  events.attach(phone);
  atCleanUp(() => {
    phone.destroy();
    for (const element of roots.values()) element.remove();
  });
  const root = (plugin: string): HTMLElement => {
    const element = roots.get(plugin);
    if (!element) throw new Error(`No plugin "${plugin}" draws itself in this phone.`);
    return element;
  };
  return {
    phone,
    events,
    log,
    root,
    api: (name) => {
      const api: unknown = phone.plugins[name];
      if (api === undefined) throw new Error(`The plugin "${name}" is not there.`);
      return api as PluginRegistry[typeof name];
    },
    part: (plugin, part) => {
      const found = root(plugin).querySelector<HTMLElement>(`[part~="${part}"]`);
      if (!found) throw new Error(`No part "${part}" in ${root(plugin).innerHTML}`);
      return found;
    },
  };
}

function mounted(plugin: ConfiguredPlugin, roots: Map<string, HTMLElement>): ConfiguredPlugin {
  const given = (plugin.given ?? {}) as { renderTargets?: readonly unknown[] };
  if (given.renderTargets || typeof document === 'undefined') return plugin;
  const element = document.createElement('div');
  document.body.append(element);
  roots.set(plugin.name, element);
  return { ...plugin, given: { ...given, renderTargets: [element] } };
}

/** Heard even when it happens before `createPhone` returns. */
const always: readonly EventName[] = [
  'phone.configuration.failed',
  'phone.configuration.warning',
  'phone.created',
  'phone.plugin.failed',
];

// A pattern needs a phone, which is there only after set-up; until then events are heard by name.
function recordEarly(
  events: AttachableRecorder,
  names: readonly EventName[],
  own: Listeners,
): { readonly listeners: Listeners; readonly stop: () => void } {
  let isOn = true;
  const entries = names.map((name) => [
    name,
    (payload: unknown) => {
      if (isOn) events.record(name, payload);
      (own[name] as ((payload: unknown) => void) | undefined)?.(payload);
    },
  ]);
  return {
    listeners: Object.fromEntries(entries) as Listeners,
    stop: () => {
      isOn = false;
    },
  };
}
