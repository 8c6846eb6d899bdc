import type { PhoneError, PluginContext } from '../../src/core/index.ts';
import { textAt } from './ask.ts';
import { whenIdle } from './idle.ts';
import type { ProvisioningOptions } from './types.ts';

/** What handing on needs of the phone, and who hears of a failure. */
interface Handing {
  readonly ctx: PluginContext<'provisioning', ProvisioningOptions>;
  readonly fail: (thrown: unknown) => void;
}

/**
 * Takes each configuration that is seen, and hands on the last one when no call is up, if it says something
 * else than the one that runs. What was seen before, and is not applied yet, is given up.
 */
export function createHanding({ ctx, fail }: Handing): (config: object) => void {
  const { options, clock } = ctx;
  let running = options.current && JSON.stringify(options.current);
  // What was seen last. One that was refused is not handed on time after time.
  let told: string | undefined;
  let next: object | undefined;
  let applying = new AbortController();

  const apply = async (config: object): Promise<void> => {
    const text = JSON.stringify(config);
    applying = new AbortController();
    const { signal } = applying;
    ctx.emit('provisioning.applying', {});
    try {
      const load = (address: string): Promise<string> =>
        textAt(address, { options, clock, signal });
      await options.apply(config, () => whenIdle(ctx, signal), load);
      running = text;
      // It could not be given up any more: what was seen since then is news again.
      if (told !== text) told = undefined;
    } catch (thrown) {
      if (signal.aborted) return;
      // What is wrong in itself stays refused; anything else may work at the next turn.
      if (!isFinal(thrown)) told = undefined;
      fail(thrown);
    }
  };
  const isBusy = (): boolean => ctx.calls.list().length > 0;
  // The end of a call is heard by everyone before the phone may go.
  const applyWhenIdle = (): void => {
    clock.after(0, () => {
      if (next === undefined || isBusy()) return;
      const config = next;
      next = undefined;
      void apply(config);
    });
  };
  ctx.on('call.terminated', applyWhenIdle);
  ctx.onDestroy(() => {
    applying.abort();
  });

  return (config) => {
    const text = JSON.stringify(config);
    running ??= text;
    if (text === told) return;
    told = text;
    applying.abort();
    next = text === running ? undefined : config;
    if (next === undefined) return;
    ctx.emit('provisioning.changed', { isWaiting: isBusy() });
    applyWhenIdle();
  };
}

/** Whether it is the configuration that was refused, and not a file that could not be had. */
function isFinal(thrown: unknown): boolean {
  // By its shape: it may come from another copy of the library.
  const { problems } = (thrown ?? {}) as Partial<PhoneError>;
  return Array.isArray(problems) && problems.length > 0;
}
