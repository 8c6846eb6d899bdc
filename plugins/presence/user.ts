import type { Context } from './buddies.ts';

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
