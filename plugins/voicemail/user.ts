import type { Call, PluginContext } from '../../src/core/index.ts';
import type { VoicemailOptions } from './types.ts';

/** What this plugin has of the phone. */
export type Context = PluginContext<'voicemail', VoicemailOptions, 'subscriptions' | 'userAgent'>;

/** Calls `changed` when somebody else than before has logged in. */
export function followUser(ctx: Context, changed: () => void): void {
  const userOf = (): string => {
    const [account] = ctx.require('userAgent').accounts();
    return account ? `${account.username}@${account.realm}` : '@';
  };
  let last = userOf();
  ctx.on('userAgent.started', () => {
    const former = last;
    last = userOf();
    // The first one to log in has taken nobody's place.
    if (!former.startsWith('@') && former !== last) changed();
  });
}

/** A press of the button: ignored while the call of the last one is made, connects or rings. */
export function createPress(ctx: Context, make: () => Promise<Call>): () => Promise<void> {
  let isMaking = false;
  let made = '';
  return async () => {
    const call = ctx.calls.get(made);
    const isUnderWay = call !== undefined && !call.isEstablished() && !call.isEnded();
    // A double click is one wish.
    if (isMaking || isUnderWay) return;
    isMaking = true;
    try {
      made = (await make()).id;
    } finally {
      isMaking = false;
    }
  };
}
