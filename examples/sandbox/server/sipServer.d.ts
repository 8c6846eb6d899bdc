import type { Server } from 'node:http';

/** How the sandbox's SIP server is set up; everything has a default. */
export interface SipServerOptions {
  /** Address to listen on, 127.0.0.1 unless told. */
  readonly host?: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port?: number;
  /** Domain of the users and realm of the digest. */
  readonly realm?: string;
  /** Passwords by user name; only their hashes are kept. */
  readonly users?: Readonly<Record<string, string>>;
  /** Shares the port of this HTTP server, on the path `/sip`; `host` and `port` are then its own. */
  readonly http?: { readonly server: Server };
  /** Takes one line per event, never a password. */
  readonly log?: (line: string) => void;
  /** Shortest registration in seconds, 10 unless told. */
  readonly minExpires?: number;
  /** Time limits in milliseconds, for tests. */
  readonly timers?: Partial<
    Record<'ring' | 'cancel' | 'request' | 'linger' | 'flow' | 'nonce', number>
  >;
}

/** A contact that can be called now; `expiresIn` in seconds. */
export interface Registration {
  readonly user: string;
  readonly contact: string;
  readonly instance: string | undefined;
  readonly expiresIn: number;
}

/** A running server. */
export interface SipServer {
  readonly url: string;
  readonly port: number;
  readonly realm: string;
  readonly addUser: (name: string, password: string) => void;
  readonly registrations: () => readonly Registration[];
  /** Number of transactions still remembered. */
  readonly transactions: () => number;
  /** Ends every connection and timer; an HTTP server that was passed in goes on. */
  readonly close: () => Promise<void>;
}

/** Starts a SIP-over-WebSocket registrar and proxy for development; rejects when the port is taken. */
export function startSipServer(options: SipServerOptions): Promise<SipServer>;
