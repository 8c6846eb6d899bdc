import type { Off, SessionFact, SipSession } from '../../src/core/index.ts';
import { boundGathering } from './gathering.ts';
import { withOneEventClock } from './eventClock.ts';
import { refusalOf } from './extensions.ts';
import type { Refusal } from './extensions.ts';
import type { EndKnowledge } from './stackEnd.ts';
import { sendAgain } from './stackAgain.ts';
import { mediaFact } from './stackMedia.ts';
import { replace } from './stackReplace.ts';
import type { SessionServices } from './stackStart.ts';
import { keepRefreshed } from './stackTimers.ts';
import type { RefreshServices } from './stackTimers.ts';
import type { RawIncoming, RawMessage, RawSession } from './stackTypes.ts';

/** What a session does not decide by itself. */
export interface GuardServices extends SessionServices, RefreshServices {
  readonly session: SipSession;
  readonly tell: (fact: SessionFact) => void;
}

/** JsSIP ends a call when any request of it meets a dead connection; here established calls live on. */
export function guard(raw: RawSession, known: EndKnowledge, services: GuardServices): void {
  const onTransportError = raw.onTransportError.bind(raw);
  const onRequestTimeout = raw.onRequestTimeout.bind(raw);
  const receiveRequest = raw.receiveRequest.bind(raw);
  raw.on('accepted', () => {
    known.isUp = true;
  });
  raw.onTransportError = () => {
    // The media of an established call needs no signalling; the next offer finds its way.
    if (known.isUp) return;
    known.localOffline = true;
    onTransportError();
  };
  raw.onRequestTimeout = () => {
    known.failure = 'deadline';
    onRequestTimeout();
  };
  raw.receiveRequest = (request) => {
    if (request.method === 'INVITE' && request.replaces) {
      const replaced = (by: RawSession): void => {
        services.replaced.set(by, services.session);
      };
      replace(raw, { request, known, replaced });
      return;
    }
    // JsSIP answers an offer that crosses ours with 491, and then goes on to apply it all the same.
    if (isOffer(request) && raw._dialog?.uac_pending_reply === true) return;
    const refusal = refusalFor(request, services);
    if (refusal) request.reply(refusal.statusCode, undefined, refusal.headers);
    else if (!isAnnouncement(raw, request, services)) receiveRequest(request);
  };
  keepRefreshed(raw, services);
  if (raw.direction === 'outgoing') sendAgain(raw, services);
  services.extension?.begin(raw);
}

// JsSIP's STATUS_CONFIRMED.
const confirmed = 9;

/** Notes who the far end is; true when the request was about nothing else, and has been answered. */
function isAnnouncement(
  raw: RawSession,
  request: RawIncoming,
  services: Pick<GuardServices, 'assertedBy' | 'tell'>,
): boolean {
  if (request.method !== 'INVITE' && request.method !== 'UPDATE') return false;
  noteIdentity(request, services);
  // JsSIP refuses it before the call is up, when servers tell by it who is rung (RFC 3311 section 5.2).
  if (request.method === 'INVITE' || request.body || raw._status >= confirmed) return false;
  request.reply(200, undefined, [`Contact: ${raw.contact}`]);
  return true;
}

/** Shows who the far end is by the word of a server. */
function noteIdentity(
  message: RawMessage | null | undefined,
  { assertedBy, tell }: Pick<GuardServices, 'assertedBy' | 'tell'>,
): void {
  const remote = message && assertedBy(message);
  if (remote) tell({ type: 'identity', remote });
}

function refusalFor(request: RawIncoming, { extensions }: GuardServices): Refusal | undefined {
  const { method } = request;
  if (method !== 'INVITE' && method !== 'UPDATE') return undefined;
  return refusalOf(request, extensions);
}

function isOffer({ method, body }: RawMessage): boolean {
  return method === 'INVITE' || (method === 'UPDATE' && Boolean(body));
}

/** Where the facts of a session go. */
export interface ProgressServices extends Pick<GuardServices, 'assertedBy' | 'tell'> {
  /** Has the last word on what is sent, after JsSIP switched tracks by itself. */
  readonly applySending: () => void;
}

/** Turns JsSIP's events of a session into facts. */
export function followProgress(raw: RawSession, services: ProgressServices): void {
  const { tell, applySending } = services;
  raw.on('sdp', (given) => {
    const event = given as { readonly originator: string; sdp: string };
    if (event.originator === 'remote') event.sdp = withOneEventClock(event.sdp);
  });
  raw.on('progress', (given) => {
    const event = given as { response: RawMessage | null };
    noteIdentity(event.response, services);
    const statusCode = event.response?.status_code ?? 180;
    tell({ type: 'progress', statusCode, hasMedia: Boolean(event.response?.body), event });
  });
  raw.on('accepted', (given) => {
    noteIdentity((given as { response?: RawMessage | null }).response, services);
  });
  raw.on('confirmed', (event) => {
    applySending();
    tell(mediaFact(raw.connection));
    tell({ type: 'established', event });
  });
  for (const name of ['hold', 'unhold'] as const) {
    raw.on(name, (event) => {
      applySending();
      if ((event as { originator: string }).originator !== 'remote') return;
      tell({ type: 'held', side: 'remote', on: name === 'hold', event });
    });
  }
  raw.on('newDTMF', (given) => {
    const event = given as { originator: string; dtmf: { tone: string; duration: number } };
    if (event.originator !== 'remote') return;
    tell({ type: 'dtmf', tone: event.dtmf.tone, duration: event.dtmf.duration, event });
  });
  raw.on('newInfo', (given) => {
    const event = given as { originator: string; info: { contentType: string; body: string } };
    if (event.originator !== 'remote') return;
    const { contentType, body } = event.info;
    tell({ type: 'info', contentType, body, event });
  });
}

/** Lets an offer or answer go out as soon as its candidates are worth it. */
export function boundIce(connection: RTCPeerConnection, services: SessionServices): Off {
  return boundGathering(connection, services.gathering(), {
    clock: services.clock,
    // JsSIP takes a null candidate for the end of gathering, and has no other way in when no
    // candidate came at all.
    enough: () => {
      connection.dispatchEvent(new RTCPeerConnectionIceEvent('icecandidate'));
    },
  });
}
