import { asPhoneError, definePlugin, schema } from '../../src/core/index.ts';
import type { Off, PluginFactory } from '../../src/core/index.ts';
import { ask } from './ask.ts';
import { createHanding } from './handing.ts';
import { usualPace } from './pace.ts';
import type { ProvisioningOptions } from './types.ts';

export type * from './types.ts';

/** Asks for the configuration from time to time, and hands another one on when no call is up. */
export const provisioning: PluginFactory<'provisioning', ProvisioningOptions> = definePlugin({
  name: 'provisioning',
  defaults: {
    url: '',
    timeout: 10,
    credentials: 'same-origin',
    apply: () => undefined,
  },
  schema: schema.objectWith<ProvisioningOptions>(['url', 'apply'], {
    url: schema.filledText(),
    refresh: schema.number(10, 86_400),
    timeout: schema.number(1, 120),
    credentials: schema.oneOf('omit', 'same-origin', 'include'),
    token: schema.callable<() => string | Promise<string>>(),
    current: schema.anyObject(),
    apply: schema.callable<ProvisioningOptions['apply']>(),
  }),
  setup: (ctx) => {
    const { options, clock, signal } = ctx;
    let asking: Promise<void> | undefined;
    let askedAt = clock.now();
    let stopWaiting: Off = () => undefined;
    // Seconds; that of the server for as long as it answers.
    let pace = options.refresh ?? usualPace;

    const fail = (thrown: unknown): void => {
      if (signal.aborted) return;
      const error = asPhoneError(thrown, 'configuration.invalid');
      ctx.log.warn('There is no new configuration; the phone stays as it is.', error);
      ctx.emit('provisioning.failed', { error });
    };
    const take = createHanding({ ctx, fail });
    const refreshLater = (): void => {
      stopWaiting();
      stopWaiting = clock.after(pace * 1000, () => void refresh());
    };
    const askOnce = async (): Promise<void> => {
      pace = options.refresh ?? usualPace;
      try {
        const answer = await ask({ options, clock, signal });
        pace = options.refresh ?? answer.pace ?? usualPace;
        if (!signal.aborted) take(answer.config);
      } catch (thrown) {
        fail(thrown);
      }
      asking = undefined;
      refreshLater();
    };
    const refresh = (): Promise<void> => {
      askedAt = clock.now();
      asking ??= askOnce();
      return asking;
    };
    // Timers stand still in pages that sleep: what was missed is made good, and no more than that.
    const catchUp = (): void => {
      if (document.hidden || clock.now() - askedAt < pace * 1000) return;
      void refresh();
    };

    refreshLater();
    // A phone that is made where there is no page has none to come back to.
    if (typeof document !== 'undefined') {
      window.addEventListener('online', catchUp, { signal });
      document.addEventListener('visibilitychange', catchUp, { signal });
    }
    ctx.emit('provisioning.created', {});
    return { refresh };
  },
});
