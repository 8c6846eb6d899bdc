import type { FocusPolicy } from '../../src/core/index.ts';

/**
 * What happens to the other calls when the focus moves: the one that is left is held, the one that
 * is chosen is resumed. A far end that refuses leaves its call up; it is silent while it is not in
 * focus. The queue of the call sees to what is under way already.
 */
export const holdOthers: FocusPolicy = {
  leaving: async (call) => {
    if (call.isEstablished()) await call.hold();
  },
  entering: async (call) => {
    const { transfer } = call.snapshot;
    // Held for a transfer that is under way: it stays held until the transfer is over. While the target
    // is asked the user may go back and forth.
    const isInTransfer = ['collecting', 'started', 'accepted'].includes(transfer?.status ?? '');
    if (call.isEstablished() && !isInTransfer) await call.unhold();
  },
};
