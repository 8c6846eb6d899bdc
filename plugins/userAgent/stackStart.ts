import type { ByKind, CallDirection, Clock, Party, SipSession } from '../../src/core/index.ts';
import type { SessionExtension } from './extensions.ts';
import type { GatheringPolicy } from './gathering.ts';
import type { Referral } from './referral.ts';
import type { RawMessage, RawSession } from './stackTypes.ts';

/** A session as the agent sees it. */
export interface LiveSession extends SipSession {
  /** The connection to the server is gone: what still rings cannot be answered any more. */
  readonly connectionLost: () => void;
}

/** What every session of an agent shares. */
export interface SessionServices {
  readonly clock: Clock;
  readonly config: () => RTCConfiguration;
  readonly gathering: () => GatheringPolicy;
  /** Waits a moment for what `config` is to hold. */
  readonly ready?: (() => Promise<void>) | undefined;
  /** The tags of the extensions that the far end may require. */
  readonly extensions: readonly string[];
  /** What is added to each session, if anything. */
  readonly extension?: SessionExtension | undefined;
  /** Where a call of ours may be redirected to. */
  readonly redirects: 'domain' | 'follow' | 'deny';
  /** Header lines for each INVITE. */
  readonly headers: readonly string[];
  /** Who the far end is by the word of a server that is trusted. */
  readonly assertedBy: (message: RawMessage) => Party | undefined;
  /** A REFER came in. */
  readonly onRefer: (referral: Referral) => void;
  /** The session whose place a new one of JsSIP's takes, for as long as it is not told. */
  readonly replaced: WeakMap<RawSession, SipSession>;
  /** The last word of a session. */
  readonly onEnd: (session: LiveSession) => void;
}

/** How an outgoing session comes into being once its stream is there. */
export type Launch = (options: object) => RawSession;

/** Where a session starts from. */
export interface SessionStart {
  readonly direction: CallDirection;
  readonly remote: Party;
  readonly local: Party;
  readonly offered: ByKind;
  /** Of an incoming session. */
  readonly alertInfo?: readonly string[];
  /** An incoming session. */
  readonly raw?: RawSession;
  /** An outgoing session. */
  readonly launch?: Launch;
}
