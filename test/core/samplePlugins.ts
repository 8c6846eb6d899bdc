import { definePlugin, schema } from '../../src/core/index.ts';
import type { PluginContext, PluginFactory } from '../../src/core/index.ts';

/** The options of the sample plugins. */
export interface SampleOptions {
  readonly label: string;
  readonly list: readonly number[];
  readonly nested: { readonly size: number; readonly secret: string };
}

/** The API of a sample plugin. */
export interface SampleApi {
  readonly options: Readonly<SampleOptions>;
  readonly greet: () => string;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    alpha: SampleApi;
    beta: SampleApi;
    gamma: SampleApi;
  }
  interface EventMap {
    'alpha.happened': { readonly value: number };
    'alpha.deep.happened': { readonly value: number };
    'beta.happened': { readonly value: number };
  }
}

/** The names of the sample plugins. */
export type SampleName = 'alpha' | 'beta' | 'gamma';

/** What a sample plugin may do in its set-up. */
export interface Sample<Name extends SampleName> {
  readonly requires?: readonly SampleName[];
  readonly optional?: readonly SampleName[];
  readonly setup?: (ctx: PluginContext<Name, SampleOptions, SampleName, SampleName>) => void;
  readonly template?: string;
}

/** A plugin that does what the test says. */
export function sample<Name extends SampleName>(
  name: Name,
  { setup, requires = [], optional = [], template }: Sample<Name> = {},
): PluginFactory<SampleName, SampleOptions> {
  return definePlugin<SampleName, SampleOptions, SampleName, SampleName>({
    name,
    requires,
    optional,
    defaults: { label: 'none', list: [1, 2, 3], nested: { size: 1, secret: '' } },
    schema: schema.object<SampleOptions>({
      label: schema.oneOf('none', 'some'),
      list: schema.list(schema.integer(0, 9)),
      nested: schema.object<SampleOptions['nested']>({
        size: schema.number(0, 10),
        secret: schema.text(),
      }),
    }),
    ...(template === undefined ? {} : { template }),
    locale: { hello: 'Hello {{who}}' },
    setup: (ctx) => {
      setup?.(ctx);
      return { options: ctx.options, greet: () => ctx.t('hello', { who: "O'Neill" }) };
    },
  });
}
