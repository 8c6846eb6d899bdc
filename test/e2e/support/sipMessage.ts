/** A SIP message in parts, enough for a far end that a test scripts; headers keep their order. */
export interface SipMessage {
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Takes a whole datagram apart. */
export function parseSip(text: string): SipMessage {
  const split = text.indexOf('\r\n\r\n');
  const head = split < 0 ? text : text.slice(0, split);
  const [startLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  return { startLine, headers, body: split < 0 ? '' : text.slice(split + 4) };
}

/** Every value of a header, by its full name in any case. */
export function headersOf(message: SipMessage, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value);
}

/** The first value of a header, or an empty text. */
export function headerOf(message: SipMessage, name: string): string {
  return headersOf(message, name)[0] ?? '';
}

/** The method of a request, or an empty text for a response. */
export function methodOf(message: SipMessage): string {
  return message.startLine.startsWith('SIP/2.0') ? '' : (message.startLine.split(' ')[0] ?? '');
}

/** A message as it goes on the wire, its Content-Length reckoned here. */
export function buildSip({ startLine, headers, body }: SipMessage): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return [startLine, ...lines, length, '', body].join('\r\n');
}

/** A response to `request` with `toTag` in it; `extra` headers come last. */
export function respond(
  request: SipMessage,
  status: string,
  { toTag, extra = [], body = '' }: ResponseParts,
): string {
  const copy = (name: string): [string, string][] =>
    headersOf(request, name).map((value) => [name, value]);
  const to = headerOf(request, 'To');
  return buildSip({
    startLine: `SIP/2.0 ${status}`,
    headers: [
      ...copy('Via'),
      ...copy('Record-Route'),
      ...copy('From'),
      ['To', to.includes(';tag=') || toTag === undefined ? to : `${to};tag=${toTag}`],
      ...copy('Call-ID'),
      ...copy('CSeq'),
      ...extra,
    ],
    body,
  });
}

/** What a response has beside what it copies from its request. */
export interface ResponseParts {
  readonly toTag?: string;
  readonly extra?: readonly (readonly [string, string])[];
  readonly body?: string;
}
