import type { Clock, PhoneError } from '../../src/core/index.ts';
import type { AuthenticationFactory } from './authentication.ts';
import type { Account, Grant } from './digest.ts';
import type { RawMessage, RawRequest, RawSenderHandlers } from './stackTypes.ts';

/** JsSIP's sender of one request, private members included, with all that becomes of it. */
export interface RawSender {
  readonly _ua: object;
  _request: RawRequest;
  readonly _eventHandlers: RawSenderHandlers;
  send: () => void;
  _receiveResponse: (response: RawMessage) => void;
}

/** What the challenges of servers are answered with. */
export interface Authentication {
  readonly account: Account;
  readonly factory?: AuthenticationFactory | undefined;
}

/** A challenge that the phone could not answer; a server that refuses the answer is none. */
export interface AuthenticationFailure {
  readonly error: PhoneError;
  readonly realm: string;
  readonly method: string;
  readonly statusCode: number;
}

/** An agent with what it answers challenges with. */
export interface Authenticator extends Authentication {
  /** In place of a password (RFC 8898); '' for none. */
  token: string;
  /** Gets a token in place of the one that was refused; undefined when the token is a fixed one. */
  readonly renewToken: (() => Promise<unknown>) | undefined;
  readonly clock: Clock;
  readonly tell: (failure: AuthenticationFailure) => void;
  /** By Call-ID: RFC 3261 section 22.3 keeps credentials to the requests that share one. */
  readonly calls: Map<string, Known>;
  /** By Call-ID of a call that was led to another domain: what may be in its requests all the same. */
  readonly foreign: ReadonlyMap<string, readonly string[]>;
  /** The requests that wait for their credentials. */
  readonly held: Set<Challenged>;
}

type Lines = Readonly<Record<string, readonly string[]>>;

interface Known {
  /** By the header's name and the realm, as `proxy-authorization example.com`. */
  readonly grants: Map<string, Grant>;
  /** What the last INVITE carried: its ACK carries the same (RFC 3261 section 13.2.2.4). */
  invite: Lines;
}

/** One realm's part of an answer. */
export interface Answer {
  readonly realm: string;
  readonly grant: Grant;
  /** Good for this very request only. */
  readonly isOnce?: boolean;
}

/** A challenged request. */
export interface Challenged {
  readonly agent: Authenticator;
  readonly sender: RawSender;
  readonly response: RawMessage;
  /** The header of the answer. */
  readonly header: string;
}

/** What was done for one request: how often for each realm, and what is good for it only. */
interface Done {
  readonly times: Map<string, number>;
  readonly once: Map<string, Grant>;
}

const callsKept = 100;
const done = new WeakMap<RawSender, Done>();

/** What was done for a request so far. */
export function doneFor(sender: RawSender): Done {
  const found = done.get(sender) ?? { times: new Map(), once: new Map() };
  done.set(sender, found);
  return found;
}

/** Whether these credentials are for those who get the requests of this call: a header and a realm, or a token. */
export function isMeant(
  { foreign }: Authenticator,
  { call_id: id }: RawRequest,
  what: string,
): boolean {
  return foreign.get(id)?.includes(what) ?? true;
}

/** Puts the credentials that are known for this Call-ID into a request that is about to leave. */
export function addCredentials(agent: Authenticator, sender: RawSender): void {
  const { _request: request } = sender;
  const { calls, token } = agent;
  if (token && isMeant(agent, request, 'token')) {
    request.setHeader('Authorization', `Bearer ${token}`);
  }
  const known = calls.get(request.call_id);
  if (!known) return;
  const isAck = request.method === 'ACK';
  const grants = [...known.grants, ...doneFor(sender).once].filter(([key]) =>
    isMeant(agent, request, key),
  );
  const lines = isAck ? known.invite : linesOf(request, grants);
  if (request.method === 'INVITE') known.invite = lines;
  for (const [name, values] of Object.entries(lines)) request.setHeader(name, values);
}

function linesOf(request: RawRequest, grants: readonly (readonly [string, Grant])[]): Lines {
  const lines: Record<string, string[]> = {};
  for (const [key, grant] of grants) {
    (lines[key.split(' ', 1)[0] ?? ''] ??= []).push(grant(request));
  }
  return lines;
}

/** Sends a request again, with the next number. */
export function sendAgain({ agent, sender, header }: Challenged, answers: readonly Answer[]): void {
  const { _request: refused } = sender;
  const { calls } = agent;
  const id = refused.call_id;
  const known = calls.get(id) ?? { grants: new Map(), invite: {} };
  calls.set(id, known);
  for (const oldest of calls.keys()) if (calls.size > callsKept) calls.delete(oldest);
  for (const { realm, grant, isOnce } of answers) {
    (isOnce ? doneFor(sender).once : known.grants).set(`${header} ${realm}`, grant);
  }
  const request = refused.clone();
  request.cseq = refused.cseq + 1;
  request.setHeader('cseq', `${String(request.cseq)} ${request.method}`);
  sender._request = request;
  sender._eventHandlers.onAuthenticated(request);
  sender.send();
}
