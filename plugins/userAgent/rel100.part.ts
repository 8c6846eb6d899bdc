import type { Clock, Off } from '../../src/core/index.ts';
import type { SessionExtension } from './extensions.ts';
import type { RawDialog, RawIncoming, RawMessage, RawSession } from './stackTypes.ts';

// RFC 3262 section 3: T1 of RFC 3261, doubled each time, until 64 times T1 are over.
const first = 500;
const patience = 32_000;

/** Provisional responses that are acknowledged (RFC 3262), as caller and as callee. */
export function rel100(mode: 'supported' | 'required', clock: Clock): SessionExtension {
  return {
    headers: [`${mode === 'required' ? 'Require' : 'Supported'}: 100rel`, 'Allow: PRACK'],
    begin: (raw) => {
      if (raw.direction === 'outgoing') acknowledge(raw);
      else repeatUntilAcknowledged(raw, clock);
    },
  };
}

interface Acknowledged {
  readonly number: number;
  /** The description that came with it or one before, or null. */
  readonly answer: string | null;
}

/** Sends PRACK for each reliable response that is the next of its dialog (RFC 3262 section 4). */
function acknowledge(raw: RawSession): void {
  const receive = raw._receiveInviteResponse.bind(raw);
  // Each branch of a forked call counts on its own.
  const dialogs = new Map<string | undefined, Acknowledged>();
  const confirm = (response: RawMessage, number: number, last?: Acknowledged): void => {
    // A repetition, or one that came before another that is still missing: neither heard nor confirmed.
    if (last && number !== last.number + 1) return;
    const answer = last?.answer ?? described(response);
    dialogs.set(response.to_tag, { number, answer });
    // There is one answer to an offer; one that is told again would be refused by the browser.
    if (last?.answer) response.body = null;
    receive(response);
    dialogOf(raw, response)?.sendRequest('PRACK', {
      extraHeaders: [`RAck: ${String(number)} ${String(response.cseq)} INVITE`],
    });
  };
  raw._receiveInviteResponse = (response) => {
    const last = dialogs.get(response.to_tag);
    const number = numberOf(response);
    if (number !== null) {
      confirm(response, number, last);
      return;
    }
    // What was answered reliably need not be repeated in the 200; JsSIP wants it there.
    if (last && !response.body && isSuccess(response)) response.body = last.answer;
    receive(response);
  };
}

const described = ({ body }: RawMessage): string | null => (body === '' ? null : (body ?? null));

const isSuccess = ({ status_code: status = 0 }: RawMessage): boolean =>
  status >= 200 && status < 300;

function dialogOf(raw: RawSession, response: RawMessage): RawDialog | undefined {
  const { call_id: callId = '', from_tag: ours = '', to_tag: theirs = '' } = response;
  return raw._earlyDialogs[callId + ours + theirs];
}

/** The RSeq of a reliable provisional response, or null. */
function numberOf(response: RawMessage): number | null {
  const { status_code: status = 0 } = response;
  if (status <= 100 || status >= 200 || !asks(response, 'Require')) return null;
  const number = Number(response.getHeader('RSeq'));
  return Number.isInteger(number) && number > 0 ? number : null;
}

function asks(message: RawMessage, header: 'Require' | 'Supported'): boolean {
  return message.getHeaders(header).some((tags) => /(?:^|,)\s*100rel\s*(?:,|$)/i.test(tags));
}

/** Repeats our 180 until it is acknowledged, and lets no 200 go out before (RFC 3262 section 3). */
function repeatUntilAcknowledged(raw: RawSession, clock: Clock): void {
  const request = raw._request as RawIncoming & { reply: RawIncoming['reply'] };
  const isRequired = asks(request, 'Require');
  if (!isRequired && !asks(request, 'Supported')) return;
  const reply = request.reply.bind(request);
  if (!request.body) {
    // The first reliable response would have to carry our offer, which an answer only makes.
    if (!isRequired) return;
    request.reply = (status, ...rest) => {
      if (status >= 200) reply(status, ...rest);
    };
    return;
  }
  const number = 1 + Math.floor(Math.random() * 0x7fff_fff0);
  let stop: Off | undefined;
  let acknowledged: Off | undefined;
  const settle = (): void => {
    stop?.();
    stop = undefined;
    acknowledged = undefined;
  };
  request.reply = (...given) => {
    const [status, reason, headers = [], ...rest] = given;
    const send = (more: readonly string[] = []): void => {
      reply(status, reason, [...headers, ...more], ...rest);
    };
    if (status < 200) {
      const tell = (): void => {
        send(['Require: 100rel', `RSeq: ${String(number)}`]);
      };
      tell();
      stop = repeat(clock, tell, () => {
        settle();
        raw.terminate({ status_code: 504, reason_phrase: 'Server Time-out' });
      });
    } else if (status < 300 && stop) {
      acknowledged = send;
    } else {
      settle();
      send();
    }
  };
  const receive = raw.receiveRequest.bind(raw);
  raw.receiveRequest = (incoming) => {
    if (incoming.method !== 'PRACK') {
      receive(incoming);
      return;
    }
    const expected = `${String(number)} ${String(request.cseq)} INVITE`;
    if (!stop || incoming.getHeader('RAck')?.trim().replace(/\s+/g, ' ') !== expected) {
      incoming.reply(481);
      return;
    }
    const then = acknowledged;
    settle();
    incoming.reply(200);
    then?.();
  };
}

function repeat(clock: Clock, task: () => void, giveUp: () => void): Off {
  let waited = 0;
  let stop: Off;
  const again = (delay: number): void => {
    stop = clock.after(delay, () => {
      waited += delay;
      if (waited >= patience) {
        giveUp();
        return;
      }
      task();
      again(Math.min(delay * 2, patience - waited));
    });
  };
  again(first);
  return () => {
    stop();
  };
}
