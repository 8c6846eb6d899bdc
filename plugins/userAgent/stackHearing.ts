import { redact } from './redact.ts';
import type { RawAgent, RawIncoming } from './stackTypes.ts';

/** Hears of a message that came to nothing: its first line, and what was thrown at it, if anything was. */
export type Ignored = (line: string, error?: unknown) => void;

/** An agent whose ear this is. */
export interface HearingAgent {
  /** The request that is dealt with now. */
  heard: RawIncoming | undefined;
  readonly ignored: Ignored;
}

/**
 * Takes what comes in for an agent that throws at some malformed messages and drops others without a
 * word: what it throws ends here, with an answer where one is due, and both are told.
 */
export function hearSafely(ua: HearingAgent): void {
  const agent = ua as unknown as RawAgent;
  const { _transport: transport } = agent;
  const hear = transport.ondata;
  const heard = (): RawIncoming | undefined => ua.heard;
  transport.ondata = (data) => {
    const { message } = data as { readonly message: string };
    const line = redact(message.slice(0, 200).split('\r\n', 1)[0] ?? '');
    ua.heard = undefined;
    try {
      hear(data);
      if (!heard() && !isAwaited(agent, message)) ua.ignored(line);
    } catch (error) {
      ua.ignored(line, error);
      refuse(transport, message, heard());
    }
    ua.heard = undefined;
  };
}

function isAwaited({ _transactions: { ict, nict } }: RawAgent, message: string): boolean {
  const branch = /;branch=([^;,\s]+)/i.exec(message)?.[1] ?? '';
  return message.startsWith('SIP/2.0 ') && (branch in ict || branch in nict);
}

// RFC 3261 section 8.1.3.3 goes by these alone.
const copied = /^(?:via|v|from|f|to|t|call-id|i|cseq)[ \t]*:.*$/gim;

function refuse(
  transport: RawAgent['_transport'],
  message: string,
  request: RawIncoming | undefined,
): void {
  // RFC 3261 sections 8.2.6 and 17: neither a response nor an ACK is answered.
  if (/^(?:SIP\/|ACK )/i.test(message)) return;
  try {
    if (request?.server_transaction) {
      request.reply(400);
      return;
    }
    const lines = message.split('\r\n\r\n', 1)[0]?.match(copied) ?? [];
    if (lines.length < 5) return;
    const tagged = lines.map((line) =>
      /^to?[ \t]*:(?!.*;tag=)/i.test(line) ? `${line};tag=0` : line,
    );
    const status = message.startsWith('CANCEL ') ? '481 No Transaction' : '400 Bad Request';
    transport.send([`SIP/2.0 ${status}`, ...tagged, 'Content-Length: 0', '', ''].join('\r\n'));
  } catch {
    // What cannot be answered either has been told.
  }
}
