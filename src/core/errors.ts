/**
 * Every failure the phone can report, by a stable code. The code is also the key of the sentence
 * for the user in the locale section `error`, so that it can be translated.
 */
export const errorMessages: Readonly<Record<ErrorCode, string>> = {
  'audio.volumeInvalid': 'This is no volume: a number between its two bounds is one.',
  'call.ended': 'The call has ended.',
  'call.failed': 'The call failed.',
  'call.headerInvalid': 'A SIP header must read "Name: value", on one line.',
  'call.operationRefused': 'The other side refused this change; the call goes on as before.',
  'call.operationTimedOut': 'The other side did not answer in time; the call goes on as before.',
  'call.stateInvalid': 'This is not possible in the present state of the call.',
  'call.superseded': 'A later command took the place of this one.',
  'call.targetInvalid': 'This is not a number or address that can be called.',
  'call.targetMissing': 'Enter a number or an address to call.',
  'configuration.invalid': 'The configuration of the phone is not valid.',
  'dtmf.invalid': 'Only the characters 0-9, *, # and A-D can be sent as tones.',
  'media.busy': 'The microphone or camera is in use by another program.',
  'media.denied': 'The browser was told not to let this page use the microphone or camera.',
  'media.dismissed': 'The question of the browser was closed without an answer.',
  'media.failed': 'The microphone or camera could not be started.',
  'media.insecure': 'A browser gives the microphone to pages on https or localhost only.',
  'media.noDevice': 'No microphone or camera was found.',
  'media.noneChosen': 'No camera is chosen.',
  'media.outputFailed': 'The chosen speaker cannot be used.',
  'media.processorFailed': 'The sound could not be changed; it is sent as it is.',
  'media.screenFailed': 'The screen could not be shared.',
  'media.unknownDevice': 'This device is not connected.',
  'media.wasmRefused': 'This page or browser does not allow WebAssembly.',
  'messages.textInvalid': 'There is nothing to send, or more than can be sent.',
  'phone.destroyed': 'This phone has been closed.',
  'phone.partMissing': 'A file that belongs to the phone could not be loaded.',
  'plugin.cycle': 'Plugins require one another in a circle.',
  'plugin.duplicate': 'Two plugins have the same name.',
  'plugin.missing': 'A plugin that another one requires is not there.',
  'transfer.failed': 'The call could not be transferred.',
  'transfer.refused': 'The transfer was refused.',
  'userAgent.challengeUnsupported': 'The telephone server asks for an unknown kind of log-in.',
  'userAgent.credentialsFailed': 'The credentials for the telephone server are missing.',
  'userAgent.notConnected': 'There is no connection to the telephone server.',
  'userAgent.notStarted': 'The phone is not started.',
  'userAgent.registrationFailed': 'The telephone server did not accept the log-in.',
  'userAgent.registrationUnanswered': 'The telephone server does not answer.',
  'userAgent.requestFailed': 'The telephone server did not answer.',
  'userAgent.startFailed': 'The phone could not be started.',
  'userAgent.unknownAccount': 'This phone has no such account.',
};

/** The stable name of a failure, such as `media.denied`. New ones may be added in a minor release. */
export type ErrorCode =
  | 'audio.volumeInvalid'
  | 'call.ended'
  | 'call.failed'
  | 'call.headerInvalid'
  | 'call.operationRefused'
  | 'call.operationTimedOut'
  | 'call.stateInvalid'
  | 'call.superseded'
  | 'call.targetInvalid'
  | 'call.targetMissing'
  | 'configuration.invalid'
  | 'dtmf.invalid'
  | 'media.busy'
  | 'media.denied'
  | 'media.dismissed'
  | 'media.failed'
  | 'media.insecure'
  | 'media.noDevice'
  | 'media.noneChosen'
  | 'media.outputFailed'
  | 'media.processorFailed'
  | 'media.screenFailed'
  | 'media.unknownDevice'
  | 'media.wasmRefused'
  | 'messages.textInvalid'
  | 'phone.destroyed'
  | 'phone.partMissing'
  | 'plugin.cycle'
  | 'plugin.duplicate'
  | 'plugin.missing'
  | 'transfer.failed'
  | 'transfer.refused'
  | 'userAgent.challengeUnsupported'
  | 'userAgent.credentialsFailed'
  | 'userAgent.notConnected'
  | 'userAgent.notStarted'
  | 'userAgent.registrationFailed'
  | 'userAgent.registrationUnanswered'
  | 'userAgent.requestFailed'
  | 'userAgent.startFailed'
  | 'userAgent.unknownAccount';

/** One thing that is wrong with a configuration. */
export interface Problem {
  /** Where: the path of the key, such as `userAgent.transport.sockets[0]`. */
  readonly path: string;
  /** What was found there, described without its value where the key may hold a secret. */
  readonly found: string;
  /** What is accepted there. */
  readonly accepted: string;
}

/** What else is known of a failure. */
export interface ErrorDetails {
  /** A sentence for the developer that takes the place of the code's own. */
  readonly message?: string;
  /** The SIP status code that caused it (RFC 3261 section 21), if there was one. */
  readonly statusCode?: number;
  /** The wrong keys, for `configuration.invalid`. */
  readonly problems?: readonly Problem[];
  /** The key of the sentence in the response catalogue that says more, such as `busyHere`. */
  readonly responseKey?: string;
  /** What was thrown underneath. */
  readonly cause?: unknown;
}

/**
 * The only kind of error that this library throws or rejects with. `code` is stable and meant for
 * programs; `message` is English and meant for the developer's console. Neither ever holds a
 * password or a token.
 */
export class PhoneError extends Error {
  override readonly name: string = 'PhoneError';
  /** The stable name of the failure. */
  readonly code: ErrorCode;
  /** The SIP status code behind it, if there was one. */
  readonly statusCode: number | undefined;
  /** The wrong keys, for `configuration.invalid`; otherwise empty. */
  readonly problems: readonly Problem[];
  /** Key into the locale section `response` or `cause`, if the catalogue knows more. */
  readonly responseKey: string | undefined;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(describe(code, details), details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.statusCode = details.statusCode;
    this.problems = details.problems ?? [];
    this.responseKey = details.responseKey;
  }
}

function describe(code: ErrorCode, details: ErrorDetails): string {
  const sentence = details.message ?? errorMessages[code];
  const status = details.statusCode === undefined ? '' : ` (SIP ${String(details.statusCode)})`;
  const list = (details.problems ?? []).map(
    ({ path, found, accepted }) => `\n  ${path}: found ${found}; accepted: ${accepted}`,
  );
  return `${sentence}${status}${list.join('')}`;
}

/**
 * The thrown thing as a `PhoneError`, wrapped under `code` when it is something else. One of another
 * copy of this library keeps its own code: a module beside the script-tag file brings such a copy.
 */
export function asPhoneError(thrown: unknown, code: ErrorCode): PhoneError {
  if (thrown instanceof PhoneError) return thrown;
  if (!isOfAnotherCopy(thrown)) return new PhoneError(code, { cause: thrown });
  return new PhoneError(thrown.code, { message: thrown.message, cause: thrown });
}

function isOfAnotherCopy(thrown: unknown): thrown is PhoneError {
  if (!(thrown instanceof Error) || thrown.name !== 'PhoneError') return false;
  return 'code' in thrown && Object.hasOwn(errorMessages, String(thrown.code));
}
