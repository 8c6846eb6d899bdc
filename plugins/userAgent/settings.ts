import type { SessionExtension } from './extensions.ts';
import type { Providers } from './provided.ts';
import type { Authentication } from './stackGrants.ts';
import type { JsSipAgent } from './stackTypes.ts';

/** All that an agent is started with. */
export interface StackSettings {
  readonly sockets: readonly { readonly url: string; readonly weight: number }[];
  readonly username: string;
  readonly realm: string;
  readonly jwt: string;
  readonly authentication: Authentication;
  readonly providers?: Providers | undefined;
  readonly contactUri: string;
  readonly displayName: string;
  readonly instanceId: string;
  readonly noAnswerTimeout: number;
  readonly registerExpires: number;
  readonly userAgent: string;
  readonly recoveryMin: number;
  readonly recoveryMax: number;
  readonly sessionTimers: boolean;
  readonly registerHeaders: readonly string[];
  readonly contactParameters: Readonly<Record<string, string>>;
  readonly peerConnection: RTCConfiguration;
  readonly gatheringTimeout: number;
  /** The tags of the extensions that the far end may require (RFC 3261 section 19.2). */
  readonly extensions: readonly string[];
  /** Header lines for each INVITE. */
  readonly inviteHeaders: readonly string[];
  /** Whether the server's word on who the far end is counts more than the far end's own. */
  readonly trustsIdentity: boolean;
  /** Where a call may be redirected to. */
  readonly redirects: 'domain' | 'follow' | 'deny';
  /** What is added to the calls, if anything. */
  readonly extension?: SessionExtension | undefined;
  /** JsSIP's own settings besides those. */
  readonly more?: object;
  /** Has the last word on an agent that is not started yet. `Session` is JsSIP's class of calls. */
  readonly adapt?: (ua: JsSipAgent, Session: unknown) => void;
}

/** Options of an outgoing session. */
export interface OutgoingOptions {
  readonly headers: readonly string[];
  readonly anonymous: boolean;
  readonly receiveVideo: boolean;
  /** Change the offer, one after the other. */
  readonly modifiers?: readonly ((sdp: string) => string)[] | undefined;
}
