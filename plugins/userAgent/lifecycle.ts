import { PhoneError, asPhoneError, loadPart } from '../../src/core/index.ts';
import type { Store } from '../../src/core/index.ts';
import { arrived } from './autoAnswering.ts';
import type { AgentContext } from './context.ts';
import { loadDress } from './dress.ts';
import type { SessionExtension } from './extensions.ts';
import { createInstance } from './instanceId.ts';
import type { Registration } from './registration.ts';
import { createProviding } from './providers.ts';
import { createStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { listenTo } from './stackEvents.ts';
import type { StackListener } from './stackListener.ts';
import type { Trace } from './stackSocket.ts';
import { stackSettings, withGiven } from './state.ts';
import type { Credentials } from './state.ts';
import type { UserAgentApi, UserAgentState } from './types.ts';

/** Starts and stops the stack; there is at most one at a time. */
export interface Lifecycle {
  readonly start: UserAgentApi['start'];
  readonly stop: UserAgentApi['stop'];
  /** Stops without a word to the page; for a phone or page that goes away. */
  readonly halt: () => void;
  readonly running: () => Stack | undefined;
  /** The running stack. Throws `userAgent.notStarted` and `userAgent.notConnected`. */
  readonly connected: () => Stack;
}

/** What the life of a stack is made of. */
export interface LifecycleServices {
  readonly ctx: AgentContext;
  readonly store: Store<UserAgentState>;
  readonly registration: Registration;
  readonly trace: Trace;
  readonly referPolicy: StackListener['referPolicy'];
  readonly takerOf: StackListener['takerOf'];
  readonly follow: StackListener['follow'];
}

const stopped = {
  isStarted: false,
  isConnected: false,
  isConnecting: false,
  isRegistered: false,
  isRegistering: false,
} as const;

const accountKey = ({ username, realm }: Credentials): string => `${username}@${realm}`;

async function loadExtension({
  options,
  clock,
}: AgentContext): Promise<SessionExtension | undefined> {
  const mode = options.user_agent.rel100;
  if (mode === 'unsupported') return undefined;
  const { rel100 } = await loadPart(() => import('./rel100.part.ts'));
  return rel100(mode, clock);
}

/** Nothing runs before `start`. */
export function createLifecycle(services: LifecycleServices): Lifecycle {
  const { ctx, store, registration } = services;
  const { options } = ctx;
  let credentials: Credentials = options.authentication;
  let stack: Stack | undefined;
  const providing = createProviding(services, () => stack);
  const instance = createInstance();
  // Each start and stop makes what an earlier start still waits for obsolete.
  let generation = 0;

  const launch = async (): Promise<void> => {
    const mine = (generation += 1);
    // Checked before anything is claimed, so that a wrong setting leaves nothing behind.
    stackSettings(options, credentials, '');
    const dress = await loadDress(options, credentials);
    // What is claimed after a stop would never be released.
    if (generation !== mine) return;
    const id = options.user_agent.instance_id || (await instance.claim(accountKey(credentials)));
    const extension = await loadExtension(ctx);
    const provided = generation === mine ? await providing.open() : undefined;
    if (generation !== mine) return;
    const listener = listenerFor(services, () => generation === mine);
    const configured = stackSettings(options, credentials, id);
    const made = { settings: { ...configured, ...provided, extension }, listener };
    const { settings, listener: told } = dress?.(made, { ...services, options }) ?? made;
    stack = createStack(settings, told, ctx.clock);
    ctx.emit('userAgent.started', {});
    // A listener may have stopped it again.
    if (generation === mine) stack.start();
  };
  const halt = (): void => {
    generation += 1;
    registration.stop(new PhoneError('userAgent.notStarted'));
    stack?.stop();
    stack = undefined;
    providing.close();
    instance.release();
    store.set(stopped);
  };
  return {
    halt,
    running: () => stack,
    connected: () => connectedOne(stack),
    start: async (username, password, realm) => {
      checkAlive(ctx);
      if (store.get().isStarted) return;
      registration.reset();
      credentials = withGiven(credentials, { username, password, realm });
      const shown = { username: credentials.username, realm: credentials.realm };
      store.set({ ...shown, isStarted: true, isConnecting: true, error: null });
      const launched = launch();
      const mine = generation;
      await launched.catch((error: unknown) => {
        // It was stopped, and may have been started again: that this one failed is nobody's concern.
        if (generation !== mine) return;
        const failure = asPhoneError(error, 'userAgent.startFailed');
        halt();
        store.set({ error: failure });
        ctx.emit('userAgent.configuration.error', { error: failure });
        throw failure;
      });
      checkAlive(ctx);
    },
    stop: () => {
      if (!store.get().isStarted) return Promise.resolve();
      ctx.emit('userAgent.stopping', {});
      halt();
      store.set({ error: null });
      ctx.emit('userAgent.stopped', {});
      return Promise.resolve();
    },
  };
}

function listenerFor(services: LifecycleServices, isCurrent: () => boolean): StackListener {
  const { ctx, store } = services;
  return listenTo({
    ...services,
    incoming: (session, { replaces, callInfo }) => {
      const call = ctx.calls.add(session, { replaces });
      arrived(ctx, store, { call, callInfo });
    },
    isCurrent,
  });
}

function checkAlive({ signal }: AgentContext): void {
  if (signal.aborted) throw new PhoneError('phone.destroyed');
}

function connectedOne(stack: Stack | undefined): Stack {
  if (!stack) throw new PhoneError('userAgent.notStarted');
  if (stack.isConnected()) return stack;
  throw new PhoneError('userAgent.notConnected', { responseKey: 'offline' });
}
