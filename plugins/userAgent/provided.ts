/**
 * Gives a JSON Web Token, with or without `Bearer`; asked again before the last one expires. One that rejects,
 * or takes longer than ten seconds, is asked again with growing pauses.
 */
export type TokenProvider = () => string | Promise<string>;

/** STUN and TURN servers, and how long their passwords are good for. */
export interface ProvidedIceServers {
  readonly iceServers: readonly RTCIceServer[];
  /** Seconds. Without it they are asked for once, and count as good for ever. */
  readonly ttl?: number;
}

/** Gives STUN and TURN servers. One that rejects is asked again, as a `TokenProvider` is. */
export type IceServersProvider = () => ProvidedIceServers | Promise<ProvidedIceServers>;

/** What the application provides while the agent runs. */
export interface Providers {
  /** The first token; waits for it. '' when there is no provider or the agent is stopped meanwhile. */
  readonly token: () => Promise<string>;
  readonly renewToken?: () => Promise<unknown>;
  /** The servers that are good now. */
  readonly iceServers: () => readonly RTCIceServer[];
  /** Waits for the servers, three seconds at most. */
  readonly iceReady?: () => Promise<void>;
  readonly stop: () => void;
}
