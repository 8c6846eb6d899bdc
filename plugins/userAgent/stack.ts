import type { UA } from 'jssip';
import { PhoneError, checkHeaders, loadPart } from '../../src/core/index.ts';
import type { Clock, ReferAcceptOptions } from '../../src/core/index.ts';
import { refusalOf } from './extensions.ts';
import { gatheringPolicy } from './gathering.ts';
import type { RequestOptions, SipResponse } from './requests.ts';
import type { OutgoingOptions, StackSettings } from './settings.ts';
import { offeredBy, ownParty, parseTarget, partyAt, partyOf } from './stackAddress.ts';
import { createUA, stopUA } from './stackAgent.ts';
import { assertedBy } from './stackIdentity.ts';
import { followAgent } from './stackListener.ts';
import type { NewSession, StackListener } from './stackListener.ts';
import { sendRequest } from './stackRequests.ts';
import { StackSession } from './stackSession.ts';
import type { Launch, LiveSession, SessionServices } from './stackStart.ts';
import type { RawAgent, RawRefer, RawSession } from './stackTypes.ts';

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
  /** Ends the calls, removes our contact, and closes the connection when that is done. */
  readonly stop: () => void;
}

/** Makes an agent. Throws `userAgent.startFailed` when the settings cannot work. */
export function createStack(settings: StackSettings, listener: StackListener, clock: Clock): Stack {
  const ua = createUA(settings, listener.trace);
  const { _registrator: registrator } = ua as unknown as RawAgent;
  ua.takerOf = listener.takerOf;
  const sessions = new Set<LiveSession>();
  const track = (session: StackSession): StackSession => {
    sessions.add(session);
    return session;
  };
  const services: SessionServices = {
    clock,
    ...configured(settings),
    replaced: new WeakMap(),
    onEnd: (session) => {
      sessions.delete(session);
    },
    refusesRefer: () => listener.referPolicy() === 'deny',
    onRefer: (refer, tell, raw) => {
      const isTrusted = listener.referPolicy() === 'follow';
      loadPart(() => import('./referred.part.ts')).then(({ receiveRefer }) => {
        receiveRefer(refer, {
          ...{ clock, tell, raw, isTrusted, checkHeaders },
          target: partyOf(refer.request.refer_to),
          failed: (code) => new PhoneError(code),
          follow: listener.follow,
          launch: (options, begun) => track(fromRefer(ua, { refer, options, begun }, services)),
        });
      }, refer.reject);
    },
  };
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
    createOutgoing: (target, options) => track(toTarget(ua, { target, options }, services)),
    request: (method, target, options) => sendRequest(ua, method, { target, options }),
    stop: () => {
      for (const session of [...sessions]) session.terminate({});
      stopUA(ua);
    },
  };
}

type Configured =
  'config' | 'gathering' | 'extensions' | 'extension' | 'redirects' | 'headers' | 'assertedBy';

function configured(settings: StackSettings): Pick<SessionServices, Configured> {
  const { peerConnection: config, extensions, extension, redirects } = settings;
  return {
    ...{ config, extensions, extension, redirects },
    gathering: gatheringPolicy(config, settings.gatheringTimeout),
    headers: [...settings.inviteHeaders, ...(extension?.headers ?? [])],
    assertedBy: settings.trustsIdentity ? assertedBy : () => undefined,
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
  readonly target: string;
  readonly options: OutgoingOptions;
}

function toTarget(ua: UA, { target, options }: Outgoing, services: SessionServices): StackSession {
  const uri = parseTarget(ua, target);
  const launch: Launch = (media) =>
    ua.call(String(uri), {
      ...media,
      anonymous: options.anonymous,
      extraHeaders: [...options.headers, ...services.headers],
      ...(options.receiveVideo && {
        rtcOfferConstraints: { offerToReceiveVideo: true, offerToReceiveAudio: true },
      }),
    }) as unknown as RawSession;
  return new StackSession(
    {
      direction: 'outgoing',
      remote: partyAt(uri),
      local: ownParty(ua),
      offered: { audio: true, video: false },
      launch,
    },
    services,
  );
}

interface Referral {
  readonly refer: RawRefer;
  readonly options: ReferAcceptOptions;
  /** The INVITE is about to go out. */
  readonly begun: () => void;
}

function fromRefer(
  ua: UA,
  { refer, options, begun }: Referral,
  services: SessionServices,
): StackSession {
  const { headers = [], inviteOptions, modifiers = [] } = options;
  const referredBy = refer.request.getHeader('Referred-By');
  const launch: Launch = (media) => {
    const launched: RawSession[] = [];
    refer.accept(
      (session) => {
        launched.push(session);
        begun();
        session.on('sdp', (given) => {
          const event = given as { readonly originator: string; sdp: string };
          if (event.originator !== 'local') return;
          for (const modify of modifiers) event.sdp = modify(event.sdp);
        });
      },
      {
        ...media,
        anonymous: inviteOptions?.anonymous ?? false,
        // RFC 3892 section 2.2: whoever is called hears who sent us.
        extraHeaders: [
          ...headers,
          ...(referredBy ? [`Referred-By: ${referredBy}`] : []),
          ...services.headers,
        ],
      },
    );
    const [session] = launched;
    if (!session) throw new PhoneError('call.ended');
    return session;
  };
  return new StackSession(
    {
      direction: 'outgoing',
      remote: partyOf(refer.request.refer_to),
      local: ownParty(ua),
      offered: { audio: true, video: false },
      launch,
    },
    services,
  );
}
