// What an application and the author of a plugin write against the published package.
import { createPhone, definePlugin, schema } from 'cordboard/core';
import type { PluginFactory } from 'cordboard/core';

interface WeatherOptions {
  readonly town: string;
}

interface WeatherApi {
  readonly today: () => string;
}

declare module 'cordboard/core' {
  interface PluginRegistry {
    readonly weather: WeatherApi;
  }
  interface EventMap {
    'weather.sky.changed': { readonly isClear: boolean };
  }
}

export const weather: PluginFactory<'weather', WeatherOptions> = definePlugin({
  name: 'weather',
  defaults: { town: 'Berne' },
  schema: schema.object<WeatherOptions>({ town: schema.text() }),
  setup: (ctx) => ({
    today: () => {
      ctx.emit('weather.sky.changed', { isClear: true });
      // @ts-expect-error -- nobody registered such an event
      ctx.emit('weather.sky.fell', {});
      return `fine in ${ctx.options.town}`;
    },
  }),
});

const phone = createPhone({ plugins: [weather({ town: 'Zurich' })] });
const today: string | undefined = phone.weather?.today();
phone.on('weather.sky.changed', ({ isClear }) => {
  const sky: boolean = isClear;
  return sky;
});
// @ts-expect-error -- nobody registered such a plugin
phone.plugins.astrology;
// @ts-expect-error -- the option is a text
weather({ town: 3 });
export { today };
