import type { CallEnd } from './call/snapshot.ts';
import { responseFor } from './call/responses.ts';
import { PhoneError } from './errors.ts';
import type { ErrorCode } from './errors.ts';

const withReason: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'call.operationRefused',
  'transfer.refused',
  'transfer.failed',
]);

type Translate = (key: string) => string;

/** What a person on the phone is told of an error: the far end's reason if there is one. */
export function errorSentence(error: unknown, translate: Translate): string {
  if (!(error instanceof PhoneError)) return translate('error.call_failed');
  const general = translate(`error.${error.code.replace('.', '_')}`);
  // A refused log-in says enough; of other refusals the status tells why.
  if (error.statusCode !== undefined && withReason.has(error.code)) {
    return `${general} ${translate(`response.${responseFor(error.statusCode).key}`)}`;
  }
  for (const section of ['response', 'cause']) {
    const key = `${section}.${error.responseKey ?? ''}`;
    const sentence = translate(key);
    if (error.responseKey !== undefined && sentence !== key) return sentence;
  }
  return general;
}

/** What a person on the phone is told of the end of a call. */
export function endSentence(end: CallEnd, translate: Translate): string {
  return translate(`${end.section}.${end.key}`);
}
