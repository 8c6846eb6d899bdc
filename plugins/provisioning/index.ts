import { asPhoneError, definePlugin, schema } from '../../src/core/index.ts';
import type { PhoneError, PluginFactory } from '../../src/core/index.ts';
import { ask } from './ask.ts';
import { whenIdle } from './idle.ts';
import type { ProvisioningOptions } from './types.ts';

export type * from './types.ts';

/** Asks for the configuration from time to time, and hands another one on when no call is up. */
export const provisioning: PluginFactory<'provisioning', ProvisioningOptions> = definePlugin({
  name: 'provisioning',
  defaults: {
    url: '',
    refresh: 300,
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
    let running = options.current && JSON.stringify(options.current);
    // What was seen last that is not running. One that was refused is not handed on time after time.
    let told: string | undefined;
    let next: object | undefined;
    let asking: Promise<void> | undefined;
    let askedAt = clock.now();

    const fail = (thrown: unknown): void => {
      if (signal.aborted) return;
      const error = asPhoneError(thrown, 'configuration.invalid');
      ctx.log.warn('There is no new configuration; the phone stays as it is.', error);
      ctx.emit('provisioning.failed', { error });
    };
    const isBusy = (): boolean => ctx.calls.list().length > 0;
    // The end of a call is heard by everyone before the phone may go.
    const applyWhenIdle = (): void => {
      clock.after(0, () => {
        if (next === undefined || isBusy()) return;
        const [config, text] = [next, told];
        next = undefined;
        ctx.emit('provisioning.applying', {});
        Promise.resolve(config)
          .then((given) => options.apply(given, () => whenIdle(ctx)))
          .then(() => {
            running = text;
          })
          .catch((thrown: unknown) => {
            // What is wrong in itself stays refused; anything else may work at the next turn.
            if (told === text && !isFinal(thrown)) told = undefined;
            fail(thrown);
          });
      });
    };
    const take = (config: object): void => {
      if (signal.aborted) return;
      const text = JSON.stringify(config);
      running ??= text;
      const isNews = text !== running && text !== told;
      if (text === running) next = undefined;
      told = text;
      if (!isNews) return;
      next = config;
      ctx.emit('provisioning.changed', { isWaiting: isBusy() });
      applyWhenIdle();
    };
    const refresh = (): Promise<void> => {
      askedAt = clock.now();
      asking ??= ask({ options, clock, signal })
        .then(take)
        .catch(fail)
        .finally(() => {
          asking = undefined;
        });
      return asking;
    };
    // Timers stand still in pages that sleep: what was missed is made good, and no more than that.
    const catchUp = (): void => {
      if (document.hidden || clock.now() - askedAt < options.refresh * 1000) return;
      void refresh();
    };

    ctx.on('call.terminated', applyWhenIdle);
    clock.every(options.refresh * 1000, () => void refresh());
    // A phone that is made where there is no page has none to come back to.
    if (typeof document !== 'undefined') {
      window.addEventListener('online', catchUp, { signal });
      document.addEventListener('visibilitychange', catchUp, { signal });
    }
    ctx.emit('provisioning.created', {});
    return { refresh };
  },
});

/** Whether it is the configuration that was refused, and not a file that could not be had. */
function isFinal(thrown: unknown): boolean {
  // By its shape: it may come from another copy of the library.
  const { problems } = (thrown ?? {}) as Partial<PhoneError>;
  return Array.isArray(problems) && problems.length > 0;
}
