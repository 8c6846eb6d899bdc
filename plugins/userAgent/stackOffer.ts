import RequestSender from 'jssip/lib/RequestSender.js';
import { PhoneError } from '../../src/core/index.ts';
import type { Clock } from '../../src/core/index.ts';
import { withOneEventClock } from './eventClock.ts';
import { raiseInterval, timerHeaders } from './stackTimers.ts';
import type { RawDialog, RawMessage, RawSenderHandlers, RawSession } from './stackTypes.ts';

/** What a new offer asks for. */
export interface Offer {
  /** Whether we hold the call from then on. */
  readonly hold: boolean;
  readonly iceRestart: boolean;
  readonly headers: readonly string[];
  /** Is told the status before the call ends of it. */
  readonly gone: (statusCode: number) => void;
}

type Outcome =
  | { readonly type: 'answered'; readonly response: RawMessage }
  | { readonly type: 'glare' }
  | { readonly type: 'refused'; readonly statusCode: number }
  | { readonly type: 'gone'; readonly statusCode: number }
  | { readonly type: 'offline' };

/**
 * Sends a re-INVITE (RFC 3261 section 14) and applies its answer. JsSIP's own `hold`, `unhold` and
 * `renegotiate` end the call when the far end refuses; here a refusal rolls the offer back and
 * rejects with `call.operationRefused` and the SIP code, and the call goes on as it was. A 491 is
 * tried once more after the delay that the RFC asks for; 408 and 481 end the call.
 */
export async function reoffer(session: RawSession, offer: Offer, clock: Clock): Promise<void> {
  let outcome = await offerOnce(session, offer, clock);
  if (outcome.type === 'glare') {
    await pause(clock, glareDelay(session));
    outcome = await offerOnce(session, offer, clock);
  } else if (outcome.type === 'refused' && outcome.statusCode === 422) {
    outcome = await offerOnce(session, offer, clock);
  }
  if (outcome.type === 'answered') return;
  if (outcome.type === 'gone') {
    offer.gone(outcome.statusCode);
    endGone(session, outcome.statusCode);
    throw new PhoneError('call.ended', { statusCode: outcome.statusCode });
  }
  if (outcome.type === 'offline') throw new PhoneError('userAgent.notConnected');
  throw new PhoneError('call.operationRefused', {
    statusCode: outcome.type === 'glare' ? 491 : outcome.statusCode,
  });
}

async function offerOnce(session: RawSession, offer: Offer, clock: Clock): Promise<Outcome> {
  const dialog = await readyDialog(session, clock);
  const wasHeld = session._localHold;
  // Set before the offer is made, so that an offer of the far end meanwhile is answered 491.
  dialog.uac_pending_reply = true;
  session._localHold = offer.hold;
  try {
    const sdp = await queued(session, () => describe(session, offer));
    if (session.isEnded()) throw new PhoneError('call.ended');
    const outcome = await send(session, dialog, { sdp, headers: offer.headers });
    if (outcome.type !== 'answered') {
      await queued(session, () => rollBack(session, wasHeld));
      return outcome;
    }
    return await accept(session, outcome.response, wasHeld);
  } catch (error) {
    await queued(session, () => rollBack(session, wasHeld));
    throw error;
  } finally {
    dialog.uac_pending_reply = false;
  }
}

async function describe(session: RawSession, offer: Offer): Promise<string> {
  try {
    const sdp = await session._createLocalDescription(
      'offer',
      offer.iceRestart ? { iceRestart: true } : null,
    );
    return session._mangleOffer(sdp);
  } finally {
    // JsSIP leaves it false when the browser refuses to make an offer: no other could follow.
    session._rtcReady = true;
  }
}

async function accept(
  session: RawSession,
  response: RawMessage,
  wasHeld: boolean,
): Promise<Outcome> {
  session.sendRequest('ACK');
  session._handleSessionTimersInIncomingResponse(response);
  const sdp = withOneEventClock(response.body ?? '');
  try {
    await queued(session, async () => {
      await session.connection?.setRemoteDescription({ type: 'answer', sdp });
    });
    return { type: 'answered', response };
  } catch {
    // The far end agreed, but to something this browser cannot do.
    await queued(session, () => rollBack(session, wasHeld));
    return { type: 'refused', statusCode: 488 };
  }
}

interface Sent {
  readonly sdp: string;
  readonly headers: readonly string[];
}

function send(session: RawSession, dialog: RawDialog, { sdp, headers }: Sent): Promise<Outcome> {
  const request = dialog._createRequest(
    'INVITE',
    [
      ...headers,
      `Contact: ${session.contact}`,
      'Content-Type: application/sdp',
      ...timerHeaders(session),
    ],
    sdp,
  );
  return new Promise((resolve) => {
    const handlers: RawSenderHandlers = {
      onRequestTimeout: () => {
        resolve({ type: 'gone', statusCode: 408 });
      },
      onTransportError: () => {
        resolve({ type: 'offline' });
      },
      onAuthenticated: () => {
        dialog.local_seqnum += 1;
        dialog._outgoing_ack_seqnum = dialog.local_seqnum;
      },
      onReceiveResponse: (response) => {
        raiseInterval(session, response);
        const outcome = judge(response);
        if (outcome) resolve(outcome);
      },
    };
    const sender = new RequestSender(session._ua, request, handlers);
    sender.send();
  });
}

function judge(response: RawMessage): Outcome | undefined {
  const statusCode = response.status_code ?? 0;
  if (statusCode < 200) return undefined;
  if (statusCode < 300) return { type: 'answered', response };
  if (statusCode === 491) return { type: 'glare' };
  if (statusCode === 408 || statusCode === 481) return { type: 'gone', statusCode };
  return { type: 'refused', statusCode };
}

async function rollBack(session: RawSession, wasHeld: boolean): Promise<void> {
  session._localHold = wasHeld;
  session._setLocalMediaStatus();
  const { connection } = session;
  if (connection?.signalingState === 'have-local-offer') {
    await connection.setLocalDescription({ type: 'rollback' }).catch(() => undefined);
  }
}

// JsSIP runs everything that changes descriptions through this one chain, and so do we.
function queued<Result>(session: RawSession, work: () => Promise<Result>): Promise<Result> {
  const result = session._connectionPromiseQueue.then(work);
  session._connectionPromiseQueue = result.catch(() => undefined);
  return result;
}

async function readyDialog(session: RawSession, clock: Clock): Promise<RawDialog> {
  for (;;) {
    if (session.isEnded()) throw new PhoneError('call.ended');
    if (session.isReadyToReOffer() && session._dialog) return session._dialog;
    // An offer of the far end is being answered; JsSIP has no event for its end.
    await pause(clock, 20);
  }
}

function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
}

// RFC 3261 section 14.1: the owner of the Call-ID, which is the one who called, waits longer.
function glareDelay({ direction }: RawSession): number {
  const steps = (from: number, to: number): number =>
    from + 10 * Math.floor(Math.random() * ((to - from) / 10 + 1));
  return direction === 'outgoing' ? steps(2100, 4000) : steps(0, 2000);
}

// RFC 3261 section 12.2.1.2: the dialog is gone at the far end, and with it the call.
function endGone(session: RawSession, statusCode: number): void {
  if (session.isEnded()) return;
  session.terminate({ status_code: statusCode, cause: 'Dialog Error' });
}
