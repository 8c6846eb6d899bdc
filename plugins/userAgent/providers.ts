import { PhoneError, loadPart } from '../../src/core/index.ts';
import type { Off } from '../../src/core/index.ts';
import type { AgentContext } from './context.ts';
import type { Providers } from './provided.ts';
import type { Registration } from './registration.ts';
import type { Stack } from './stack.ts';

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

/** Asks nothing yet. */
export function createProviding(
  { options, clock, emit }: AgentContext,
  registration: Registration,
  running: () => Stack | undefined,
): Providing {
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
        { clock, emit, failed, registration, running },
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
