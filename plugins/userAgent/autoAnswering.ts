import { loadPart } from '../../src/core/index.ts';
import type { Store } from '../../src/core/index.ts';
import type { AgentContext } from './context.ts';
import type { Arrival } from './arrival.ts';
import type { UserAgentState } from './types.ts';

// The part reads it with care.
const wish = /answer-after|autoanswer/i;

/** Lets a call that asks for it be answered without the user, where that is allowed. */
export function arrived(ctx: AgentContext, store: Store<UserAgentState>, arrival: Arrival): void {
  const { auto_answer: policy } = ctx.options.user_agent;
  const { call, callInfo } = arrival;
  if (policy === 'off' || !wish.test([callInfo, call.snapshot.alertInfo].join())) return;
  // At once: who moves the focus to calls that ring has to know before anything is drawn.
  ctx.emit('userAgent.autoAnswer.expected', { callId: call.id });
  loadPart(() => import('./autoAnswer.part.ts')).then(
    ({ autoAnswer }) => {
      autoAnswer(arrival, { ctx, policy, show: store.set });
    },
    (error: unknown) => {
      ctx.log.warn('A call rings that was to be answered by itself.', error);
    },
  );
}
