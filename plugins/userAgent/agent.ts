import { PhoneError, createStore } from '../../src/core/index.ts';
import { createCalling } from './calling.ts';
import type { Calling } from './calling.ts';
import type { AgentContext, Shared } from './context.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Lifecycle } from './lifecycle.ts';
import { createRegistration } from './registration.ts';
import type { Registration } from './registration.ts';
import { canAutostart, firstState } from './state.ts';
import { createStrangers } from './strangers.ts';
import type { UserAgentApi, UserAgentState } from './types.ts';

/** What the agent of one account can do by itself. */
export type AgentApi = Pick<
  UserAgentApi,
  | 'start'
  | 'stop'
  | 'isStarted'
  | 'isConnected'
  | 'isRegistered'
  | 'isReady'
  | 'call'
  | 'request'
  | 'refer'
  | keyof Registering
>;

/** The agent of one account and what its view needs of it. */
export interface Agent {
  readonly account: string;
  readonly api: AgentApi;
  /** Whether it is configured with all that a start needs. */
  readonly isComplete: boolean;
  readonly state: () => UserAgentState;
  readonly onChange: (listener: () => void) => void;
  /** Starts with what stands in the fields of the form around `element`. */
  readonly startFrom: (element: Element) => Promise<void>;
}

/** The agent of one account; nothing is connected before `start`. */
export function createAgent(ctx: AgentContext, shared: Shared): Agent {
  const store = createStore<UserAgentState>(firstState(ctx.options));
  const registration = createRegistration({
    clock: ctx.clock,
    random: Math.random,
    isWanted: ctx.options.user_agent.register,
    undo: () => {
      lifecycle.running()?.unregister();
    },
    send: () => {
      store.set({ isRegistering: true });
      lifecycle.running()?.register();
    },
  });
  const lifecycle: Lifecycle = createLifecycle({
    ctx,
    store,
    registration,
    trace: shared.trace,
    referPolicy: () => calling.referPolicy(),
    follow: (session, video) => calling.follow(session, video),
    takerOf: shared.takers.of(ctx.account),
  });
  const calling = createCalling({ ctx, store, shared, connected: lifecycle.connected });
  const request: UserAgentApi['request'] = async (method, target, given = {}) =>
    lifecycle.connected().request(method, target, given);
  const take: UserAgentApi['onRequest'] = (taker) =>
    shared.takers.add({ ...taker, account: ctx.account });
  sayGoodbye(ctx, lifecycle);
  return {
    account: ctx.account,
    isComplete: canAutostart({ ...ctx.options, autostart: true }),
    state: store.get,
    onChange: (listener) => {
      ctx.onDestroy(store.subscribe(listener));
    },
    startFrom: (element) =>
      // The reason of a failure is shown in the form; the action itself has nothing to add.
      startWithFields(element, lifecycle).catch(() => undefined),
    api: {
      ...apiOf(store.get, lifecycle, calling),
      request,
      ...createStrangers({ ctx, lifecycle, takers: { add: take }, request }),
      ...registering({ ctx, registration, lifecycle }, () => {
        store.set({ isRegistering: false });
      }),
    },
  };
}

type Registering = Pick<UserAgentApi, 'register' | 'unregister' | 'toggleRegistration'>;

function apiOf(
  state: () => UserAgentState,
  lifecycle: Lifecycle,
  { call }: Calling,
): Omit<AgentApi, 'request' | 'refer' | keyof Registering> {
  return {
    start: lifecycle.start,
    stop: lifecycle.stop,
    isStarted: () => state().isStarted,
    isConnected: () => state().isConnected,
    isRegistered: () => state().isRegistered,
    isReady: () => state().isStarted && state().isConnected && state().isRegistered,
    call,
  };
}

// A phone that is stopped or loses its connection is not registered either.
const endings = [
  'userAgent.registration.unregistered',
  'userAgent.disconnected',
  'userAgent.stopped',
] as const;

interface RegisteringParts {
  readonly ctx: AgentContext;
  readonly registration: Registration;
  readonly lifecycle: Lifecycle;
}

function registering(
  { ctx, registration, lifecycle }: RegisteringParts,
  gaveUp: () => void,
): Registering {
  const register = async (): Promise<void> => {
    lifecycle.connected();
    await registration.register();
  };
  const unregister = async (): Promise<void> => {
    const stack = lifecycle.connected();
    registration.giveUp(new PhoneError('userAgent.registrationFailed'));
    gaveUp();
    if (!stack.isRegistered()) return;
    await new Promise<void>((resolve) => {
      const offs = endings.map((event) =>
        ctx.on(event, () => {
          for (const off of offs) off();
          resolve();
        }),
      );
      stack.unregister();
    });
  };
  return {
    register,
    unregister,
    toggleRegistration: () =>
      lifecycle.running()?.isRegistered() === true ? unregister() : register(),
  };
}

// A page that goes away says goodbye: nobody should ring a phone that is no longer there.
function sayGoodbye(ctx: AgentContext, { halt }: Lifecycle): void {
  ctx.onDestroy(halt);
  if (typeof addEventListener !== 'function') return;
  addEventListener(
    'pagehide',
    ({ persisted }) => {
      if (!persisted) halt();
    },
    { signal: ctx.signal },
  );
}

async function startWithFields(element: Element, { start, stop }: Lifecycle): Promise<void> {
  const form = element.closest('form');
  const field = (name: string): string | null =>
    form?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value ?? null;
  const given = [field('username'), field('password'), field('realm')] as const;
  // The form is also there when the server has refused the log-in of a phone that runs.
  await stop();
  await start(...given);
}
