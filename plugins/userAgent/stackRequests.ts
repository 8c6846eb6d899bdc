import { URI } from 'jssip';
import type { UA } from 'jssip';
import RequestSender from 'jssip/lib/RequestSender.js';
import { OutgoingRequest } from 'jssip/lib/SIPMessage.js';
import { NonInviteServerTransaction, checkTransaction } from 'jssip/lib/Transactions.js';
import { PhoneError, checkHeaders } from '../../src/core/index.ts';
import type {
  RequestDialog,
  RequestOptions,
  SipResponse,
  StackRequest,
  TakerOf,
} from './requests.ts';
import { accountOf, parseTarget } from './stackAddress.ts';
import type { RawAgent, RawIncoming, RawMessage, RawRequest } from './stackTypes.ts';

// RFC 3261 section 8.1.1.8: what may make a dialog says where it can be reached.
const needsContact = new Set(['SUBSCRIBE', 'REFER']);

/** Sends a request outside of any call and resolves with its final response. */
export async function sendRequest(
  ua: UA,
  method: string,
  { target, options }: { readonly target: string; readonly options: RequestOptions },
): Promise<SipResponse> {
  const { headers = [], body, contentType = 'text/plain', dialog = {} } = options;
  checkHeaders(headers);
  const lines = [...headers];
  if (needsContact.has(method)) lines.push(`Contact: ${String(ua.contact)}`);
  if (body !== undefined) lines.push(`Content-Type: ${contentType}`);
  const uri = (dialog.remoteTag ? exactUri(target) : undefined) ?? addressOf(ua, target);
  const request = new Request(method, uri, ua, paramsOf(ua, dialog), lines, body);
  let { cseq } = request;
  const response = await new Promise<RawMessage>((resolve, reject) => {
    new RequestSender(ua, request, {
      onRequestTimeout: () => {
        reject(new PhoneError('userAgent.requestFailed', { statusCode: 408 }));
      },
      onTransportError: () => {
        reject(new PhoneError('userAgent.notConnected'));
      },
      // The number counts on when it is sent again with a digest.
      onAuthenticated: (sent: RawRequest) => {
        ({ cseq } = sent);
      },
      onReceiveResponse: (answer: RawMessage) => {
        if ((answer.status_code ?? 0) >= 200) resolve(answer);
      },
    }).send();
  });
  return { ...partsOf(response), statusCode: response.status_code ?? 0, cseq };
}

function addressOf(ua: UA, target: string): URI {
  return target === '' ? accountOf(ua).uri : parseTarget(ua, target);
}

// What the far end of a dialog named as its address is used as it stands: it may have no user.
function exactUri(target: string): URI | undefined {
  return URI.parse(target) as URI | undefined;
}

// JsSIP's types say nothing of its parameters.
const Request = OutgoingRequest as unknown as new (
  method: string,
  uri: URI,
  ua: UA,
  params: object,
  headers: readonly string[],
  body: string | undefined,
) => RawRequest;

// What is left out JsSIP fills in, an empty route set included.
function paramsOf(ua: UA, { to, routes, ...dialog }: RequestDialog): object {
  return {
    to_uri: to === undefined ? undefined : addressOf(ua, to),
    call_id: dialog.callId,
    from_tag: dialog.localTag,
    to_tag: dialog.remoteTag,
    cseq: dialog.cseq,
    route_set: routes?.length ? routes : undefined,
  };
}

function partsOf(message: RawMessage): Omit<SipResponse, 'statusCode' | 'cseq'> {
  return {
    reason: message.reason_phrase ?? '',
    callId: message.call_id ?? '',
    fromTag: message.from_tag ?? '',
    toTag: message.to_tag ?? '',
    body: message.body ?? '',
    header: (name) => message.getHeader(name) ?? null,
    headers: (name) => [...message.getHeaders(name)],
    event: message,
  };
}

/** An agent that asks who takes a request. */
export type TakingAgent = UA & { readonly takerOf: TakerOf };

/** Gives a request to who takes it, in a transaction of its own; false when nobody does. */
export function takeRequest(ua: TakingAgent, raw: RawIncoming): boolean {
  const take = ua.takerOf(incomingOf(raw));
  if (!take) return false;
  // One that comes again is answered by its transaction.
  if (checkTransaction(ua, raw)) return true;
  new NonInviteServerTransaction(ua, (ua as unknown as RawAgent)._transport, raw);
  take();
  // As JsSIP tells of one that it answers itself.
  if (raw.method === 'MESSAGE') tell(ua, raw);
  return true;
}

function tell(ua: UA, request: RawIncoming): void {
  const { emit } = ua as unknown as { emit: (name: string, event: object) => void };
  emit.call(ua, 'newMessage', { originator: 'remote', request });
}

function incomingOf(raw: RawIncoming): StackRequest {
  const { reason: _, ...parts } = partsOf(raw);
  return {
    ...parts,
    method: raw.method ?? '',
    cseq: raw.cseq,
    from: raw.from ? String(raw.from.uri) : '',
    fromName: raw.from?.display_name ?? '',
    to: raw.to ? String(raw.to.uri) : '',
    reply: (statusCode, { reason, headers = [] } = {}) => {
      checkHeaders(headers);
      raw.reply(statusCode, reason, headers);
    },
  };
}
