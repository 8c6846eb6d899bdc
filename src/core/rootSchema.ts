import type { CallOptions, SpacebarOptions } from './call/call.ts';
import type { DtmfOptions } from './call/session.ts';
import type { Strings } from './i18n.ts';
import type { LogOptions, LogSink } from './logger.ts';
import type { CommonOptions } from './plugin.ts';
import {
  anyObject,
  callable,
  dictionary,
  either,
  element,
  flag,
  integer,
  list,
  nothing,
  object,
  objectWith,
  oneOf,
  text,
  withEntries,
} from './schema.ts';
import type { AnySchema, Schema } from './schema.ts';
import type { StoragePort } from './storage.ts';
import type { RenderTarget } from './view/types.ts';

const root = either(
  text(),
  object<{ elementId?: string | null; element?: Element | null }>({
    elementId: either(text(), nothing()) as Schema<string>,
    element: element<Element>(),
  }),
  element<Element>(),
);

/** A place to draw into. */
const renderTarget: Schema<RenderTarget> = either(
  text(),
  element<Element>(),
  objectWith(['root'], {
    root,
    template: text(),
    partials: dictionary(text()),
    data: anyObject(),
  }),
) as Schema<RenderTarget>;

const common = {
  enabled: flag(),
  renderTargets: list(renderTarget),
  template: text(),
  i18n: object<NonNullable<CommonOptions['i18n']>>({
    resourceBundles: dictionary(dictionary(text()) as Schema<Strings>),
  }),
};

/** A plugin's own schema with the options that every plugin has. */
export function commonSchema(schema: AnySchema): AnySchema {
  return withEntries(schema, common);
}

const dtmf = object<DtmfOptions>({
  transport: oneOf('RFC4733', 'INFO'),
  duration: integer(70, 6000),
  gap: integer(50, 5000),
  headers: list(text()),
});

/** `call` in the configuration. */
export const callSchema: Schema<CallOptions> = object<CallOptions>({
  startWithAudioMuted: flag(),
  startWithVideoMuted: flag(),
  operationTimeout: integer(1000, 600_000),
  dtmf,
  globalKeyShortcuts: flag(),
  keys: object<NonNullable<CallOptions['keys']>>({
    spacebar: object<SpacebarOptions>({ enabled: flag(), action: callable() }),
  }),
});

const logSchema = object<LogOptions>({
  level: oneOf('error', 'warn', 'info', 'debug', 'off'),
  sink: callable<LogSink>(),
});

/** What stands at the top of a configuration; `plugins` name the keys that belong to plugins. */
export function rootSchema(plugins: readonly string[]): AnySchema {
  const base = object({
    i18n: anyObject(),
    call: callSchema,
    log: logSchema,
    storage: either(flag(), anyObject<StoragePort>()),
    listeners: anyObject(),
  });
  const owned = Object.fromEntries(plugins.map((name) => [name, anyObject()]));
  return withEntries(base, owned);
}
