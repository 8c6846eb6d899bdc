import type {
  Clock,
  ErrorCode,
  Party,
  PhoneError,
  ReferAcceptOptions,
  ReferRequest,
  ReferStep,
  SessionFact,
  SipSession,
} from '../../src/core/index.ts';
import type { RawRefer, RawSession } from './stackTypes.ts';

/** What a REFER that came in is dealt with by. */
export interface ReferredServices {
  readonly clock: Clock;
  readonly tell: (fact: SessionFact) => void;
  /** Follow without asking. */
  readonly isTrusted: boolean;
  /** A session to the target, which waits to be started. */
  readonly launch: (options: ReferAcceptOptions, begun: () => void) => SipSession;
  /** Starts it; resolves when its INVITE is on the wire. */
  readonly follow: (session: SipSession, video: boolean) => Promise<void>;
  /** The session on which it came. */
  readonly raw: RawSession;
  readonly target: Party;
  readonly failed: (code: ErrorCode) => PhoneError;
  readonly checkHeaders: (headers: readonly string[] | undefined) => void;
}

// The question is answered for the user when nobody does; the referrer waits meanwhile.
const patience = 30_000;
const statusLine = /^SIP\/2\.0 ([1-6]\d\d) [^\r\n]*\s*$/;

/**
 * Asks what to do with a REFER (RFC 3515), or follows it. JsSIP has answered 202 and NOTIFY 100 by
 * now; whoever referred hears how it ends in any case.
 */
export function receiveRefer(refer: RawRefer, services: ReferredServices): void {
  const { clock, tell, failed, raw } = services;
  const { request } = refer;
  const report = (step: ReferStep, statusCode: number | null, event: unknown = request): void => {
    tell({ type: 'refer', step, request: given, statusCode, event });
  };
  let isOpen = true;
  const settle = (): void => {
    if (!isOpen) throw failed('call.stateInvalid');
    isOpen = false;
    stop();
  };
  const refuse = (): void => {
    settle();
    refer.reject();
    report('rejected', 603);
  };
  const stop = clock.after(patience, refuse);
  const given: ReferRequest = Object.freeze({
    target: services.target,
    referredBy: request.getHeader('Referred-By') ?? '',
    isAttended: /[?&]replaces=/i.test(request.getHeader('Refer-To') ?? ''),
    accept: async (options: ReferAcceptOptions = {}) => {
      services.checkHeaders(options.headers);
      settle();
      report('requestAccepted', 202);
      if (options.followRefer ?? true) await follow(refer, { ...services, report }, options);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a promise's, too
    reject: async () => {
      refuse();
    },
    progress: () => given.sendNotify('SIP/2.0 100 Trying'),
    // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a promise's, too
    sendNotify: async (body: string) => {
      const status = Number(statusLine.exec(body)?.[1] ?? 0);
      if (status === 0) throw failed('call.headerInvalid');
      if (isOpen && status >= 200) settle();
      notifyReferrer(raw, refer, body.trim());
    },
  });
  report('requested', null);
  // What goes wrong is told by the events, and to the referrer; a listener may have answered already.
  if (services.isTrusted) given.accept().catch(() => undefined);
}

interface Following extends ReferredServices {
  readonly report: (step: ReferStep, statusCode: number | null, event?: unknown) => void;
}

async function follow(
  refer: RawRefer,
  { launch, follow: start, report }: Following,
  options: ReferAcceptOptions,
): Promise<void> {
  // Once there is an INVITE, JsSIP tells the referrer of each response to it.
  const seen = { invite: false, answer: false };
  const session = launch(options, () => {
    seen.invite = true;
  });
  const off = session.observe((fact) => {
    if (fact.type === 'progress') report('progress', fact.statusCode, fact.event);
    else if (fact.type === 'established') {
      seen.answer = true;
      report('accepted', 200, fact.event);
    } else if (fact.type === 'ended') {
      off();
      if (seen.answer) return;
      if (!seen.invite) refer.reject();
      report('rejected', fact.end.statusCode ?? (seen.invite ? 487 : 603), fact.event);
    }
  });
  await start(session, options.inviteOptions?.video ?? false);
  report('inviteSent', null);
}

/** Sends a NOTIFY about a REFER (RFC 3515 section 2.4.4); 200 and above ends the subscription. */
function notifyReferrer(raw: RawSession, { request }: RawRefer, body: string): void {
  const isLast = Number(statusLine.exec(body)?.[1]) >= 200;
  raw.sendRequest('NOTIFY', {
    extraHeaders: [
      `Event: refer;id=${String(request.cseq)}`,
      `Subscription-State: ${isLast ? 'terminated;reason=noresource' : 'active;expires=300'}`,
      'Content-Type: message/sipfrag;version=2.0',
    ],
    body,
  });
}
