import type { UA } from 'jssip';
import type { PhoneError, SipSession } from '../../src/core/index.ts';
import type { TakerOf } from './requests.ts';
import { unansweredBecause } from './stackChallenge.ts';
import type { AuthenticationFailure } from './stackGrants.ts';
import type { Ignored } from './stackHearing.ts';
import type { StackSession } from './stackSession.ts';
import type { Trace } from './stackSocket.ts';
import type { RawIncoming, RawMessage, RawSession, RawTransaction } from './stackTypes.ts';

/** A REGISTER that was refused, or not answered. */
export interface RegistrationFailure {
  /** The SIP status code, or null when nobody answered. */
  readonly statusCode: number | null;
  /** Seconds to wait, from `Retry-After` (RFC 3261 section 20.33), or null. */
  readonly retryAfter: number | null;
  /** Set when the phone could not answer the server's challenge. */
  readonly error?: PhoneError | undefined;
  readonly event: unknown;
}

/** A MESSAGE. */
export interface StackMessage {
  readonly originator: 'local' | 'remote';
  readonly from: string;
  readonly contentType: string;
  readonly body: string;
  readonly event: unknown;
}

/** An attempt to connect. */
export interface Connecting {
  readonly url: string;
  readonly attempts: number;
  readonly event: unknown;
}

/** What is known of a call that comes in besides its session. */
export interface Incoming {
  /** The session whose place the call takes. */
  readonly replaces: SipSession | undefined;
  /** The values of its `Call-Info` headers (RFC 3261 section 20.9). */
  readonly callInfo: readonly string[];
}

/** What an agent tells. */
export interface StackListener {
  readonly connecting: (attempt: Connecting) => void;
  readonly connected: (connection: { readonly url: string; readonly event: unknown }) => void;
  readonly disconnected: (loss: { readonly isError: boolean; readonly event: unknown }) => void;
  readonly registered: (event: unknown) => void;
  readonly unregistered: (event: unknown) => void;
  readonly registrationFailed: (failure: RegistrationFailure) => void;
  readonly registrationExpiring: () => void;
  /** A REGISTER was answered with our contact, the first one and each that renews it. */
  readonly registerSucceeded: () => void;
  /** Somebody calls. */
  readonly incoming: (session: StackSession, about: Incoming) => void;
  /** What becomes of a REFER that comes in now. */
  readonly referPolicy: () => 'follow' | 'ask' | 'deny';
  /** False once the agent was stopped. */
  readonly isCurrent: () => boolean;
  /** Starts the session that a REFER asked for; resolves when its INVITE is on the wire. */
  readonly follow: (session: SipSession, video: boolean) => Promise<void>;
  /** Who takes a request that belongs to no call. */
  readonly takerOf: TakerOf;
  readonly authenticationFailed: (failure: AuthenticationFailure) => void;
  readonly message: (message: StackMessage) => void;
  readonly trace: Trace;
  /** A message that came in has led to nothing, or was thrown at. */
  readonly ignored: Ignored;
}

/** A session that JsSIP has made of an INVITE. */
export interface NewSession {
  readonly originator: 'local' | 'remote';
  readonly session: RawSession;
  readonly request: RawIncoming;
}

/** What the adapter itself does at an event, before it is told. */
export interface Internal {
  readonly incoming: (event: NewSession) => void;
  readonly disconnected: () => void;
}

type Socketed = { readonly socket: { readonly url: string } } & object;

/** Passes JsSIP's events on, in the words of this plugin. */
export function followAgent(ua: UA, listener: StackListener, internal: Internal): void {
  // JsSIP's types name its events one by one and lack some of them.
  const on = ua.on.bind(ua) as unknown as (name: string, run: (event: unknown) => void) => void;
  on('connecting', (event) => {
    const { socket, attempts } = event as Socketed & { readonly attempts: number };
    listener.connecting({ url: socket.url, attempts, event });
  });
  on('connected', (event) => {
    listener.connected({ url: (event as Socketed).socket.url, event });
  });
  on('disconnected', (event) => {
    internal.disconnected();
    listener.disconnected({ isError: (event as { readonly error: boolean }).error, event });
  });
  on('registered', listener.registered);
  on('unregistered', listener.unregistered);
  on('registrationFailed', (event) => {
    listener.registrationFailed(failureOf(event as { readonly response: RawMessage | null }));
  });
  on('registrationExpiring', listener.registrationExpiring);
  on('newTransaction', (event) => {
    watchRegister(ua, (event as { readonly transaction: RawTransaction }).transaction, listener);
  });
  on('newRTCSession', (given) => {
    const event = given as NewSession;
    if (event.originator === 'remote') internal.incoming(event);
  });
  on('newMessage', (event) => {
    const { request, originator } = event as NewSession;
    listener.message(messageOf(request, originator, event));
  });
  // A NOTIFY that nobody takes belongs to no subscription (RFC 6665 section 4.1.3); what JsSIP
  // answers after this goes nowhere.
  on('sipEvent', (event) => {
    (event as { readonly request: RawIncoming }).request.reply(481);
  });
}

// JsSIP tells of the first success only; a renewal that succeeds is silent. And it fails a request
// that was answered a moment ago when the connection breaks.
function watchRegister(ua: UA, transaction: RawTransaction, listener: StackListener): void {
  const { request, eventHandlers } = transaction;
  if (request.method !== 'REGISTER' || !eventHandlers) return;
  const { onReceiveResponse, onTransportError } = eventHandlers;
  let isAnswered = false;
  eventHandlers.onTransportError = () => {
    if (!isAnswered) onTransportError();
  };
  eventHandlers.onReceiveResponse = (response) => {
    const status = response.status_code ?? 0;
    isAnswered = status >= 200;
    onReceiveResponse(response);
    if (status >= 200 && status < 300 && ua.isRegistered()) listener.registerSucceeded();
  };
}

function failureOf(event: { readonly response: RawMessage | null }): RegistrationFailure {
  const seconds = Number.parseInt(event.response?.getHeader('Retry-After') ?? '', 10);
  return {
    statusCode: event.response?.status_code ?? null,
    retryAfter: Number.isNaN(seconds) ? null : seconds,
    error: unansweredBecause(event.response),
    event,
  };
}

function messageOf(
  request: RawMessage,
  originator: 'local' | 'remote',
  event: unknown,
): StackMessage {
  return {
    originator,
    from: request.from ? String(request.from.uri) : '',
    contentType: request.getHeader('Content-Type') ?? '',
    body: request.body ?? '',
    event,
  };
}
