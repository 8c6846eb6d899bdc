import {
  PhoneError,
  asPhoneError,
  checkHeaders,
  createStore,
  definePlugin,
  errorSentence,
  forParser,
  loadPart,
  newId,
  responseFor,
  schema,
  withDefaults,
} from '../../core/index.ts';
import type { ConfiguredPlugin } from '../../core/index.ts';
import type { Engine } from './kit.ts';
import type { Plain } from './values.ts';

/** The plugins that are loaded when a configuration names them. */
export type LateName = 'conference' | 'blf';

// What the parts use of the core: they bring none of their own. See `coreOfThePage` of the bundler.
const core = {
  ...{ PhoneError, asPhoneError, checkHeaders, createStore, definePlugin, errorSentence },
  ...{ forParser, newId, responseFor, schema },
};

const parts = {
  conference: () => import('./lateConference.part.ts'),
  blf: () => import('./lateBlf.part.ts'),
} as const;

type Factory = ((options: Plain) => ConfiguredPlugin) & { readonly pluginName: string };

/** Loads a plugin and sets it up in a phone that is there already. Rejects with `phone.partMissing`. */
export async function loadLate(engine: Engine, name: LateName, options: Plain): Promise<void> {
  Reflect.set(globalThis, Symbol.for('cordboard.core'), core);
  const { plugins } = await loadPart<{ readonly plugins: readonly unknown[] }>(parts[name]);
  if (engine.ctx.signal.aborted) return;
  for (const factory of plugins as readonly Factory[]) {
    const plugin = factory(factory.pluginName === name ? options : {});
    const ctx = lateContext(engine, plugin);
    Reflect.set(engine.plugins, plugin.name, plugin.setup(ctx as never));
  }
}

function lateContext({ ctx, plugins }: Engine, plugin: ConfiguredPlugin): object {
  const { name, locale } = plugin;
  const ask = (wanted: string): unknown => Reflect.get(plugins, wanted);
  if (locale) ctx.addTexts(name, locale);
  return {
    ...ctx,
    options: Object.freeze(withDefaults(plugin.defaults, plugin.given ?? {})),
    require: ask,
    optional: ask,
    t: (key: string, variables?: Plain) =>
      ctx.t(key.includes('.') ? key : `${name}.${key}`, variables),
    view: () => ({
      invalidate: () => undefined,
      tick: () => undefined,
      addTarget: () => () => undefined,
    }),
  };
}
