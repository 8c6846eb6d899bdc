import { PhoneError, definePlugin, schema } from '../../src/core/index.ts';
import type { Call, PluginFactory } from '../../src/core/index.ts';
import { readAddress } from './address.ts';
import { linkOf } from './links.ts';
import { startNumbers } from './numbers.ts';
import type { ClickToCallOptions, LinkTarget, NumbersOptions } from './types.ts';

export type * from './types.ts';

/** Clicks on one address that follow each other faster are one, in milliseconds. */
const pause = 500;

/** Links of the page to `tel:`, `sip:` and `sips:` call by the phone. */
export const clickToCall: PluginFactory<'clickToCall', ClickToCallOptions> = definePlugin({
  name: 'clickToCall',
  requires: ['userAgent'],
  defaults: { root: '', ignore: '[data-cordboard-ignore]' },
  schema: schema.object<ClickToCallOptions>({
    root: schema.text(),
    ignore: schema.text(),
    numbers: schema.object<NumbersOptions>({
      country: schema.text(),
      root: schema.text(),
      ignore: schema.text(),
    }),
  }),
  setup: (ctx) => {
    const agent = ctx.require('userAgent');
    const tonesOf = new Map<string, string>();
    let calling: LinkTarget | undefined;
    let pressed = { target: '', at: 0 };

    const call = async (wish: LinkTarget): Promise<Call> => {
      const started = await agent.call(wish.target);
      const callId = started.snapshot.id;
      if (wish.tones !== '') tonesOf.set(callId, wish.tones);
      ctx.emit('clickToCall.started', { ...wish, callId });
      return started;
    };
    ctx.on('call.established', ({ callId }) => {
      const tones = tonesOf.get(callId);
      tonesOf.delete(callId);
      if (tones === undefined) return;
      const sent = ctx.calls.get(callId)?.sendDTMF(tones);
      sent?.catch((error: unknown) => {
        ctx.log.warn('The digits of a link could not be sent.', error);
      });
    });
    ctx.on('call.terminated', ({ callId, call: { direction } }) => {
      tonesOf.delete(callId);
      // The browser may still ask for the microphone when the call is over; other links call meanwhile.
      if (direction === 'outgoing') calling = undefined;
    });

    const press = async (wish: LinkTarget): Promise<void> => {
      calling = wish;
      try {
        await call(wish);
      } catch (error) {
        ctx.log.warn('A link could not call.', error);
        ctx.emit('clickToCall.failed', { ...wish, error });
      } finally {
        if (calling === wish) calling = undefined;
      }
    };
    const listen = (event: MouseEvent): void => {
      const link = linkOf(event, ctx.options);
      const wish = link && readAddress(link.getAttribute('href') ?? '');
      // Without a connection there is nothing to call by, and the browser may know another way.
      if (!wish || !agent.isConnected()) return;
      event.preventDefault();
      // A key that is held down clicks again and again.
      const now = ctx.clock.now();
      const isRepeated = pressed.target === wish.target && now - pressed.at < pause;
      pressed = { target: wish.target, at: now };
      // The second half of a double click is no second call.
      if (!calling && !isRepeated && event.detail < 2) void press(wish);
    };
    if (typeof document !== 'undefined') {
      // A selector that is none is told here, and not by each click.
      const { root, ignore, numbers } = ctx.options;
      for (const selector of [root, ignore, numbers?.root, numbers?.ignore])
        if (selector) document.querySelector(selector);
      document.addEventListener('click', listen, { signal: ctx.signal });
      void startNumbers(ctx);
    }
    ctx.emit('clickToCall.created', {});
    return {
      read: readAddress,
      call: async (address) => {
        const wish = readAddress(address);
        if (!wish) throw new PhoneError('call.targetInvalid');
        return await call(wish);
      },
    };
  },
});
