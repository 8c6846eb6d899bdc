import type { Retry } from './responses.ts';

/**
 * Why a call ended where a SIP status code alone does not say it. Each is also the key of the
 * sentence for people in the locale section `cause`; no response has the same key.
 */
export type CauseKey =
  | 'answeredElsewhere'
  | 'canceled'
  | 'connectionLost'
  | 'deadline'
  | 'declinedElsewhere'
  | 'failed'
  | 'incompatible'
  | 'invalidTarget'
  | 'mediaDenied'
  | 'mediaFailed'
  | 'networkBusy'
  | 'networkProblem'
  | 'noAnswer'
  | 'noMicrophone'
  | 'noRoute'
  | 'normal'
  | 'notPermitted'
  | 'notSupported'
  | 'numberChanged'
  | 'offline'
  | 'outOfOrder'
  | 'preempted'
  | 'rejected'
  | 'timedOut'
  | 'transferred'
  | 'unallocatedNumber'
  | 'unreachable'
  | 'wrongNumber';

/** Every cause, and whether the same call can succeed when it is made again. */
export const causes: Readonly<Record<CauseKey, Retry>> = {
  answeredElsewhere: 'never',
  canceled: 'later',
  connectionLost: 'later',
  deadline: 'later',
  declinedElsewhere: 'never',
  failed: 'later',
  incompatible: 'changed',
  invalidTarget: 'changed',
  mediaDenied: 'changed',
  mediaFailed: 'later',
  networkBusy: 'later',
  networkProblem: 'later',
  noAnswer: 'later',
  noMicrophone: 'changed',
  noRoute: 'changed',
  normal: 'never',
  notPermitted: 'never',
  notSupported: 'never',
  numberChanged: 'changed',
  offline: 'later',
  outOfOrder: 'later',
  preempted: 'later',
  rejected: 'later',
  transferred: 'never',
  timedOut: 'later',
  unallocatedNumber: 'changed',
  unreachable: 'later',
  wrongNumber: 'changed',
};

/**
 * What the values of ITU-T Q.850 mean to a caller, beside the SIP status that RFC 3398 section 8.2.6.1
 * gives to those it names. `busyHere` is the one that a SIP response says as well.
 */
export const q850Causes: Readonly<Record<number, CauseKey | 'busyHere'>> = {
  1: 'unallocatedNumber', // Unallocated number: 404
  2: 'noRoute', // No route to specified transit network: 404
  3: 'noRoute', // No route to destination: 404
  8: 'preempted', // Preemption
  9: 'preempted', // Preemption, circuit reserved for reuse
  16: 'normal', // Normal call clearing: BYE or CANCEL
  17: 'busyHere', // User busy: 486
  18: 'noAnswer', // No user responding: 408
  19: 'noAnswer', // No answer from user, alerted: 480
  20: 'unreachable', // Subscriber absent: 480
  21: 'rejected', // Call rejected: 403, or 603 when the user did it
  22: 'numberChanged', // Number changed: 410, or 301 with the new number
  26: 'answeredElsewhere', // Non-selected user clearing: 404
  27: 'outOfOrder', // Destination out of order: 502
  28: 'wrongNumber', // Invalid number format, address incomplete: 484
  29: 'notSupported', // Facility rejected: 501
  31: 'normal', // Normal, unspecified: 480
  34: 'networkBusy', // No circuit available: 503
  38: 'networkProblem', // Network out of order: 503
  41: 'networkProblem', // Temporary failure: 503
  42: 'networkBusy', // Switching equipment congestion: 503
  44: 'networkBusy', // Requested circuit not available
  47: 'networkBusy', // Resource unavailable, unspecified: 503
  50: 'notPermitted', // Requested facility not subscribed
  55: 'notPermitted', // Incoming calls barred within closed user group: 403
  57: 'notPermitted', // Bearer capability not authorized: 403
  58: 'networkBusy', // Bearer capability not presently available: 503
  63: 'notSupported', // Service or option not available, unspecified
  65: 'notSupported', // Bearer capability not implemented: 488
  69: 'notSupported', // Requested facility not implemented
  79: 'notSupported', // Service or option not implemented, unspecified: 501
  87: 'notPermitted', // User not member of closed user group: 403
  88: 'incompatible', // Incompatible destination: 503
  102: 'timedOut', // Recovery on timer expiry: 504
  111: 'networkProblem', // Protocol error, unspecified: 500
  127: 'failed', // Interworking, unspecified: 500
};
