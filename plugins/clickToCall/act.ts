import { PhoneError } from '../../src/core/index.ts';
import type { Call, PluginContext } from '../../src/core/index.ts';
import type { ClickToCallOptions, LinkTarget } from './types.ts';

/** What the plugin has of the phone. */
export type Context = PluginContext<'clickToCall', ClickToCallOptions, 'userAgent', 'dialpad'>;

/** What a link may do. */
export interface Acts {
  /** Calls, and sends the tones once the call is answered. Rejects as `userAgent.call`. */
  readonly call: (wish: LinkTarget) => Promise<Call>;
  /** Does what is named so. Rejects with `configuration.invalid` when there is no such thing to do. */
  readonly act: (wish: LinkTarget, action: string) => Promise<void>;
}

/** Calls and fills the dialpad. Throws `plugin.missing` when the options ask for a dialpad that is not there. */
export function createActs(ctx: Context): Acts {
  const keep = createTones(ctx);
  const call = createCall(ctx, keep);
  const dial = createDial(ctx, keep);
  if (ctx.options.action === 'dial') padOf(ctx);
  return {
    call,
    act: async (wish, action) => {
      if (action === 'dial') dial(wish);
      else if (action === 'call') await call(wish);
      else throw unknown(action);
    },
  };
}

/** Keeps what is to be sent until a call is answered. */
function createTones(ctx: Context): (callId: string, tones: string) => void {
  const tonesOf = new Map<string, string>();
  ctx.on('call.established', ({ callId }) => {
    const tones = tonesOf.get(callId);
    tonesOf.delete(callId);
    if (tones === undefined) return;
    const sent = ctx.calls.get(callId)?.sendDTMF(tones);
    sent?.catch((error: unknown) => {
      ctx.log.warn('The digits of a link could not be sent.', error);
    });
  });
  ctx.on('call.terminated', ({ callId }) => {
    tonesOf.delete(callId);
  });
  return (callId, tones) => {
    if (tones !== '') tonesOf.set(callId, tones);
  };
}

function createCall(ctx: Context, keep: ReturnType<typeof createTones>): Acts['call'] {
  return async (wish) => {
    const started = await ctx.require('userAgent').call(wish.target);
    const callId = started.snapshot.id;
    keep(callId, wish.tones);
    ctx.emit('clickToCall.started', { ...wish, callId });
    return started;
  };
}

function createDial(
  ctx: Context,
  keep: ReturnType<typeof createTones>,
): (wish: LinkTarget) => void {
  // What is in the dialpad by a link, and what of it is being called.
  let filled: LinkTarget | undefined;
  let called: LinkTarget | undefined;
  for (const change of ['updated', 'backspace', 'clear'] as const) {
    ctx.on(`dialpad.target.${change}`, () => {
      filled = undefined;
    });
  }
  ctx.on('dialpad.call', ({ target }) => {
    called = filled?.target === target ? filled : undefined;
  });
  ctx.on('userAgent.call.started', ({ target, callId }) => {
    if (called?.target === target) keep(callId, called.tones);
    called = undefined;
  });
  ctx.on('userAgent.call.failed', () => {
    called = undefined;
  });
  return (wish) => {
    const pad = padOf(ctx);
    const call = ctx.calls.primary()?.snapshot;
    const isUp = call?.status === 'established' || call?.status === 'reconnecting';
    // The dialpad sends what it is given in a call that is up: the far end would hear the number.
    if (isUp && call.transfer?.status !== 'collecting') throw new PhoneError('call.stateInvalid');
    pad.clear();
    // Resolves at once where nothing is sent.
    void pad.dial(wish.target, false);
    filled = { target: pad.getTarget(), tones: wish.tones };
    ctx.emit('clickToCall.dialed', wish);
  };
}

function padOf(ctx: Context): NonNullable<ReturnType<Context['optional']>> {
  const pad = ctx.optional('dialpad');
  if (pad) return pad;
  throw new PhoneError('plugin.missing', { message: 'The action "dial" needs "dialpad".' });
}

function unknown(action: string): PhoneError {
  const accepted = '"call" or "dial"';
  const problem = { path: 'data-cordboard-action', found: `"${action}"`, accepted };
  return new PhoneError('configuration.invalid', {
    ...{ message: 'A link says what there is not to do.', problems: [problem] },
  });
}
