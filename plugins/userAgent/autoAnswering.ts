import { loadPart } from '../../src/core/index.ts';
import type { Store } from '../../src/core/index.ts';
import type { AgentContext } from './context.ts';
import type { Arrival } from './arrival.ts';
import type { UserAgentState } from './types.ts';

/** Lets a call that asks for it be answered without the user, where that is allowed. */
export function arrived(ctx: AgentContext, store: Store<UserAgentState>, arrival: Arrival): void {
  const { auto_answer: policy } = ctx.options.user_agent;
  if (policy === 'off') return;
  loadPart(() => import('./autoAnswer.part.ts')).then(
    ({ autoAnswer }) => {
      autoAnswer(arrival, { ctx, policy, show: store.set });
    },
    (error: unknown) => {
      ctx.log.warn('A call rings that was to be answered by itself.', error);
    },
  );
}
