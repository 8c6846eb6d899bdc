import { PhoneError, loadPart } from '../../src/core/index.ts';
import type { Off, Store } from '../../src/core/index.ts';
import type { AgentContext } from './context.ts';
import type { Providers } from './provided.ts';
import type { Registration } from './registration.ts';
import type { Stack } from './stack.ts';
import type { UserAgentState } from './types.ts';

/** The providers of one run of the agent after another. */
export interface Providing {
  /** Begins to ask, and waits for the first token; undefined when the application provides nothing. */
  readonly open: () => Promise<Provided | undefined>;
  readonly close: () => void;
}

/** What a stack is started with. */
export interface Provided {
  readonly providers: Providers;
  readonly jwt?: string;
}

/** What providers are followed with. */
export interface ProvidingServices {
  readonly ctx: AgentContext;
  readonly store: Store<UserAgentState>;
  readonly registration: Registration;
}

/** Asks nothing yet. */
export function createProviding(
  { ctx, store, registration }: ProvidingServices,
  running: () => Stack | undefined,
): Providing {
  const { options, clock, emit } = ctx;
  const { jwt } = options.authentication;
  const { ice_servers: iceServers } = options.user_agent;
  const token = typeof jwt === 'string' ? undefined : jwt;
  const failed = (): PhoneError => new PhoneError('userAgent.credentialsFailed');
  let opened = {};
  let stop: Off = () => undefined;
  return {
    open: async () => {
      if (!token && !iceServers) return undefined;
      const mine = (opened = {});
      const { provide } = await loadPart(() => import('./providers.part.ts'));
      if (opened !== mine) return undefined;
      const providers = provide(
        { token, iceServers },
        { clock, emit, failed, store, registration, running },
      );
      ({ stop } = providers);
      return token ? { providers, jwt: await providers.token() } : { providers };
    },
    close: () => {
      opened = {};
      stop();
    },
  };
}
