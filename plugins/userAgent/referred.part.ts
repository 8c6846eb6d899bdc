import type {
  ErrorCode,
  PhoneError,
  ReferAcceptOptions,
  ReferRequest,
  ReferStep,
  SipSession,
} from '../../src/core/index.ts';
import { readReferTo } from './referTo.ts';
import type { Wanted } from './referTo.ts';
import type { Referral } from './referral.ts';
import type { ReferredServices } from './stackReceiving.ts';

// The question is answered for the user when nobody does; the referrer waits meanwhile.
const patience = 30_000;
// What the referrer is promised: by then it has had the last word.
const lifetime = 300_000;
const statusLine = /^SIP\/2\.0 ([1-6]\d\d) [^\r\n]*\s*$/;

/** Asks what to do with a REFER, or follows it. Whoever referred hears how it ends in any case. */
export function receiveRefer(referral: Referral, services: ReferredServices): void {
  const { request } = referral;
  // Stopped while this part was loaded.
  if (!services.listener.isCurrent()) {
    request.reply(480);
    return;
  }
  const wanted = readReferTo(request.getHeaders('Refer-To'), services);
  if (typeof wanted === 'number') {
    request.reply(wanted);
    return;
  }
  request.reply(202, undefined, [`Contact: ${String(services.ua.contact)}`]);
  new Received(referral, wanted, services).begin();
}

/** A REFER that was taken with 202. */
class Received {
  readonly #referral: Referral;
  readonly #wanted: Wanted;
  readonly #services: ReferredServices;
  readonly #given: ReferRequest;
  #isOpen = true;
  #isClosed = false;
  #stop: () => void;

