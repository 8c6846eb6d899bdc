/**
 * Whether the same call can succeed when it is made again: `later`, unchanged, once time has passed;
 * `changed`, after the address, the credentials, the request or the media were changed; `never`,
 * because the answer stands or because there is nothing to repeat.
 */
export type Retry = 'never' | 'later' | 'changed';

/** One SIP response code: what it is called, who defined it and what a caller can do about it. */
export interface SipResponse {
  /** The status code, 100 to 699. */
  readonly code: number;
  /** Stable name, also the key of the sentence for people in the locale section `response`. */
  readonly key: string;
  /** The reason phrase of the defining document: for logs; people read the sentence. */
  readonly reason: string;
  /** The document that defines the code today. */
  readonly rfc: string;
  /** True from 200 on: no further response to the request follows. */
  readonly final: boolean;
  /** Whether making the same call again can help. */
  readonly retry: Retry;
}

type Row = readonly [code: number, key: string, reason: string, rfc: string, retry: Retry];

const serverInternalError: Row = [
  500,
  'serverInternalError',
  'Server Internal Error',
  'RFC 3261 section 21.5.1',
  'later',
];

const rows: readonly Row[] = [
  [100, 'trying', 'Trying', 'RFC 3261 section 21.1.1', 'never'],
  [180, 'ringing', 'Ringing', 'RFC 3261 section 21.1.2', 'never'],
  [181, 'callIsBeingForwarded', 'Call Is Being Forwarded', 'RFC 3261 section 21.1.3', 'never'],
  [182, 'queued', 'Queued', 'RFC 3261 section 21.1.4', 'never'],
  [183, 'sessionProgress', 'Session Progress', 'RFC 3261 section 21.1.5', 'never'],
  [199, 'earlyDialogTerminated', 'Early Dialog Terminated', 'RFC 6228', 'never'],
  [200, 'ok', 'OK', 'RFC 3261 section 21.2.1', 'never'],
  // Deprecated: RFC 6665 answers with 200; older transferees still send it.
  [202, 'accepted', 'Accepted', 'RFC 6665 section 8.3.1', 'never'],
  [204, 'noNotification', 'No Notification', 'RFC 5839', 'never'],
  [300, 'multipleChoices', 'Multiple Choices', 'RFC 3261 section 21.3.1', 'changed'],
  [301, 'movedPermanently', 'Moved Permanently', 'RFC 3261 section 21.3.2', 'changed'],
  [302, 'movedTemporarily', 'Moved Temporarily', 'RFC 3261 section 21.3.3', 'changed'],
  [305, 'useProxy', 'Use Proxy', 'RFC 3261 section 21.3.4', 'changed'],
  [380, 'alternativeService', 'Alternative Service', 'RFC 3261 section 21.3.5', 'changed'],
  [400, 'badRequest', 'Bad Request', 'RFC 3261 section 21.4.1', 'changed'],
  [401, 'unauthorized', 'Unauthorized', 'RFC 3261 section 21.4.2', 'changed'],
  [402, 'paymentRequired', 'Payment Required', 'RFC 3261 section 21.4.3', 'changed'],
  [403, 'forbidden', 'Forbidden', 'RFC 3261 section 21.4.4', 'never'],
  [404, 'notFound', 'Not Found', 'RFC 3261 section 21.4.5', 'changed'],
  [405, 'methodNotAllowed', 'Method Not Allowed', 'RFC 3261 section 21.4.6', 'never'],
  [406, 'notAcceptable', 'Not Acceptable', 'RFC 3261 section 21.4.7', 'changed'],
  [
    407,
    'proxyAuthenticationRequired',
    'Proxy Authentication Required',
    'RFC 3261 section 21.4.8',
    'changed',
  ],
  [408, 'requestTimeout', 'Request Timeout', 'RFC 3261 section 21.4.9', 'later'],
  [410, 'gone', 'Gone', 'RFC 3261 section 21.4.10', 'never'],
  [412, 'conditionalRequestFailed', 'Conditional Request Failed', 'RFC 3903', 'changed'],
  [413, 'requestEntityTooLarge', 'Request Entity Too Large', 'RFC 3261 section 21.4.11', 'changed'],
  [414, 'requestUriTooLong', 'Request-URI Too Long', 'RFC 3261 section 21.4.12', 'changed'],
  [415, 'unsupportedMediaType', 'Unsupported Media Type', 'RFC 3261 section 21.4.13', 'changed'],
  [416, 'unsupportedUriScheme', 'Unsupported URI Scheme', 'RFC 3261 section 21.4.14', 'changed'],
  [417, 'unknownResourcePriority', 'Unknown Resource-Priority', 'RFC 4412', 'changed'],
  [420, 'badExtension', 'Bad Extension', 'RFC 3261 section 21.4.15', 'changed'],
  [421, 'extensionRequired', 'Extension Required', 'RFC 3261 section 21.4.16', 'changed'],
  [422, 'sessionIntervalTooSmall', 'Session Interval Too Small', 'RFC 4028 section 6', 'changed'],
  [423, 'intervalTooBrief', 'Interval Too Brief', 'RFC 3261 section 21.4.17', 'changed'],
  [424, 'badLocationInformation', 'Bad Location Information', 'RFC 6442 section 4.3', 'changed'],
  [425, 'badAlertMessage', 'Bad Alert Message', 'RFC 8876', 'changed'],
  // RFC 8224 took 428, 436, 437 and 438 over from RFC 4474 and renamed two of them.
  [428, 'useIdentityHeader', 'Use Identity Header', 'RFC 8224', 'changed'],
  [429, 'provideReferrerIdentity', 'Provide Referrer Identity', 'RFC 3892 section 5', 'changed'],
  [430, 'flowFailed', 'Flow Failed', 'RFC 5626', 'later'],
  [433, 'anonymityDisallowed', 'Anonymity Disallowed', 'RFC 5079', 'changed'],
  [436, 'badIdentityInfo', 'Bad Identity Info', 'RFC 8224', 'changed'],
  [437, 'unsupportedCredential', 'Unsupported Credential', 'RFC 8224', 'changed'],
  [438, 'invalidIdentityHeader', 'Invalid Identity Header', 'RFC 8224', 'changed'],
  [439, 'firstHopLacksOutboundSupport', 'First Hop Lacks Outbound Support', 'RFC 5626', 'changed'],
  [440, 'maxBreadthExceeded', 'Max-Breadth Exceeded', 'RFC 5393', 'changed'],
  [469, 'badInfoPackage', 'Bad Info Package', 'RFC 6086', 'changed'],
  [470, 'consentNeeded', 'Consent Needed', 'RFC 5360', 'changed'],
  // No RFC: Kamailio's answer when it cannot resolve the next hop.
  [478, 'unresolvableDestination', 'Unresolvable Destination', 'Kamailio, not an RFC', 'changed'],
  [480, 'temporarilyUnavailable', 'Temporarily Unavailable', 'RFC 3261 section 21.4.18', 'later'],
  [481, 'callDoesNotExist', 'Call/Transaction Does Not Exist', 'RFC 3261 section 21.4.19', 'later'],
  [482, 'loopDetected', 'Loop Detected', 'RFC 3261 section 21.4.20', 'changed'],
  [483, 'tooManyHops', 'Too Many Hops', 'RFC 3261 section 21.4.21', 'changed'],
  [484, 'addressIncomplete', 'Address Incomplete', 'RFC 3261 section 21.4.22', 'changed'],
  [485, 'ambiguous', 'Ambiguous', 'RFC 3261 section 21.4.23', 'changed'],
  [486, 'busyHere', 'Busy Here', 'RFC 3261 section 21.4.24', 'later'],
  [487, 'requestTerminated', 'Request Terminated', 'RFC 3261 section 21.4.25', 'later'],
  [488, 'notAcceptableHere', 'Not Acceptable Here', 'RFC 3261 section 21.4.26', 'changed'],
  [489, 'badEvent', 'Bad Event', 'RFC 6665 section 8.3.2', 'never'],
  [491, 'requestPending', 'Request Pending', 'RFC 3261 section 21.4.27', 'later'],
  [493, 'undecipherable', 'Undecipherable', 'RFC 3261 section 21.4.28', 'changed'],
  [494, 'securityAgreementRequired', 'Security Agreement Required', 'RFC 3329', 'changed'],
  serverInternalError,
  [501, 'notImplemented', 'Not Implemented', 'RFC 3261 section 21.5.2', 'never'],
  [502, 'badGateway', 'Bad Gateway', 'RFC 3261 section 21.5.3', 'later'],
  [503, 'serviceUnavailable', 'Service Unavailable', 'RFC 3261 section 21.5.4', 'later'],
  [504, 'serverTimeout', 'Server Time-out', 'RFC 3261 section 21.5.5', 'later'],
  [505, 'versionNotSupported', 'Version Not Supported', 'RFC 3261 section 21.5.6', 'never'],
  [513, 'messageTooLarge', 'Message Too Large', 'RFC 3261 section 21.5.7', 'changed'],
  [
    555,
    'pushNotificationServiceNotSupported',
    'Push Notification Service Not Supported',
    'RFC 8599',
    'changed',
  ],
  [580, 'preconditionFailure', 'Precondition Failure', 'RFC 3312', 'later'],
  [600, 'busyEverywhere', 'Busy Everywhere', 'RFC 3261 section 21.6.1', 'later'],
  [603, 'decline', 'Decline', 'RFC 3261 section 21.6.2', 'later'],
  [604, 'doesNotExistAnywhere', 'Does Not Exist Anywhere', 'RFC 3261 section 21.6.3', 'changed'],
  // RFC 3261 gives 406 and 606 the same phrase, hence a key of its own.
  [606, 'notAcceptableAnywhere', 'Not Acceptable', 'RFC 3261 section 21.6.4', 'changed'],
  [607, 'unwanted', 'Unwanted', 'RFC 8197', 'never'],
  // Not `rejected`: that key is the cause of a call which a person turned down.
  [608, 'blocked', 'Rejected', 'RFC 8688', 'changed'],
];

function toResponse([code, key, reason, rfc, retry]: Row): SipResponse {
  return Object.freeze({ code, key, reason, rfc, final: code >= 200, retry });
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
