import type { Party, ReferRequest, ReferResponse } from '../../src/core/index.ts';
import type { AccountChoice, AccountEvent } from './choice.ts';

/** Options of `userAgent.refer`. */
export interface ReferOptions extends AccountChoice {
  /** Headers for the REFER, each as `Name: value`. */
  readonly headers?: readonly string[];
  /** Hears the final response to the REFER, whether it accepts or refuses. */
  readonly receiveResponse?: (response: ReferResponse) => void;
  /** Hears each provisional status of the one who is to be called, as 100 and 180. */
  readonly receiveProgress?: (response: ReferResponse) => void;
}

/** A REFER of somebody who is in no call with this phone. */
export interface StrangerReferEvent extends AccountEvent {
  /** The SIP stack's own object, which may change in any release. */
  readonly event: unknown;
  readonly request: ReferRequest;
  /** Whom to call. */
  readonly target: Party;
  /** The address of who asks, and the name that they give themselves. */
  readonly from: string;
  readonly fromName: string;
  /** The SIP status that it stands at, or null. */
  readonly statusCode: number | null;
}

declare module '../../src/core/registry.ts' {
  interface EventMap {
    /** Somebody who is in no call with this phone asks it to call somebody. */
    'userAgent.refer.requested': StrangerReferEvent;
    /** The request was accepted here. */
    'userAgent.refer.requestAccepted': StrangerReferEvent;
    /** The target is being called. */
    'userAgent.refer.inviteSent': StrangerReferEvent;
    /** The target rings. */
    'userAgent.refer.progress': StrangerReferEvent;
    /** The target has answered. */
    'userAgent.refer.accepted': StrangerReferEvent;
    /** Nobody is called: it was refused here, or the target did not answer. */
    'userAgent.refer.rejected': StrangerReferEvent;
  }
}
