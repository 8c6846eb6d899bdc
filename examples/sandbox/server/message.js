// @ts-check
// @ts-ignore The library has no types.
import sip from 'sip';

/**
 * @typedef {{ name?: string, uri: any, params: Record<string, string | null> }} Address
 * @typedef {{ protocol: string, host: string, port?: number, version?: string,
 *   params: Record<string, string | null> }} Via
 * @typedef {{ method?: any, uri?: any, version?: string, status?: any, reason?: any,
 *   headers: Record<string, any>, content?: string }} Message A request has `method` and `uri`, a
 *   response has `status` and `reason`; header names are in lower case.
 */

/** Frames are read as latin1 so that one character is one byte and Content-Length counts bytes. */
const encoding = 'latin1';

const mandatory = ['via', 'from', 'to', 'call-id', 'cseq'];

/** @type {[string, (message: Message) => boolean][]} */
const flaws = [
  [
    'CSeq Method Mismatch',
    ({ method, headers }) => Boolean(method) && headers['cseq'].method !== method,
  ],
  ['Bad CSeq', ({ headers }) => !Number.isInteger(headers['cseq'].seq)],
  ['Missing From Tag', ({ headers }) => !tagOf(headers['from'])],
  ['Bad Address', ({ headers }) => !readUri(headers['from'].uri) || !readUri(headers['to'].uri)],
  ['Bad Content-Length', (message) => !(announcedLength(message) >= 0)],
  ['Body Too Short', (message) => announcedLength(message) > (message.content ?? '').length],
];

/**
 * Reads one WebSocket frame, which holds exactly one SIP message (RFC 7118).
 *
 * @param {Buffer} frame
 * @returns {Message | undefined} Nothing when it is not SIP at all.
 */
export function parseFrame(frame) {
  try {
    return sip.parse(frame.toString(encoding));
  } catch {
    return undefined;
  }
}

/**
 * Writes a message as the bytes of one frame.
 *
 * @param {Message} message
 * @returns {Buffer}
 */
export function toFrame(message) {
  return Buffer.from(sip.stringify(message), encoding);
}

/**
 * Whether enough of the message was understood to send a response along its Via.
 *
 * @param {Message} message
 * @returns {boolean}
 */
export function canAnswer(message) {
  return mandatory.every((name) => message.headers[name]) && Boolean(branchOf(message));
}

/**
 * Says what is wrong with a message that {@link canAnswer}, in the words of the 400 it deserves.
 *
 * @param {Message} message
 * @returns {string | undefined}
 */
export function flawOf(message) {
  return flaws.find(([, isFlawed]) => isFlawed(message))?.[0];
}

/**
 * @param {Message} message
 * @returns {string | undefined} The branch of the topmost Via.
 */
export function branchOf(message) {
  return message.headers['via']?.[0]?.params?.branch ?? undefined;
}

/**
 * @param {Address | undefined} address
 * @returns {string | undefined}
 */
export function tagOf(address) {
  return address?.params?.['tag'] ?? undefined;
}

/**
 * Takes a SIP address apart; the user part comes decoded.
 *
 * @param {any} uri Text, or what the library has parsed already.
 * @returns {{ user: string | undefined, host: string, port: number | undefined } | undefined}
 */
export function readUri(uri) {
  const parsed = sip.parseUri(uri);
  if (!parsed) return undefined;
  return {
    user: decode(parsed.user),
    host: parsed.host.toLowerCase(),
    port: parsed.port || undefined,
  };
}

/**
 * Makes a response to a request; everything but a 100 gets the given tag where To has none.
 *
 * @param {Message} request
 * @param {{ status: number, reason: string, headers?: Record<string, any>, tag?: string }} answer
 * @returns {Message}
 */
export function makeResponse(request, { status, reason, headers = {}, tag }) {
  const response = sip.makeResponse(request, status, reason, { headers });
  const { to } = request.headers;
  if (status > 100 && tag && !tagOf(to)) {
    response.headers.to = { ...to, params: { ...to.params, tag } };
  }
  return response;
}

/**
 * A copy whose header table may be changed without touching the original's.
 *
 * @param {Message} message
 * @returns {Message}
 */
export function copyOf(message) {
  return { ...message, headers: { ...message.headers } };
}

/** @param {string | undefined} text */
function decode(text) {
  try {
    return text && decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {Message} message */
function announcedLength({ headers }) {
  return headers['content-length'] ?? 0;
}
