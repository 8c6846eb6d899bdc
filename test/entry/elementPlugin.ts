import { definePlugin, schema } from '../../src/core/index.ts';

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    note: object;
  }
}

/** A plugin of somebody else's, which draws one word. */
export const note = definePlugin({
  name: 'note',
  defaults: {},
  schema: schema.object<object>({}),
  template: '<p>{{word}}</p>',
  setup: (ctx) => {
    ctx.view({ watch: [], model: () => ({ word: 'Noted' }) });
    return {};
  },
});
