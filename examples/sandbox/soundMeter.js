const { definePlugin, schema } = window.Cordboard;

const looksPerSecond = 8;
const fall = 0.85;

/** A plugin that shows in a `<meter>` how loud the far end of the call in focus is. */
export const soundMeter = definePlugin({
  name: 'soundMeter',
  defaults: { meter: null },
  schema: schema.object({ meter: schema.element() }),
  setup: (ctx) => {
    const { meter } = ctx.options;
    const level = () => {
      const receivers = ctx.calls.primary()?.getPeerConnection()?.getReceivers() ?? [];
      const audio = receivers.find(({ track }) => track.kind === 'audio');
      return audio?.getSynchronizationSources()[0]?.audioLevel ?? 0;
    };
    let stop = () => {};
    ctx.on('call.established', () => {
      stop();
      // Ears hear in powers, so the root moves the needle for soft sounds too; it falls slowly.
      const look = () => {
        meter.value = Math.max(Math.sqrt(level()), meter.value * fall);
      };
      stop = ctx.clock.every(1000 / looksPerSecond, look);
    });
    ctx.on('call.terminated', () => {
      if (ctx.calls.list().some((call) => call.isEstablished())) return;
      stop();
      meter.value = 0;
    });
    return {};
  },
});
