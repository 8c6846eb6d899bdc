/** JsSIP's sender of one request with its transaction and digest; it ships without types. */
declare module 'jssip/lib/RequestSender.js' {
  export default class RequestSender {
    constructor(ua: unknown, request: unknown, handlers: object);
    send(): void;
  }
}
