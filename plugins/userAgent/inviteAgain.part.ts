import type { Party, SessionFact } from '../../src/core/index.ts';
import { contactsOf } from './redirectContacts.ts';
import type {
  RawMessage,
  RawNameAddr,
  RawRequest,
  RawSenderHandlers,
  RawSession,
  RawUri,
} from './stackTypes.ts';

/** How an INVITE goes out again. */
export interface InviteServices {
  /** Where to: nowhere, within the account's domain, or anywhere. */
  readonly redirects: 'domain' | 'follow' | 'deny';
  readonly tell: (fact: SessionFact) => void;
  /** JsSIP's sender of a request. */
  readonly Sender: new (
    ua: unknown,
    request: RawRequest,
    handlers: RawSenderHandlers,
  ) => { readonly send: () => void };
  /** The call has failed with the response after all. */
  readonly fail: () => void;
  readonly partyOf: (address: RawNameAddr) => Party;
}

/** What has become of an INVITE so far. */
interface Course {
  /** Every address that it has been sent to. */
  readonly seen: Set<string>;
  /** Those that are still to be tried, the best first. */
  waiting: readonly RawNameAddr[];
  redirections: number;
  isLonger: boolean;
}

// Far ends that send one another's callers round would do so for ever.
const mostRedirections = 5;
const mostTargets = 10;

const courses = new WeakMap<RawSession, Course>();

/** Sends an INVITE again as its response says, or lets the call fail. */
export function inviteAgain(raw: RawSession, response: RawMessage, services: InviteServices): void {
  // Given up while this part was loaded.
  if (raw.isEnded()) return;
  const course = courses.get(raw) ?? begin(raw, services);
  if (response.status_code === 422) lengthen(raw, response, { ...services, course });
  else redirect(raw, response, { ...services, course });
}

interface Work extends InviteServices {
  readonly course: Course;
}

function begin(raw: RawSession, services: InviteServices): Course {
  const course: Course = {
    seen: new Set([keyOf(raw._request.ruri)]),
    waiting: [],
    redirections: 0,
    isLonger: false,
  };
  courses.set(raw, course);
  const receive = raw._receiveInviteResponse.bind(raw);
  raw._receiveInviteResponse = (response) => {
    const status = response.status_code ?? 0;
    // RFC 3261 section 8.1.3.4: one after the other, until one answers or everybody has declined.
    const isNextDue = status >= 400 && status < 600 && status !== 422;
    if (!isNextDue || raw.isEnded() || !goOn(raw, response, { ...services, course })) {
      receive(response);
    }
  };
  return course;
}

/** RFC 4028 section 7.3: once more, for as long as the 422 wants it. */
function lengthen(raw: RawSession, response: RawMessage, { course, Sender, fail }: Work): void {
  const least = Number.parseInt(response.getHeader('Min-SE') ?? '', 10);
  const timers = raw._sessionTimers;
  if (course.isLonger || !timers.enabled || !(least > timers.defaultExpires)) {
    fail();
    return;
  }
  course.isLonger = true;
  timers.defaultExpires = least;
  timers.minimum = least;
  const request = renewed(raw);
  request.setHeader('session-expires', String(least));
  request.setHeader('min-se', String(least));
  send(raw, request, Sender);
}

function redirect(raw: RawSession, response: RawMessage, work: Work): void {
  const { course, redirects, fail } = work;
  course.redirections += 1;
  const { host: domain } = raw._ua.configuration.uri;
  const targets = contactsOf(response, domain).filter(
    ({ uri }) => redirects === 'follow' || sameHost(uri.host, domain),
  );
  course.waiting = [...targets, ...course.waiting].slice(0, mostTargets);
  if (course.redirections > mostRedirections || !goOn(raw, response, work)) fail();
}

/** Calls the next address that was not called yet; false when there is none. */
function goOn(raw: RawSession, response: RawMessage, { course, tell, ...work }: Work): boolean {
  const [next, ...others] = course.waiting;
  if (!next) return false;
  course.waiting = others;
  const uri = next.uri.clone();
  // What else an address may say, such as headers for the INVITE, is the phone's to decide.
  uri.clearHeaders();
  uri.deleteParam('method');
  const key = keyOf(uri);
  if (course.seen.has(key)) return goOn(raw, response, { course, tell, ...work });
  course.seen.add(key);
  if (!sameHost(uri.host, raw._ua.configuration.uri.host)) withhold(raw);
  const request = renewed(raw);
  request.ruri = uri;
  raw._status = inviteSent;
  tell({
    type: 'redirected',
    target: work.partyOf(next),
    statusCode: response.status_code ?? 0,
    event: response,
  });
  if (!raw.isEnded()) send(raw, request, work.Sender);
  return true;
}

// JsSIP's STATUS_INVITE_SENT: a CANCEL waits for the first response to the new request.
const inviteSent = 1;

function send(raw: RawSession, request: RawRequest, Sender: InviteServices['Sender']): void {
  const sender = new Sender(raw._ua, request, {
    onRequestTimeout: () => {
      raw.onRequestTimeout();
    },
    onTransportError: () => {
      raw.onTransportError();
    },
    onAuthenticated: (authenticated) => {
      raw._request = authenticated;
    },
    onReceiveResponse: (response) => {
      raw._receiveInviteResponse(response);
    },
  });
  sender.send();
}

/** The session's request as a new one: the same call, the same offer, the next number. */
function renewed(raw: RawSession): RawRequest {
  const request = (raw._request as RawRequest).clone();
  request.cseq += 1;
  request.setHeader('cseq', `${String(request.cseq)} INVITE`);
  // They were made for another address.
  for (const name of ['Authorization', 'Proxy-Authorization']) {
    Reflect.deleteProperty(request.headers, name);
  }
  raw._request = request;
  return request;
}

// Far more than one phone has in hand at a time; a far end may go on asking after its call is over.
const foreignKept = 1000;

/**
 * Keeps the account's credentials from now on out of all requests of a call that goes to another domain: no
 * digest and no token for the one who is called, and none for a proxy but in a realm of our own.
 */
function withhold({ _request, _ua: { foreign, configuration } }: RawSession): void {
  const { call_id: id, headers } = _request as RawRequest;
  if (foreign.has(id)) return;
  const shown = ['Authorization', 'Proxy-Authorization'].flatMap((name) => headers[name] ?? []);
  const known = shown.flatMap((line) => /realm="([^"]*)"/.exec(line)?.[1] ?? []);
  foreign.set(
    id,
    [configuration.uri.host, ...known].map((realm) => `proxy-authorization ${realm}`),
  );
  for (const oldest of foreign.keys()) if (foreign.size > foreignKept) foreign.delete(oldest);
}

const sameHost = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function keyOf({ user, host, port }: RawUri): string {
  return `${user ?? ''}@${host.toLowerCase()}:${String(port ?? 5060)}`;
}
