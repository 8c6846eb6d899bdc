/** JsSIP's sender of one request with its transaction and digest; it ships without types. */
declare module 'jssip/lib/RequestSender.js' {
  export default class RequestSender {
    constructor(ua: unknown, request: unknown, handlers: object);
    send(): void;
  }
}

/** JsSIP's transactions (RFC 3261 section 17); it ships without types. */
declare module 'jssip/lib/Transactions.js' {
  /** True when the request has come before and its transaction has seen to it. */
  export function checkTransaction(ua: unknown, request: unknown): boolean;
  type ServerTransaction = new (ua: unknown, transport: unknown, request: unknown) => object;
  export const NonInviteServerTransaction: ServerTransaction;
  export const InviteServerTransaction: ServerTransaction;
}
