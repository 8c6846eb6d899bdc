import type { CallEnd } from './call/snapshot.ts';
import { responseFor } from './call/responses.ts';
import { PhoneError } from './errors.ts';
import type { ErrorCode } from './errors.ts';

// A log-in that these refuse is wrong, and the sentence for the log-in says so.
const wrongLogin: ReadonlySet<number> = new Set([401, 403, 407]);

function isExplained(code: ErrorCode, statusCode: number): boolean {
  if (code === 'userAgent.registrationFailed') return !wrongLogin.has(statusCode);
  return code === 'transfer.refused' || code === 'transfer.failed';
}

type Translate = (key: string) => string;

/** What a person on the phone is told of an error: the far end's reason if there is one. */
export function errorSentence(error: unknown, translate: Translate): string {
  if (!(error instanceof PhoneError)) return translate('error.call_failed');
  const general = translate(`error.${error.code.replace('.', '_')}`);
  // Why a transfer or a log-in did not work is news; of a refused hold the status says no more.
  if (error.statusCode !== undefined && isExplained(error.code, error.statusCode)) {
    const reason = told(`response.${responseFor(error.statusCode).key}`, translate);
    return reason === undefined ? withCode(general, error.statusCode) : `${general} ${reason}`;
  }
  for (const section of ['response', 'cause']) {
    const sentence = told(`${section}.${error.responseKey ?? ''}`, translate);
    if (error.responseKey !== undefined && sentence !== undefined) return sentence;
  }
  return general;
}

/** What a person on the phone is told of the end of a call. */
export function endSentence(end: CallEnd, translate: Translate): string {
  const sentence = told(`${end.section}.${end.key}`, translate);
  return sentence ?? withCode(translate('cause.failed'), end.statusCode);
}

/**
 * A name, a number or an address for the middle of a sentence: whatever its direction, it does not turn the
 * words around it (U+2068 and U+2069, UAX #9). An empty one stays so.
 */
export function isolated(text: string): string {
  // Marks of its own could end the isolate.
  return text && `\u2068${text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069`;
}

/** The sentences of rare responses come when they are asked for; until then there is the code. */
function told(key: string, translate: Translate): string | undefined {
  const sentence = translate(key);
  return sentence === key ? undefined : sentence;
}

function withCode(general: string, code: number | null): string {
  return code === null ? general : `${general} (${String(code)})`;
}
