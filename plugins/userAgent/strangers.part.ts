import type { ErrorCode, Off, PhoneError, newId } from '../../src/core/index.ts';
import type { Referral } from './referral.ts';
import type { StrangersServices } from './referring.ts';
import type { IncomingRequest, RequestDialog } from './requests.ts';
import type { RawIncoming } from './stackTypes.ts';
import type { ReferOptions } from './types.ts';

/** A REFER that comes in outside of any call. */
export type Refer = IncomingRequest;

/** What both sides of it need. */
export interface Services extends StrangersServices {
  readonly PhoneError: typeof PhoneError;
  readonly newId: typeof newId;
}

/** Takes a REFER of somebody who is in no call with this phone (RFC 3515). */
export function takeRefer(request: Refer, services: Services): void {
  const { ctx, lifecycle } = services;
  // Never followed without an answer, whoever is trusted within calls.
  const isDenied = ctx.options.user_agent.refer_policy === 'deny';
  const target = uriIn(request.header('Contact') ?? '');
  if (isDenied || target === '' || !ctx.isHeard('userAgent.refer.requested')) {
    request.reply(target === '' ? 400 : 603);
    return;
  }
  const { receive, own } = lifecycle.connected();
  const raw = request.event as RawIncoming;
  // The response that begins the dialog carries it (RFC 3261 section 12.1.1).
  raw.to_tag = services.newId();
  const referral: Referral = {
    request: raw,
    tell: ({ step, ...news }) => {
      const { from, fromName } = request;
      const event = { ...news, target: news.request.target, from, fromName };
      ctx.emit(`userAgent.refer.${step}`, event);
    },
    notify: notifier(request, { ...services, ...own(), target, localTag: raw.to_tag }),
  };
  receive(referral, 'ask');
}

interface Notifying extends Services {
  readonly contact: string;
  readonly target: string;
  readonly localTag: string;
}

// One after the other: each has the next number, and the server may ask for credentials in between.
function notifier(request: Refer, services: Notifying): Referral['notify'] {
  const { target, localTag, contact } = services;
  const { callId, fromTag: remoteTag, from: to } = request;
  // A server of a dialog has the route as it came (RFC 3261 section 12.1.1).
  const routes = request.headers('Record-Route');
  const dialog: RequestDialog = { callId, localTag, remoteTag, to, routes };
  let cseq = 0;
  let last = Promise.resolve();
  return (headers, body) => {
    const send = async (): Promise<void> => {
      const response = await services.request('NOTIFY', target, {
        headers: ['Event: refer', `Contact: ${contact}`, ...headers],
        contentType: 'message/sipfrag;version=2.0',
        body,
        dialog: { ...dialog, cseq: cseq + 1 },
      });
      ({ cseq } = response);
    };
    // A referrer that hears no more does not keep the call from going on.
    last = last.then(send).catch(() => {
      cseq += 1;
    });
  };
}

const uriIn = (header: string): string =>
  /<([^<>]+)>/.exec(header)?.[1] ?? header.split(';', 1).join('').trim();

// A NOTIFY follows at once (RFC 6665 section 4.1.2.4, Timer N), and the target may ring for long.
const firstWord = 32_000;
const lastWord = 180_000;

/** Whom to ask for a call to whom. */
interface Job {
  readonly target: string;
  readonly referTo: string;
  readonly options: ReferOptions;
}

/** Asks `target` to call `referTo`; resolves when that one has answered. */
export async function sendRefer(
  { target, referTo, options }: Job,
  services: Services,
): Promise<void> {
  const { headers = [] } = options;
  const { addressOf, own } = services.lifecycle.connected();
  const [to, wanted] = [addressOf(target), addressOf(referTo)];
  const lines = [`Refer-To: <${wanted}>`, ...headers];
  if (!headers.some((line) => /^referred-by\s*:/i.test(line))) {
    lines.push(`Referred-By: <${own().address}>`);
  }
  const dialog = { callId: services.newId(), localTag: services.newId() };
  const outcome = new Outcome(dialog, options, services);
  try {
    const response = await services.request('REFER', to, { headers: lines, dialog });
    outcome.answered(response.statusCode, response.event);
  } catch (error) {
    outcome.stop();
    const { code, statusCode = 408 } = error as PhoneError;
    throw code === 'userAgent.requestFailed'
      ? new services.PhoneError('transfer.refused', { statusCode })
      : error;
  }
  await outcome.promise;
}

