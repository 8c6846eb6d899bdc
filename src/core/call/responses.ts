/**
 * Whether the same call can succeed when it is made again: `later`, unchanged, once time has passed;
 * `changed`, after the address, the credentials, the request or the media were changed; `never`,
 * because the answer stands or because there is nothing to repeat.
 */
export type Retry = 'never' | 'later' | 'changed';

/**
 * One SIP response code: what it is called and what a caller can do about it. The documents that
 * define the codes are in `responseSources.ts`.
 */
export interface SipResponse {
  /** The status code, 100 to 699. */
  readonly code: number;
  /** Stable name, also the key of the sentence for people in the locale section `response`. */
  readonly key: string;
  /** True from 200 on: no further response to the request follows. */
  readonly final: boolean;
  /** Whether making the same call again can help. */
  readonly retry: Retry;
}

type Row = readonly [code: number, key: string, retry: Retry];

const serverInternalError: Row = [500, 'serverInternalError', 'later'];

const rows: readonly Row[] = [
  [100, 'trying', 'never'],
  [180, 'ringing', 'never'],
  [181, 'callIsBeingForwarded', 'never'],
  [182, 'queued', 'never'],
  [183, 'sessionProgress', 'never'],
  [199, 'earlyDialogTerminated', 'never'],
  [200, 'ok', 'never'],
  [202, 'accepted', 'never'],
  [204, 'noNotification', 'never'],
  [300, 'multipleChoices', 'changed'],
  [301, 'movedPermanently', 'changed'],
  [302, 'movedTemporarily', 'changed'],
  [305, 'useProxy', 'changed'],
  [380, 'alternativeService', 'changed'],
  [400, 'badRequest', 'changed'],
  [401, 'unauthorized', 'changed'],
  [402, 'paymentRequired', 'changed'],
  [403, 'forbidden', 'never'],
  [404, 'notFound', 'changed'],
  [405, 'methodNotAllowed', 'never'],
  [406, 'notAcceptable', 'changed'],
  [407, 'proxyAuthenticationRequired', 'changed'],
  [408, 'requestTimeout', 'later'],
  [410, 'gone', 'never'],
  [412, 'conditionalRequestFailed', 'changed'],
  [413, 'requestEntityTooLarge', 'changed'],
  [414, 'requestUriTooLong', 'changed'],
  [415, 'unsupportedMediaType', 'changed'],
  [416, 'unsupportedUriScheme', 'changed'],
  [417, 'unknownResourcePriority', 'changed'],
  [420, 'badExtension', 'changed'],
  [421, 'extensionRequired', 'changed'],
  [422, 'sessionIntervalTooSmall', 'changed'],
  [423, 'intervalTooBrief', 'changed'],
  [424, 'badLocationInformation', 'changed'],
  [425, 'badAlertMessage', 'changed'],
  [428, 'useIdentityHeader', 'changed'],
  [429, 'provideReferrerIdentity', 'changed'],
  [430, 'flowFailed', 'later'],
  [433, 'anonymityDisallowed', 'changed'],
  [436, 'badIdentityInfo', 'changed'],
  [437, 'unsupportedCredential', 'changed'],
  [438, 'invalidIdentityHeader', 'changed'],
  [439, 'firstHopLacksOutboundSupport', 'changed'],
  [440, 'maxBreadthExceeded', 'changed'],
  [469, 'badInfoPackage', 'changed'],
  [470, 'consentNeeded', 'changed'],
  [478, 'unresolvableDestination', 'changed'],
  [480, 'temporarilyUnavailable', 'later'],
  [481, 'callDoesNotExist', 'later'],
  [482, 'loopDetected', 'changed'],
  [483, 'tooManyHops', 'changed'],
  [484, 'addressIncomplete', 'changed'],
  [485, 'ambiguous', 'changed'],
  [486, 'busyHere', 'later'],
  [487, 'requestTerminated', 'later'],
  [488, 'notAcceptableHere', 'changed'],
  [489, 'badEvent', 'never'],
  [491, 'requestPending', 'later'],
  [493, 'undecipherable', 'changed'],
  [494, 'securityAgreementRequired', 'changed'],
  serverInternalError,
  [501, 'notImplemented', 'never'],
  [502, 'badGateway', 'later'],
  [503, 'serviceUnavailable', 'later'],
  [504, 'serverTimeout', 'later'],
  [505, 'versionNotSupported', 'never'],
  [513, 'messageTooLarge', 'changed'],
  [555, 'pushNotificationServiceNotSupported', 'changed'],
  [580, 'preconditionFailure', 'later'],
  [600, 'busyEverywhere', 'later'],
  [603, 'decline', 'later'],
  [604, 'doesNotExistAnywhere', 'changed'],
  // Not `notAcceptable`: RFC 3261 gives 406 the same phrase.
  [606, 'notAcceptableAnywhere', 'changed'],
  [607, 'unwanted', 'never'],
  // Not `rejected`: that key is the cause of a call which a person turned down.
  [608, 'blocked', 'changed'],
];

function toResponse([code, key, retry]: Row): SipResponse {
  return Object.freeze({ code, key, final: code >= 200, retry });
}

/** Every response code this phone knows, by its number. */
export const sipResponses: Readonly<Record<number, SipResponse>> = Object.freeze(
  Object.fromEntries(rows.map((row) => [row[0], toResponse(row)])),
);

/** What stands in for an unknown code, by its first digit: RFC 3261 section 8.1.3.2. */
const classCodes: Readonly<Record<number, number>> = {
  1: 183,
  2: 200,
  3: 300,
  4: 400,
  5: 500,
  6: 600,
};

const notAStatusCode = toResponse(serverInternalError);

/**
 * The catalogue entry of a status code. An unknown code is treated as RFC 3261 section 8.1.3.2
 * demands: as 183 when it is provisional, else as the x00 of its class; what is no SIP status code at
 * all counts as 500. Never throws; `code` of the result is that of the entry, not the one asked for.
 */
export function responseFor(code: number): SipResponse {
  const classCode = classCodes[Math.floor(code / 100)] ?? 500;
  return sipResponses[code] ?? sipResponses[classCode] ?? notAStatusCode;
}
