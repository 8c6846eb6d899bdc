import type { PhoneError } from '../../src/core/index.ts';
import type { AccountEvent } from './choice.ts';
import type { Challenge } from './digest.ts';
import type { TokenProvider } from './provided.ts';

/** What a server or proxy asks for before it takes a request. */
export interface AuthenticationRequest {
  /** 401 for the server itself, 407 for a proxy on the way. */
  readonly statusCode: 401 | 407;
  /** The scheme in small letters, as `digest`. */
  readonly scheme: string;
  /** Whose password is asked for, in the server's words. */
  readonly realm: string;
  /** The algorithm that is to be used, as `SHA-256`; `MD5` when the challenge names none. */
  readonly algorithm: string;
  /** The method of the request, as `INVITE`. */
  readonly method: string;
  /** The Request-URI, which goes into a digest. */
  readonly uri: string;
  /** The body, which goes into a digest with `auth-int`. */
  readonly body: string;
  /** All parameters of the challenge by name, in small letters: `nonce`, `opaque`, `qop` and so on. */
  readonly challenge: Challenge;
}

/**
 * How a challenge is answered: with a password or with the hash `ha1` of `user:realm:password`, made by
 * the algorithm that was asked for; either with a `username` where it is another than the account's; or
 * with the whole value of the header, as `Digest …`, computed somewhere else.
 */
export type AuthenticationAnswer =
  | { readonly password: string; readonly username?: string }
  | { readonly ha1: string; readonly username?: string }
  | { readonly authorization: string };

/**
 * Answers the challenges of servers and proxies (SIP.js 0.9: `authenticationFactory`). Null leaves it to the
 * configured password. One that rejects, or takes longer than ten seconds, fails the request with
 * the status that the server gave, and `userAgent.authentication.failed` says so.
 */
export type AuthenticationFactory = (
  request: AuthenticationRequest,
) => AuthenticationAnswer | null | Promise<AuthenticationAnswer | null>;

/** `userAgent.authentication`. */
export interface AuthenticationOptions {
  /** The SIP user, the part of the address before the `@`. */
  readonly username: string;
  /** The SIP password. Never drawn, logged or emitted. */
  readonly password: string;
  /** The SIP domain, the part of the address after the `@`. */
  readonly realm: string;
  /** The user in the digest where it is not `username` (SIP.js 0.9: `authorizationUser`). */
  readonly authorization_user: string;
  /**
   * The hash of `user:realm:password` in hexadecimal digits, in place of the password: by MD5 (32 digits) or
   * by SHA-256 or SHA-512-256 (64). It answers challenges of its own realm and kind only.
   */
  readonly ha1: string;
  /** The realm that `ha1` was made for; `realm` when it is left out. */
  readonly ha1_realm: string;
  /**
   * A JSON Web Token that takes the place of username and password (RFC 8898), with or without `Bearer`, or
   * what gives one. What gives one is asked again when four fifths of a token's life are over, and when the
   * server has refused one; the phone then registers anew, and calls go on.
   */
  readonly jwt: string | TokenProvider;
  /** Answers challenges for this phone: other passwords for other realms, or digests made elsewhere. */
  readonly authentication_factory?: AuthenticationFactory;
}

declare module '../../src/core/registry.ts' {
  interface EventMap {
    /**
     * The phone could not answer the challenge of a server: it knows no such algorithm
     * (`userAgent.challengeUnsupported`), `authentication_factory` gave nothing in time
     * (`userAgent.credentialsFailed`), or a file of the phone is missing. The request ends with `statusCode`.
     */
    'userAgent.authentication.failed': AccountEvent & {
      readonly error: PhoneError;
      readonly realm: string;
      readonly method: string;
      readonly statusCode: number;
    };
    /** There is a new token, and it is used from now on. */
    'userAgent.token.renewed': AccountEvent;
    /** `jwt` gave no token; it is asked again in `retryIn` milliseconds. */
    'userAgent.token.failed': AccountEvent & {
      readonly error: PhoneError;
      readonly retryIn: number;
    };
    /** `ice_servers` has given servers, which new calls and ICE restarts use. */
    'userAgent.iceServers.updated': AccountEvent;
    /** `ice_servers` gave none; it is asked again in `retryIn` milliseconds. */
    'userAgent.iceServers.failed': AccountEvent & {
      readonly error: PhoneError;
      readonly retryIn: number;
    };
    /** A call goes out or is answered without these servers: they did not come in time. */
    'userAgent.iceServers.missing': AccountEvent;
  }
}
