import type { AgentContext } from './context.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { RequestTakers } from './requests.ts';
import type { UserAgentApi } from './types.ts';

/** What REFERs outside of calls need. */
export interface StrangersServices {
  readonly ctx: AgentContext;
  readonly lifecycle: Lifecycle;
  readonly takers: Pick<RequestTakers, 'add'>;
  readonly request: UserAgentApi['request'];
}
