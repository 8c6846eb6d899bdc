import type { Call } from '../../src/core/index.ts';
import type { Context } from './lines.ts';

/** A press of the key `id`: ignored while the call of the last one is made, connects or rings. */
export function createPress(
  ctx: Context,
  make: (id: string) => Promise<Call>,
): (id: string) => Promise<void> {
  const making = new Set<string>();
  const made = new Map<string, string>();
  const isUnderWay = (id: string): boolean => {
    const call = ctx.calls.get(made.get(id) ?? '');
    return making.has(id) || (call !== undefined && !call.isEstablished() && !call.isEnded());
  };
  return async (id) => {
    // A double click is one wish.
    if (isUnderWay(id)) return;
    making.add(id);
    try {
      made.set(id, (await make(id)).id);
    } finally {
      making.delete(id);
    }
  };
}
