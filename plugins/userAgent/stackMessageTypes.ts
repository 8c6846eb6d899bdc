/** The members of JsSIP's messages and addresses that the adapter touches; `stackTypes.ts` has all others. */

/** A SIP message of JsSIP, request or response. */
export interface RawMessage {
  readonly method?: string;
  readonly status_code?: number;
  readonly reason_phrase?: string;
  body?: string | null;
  readonly cseq?: number;
  readonly from?: RawNameAddr;
  readonly to?: RawNameAddr;
  readonly from_tag?: string;
  readonly to_tag?: string | undefined;
  readonly call_id?: string;
  /** The message as it came. */
  readonly data?: string;
  readonly getHeader: (name: string) => string | undefined;
  readonly getHeaders: (name: string) => readonly string[];
  readonly parseHeader: (name: string, place?: number) => RawNameAddr | undefined;
}

/** A request that came in. */
export interface RawIncoming extends RawMessage {
  readonly cseq: number;
  /** The tag of the response, once it is known. */
  to_tag?: string | undefined;
  readonly headers: Record<string, unknown>;
  readonly ruri: RawUri;
  /** Besides these: the body, and what to do when it could be sent or not. */
  readonly reply: (
    ...given: [status: number, reason?: string, headers?: readonly string[], ...more: unknown[]]
  ) => void;
  /** Once it has one. */
  readonly server_transaction?: object | null;
  /** The header Replaces (RFC 3891), of an INVITE that begins a call. */
  replaces?: RawReplaces | undefined;
}

/** What Replaces says. */
export interface RawReplaces {
  readonly call_id: string;
  readonly to_tag: string;
  readonly from_tag: string;
  readonly early_only: boolean;
}

/** A SIP URI of JsSIP. */
export interface RawUri {
  readonly clone: () => RawUri;
  readonly setHeader: (name: string, value: string) => void;
  readonly clearHeaders: () => void;
  readonly deleteParam: (name: string) => void;
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
  readonly scheme: string;
  readonly toString: () => string;
}

/** An address with a display name. */
export interface RawNameAddr {
  readonly display_name: string | null;
  readonly uri: RawUri;
  readonly getParam: (name: string) => string | null | undefined;
}

/** A request in our hands to send. */
export interface RawRequest extends RawMessage {
  cseq: number;
  readonly method: string;
  ruri: RawUri;
  readonly from: RawNameAddr;
  readonly to: RawNameAddr;
  readonly call_id: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  setHeader: (name: string, value: string | readonly string[]) => void;
  clone: () => RawRequest;
}
