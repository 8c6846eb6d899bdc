/** One value of a SIP `Reason` header field: why the far end or the network sent the message. */
export interface ReasonValue {
  /** `SIP`, `Q.850` and `Preemption` in this spelling, whatever was sent; any other name as sent. */
  readonly protocol: string;
  /** A SIP status code or a Q.850 value, as the protocol says; absent when none or no number was sent. */
  readonly cause?: number;
  /** Free text without its quotes. It comes from the network: show it only escaped. */
  readonly text?: string;
  /** Where in the network a Q.850 cause arose, upper case (RFC 8606): `U` is the called person's own phone. */
  readonly location?: string;
}

// In both, a quoted string runs to its closing quote or, when that is missing, to the end. Every
// branch succeeds on any input, so a hostile header cannot make them backtrack.
const valuePattern = /(?:[^,"]|"(?:\\.|[^"\\])*"?)+/gs;
const parameterPattern = /(?:[^;"]|"(?:\\.|[^"\\])*"?)+/gs;

const quotedPattern = /^"((?:\\.|[^"\\])*)/s;
const tokenPattern = /^[\w.!%*+`'~-]+$/;

const protocolSpellings: ReadonlyMap<string, string> = new Map([
  ['sip', 'SIP'],
  ['q.850', 'Q.850'],
  ['preemption', 'Preemption'],
]);

/**
 * Reads the `Reason` header fields of a message (RFC 3326; several values of one protocol, RFC 9366),
 * each field's value as received. Returns the values in their order; what has no protocol name is
 * left out, a parameter that makes no sense is ignored, and nothing throws.
 */
export function parseReason(headerValues: readonly string[]): readonly ReasonValue[] {
  return headerValues.flatMap((header) => header.match(valuePattern) ?? []).flatMap(parseValue);
}

function parseValue(value: string): readonly ReasonValue[] {
  const [name = '', ...parameters] = (value.match(parameterPattern) ?? []).map((part) =>
    part.trim(),
  );
  // A leading semicolon leaves no protocol: the first part is then a parameter.
  if (!tokenPattern.test(name) || value.trimStart().startsWith(';')) return [];
  const read = readParameters(parameters);
  const cause = read.get('cause');
  const text = read.get('text');
  const location = read.get('location');
  return [
    {
      protocol: protocolSpellings.get(name.toLowerCase()) ?? name,
      ...(cause !== undefined && /^\d{1,9}$/.test(cause) && { cause: Number(cause) }),
      ...(text !== undefined && { text }),
      ...(location !== undefined && { location: location.toUpperCase() }),
    },
  ];
}

/** The first of each name: RFC 3326 allows a parameter once, so a second one is not to be believed. */
function readParameters(parameters: readonly string[]): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    if (equals < 0) continue;
    const name = parameter.slice(0, equals).trim().toLowerCase();
    if (!read.has(name)) read.set(name, unquote(parameter.slice(equals + 1).trim()));
  }
  return read;
}

function unquote(value: string): string {
  const quoted = quotedPattern.exec(value)?.[1];
  return quoted === undefined ? value : quoted.replace(/\\(.)/gs, '$1');
}
