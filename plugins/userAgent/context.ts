import type { EventMap, OwnEvent, PluginContext } from '../../src/core/index.ts';
import type { RequestTakers } from './requests.ts';
import type { Trace } from './stackSocket.ts';
import type { UserAgentOptions } from './types.ts';

/** The context of this plugin. */
export type UserAgentContext = PluginContext<'userAgent', UserAgentOptions>;

/** The context of one account: its options are that account's, and so are the events of this plugin. */
export interface AgentContext extends Omit<UserAgentContext, 'emit'> {
  /** Its id. */
  readonly account: string;
  /** Emits an event of the plugin, with the account. */
  readonly emit: <Event extends OwnEvent<'userAgent'>>(
    event: Event,
    payload: Omit<EventMap[Event], 'account'>,
  ) => void;
}

/** What the accounts of a phone have in common. */
export interface Shared {
  readonly trace: Trace;
  readonly takers: RequestTakers;
  readonly lastTarget: () => string;
  /** A target was called by an account. */
  readonly remember: (target: string, account: string) => void;
}
