import type { Off, Store } from '../../src/core/index.ts';
import type { AgentContext } from './context.ts';
import { bounded, keepFresh } from './fresh.ts';
import type { FreshServices } from './fresh.ts';
import type {
  IceServersProvider,
  ProvidedIceServers,
  Providers,
  TokenProvider,
} from './provided.ts';
import type { Registration } from './registration.ts';
import type { Stack } from './stack.ts';
import type { UserAgentState } from './types.ts';

/** What the application provides. */
export interface ProvidedBy {
  readonly token: TokenProvider | undefined;
  readonly iceServers: IceServersProvider | undefined;
}

/** What providing needs of the plugin. */
export interface ProvidingServices extends FreshServices {
  readonly emit: AgentContext['emit'];
  readonly store: Store<UserAgentState>;
  readonly registration: Pick<Registration, 'register'>;
  readonly running: () => Pick<Stack, 'isRegistered' | 'setToken' | 'refreshIce'> | undefined;
}

// Milliseconds that a call waits for its TURN servers.
const patienceOfCalls = 3000;

/**
 * Seconds that a JSON Web Token lasts (RFC 7519 section 4.1.4), read without any trust in it: they only decide
 * when the next one is asked for. Null when it does not say. Throws on what cannot stand in a header.
 */
export function secondsLeft(token: string, now: number): number | null {
  if (!/^[\w.~+/-]+=*$/.test(token)) throw new TypeError('This is no token.');
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { exp, iat } = JSON.parse(atob(payload)) as { exp?: unknown; iat?: unknown };
    if (typeof exp !== 'number') return null;
    // How long a token lives is the same by every clock; how much of it is left is not.
    return Math.min(exp - now / 1000, typeof iat === 'number' ? exp - iat : Infinity);
  } catch {
    return null;
  }
}

/** Begins to ask the application. */
export function provide(by: ProvidedBy, services: ProvidingServices): Providers {
  const token = by.token && provideToken(by.token, services);
  const ice = by.iceServers && provideIceServers(by.iceServers, services);
  return {
    token: () => Promise.resolve(''),
    iceServers: () => [],
    ...token?.parts,
    ...ice?.parts,
    stop: () => {
      token?.stop();
      ice?.stop();
    },
  };
}

interface Provided {
  readonly parts: Partial<Providers>;
  readonly stop: Off;
}

function provideToken(provider: TokenProvider, services: ProvidingServices): Provided {
  const { clock, emit, store, registration, running } = services;
  let first: string | undefined;
  let shown: unknown = null;
  let isKnown: (token: string) => void = () => undefined;
  const known = new Promise<string>((resolve) => {
    isKnown = resolve;
  });
  const fresh = keepFresh<string>(
    {
      fetch: async () => (await provider()).replace(/^Bearer\s+/i, ''),
      lasts: (token) => secondsLeft(token, clock.now()),
      onValue: (token) => {
        isKnown(token);
        if (shown !== null && store.get().error === shown) store.set({ error: null });
        if (first !== undefined) {
          running()?.setToken(token);
          // Before the server forgets who has registered with the old one.
          if (running()?.isRegistered()) registration.register().catch(() => undefined);
          emit('userAgent.token.renewed', {});
        }
        first ??= token;
      },
      onFailure: (error, retryIn) => {
        // Whoever waits for the phone to be ready sees why it is not.
        if (!store.get().isRegistered) store.set({ error: (shown = error) });
        emit('userAgent.token.failed', { error, retryIn });
      },
    },
    services,
  );
  return {
    parts: {
      token: () => {
        fresh.renew().catch(() => undefined);
        return known;
      },
      renewToken: fresh.renew,
    },
    stop: () => {
      fresh.stop();
      isKnown('');
    },
  };
}

function provideIceServers(provider: IceServersProvider, services: ProvidingServices): Provided {
  const { clock, emit, running } = services;
  const fresh = keepFresh<ProvidedIceServers>(
    {
      fetch: provider,
      lasts: ({ iceServers, ttl = null }) => {
        if (!Array.isArray(iceServers)) throw new TypeError('These are no servers.');
        return ttl;
      },
      onValue: () => {
        running()?.refreshIce();
        emit('userAgent.iceServers.updated', {});
      },
      onFailure: (error, retryIn) => {
        emit('userAgent.iceServers.failed', { error, retryIn });
      },
    },
    services,
  );
  // Before the first call needs them.
  fresh.renew().catch(() => undefined);
  return {
    parts: {
      iceServers: () => fresh.current()?.iceServers ?? [],
      iceReady: async () => {
        if (fresh.current()) return;
        await bounded(fresh.renew, patienceOfCalls, clock).catch(() => {
          emit('userAgent.iceServers.missing', {});
        });
      },
    },
    stop: fresh.stop,
  };
}
