import { PhoneError, withDefaults } from '../../src/core/index.ts';
import { createAgent } from './agent.ts';
import type { Agent, AgentApi } from './agent.ts';
import type { AgentContext, Shared, UserAgentContext } from './context.ts';
import { createDebugging } from './debugging.ts';
import { createTakers } from './requests.ts';
import type {
  AccountChoice,
  AccountEvent,
  AccountOptions,
  UserAgentApi,
  UserAgentOptions,
} from './types.ts';

/** All accounts of a phone. */
export interface Accounts {
  readonly api: Omit<UserAgentApi, 'updateRenders'>;
  /** Those that there are, the one that is meant by default first. */
  readonly list: () => readonly Agent[];
  /** The agent of an account. Throws `userAgent.unknownAccount`. */
  readonly of: (choice?: AccountChoice | null) => Agent;
  /** Runs after each change of any one. */
  readonly onChange: (listener: () => void) => void;
  /** Starts all that are configured with what they need, but for one; a failure is in their state. */
  readonly startOthers: (but?: Agent) => void;
}

/** The account of the flat keys and those of `accounts`: each has an agent that knows of no other. */
export function createAccounts(ctx: UserAgentContext, defaults: UserAgentOptions): Accounts {
  const { options } = ctx;
  const { trace, ...debugging } = createDebugging(ctx);
  const takers = createTakers();
  let last = { target: options.user_agent.redial, account: '' };
  const remember: Shared['remember'] = (target, account) => {
    const isNew = last.target !== target;
    last = { target, account };
    if (isNew) ctx.emit('userAgent.redial.update', { redialTarget: target, account });
  };
  const shared: Shared = { trace, takers, remember, lastTarget: () => last.target };
  const agents = createAgents(ctx, shared, defaults);
  const { of } = agents;
  const redial: UserAgentApi['redial'] = async (choice) => {
    const { account, api } = of(choice?.account === undefined && last.account ? last : choice);
    ctx.emit('userAgent.redial.started', { redialTarget: last.target, account });
    return api.call(last.target);
  };
  const one = routed(agents);
  const api: Accounts['api'] = {
    ...one,
    ...debugging,
    accounts: () => agents.list().map(({ account: id, state }) => ({ id, ...state() })),
    start: async (...given) => {
      if (given[3]?.account === undefined) agents.startOthers(of());
      await one.start(...given);
    },
    stop: async (choice) => {
      const meant = choice?.account === undefined ? agents.all : [of(choice)];
      await Promise.all(meant.map((agent) => agent.api.stop()));
    },
    hangupAll: async (choice) => {
      const account = choice?.account;
      of({ account });
      const calls = ctx.calls.list().filter(({ snapshot }) => {
        return account === undefined || snapshot.account === account;
      });
      await Promise.all(calls.map((call) => call.terminate()));
    },
    toggleDebug: () => {
      if (debugging.isDebugging()) debugging.stopDebug();
      else debugging.startDebug();
    },
    onRequest: (taker) => {
      of(taker);
      return takers.add(taker);
    },
    redial,
    getRedial: shared.lastTarget,
    setRedial: (target) => {
      remember(target, of().account);
    },
  };
  // A call that another plugin brought is of no account.
  ctx.onDestroy(
    ctx.calls.useOutgoing((to, account) => api.call(to, null, account ? { account } : null)),
  );
  return { ...agents, api };
}

interface Agents extends Omit<Accounts, 'api'> {
  /** That of the flat keys, and those of the list. */
  readonly all: readonly [Agent, ...Agent[]];
}

function createAgents(ctx: UserAgentContext, shared: Shared, defaults: UserAgentOptions): Agents {
  const { options } = ctx;
  const main = createAgent(contextOf(ctx, 'default', options), shared);
  const others = options.accounts.map((entry) =>
    createAgent(contextOf(ctx, entry.id, optionsOf(entry, options, defaults)), shared),
  );
  const all = [main, ...others] as const;
  const list = (): readonly Agent[] => {
    const { isStarted, username } = main.state();
    // Who has all accounts in the list has none of the flat keys, until somebody starts that one.
    const isUsed = isStarted || username !== '' || options.authentication.jwt !== '';
    return isUsed || others.length === 0 ? all : others;
  };
  return {
    all,
    list,
    of: (choice) => {
      const account = choice?.account;
      const found = account === undefined ? list()[0] : all.find((one) => one.account === account);
      if (found) return found;
      const known = all.map((one) => one.account).join(', ');
      throw new PhoneError('userAgent.unknownAccount', {
        message: `There is no account "${String(account)}"; accepted: ${known}.`,
      });
    },
    onChange: (listener) => {
      for (const agent of all) agent.onChange(listener);
    },
    startOthers: (but) => {
      for (const agent of all) {
        if (agent !== but && agent.isComplete) agent.api.start().catch(() => undefined);
      }
    },
  };
}

type Run = (...given: readonly unknown[]) => unknown;

/** The methods of one agent, each for the account that its last argument names. */
function routed({ all, of }: Agents): AgentApi {
  const methods = Object.keys(all[0].api).map((key): [string, Run] => {
    const run: Run = (...given) => {
      const { api } = of(given.at(-1) as AccountChoice);
      return (api[key as keyof AgentApi] as Run)(...given);
    };
    // A question is answered at once; a command rejects, even where there is no such account.
    const later: Run = (...given) =>
      new Promise((resolve) => {
        resolve(run(...given));
      });
    return [key, key.startsWith('is') ? run : later];
  });
  // Each takes what its namesake takes; the compiler cannot follow the names.
  return Object.fromEntries(methods) as unknown as AgentApi;
}

/** The context of one account, in which the others do not exist. */
function contextOf(
  ctx: UserAgentContext,
  account: string,
  options: AgentContext['options'],
): AgentContext {
  return {
    ...ctx,
    account,
    options,
    calls: {
      ...ctx.calls,
      add: (session, given) => {
        const name = account === 'default' ? session.local.user : account;
        return ctx.calls.add(session, {
          ...given,
          account,
          accountName: ctx.options.accounts.length > 0 ? name : '',
        });
      },
    },
    // The event of this name, the account added to its payload: the compiler cannot follow the sum.
    emit: (event, payload) => {
      ctx.emit(event, { ...payload, account } as never);
    },
    on: (event, listener) =>
      ctx.on(event, (payload) => {
        const { account: theirs = account } = payload as Partial<AccountEvent>;
        if (theirs === account) listener(payload);
      }),
  };
}

/** What an account of the list is made with. */
function optionsOf(
  { transport, authentication, user_agent: agent }: AccountOptions,
  flat: UserAgentContext['options'],
  { authentication: nobody }: UserAgentOptions,
): UserAgentContext['options'] {
  // A contact and an instance are of one agent; the rest is merged key by key.
  const own = { transport, user_agent: { contact_uri: '', instance_id: '', ...agent } };
  return {
    ...withDefaults(flat, own as Partial<UserAgentOptions>),
    // Whose password one account has is no business of another one's server.
    authentication: { ...nobody, ...authentication },
  };
}
