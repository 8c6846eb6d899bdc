import type { Off } from '../../src/core/index.ts';

/** Where a request stands that belongs to a dialog (RFC 3261 section 12); all of it may be left out. */
export interface RequestDialog {
  readonly callId?: string;
  /** The tag of From, which is ours. */
  readonly localTag?: string;
  /** The tag of To; without it the request begins a dialog. */
  readonly remoteTag?: string;
  /** The address in To when it is not the one that the request goes to. */
  readonly to?: string;
  /** The number of CSeq. Sent again with credentials, the request has the next one. */
  readonly cseq?: number;
  /** The route set, each entry as `<sip:…;lr>`. */
  readonly routes?: readonly string[];
}

/** What a request carries. */
export interface RequestOptions {
  /** Header lines, as `Event: presence`. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** The type of `body`; `text/plain` when left out. */
  readonly contentType?: string;
  readonly dialog?: RequestDialog;
}

/** A SIP message as others may read it. */
export interface SipMessage {
  readonly callId: string;
  readonly fromTag: string;
  readonly toTag: string;
  readonly cseq: number;
  readonly body: string;
  /** The first header of that name, or null. */
  readonly header: (name: string) => string | null;
  readonly headers: (name: string) => readonly string[];
  /** The stack's own object, which may change in any release. */
  readonly event: unknown;
}

/** The final response to a request. `cseq` is the number that the request had at last. */
export interface SipResponse extends SipMessage {
  readonly statusCode: number;
  readonly reason: string;
}

/** A request that came in outside of any call. Who takes it answers it. */
export interface IncomingRequest extends SipMessage {
  readonly method: string;
  /** The account that it came to. */
  readonly account: string;
  /** The address in From. */
  readonly from: string;
  /** The display name in From, or ''. */
  readonly fromName: string;
  /** The address in To. */
  readonly to: string;
  readonly reply: (
    statusCode: number,
    options?: { readonly reason?: string; readonly headers?: readonly string[] },
  ) => void;
}

/** A request as the stack has it, which knows one account only. */
export type StackRequest = Omit<IncomingRequest, 'account'>;

/** Takes requests of one method. */
export interface RequestTaker {
  readonly method: string;
  /** Those that come to this account; to any one when it is left out. */
  readonly account?: string;
  /** Is this one ours? All of the method are when it is left out. */
  readonly matches?: (request: IncomingRequest) => boolean;
  readonly take: (request: IncomingRequest) => void;
}

/** Who takes a request that came to one account, if anybody does. */
export type TakerOf = (request: StackRequest) => (() => void) | undefined;

/** Who takes which requests. They stay when the agent is stopped and started again. */
export interface RequestTakers {
  readonly add: (taker: RequestTaker) => Off;
  readonly of: (account: string) => TakerOf;
}

/** Nobody takes anything at first; of several the one that came first does. */
export function createTakers(): RequestTakers {
  const takers = new Set<RequestTaker>();
  return {
    add: (taker) => {
      takers.add(taker);
      return () => {
        takers.delete(taker);
      };
    },
    of: (account) => (given) => {
      const request = { ...given, account };
      const found = [...takers].find(
        (taker) =>
          taker.method === request.method &&
          (taker.account ?? account) === account &&
          (taker.matches?.(request) ?? true),
      );
      return (
        found &&
        (() => {
          found.take(request);
        })
      );
    },
  };
}