  constructor(referral: Referral, wanted: Wanted, services: ReferredServices) {
    this.#referral = referral;
    this.#wanted = wanted;
    this.#services = services;
    this.#given = this.#asRequest();
    this.#stop = services.clock.after(patience, () => {
      this.#refuse();
    });
  }

  begin(): void {
    this.#services.ua.on('disconnected', this.#left);
    this.#say('SIP/2.0 100 Trying');
    this.#tell('requested', null);
    // What goes wrong is told by the events, and to the referrer; a listener may have answered already.
    if (this.#services.isTrusted) this.#given.accept().catch(() => undefined);
  }

  #asRequest(): ReferRequest {
    const { target, replaces } = this.#wanted;
    const referredBy = this.#referral.request.getHeader('Referred-By') ?? '';
    return Object.freeze({
      target,
      // A header may go on in the next line (RFC 3261 section 7.3.1).
      referredBy: referredBy.replace(/\s+/g, ' '),
      isAttended: replaces !== undefined,
      accept: (options = {}) => this.#accept(options),
      // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a promise's, too
      reject: async () => {
        this.#refuse();
      },
      progress: () => this.#given.sendNotify('SIP/2.0 100 Trying'),
      // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a promise's, too
      sendNotify: async (body: string) => {
        const status = statusOf(body);
        if (status === 0) throw this.#error('call.headerInvalid');
        if (this.#isClosed) throw this.#error('call.stateInvalid');
        const isAnswer = this.#isOpen && status >= 200;
        if (isAnswer) this.#settle();
        this.#say(body.trim());
        // Whoever shows the question hears that it is answered.
        if (isAnswer) this.#tell(status < 300 ? 'requestAccepted' : 'rejected', status);
      },
    });
  }

  /** It can be answered once. */
  #settle(): void {
    if (!this.#isOpen) throw this.#error('call.stateInvalid');
    this.#isOpen = false;
    this.#stop();
  }

  // Whoever shows the question is to take it away. Nobody waits for a word that can be sent no more.
  readonly #left = (): void => {
    if (this.#services.listener.isCurrent()) return;
    if (this.#isOpen) this.#refuse();
    else this.#close();
  };

  #close(): void {
    this.#isClosed = true;
    this.#services.ua.removeListener('disconnected', this.#left);
    this.#stop();
  }

  #refuse(): void {
    this.#settle();
    this.#say('SIP/2.0 603 Decline');
    this.#tell('rejected', 603);
  }

  async #accept(options: ReferAcceptOptions): Promise<void> {
    const { checkHeaders, clock } = this.#services;
    checkHeaders(options.headers);
    // Nobody calls for an agent that was stopped, though its question may still be on the screen.
    if (!this.#services.listener.isCurrent()) throw this.#error('userAgent.notStarted');
    this.#settle();
    this.#tell('requestAccepted', 202);
    if (options.followRefer ?? true) {
      await this.#follow(options);
      return;
    }
    this.#stop = clock.after(lifetime, () => {
      this.#say('SIP/2.0 408 Request Timeout');
    });
  }

  async #follow(options: ReferAcceptOptions): Promise<void> {
    const seen = { invite: false, answer: false };
    const session = this.#launched(options);
    const off = session.observe((fact) => {
      if (fact.type === 'progress') {
        this.#say(`SIP/2.0 ${String(fact.statusCode)} ${phraseOf(fact.event)}`);
        this.#tell('progress', fact.statusCode, fact.event);
      } else if (fact.type === 'established') {
        seen.answer = true;
        this.#say('SIP/2.0 200 OK');
        this.#tell('accepted', 200, fact.event);
      } else if (fact.type === 'ended') {
        off();
        if (!seen.answer) this.#failed(fact, seen.invite ? 487 : 603);
      }
    });
    await this.#services.listener.follow(session, options.inviteOptions?.video ?? false);
    seen.invite = true;
    this.#tell('inviteSent', null);
  }

  #launched({ headers = [], inviteOptions, modifiers }: ReferAcceptOptions): SipSession {
    const { replaces, uri } = this.#wanted;
    const { referredBy } = this.#given;
    const lines = [...headers];
    // RFC 3892 section 2.2: whoever is called hears who sent us.
    if (referredBy) lines.push(`Referred-By: ${referredBy}`);
    if (replaces !== undefined) lines.push(`Replaces: ${replaces}`);
    const anonymous = inviteOptions?.anonymous ?? false;
    const options = { headers: lines, anonymous, receiveVideo: false, modifiers };
    try {
      return this.#services.launch(uri, options);
    } catch (error) {
      this.#say('SIP/2.0 603 Decline');
      this.#tell('rejected', 603);
      throw error;
    }
  }

  #error(code: ErrorCode): PhoneError {
    return new this.#services.PhoneError(code);
  }

  #failed(
    {
      end,
      event,
    }: { readonly end: { readonly statusCode: number | null }; readonly event: unknown },
    unless: number,
  ): void {
    const statusCode = end.statusCode ?? unless;
    this.#say(`SIP/2.0 ${String(statusCode)} ${phraseOf(event, statusCode)}`);
    this.#tell('rejected', statusCode, event);
  }

  /** Tells the referrer (RFC 3515 section 2.4.4); 200 and above is the last word. */
  #say(line: string): void {
    if (this.#isClosed) return;
    const isLast = statusOf(line) >= 200;
    if (isLast) this.#close();
    const state = isLast ? 'terminated;reason=noresource' : 'active;expires=300';
    this.#referral.notify([`Subscription-State: ${state}`], line);
  }

  #tell(step: ReferStep, statusCode: number | null, event?: unknown): void {
    const { request, tell } = this.#referral;
    tell({ step, request: this.#given, statusCode, event: event ?? request });
  }
}

const statusOf = (line: string): number => Number(statusLine.exec(line)?.[1] ?? 0);

const phrases: Readonly<Record<number, string>> = { 487: 'Request Terminated', 603: 'Decline' };

function phraseOf(event: unknown, statusCode = 0): string {
  const { response, message } = event as Partial<
    Record<'response' | 'message', { readonly reason_phrase?: string } | null>
  >;
  return (response ?? message)?.reason_phrase ?? phrases[statusCode] ?? '';
}
