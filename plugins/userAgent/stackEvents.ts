import { PhoneError } from '../../src/core/index.ts';
import type { Store } from '../../src/core/index.ts';
import type { AgentContext } from './context.ts';
import { originOf, redact } from './redact.ts';
import type { Registration } from './registration.ts';
import type { StackListener } from './stackListener.ts';
import type { Trace } from './stackSocket.ts';
import type { UserAgentState } from './types.ts';

/** What the events of the stack are turned into events of the plugin with. */
export interface ListeningServices {
  readonly ctx: AgentContext;
  readonly store: Store<UserAgentState>;
  readonly registration: Registration;
  readonly trace: Trace;
  readonly incoming: StackListener['incoming'];
  readonly referPolicy: StackListener['referPolicy'];
  readonly follow: StackListener['follow'];
  readonly takerOf: StackListener['takerOf'];
  /** False once the agent was stopped: what an old stack still says is nobody's concern. */
  readonly isCurrent: () => boolean;
}

/** The stack's events as state first, then event. */
export function listenTo(services: ListeningServices): StackListener {
  const { ctx, store, registration, trace, isCurrent } = services;
  const { emit } = ctx;
  const whenCurrent =
    <Data extends readonly unknown[]>(run: (...data: Data) => void) =>
    (...data: Data): void => {
      if (isCurrent()) run(...data);
    };
  return {
    trace,
    ignored: writerFor(ctx),
    incoming: (session, about) => {
      if (isCurrent()) services.incoming(session, about);
      // The phone was stopped and says goodbye: nobody is here any more.
      else session.terminate({ statusCode: 480 });
    },
    referPolicy: () => (isCurrent() ? services.referPolicy() : 'deny'),
    isCurrent,
    follow: services.follow,
    takerOf: (request) => (isCurrent() ? services.takerOf(request) : undefined),
    connecting: whenCurrent(({ url, attempts, event }) => {
      store.set({ isConnecting: true });
      emit('userAgent.connecting', { url: originOf(url), attempts, event });
    }),
    connected: whenCurrent(({ url, event }) => {
      store.set({ isConnected: true, isConnecting: false, error: null });
      emit('userAgent.connected', { url: originOf(url), event });
      registration.onConnected();
    }),
    disconnected: whenCurrent(({ isError, event }) => {
      registration.stop(new PhoneError('userAgent.notConnected'));
      store.set({
        isConnected: false,
        isConnecting: false,
        isRegistered: false,
        isRegistering: false,
        error: new PhoneError('userAgent.notConnected'),
      });
      emit('userAgent.disconnected', { isError, event });
    }),
    registered: whenCurrent((event) => {
      store.set({ isRegistered: true, isRegistering: false, error: null });
      emit('userAgent.registration.registered', { event });
    }),
    unregistered: whenCurrent((event: unknown) => {
      store.set({ isRegistered: false });
      emit('userAgent.registration.unregistered', { event });
    }),
    registrationFailed: whenCurrent((failure) => {
      const { error, retryIn } = registration.onFailed(failure);
      store.set({ isRegistered: false, isRegistering: retryIn !== null, error });
      const { statusCode, event } = failure;
      emit('userAgent.registration.failed', { statusCode, error, retryIn, event });
    }),
    registerSucceeded: whenCurrent(() => {
      store.set({ isRegistering: false });
      registration.onRegistered();
    }),
    registrationExpiring: whenCurrent(() => {
      emit('userAgent.registration.expiring', {});
      registration.register().catch(() => undefined);
    }),
    authenticationFailed: whenCurrent((failure) => {
      emit('userAgent.authentication.failed', failure);
    }),
    message: whenCurrent(({ originator, from, contentType, body, event }) => {
      emit('userAgent.received.message', { originator, from, contentType, body, event });
    }),
  };
}

const writerFor =
  ({ log }: AgentContext): StackListener['ignored'] =>
  (line, error) => {
    if (error === undefined) log.debug(`A SIP message was ignored: ${line}`);
    else log.warn(`A SIP message could not be read: ${line} (${redact((error as Error).message)})`);
  };
