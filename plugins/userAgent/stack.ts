import type { UA, URI } from 'jssip';
import type { Clock } from '../../src/core/index.ts';
import { refusalOf } from './extensions.ts';
import type { RequestOptions, SipResponse } from './requests.ts';
import type { OutgoingOptions, StackSettings } from './settings.ts';
import { accountOf, offeredBy, ownParty, parseTarget, partyAt, partyOf } from './stackAddress.ts';
import { createUA, stopUA } from './stackAgent.ts';
import { authenticate } from './stackAuth.ts';
import { followAgent } from './stackListener.ts';
import type { NewSession, StackListener } from './stackListener.ts';
import { createReceiver } from './stackReferred.ts';
import type { ReferReceiver } from './stackReceiving.ts';
import { sendRequest } from './stackRequests.ts';
import { StackSession } from './stackSession.ts';
import { renewing, sharedOf } from './stackShared.ts';
import type { Launch, LiveSession, SessionServices } from './stackStart.ts';
import { cleanTarget } from './target.ts';
import type { RawAgent, RawSession } from './stackTypes.ts';

/** A SIP agent: one account on one connection. */
export interface Stack {
  /** Connects, and again whenever the connection is lost. */
  readonly start: () => void;
  readonly isConnected: () => boolean;
  readonly isRegistered: () => boolean;
  readonly register: () => void;
  /** Removes our own contact only. */
  readonly unregister: () => void;
  /** A session to `target` that waits for its stream. Throws `call.targetInvalid`. */
  readonly createOutgoing: (target: string, options: OutgoingOptions) => StackSession;
  /**
   * Sends a request outside of any call; resolves with its final response, whatever it says. Rejects
   * with `call.targetInvalid`, `call.headerInvalid`, `userAgent.requestFailed` when nobody answers,
   * and `userAgent.notConnected`.
   */
  readonly request: (
    method: string,
    target: string,
    options: RequestOptions,
  ) => Promise<SipResponse>;
  /** Takes another token from now on. */
  readonly setToken: (token: string) => void;
  /** Gives the present ICE servers to the calls that are up, for when they restart it. */
  readonly refreshIce: () => void;
  /** What was asked for as an address that can be called. Throws `call.targetInvalid`. */
  readonly addressOf: (target: string) => string;
  /** Who this phone is, and its Contact. */
  readonly own: () => { readonly address: string; readonly contact: string };
  /** Deals with a REFER that came in, by that policy or the one of the moment. */
  readonly receive: ReferReceiver;
  /** Ends the calls, removes our contact, and closes the connection when that is done. */
  readonly stop: () => void;
}

/** Makes an agent. Throws `userAgent.startFailed` when the settings cannot work. */
export function createStack(settings: StackSettings, listener: StackListener, clock: Clock): Stack {
  const ua = createUA(settings, listener.trace);
  const { _registrator: registrator } = ua as unknown as RawAgent;
  ua.takerOf = listener.takerOf;
  ua.ignored = listener.ignored;
  const authenticator = authenticate(ua, settings, { clock, tell: listener.authenticationFailed });
  const sessions = new Set<LiveSession>();
  const track = (session: StackSession): StackSession => {
    sessions.add(session);
    return session;
  };
  const services: SessionServices = {
    clock,
    ...sharedOf(settings),
    replaced: new WeakMap(),
    onEnd: (session) => {
      sessions.delete(session);
    },
    onRefer: (referral) => {
      receive(referral);
    },
  };
  const receive = createReceiver({
    ...{ ua, clock, listener },
    launch: (target, options) => track(toTarget(ua, { target, options }, services)),
  });
  followAgent(ua, listener, {
    incoming: (event) => {
      const refusal = refusalOf(event.request, settings.extensions);
      if (refusal) {
        event.session.terminate({ status_code: refusal.statusCode, extraHeaders: refusal.headers });
        return;
      }
      listener.incoming(track(fromInvite(event, services)), {
        replaces: services.replaced.get(event.session),
        callInfo: event.request.getHeaders('Call-Info'),
      });
    },
    disconnected: () => {
      for (const session of [...sessions]) session.connectionLost();
    },
  });
  return {
    start: () => {
      ua.start();
    },
    isConnected: () => ua.isConnected(),
    isRegistered: () => ua.isRegistered(),
    // Not by the agent itself: it would from then on register at every new connection by itself.
    register: () => {
      registrator.register();
    },
    unregister: () => {
      registrator.unregister();
    },
    createOutgoing: (target, options) =>
      track(toTarget(ua, { target: parseTarget(ua, target), options }, services)),
    ...renewing(authenticator, sessions, services),
    request: (method, target, options) => sendRequest(ua, method, { target, options }),
    receive,
    addressOf: (target) => String(parseTarget(ua, cleanTarget(target))),
    own: () => ({ address: String(accountOf(ua).uri), contact: String(ua.contact) }),
    stop: () => {
      for (const session of [...sessions]) session.terminate({});
      stopUA(ua);
    },
  };
}

function fromInvite({ session, request }: NewSession, services: SessionServices): StackSession {
  return new StackSession(
    {
      direction: 'incoming',
      remote: services.assertedBy(request) ?? partyOf(session.remote_identity),
      local: partyOf(session.local_identity),
      offered: offeredBy(request.body),
      alertInfo: request.getHeaders('Alert-Info'),
      raw: session,
    },
    services,
  );
}

interface Outgoing {
  readonly target: URI;
  readonly options: OutgoingOptions;
}

function toTarget(ua: UA, { target, options }: Outgoing, services: SessionServices): StackSession {
  const launch: Launch = (media) => {
    const session = ua.call(target as unknown as string, {
      ...media,
      anonymous: options.anonymous,
      extraHeaders: [...options.headers, ...services.headers],
      ...(options.receiveVideo && {
        rtcOfferConstraints: { offerToReceiveVideo: true, offerToReceiveAudio: true },
      }),
    }) as unknown as RawSession;
    session.on('sdp', (given) => {
      const event = given as { readonly originator: string; sdp: string };
      if (event.originator !== 'local') return;
      for (const modify of options.modifiers ?? []) event.sdp = modify(event.sdp);
    });
    return session;
  };
  return new StackSession(
    {
      direction: 'outgoing',
      remote: partyAt(target),
      local: ownParty(ua),
      offered: { audio: true, video: false },
      launch,
    },
    services,
  );
}
