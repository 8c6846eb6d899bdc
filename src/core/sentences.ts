import type { CallEnd } from './call/snapshot.ts';
import { PhoneError } from './errors.ts';

type Translate = (key: string) => string;

/** What a person on the phone is told of an error: the far end's reason if there is one. */
export function errorSentence(error: unknown, translate: Translate): string {
  if (!(error instanceof PhoneError)) return translate('error.call_failed');
  for (const section of ['response', 'cause']) {
    const key = `${section}.${error.responseKey ?? ''}`;
    const sentence = translate(key);
    if (error.responseKey !== undefined && sentence !== key) return sentence;
  }
  return translate(`error.${error.code.replace('.', '_')}`);
}

/** What a person on the phone is told of the end of a call. */
export function endSentence(end: CallEnd, translate: Translate): string {
  return translate(`${end.section}.${end.key}`);
}
