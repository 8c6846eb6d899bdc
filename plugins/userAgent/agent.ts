import { PhoneError, createStore } from '../../src/core/index.ts';
import { createCalling } from './calling.ts';
import type { Calling } from './calling.ts';
import type { AgentContext } from './context.ts';
import { createDebugging } from './debugging.ts';
import type { Debugging } from './debugging.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Lifecycle } from './lifecycle.ts';
import { createTakers } from './requests.ts';
import { createRegistration } from './registration.ts';
import type { Registration } from './registration.ts';
import { firstState } from './state.ts';
import { createStrangers } from './strangers.ts';
import type { UserAgentApi, UserAgentState } from './types.ts';

/** The agent and what its view needs of it. */
export interface Agent {
  readonly api: Omit<UserAgentApi, 'updateRenders'>;
  readonly state: () => UserAgentState;
  readonly onChange: (listener: () => void) => void;
  /** Starts with what stands in the fields of the form around `element`. */
  readonly startFrom: (element: Element) => Promise<void>;
}

/** The agent of one phone; nothing is connected before `start`. */
export function createAgent(ctx: AgentContext): Agent {
  const store = createStore<UserAgentState>(firstState(ctx.options));
  const debugging = createDebugging(ctx, (isDebugging) => {
    store.set({ isDebugging });
  });
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
  const takers = createTakers();
  const lifecycle: Lifecycle = createLifecycle({
    ctx,
    store,
    registration,
    trace: debugging.trace,
    referPolicy: () => calling.referPolicy(),
    follow: (session, video) => calling.follow(session, video),
    takerOf: takers.takerOf,
  });
  const calling = createCalling({ ctx, store, connected: lifecycle.connected });
  const request: UserAgentApi['request'] = async (method, target, given = {}) =>
    lifecycle.connected().request(method, target, given);
  sayGoodbye(ctx, lifecycle);
  return {
    state: store.get,
    onChange: (listener) => {
      ctx.onDestroy(store.subscribe(listener));
    },
    startFrom: (element) =>
      // The reason of a failure is shown in the form; the action itself has nothing to add.
      startWithFields(element, lifecycle).catch(() => undefined),
    api: {
      ...apiOf(ctx, store.get, { lifecycle, calling, debugging }),
      request,
      onRequest: takers.add,
      ...createStrangers({ ctx, lifecycle, takers, request }),
      ...registering({ ctx, registration, lifecycle }, () => {
        store.set({ isRegistering: false });
      }),
    },
  };
}

interface Parts {
  readonly lifecycle: Lifecycle;
  readonly calling: Calling;
  readonly debugging: Debugging;
}

type Registering = Pick<UserAgentApi, 'register' | 'unregister' | 'toggleRegistration'>;

function apiOf(
  ctx: AgentContext,
  state: () => UserAgentState,
  { lifecycle, calling, debugging }: Parts,
): Omit<UserAgentApi, 'updateRenders' | 'request' | 'onRequest' | 'refer' | keyof Registering> {
  const { isDebugging, startDebug, stopDebug } = debugging;
  return {
    start: lifecycle.start,
    stop: lifecycle.stop,
    isStarted: () => state().isStarted,
    isConnected: () => state().isConnected,
    isRegistered: () => state().isRegistered,
    isReady: () => state().isStarted && state().isConnected && state().isRegistered,
    startDebug,
    stopDebug,
    isDebugging,
    toggleDebug: () => {
      if (isDebugging()) stopDebug();
      else startDebug();
    },
    call: calling.call,
    redial: calling.redial,
    setRedial: calling.setRedial,
    getRedial: () => state().redial,
    hangupAll: async () => {
      await Promise.all(ctx.calls.list().map((call) => call.terminate()));
    },
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
