import { PhoneError, definePlugin, schema } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import { createActs } from './act.ts';
import { readAddress } from './address.ts';
import { linkOf } from './links.ts';
import { startNumbers } from './numbers.ts';
import type { ClickToCallOptions, LinkTarget, NumbersOptions } from './types.ts';

export type * from './types.ts';

/** Clicks on one address that follow each other faster are one, in milliseconds. */
const pause = 500;

/** Links of the page to `tel:`, `sip:` and `sips:` call by the phone, or fill its dialpad. */
export const clickToCall: PluginFactory<'clickToCall', ClickToCallOptions> = definePlugin({
  name: 'clickToCall',
  requires: ['userAgent'],
  optional: ['dialpad'],
  defaults: { root: '', ignore: '[data-cordboard-ignore]', action: 'call' },
  schema: schema.object<ClickToCallOptions>({
    root: schema.text(),
    ignore: schema.text(),
    action: schema.oneOf('call', 'dial'),
    numbers: schema.object<NumbersOptions>({
      country: schema.text(),
      root: schema.text(),
      ignore: schema.text(),
    }),
  }),
  setup: (ctx) => {
    const agent = ctx.require('userAgent');
    const { call, act } = createActs(ctx);
    let calling: LinkTarget | undefined;
    let pressed = { target: '', at: 0 };

    ctx.on('call.terminated', ({ call: { direction } }) => {
      // The browser may still ask for the microphone when the call is over; other links call meanwhile.
      if (direction === 'outgoing') calling = undefined;
    });

    const press = async (wish: LinkTarget, action: string): Promise<void> => {
      calling = wish;
      try {
        await act(wish, action);
      } catch (error) {
        ctx.log.warn('A link was clicked in vain.', error);
        ctx.emit('clickToCall.failed', { ...wish, error });
      } finally {
        if (calling === wish) calling = undefined;
      }
    };
    const listen = (event: MouseEvent): void => {
      const link = linkOf(event, ctx.options);
      const wish = link && readAddress(link.address);
      // Without a connection there is nothing to call by, and the browser may know another way.
      if (!wish || !agent.isConnected()) return;
      event.preventDefault();
      // A key that is held down clicks again and again.
      const now = ctx.clock.now();
      const isRepeated = pressed.target === wish.target && now - pressed.at < pause;
      pressed = { target: wish.target, at: now };
      // The second half of a double click is no second call.
      if (!calling && !isRepeated && event.detail < 2) void press(wish, link.action);
    };
    if (typeof document !== 'undefined') {
      // A selector that is none is told here, and not by each click.
      const { root, ignore, numbers } = ctx.options;
      for (const selector of [root, ignore, numbers?.root, numbers?.ignore])
        if (selector) document.querySelector(selector);
      document.addEventListener('click', listen, { signal: ctx.signal });
    }
    const findNumbers = startNumbers(ctx);
    ctx.emit('clickToCall.created', {});
    return {
      watch: (root) => {
        const off = findNumbers(root);
        const hear = (event: Event): void => {
          if (event instanceof MouseEvent) listen(event);
        };
        // The document is not told what was clicked in a closed one.
        if (root.mode === 'closed') root.addEventListener('click', hear, { signal: ctx.signal });
        return () => {
          root.removeEventListener('click', hear);
          off();
        };
      },
      read: readAddress,
      call: async (address) => {
        const wish = readAddress(address);
        if (!wish) throw new PhoneError('call.targetInvalid');
        return await call(wish);
      },
    };
  },
});
