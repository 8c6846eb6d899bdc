import { createPhone } from '../../core/phone.ts';
import type { Call, Calls } from '../../core/index.ts';
import type { ConfiguredPlugin } from '../../core/plugin.ts';
import type { PluginName } from '../../core/registry.ts';
import { holdOthers } from '../../../plugins/callList/policy.ts';
import { AgentSettings } from './agentSettings.ts';
import { codecModifiers } from './codecs.ts';
import { factories, isEnabled } from './config.ts';
import { choosing, selectedOf } from './ringChoices.ts';
import type { RingChoices } from './ringChoices.ts';
import { latestViews } from './instead/renderer.ts';
import type { Engine, EngineContext } from './kit.ts';
import { over, quiet, section } from './values.ts';
import type { Plain } from './values.ts';

/** Hears all that the native phone tells. */
export type Hear = (name: string, payload: Plain) => void;

/** Whom the actions of keys are called with, by plugin; asked for when a key is pressed. */
export type Faces = (name: string) => unknown;

type KeyAction = (event: Event, face: unknown) => unknown;
type AnyFactory = (options: never) => ConfiguredPlugin;

/** Makes the native phone that a configuration of libwebphone asks for. */
export function createEngine(config: Plain, hear: Hear, faces: Faces): Engine {
  let ctx: EngineContext | undefined;
  const autoMuted: Engine['autoMuted'] = new WeakSet();
  // A plugin like any other, which is set up last: the drop-in itself.
  const bridge = {
    ...{ name: 'libwebphone', requires: [], optional: [], defaults: {}, schema: {} },
    setup: (given: EngineContext) => {
      ctx = given;
      // Before the page hears of it, whose word is the last one.
      muteAutoAnswered(given, autoMuted, config);
      given.onPattern('**', hear as never);
      return {};
    },
  } as unknown as ConfiguredPlugin;
  const lead: Lead = { agent: undefined, takesFocus: true };
  const rings: RingChoices = { ringtones: {}, ringoutput: {} };
  const configured = Object.entries(factories)
    .filter(([name]) => isEnabled(config, name))
    .map(([name, factory]) => (factory as AnyFactory)(optionsOf(config, name, faces) as never))
    .map((plugin) => (plugin.name === 'userAgent' ? led(plugin, lead) : choosing(plugin, rings)));
  // The language is begun by `followLanguage`, which also knows `auto`.
  const { resources: _, lng: __, loadLanguage: ___, ...i18n } = section(config, 'i18n');
  const phone = createPhone<PluginName>({
    plugins: [...configured, bridge],
    i18n,
    call: callOptions(config, faces),
    ...(config['log'] ? { log: section(config, 'log') } : {}),
    storage: (config['storage'] as boolean | undefined) ?? true,
  });
  if (isEnabled(config, 'callList')) phone.calls.usePolicy(holdOthers);
  if (!ctx) throw new Error('The drop-in was not set up.');
  return {
    ctx,
    autoMuted,
    calls: phone.calls,
    plugins: { ...phone.plugins },
    agent: lead.agent,
    rings,
    focusNext: (takesFocus) => {
      lead.takesFocus = takesFocus;
    },
    i18next: phone.i18n.i18next,
    views: latestViews(),
    destroy: phone.destroy,
  };
}

/** What the drop-in changes of the native agent while it runs. */
interface Lead {
  agent: AgentSettings | undefined;
  takesFocus: boolean;
}

type Setup = (ctx: EngineContext & { readonly options: Plain }) => unknown;

// The agent reads its options at each start: here they are the page's to change, by `initAgent`.
function led(plugin: ConfiguredPlugin, lead: Lead): ConfiguredPlugin {
  const setup: Setup = (ctx) => {
    lead.agent = new AgentSettings(ctx.options);
    const add: Calls['add'] = (session, given) => {
      const isAside = session.direction === 'outgoing' && !lead.takesFocus;
      if (isAside) lead.takesFocus = true;
      return ctx.calls.add(session, isAside ? { ...given, takeFocus: false } : given);
    };
    const { options } = lead.agent;
    const ignored = (options['debug_ignored_events'] ?? []) as readonly string[];
    // The trace is the only one that hears all.
    const onPattern: EngineContext['onPattern'] = (pattern, listener) =>
      ctx.onPattern(pattern, (name, payload) => {
        if (!ignored.some((end) => `.${name}`.endsWith(`.${end}`))) listener(name, payload);
      });
    return (plugin.setup as Setup)({ ...ctx, options, onPattern, calls: { ...ctx.calls, add } });
  };
  return { ...plugin, setup: setup as never };
}

function optionsOf(config: Plain, name: string, faces: Faces): Plain {
  const { renderTargets: _, i18n: __, template: ___, ...all } = section(config, name);
  const { manageMediaElements: ____, ringoutput2: _____, ...own } = all;
  const ringtone = name === 'audioContext' ? selectedOf(own)?.dataUri : undefined;
  const agent = section(own, 'user_agent');
  return {
    ...own,
    ...(own['keys'] ? { keys: keysFor(section(own, 'keys'), () => faces(name)) } : {}),
    ...(ringtone ? { ringtones: { ...section(own, 'ringtones'), default: ringtone } } : {}),
    ...(name === 'userAgent' ? { user_agent: { ...codecsOf(config), ...agent } } : {}),
  };
}

// Only where it is asked for: what knows of it is a file that is loaded then.
function codecsOf(config: Plain): Plain {
  const modifiers = codecModifiers(config);
  return modifiers.length > 0 ? { media: { modifiers } } : {};
}

// The fork's `call.autoAnswer.muteMicrophone`: before there is anything that could be heard.
function muteAutoAnswered(ctx: EngineContext, muted: WeakSet<Call>, config: Plain): void {
  if (section(section(config, 'call'), 'autoAnswer')['muteMicrophone'] !== true) return;
  ctx.onPattern('userAgent.autoAnswer.*', (name, payload) => {
    const call = ctx.calls.get((payload as { readonly callId: string }).callId);
    if (!call) return;
    if (name.endsWith('.answering') && !call.snapshot.muted.audio) {
      muted.add(call);
      void quiet(call.mute({ audio: true }));
    }
    // It rings for the user then, whose answer is one like any other.
    if (name.endsWith('.skipped') && muted.delete(call)) void quiet(call.unmute({ audio: true }));
  });
}

function callOptions(config: Plain, faces: Faces): Plain {
  const {
    useAudioContext: _,
    autoAnswer: __,
    codecPreferences: ___,
    keys,
    ...own
  } = section(config, 'call');
  return { ...own, keys: keysFor(section({ keys }, 'keys'), () => faces('call')) };
}

// libwebphone's actions get its own object, not the native one.
function keysFor(keys: Plain, face: () => unknown): Plain {
  return Object.fromEntries(
    Object.keys(keys).map((name) => {
      const { action } = section(keys, name);
      if (typeof action !== 'function') return [name, keys[name]];
      const act = (event: Event): unknown => (action as KeyAction)(event, face());
      return [name, over(section(keys, name), { action: act })];
    }),
  );
}
