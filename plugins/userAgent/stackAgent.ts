import { UA, URI } from 'jssip';
import Session from 'jssip/lib/RTCSession.js';
import type { UAConfiguration } from 'jssip/lib/UA.js';
import { PhoneError } from '../../src/core/index.ts';
import type { StackSettings } from './settings.ts';
import { accountOf } from './stackAddress.ts';
import { hearSafely } from './stackHearing.ts';
import type { Ignored } from './stackHearing.ts';
import { refusesReplaces } from './stackReplace.ts';
import { takeRequest } from './stackRequests.ts';
import type { TakerOf } from './requests.ts';
import { TracedSocket, revealUnparsed } from './stackSocket.ts';
import type { Trace } from './stackSocket.ts';
import type { RawAgent, RawDialog, RawIncoming } from './stackTypes.ts';

/**
 * JsSIP's agent, tolerant of servers that change the case of the user in the Request-URI (Kazoo), and
 * with an ear for requests that it would refuse itself.
 */
export class PhoneUA extends UA {
  /** Who takes a request that belongs to no call. */
  takerOf: TakerOf = () => undefined;
  canReplace = true;
  /** Hears of messages that came to nothing. */
  ignored: Ignored = () => undefined;
  heard: RawIncoming | undefined = undefined;
  readonly over: Set<string> = new Set<string>();
  /** The calls that were led to another domain; what is kept from it is the authenticator's to decide. */
  readonly foreign: Map<string, readonly string[]> = new Map<string, readonly string[]>();

  receiveRequest(request: RawIncoming & { readonly ruri: URI }): void {
    this.heard = request;
    const { user } = request.ruri as { user: string | null };
    const own = [accountOf(this).uri.user, accountOf(this).contactUser];
    const meant = own.find((name) => name.toLowerCase() === user?.toLowerCase());
    if (meant !== undefined && user !== meant) request.ruri.user = meant;
    revealUnparsed(request);
    if (meant !== undefined && isDealtWith(this, request)) return;
    original.receiveRequest.call(this, request);
  }

  /** A call that is over is remembered for those who want its place (RFC 3891 section 3). */
  destroyDialog(dialog: RawDialog): void {
    const { over } = this;
    if (dialog._state === 2) over.add(dialog.id.toString());
    for (const oldest of over) {
      if (over.size > 50) over.delete(oldest);
    }
    original.destroyDialog.call(this, dialog);
  }
}

function isDealtWith(ua: PhoneUA, request: RawIncoming): boolean {
  if (request.method === 'INVITE') return refusesReplaces(ua, request);
  return !isInCall(ua, request) && takeRequest(ua, request);
}

function isInCall(ua: PhoneUA, { call_id: id, from_tag: from, to_tag: to }: RawIncoming): boolean {
  const { _findDialog: find } = ua as unknown as RawAgent;
  return to !== undefined && find.call(ua, id, from, to) !== null;
}

// Not in JsSIP's types.
const original = UA.prototype as unknown as {
  receiveRequest: (request: unknown) => void;
  destroyDialog: (dialog: unknown) => void;
};

/** An agent that is not connected yet. Throws `userAgent.startFailed`. */
export function createUA(settings: StackSettings, trace: Trace): PhoneUA {
  try {
    const ua = new PhoneUA(configuration(settings, trace));
    ua.canReplace = settings.extensions.includes('replaces');
    hearSafely(ua);
    hideCredentials(ua);
    const registrator = ua.registrator();
    registrator.setExtraHeaders([...settings.registerHeaders]);
    registrator.setExtraContactParams({ ...settings.contactParameters });
    settings.adapt?.(ua, Session);
    return ua;
  } catch (error) {
    // JsSIP quotes the value that it did not like, which may be a password: its text stays inside.
    const { parameter = 'sockets' } = error as { parameter?: string };
    throw new PhoneError('userAgent.startFailed', {
      message: `The phone could not be started: "${parameter}" is not accepted.`,
    });
  }
}

/**
 * Ends the calls, removes our contact, and closes the connection when that is done. Until then the
 * agent goes on answering: JsSIP is deaf from here on, and who calls now would wait for nothing.
 */
export function stopUA(ua: UA): void {
  ua.stop();
  const internal = ua as unknown as RawAgent;
  const { _status: closed, _transport: transport } = internal;
  const hear = transport.ondata;
  transport.ondata = (data) => {
    internal._status = UA.C.STATUS_READY;
    try {
      hear(data);
    } finally {
      internal._status = closed;
    }
  };
}

function configuration(settings: StackSettings, trace: Trace): UAConfiguration {
  const optional = {
    ...(settings.contactUri && { contact_uri: settings.contactUri }),
    ...(settings.displayName && { display_name: settings.displayName }),
    ...(settings.instanceId && { instance_id: settings.instanceId }),
  };
  return {
    sockets: settings.sockets.map(({ url, weight }) => ({
      socket: new TracedSocket(url, trace, !settings.extensions.includes('replaces')),
      weight,
    })),
    uri: new URI('sip', settings.username || 'webphone', settings.realm).toString(),
    // The registration has a state machine of its own, with back-off.
    register: false,
    register_expires: settings.registerExpires,
    no_answer_timeout: settings.noAnswerTimeout,
    user_agent: settings.userAgent,
    session_timers: settings.sessionTimers,
    connection_recovery_min_interval: settings.recoveryMin,
    connection_recovery_max_interval: settings.recoveryMax,
    ...optional,
    ...settings.more,
  };
}

// Events carry the stack's own objects, which lead here: what it has under way are requests with their
// digests and tokens.
function hideCredentials(ua: UA): void {
  for (const key of Object.keys(ua)) Object.defineProperty(ua, key, { enumerable: false });
}