/** Waits for the NOTIFYs of a REFER; the first one may be faster than the response. */
class Outcome {
  readonly promise: Promise<void>;
  readonly #services: Services;
  readonly #options: ReferOptions;
  readonly #offs: Off[];
  #settle: (error?: PhoneError) => void = () => undefined;
  #stopWaiting: Off = () => undefined;
  #isHeard = false;

  constructor(
    { callId, localTag }: { callId: string; localTag: string },
    options: ReferOptions,
    services: Services,
  ) {
    this.#services = services;
    this.#options = options;
    this.promise = new Promise((resolve, reject) => {
      this.#settle = (error) => {
        this.stop();
        if (error) reject(error);
        else resolve();
      };
    });
    // Whoever waits hears of it by the response, which may be the first to fail.
    this.promise.catch(() => undefined);
    const isOurs = (request: IncomingRequest): boolean =>
      request.callId === callId &&
      request.toTag === localTag &&
      /^\s*refer\s*(?:;|$)/i.test(request.header('Event') ?? '');
    const { ctx } = services;
    const stopped = (): void => {
      this.#fail('userAgent.notStarted');
    };
    ctx.signal.addEventListener('abort', stopped);
    this.#offs = [
      services.takers.add({ method: 'NOTIFY', matches: isOurs, take: this.#take }),
      ctx.on('userAgent.stopped', stopped),
      () => {
        ctx.signal.removeEventListener('abort', stopped);
      },
    ];
  }

  /** The final response to the REFER itself. */
  answered(statusCode: number, event: unknown): void {
    this.#tell('receiveResponse', statusCode, event);
    if (statusCode >= 300) this.#fail('transfer.refused', statusCode);
    else if (!this.#isHeard) this.#wait(firstWord);
  }

  stop(): void {
    this.#stopWaiting();
    for (const off of this.#offs.splice(0)) off();
  }

  readonly #take = (request: IncomingRequest): void => {
    const { statusCode, isLast } = readNotice(request);
    const isUnderstood = statusCode > 0 || isLast;
    request.reply(isUnderstood ? 200 : 400);
    this.#isHeard ||= isUnderstood;
    if (statusCode >= 300) this.#fail('transfer.failed', statusCode);
    else if (statusCode >= 200) this.#settle();
    else if (isLast) this.#fail('transfer.failed');
    else if (statusCode > 0) {
      this.#wait(lastWord);
      this.#tell('receiveProgress', statusCode, request.event);
    }
  };

  #wait(milliseconds: number): void {
    this.#stopWaiting();
    this.#stopWaiting = this.#services.ctx.clock.after(milliseconds, () => {
      this.#fail('transfer.failed', 408);
    });
  }

  #fail(code: ErrorCode, statusCode?: number): void {
    const details = statusCode === undefined ? {} : { statusCode };
    this.#settle(new this.#services.PhoneError(code, details));
  }

  #tell(name: 'receiveResponse' | 'receiveProgress', statusCode: number, event: unknown): void {
    try {
      this.#options[name]?.({ statusCode, event });
    } catch (error) {
      this.#services.ctx.log.warn('A listener of a REFER failed.', error);
    }
  }
}

// RFC 3515 section 2.4.5: each carries a status line; 0 is none.
function readNotice({ body, header }: IncomingRequest): { statusCode: number; isLast: boolean } {
  return {
    statusCode: Number(/^SIP\/2\.0 ([1-6]\d\d)/i.exec(body)?.[1] ?? 0),
    isLast: /^\s*terminated/i.test(header('Subscription-State') ?? ''),
  };
}
