// Runs in Node, without a DOM: importing must touch none, and a phone without a face must work.
import { createPhone, definePlugin, schema } from 'cordboard/core';

if ('document' in globalThis || 'window' in globalThis) throw new Error('this is no bare Node');

const weather = definePlugin({
  name: 'weather',
  defaults: { town: 'Berne' },
  schema: schema.object({ town: schema.text() }),
  setup: (ctx) => ({ today: () => `fine in ${ctx.options.town}` }),
});
const phone = createPhone({ plugins: [weather({ town: 'Zurich' })] });
console.log(phone.plugins.weather.today());
phone.destroy();
