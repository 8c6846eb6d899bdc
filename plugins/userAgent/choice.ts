/** Which account a method is meant for. */
export interface AccountChoice {
  /**
   * The id of an account; `userAgent.unknownAccount` when there is none. Left out, it is `default`, or
   * the first of `accounts` where the flat keys configure no account.
   */
  readonly account?: string | undefined;
}

/** What every event of an agent carries. */
export interface AccountEvent {
  /** The id of the account. */
  readonly account: string;
}

/** What `start` takes: credentials in place of the configured ones, and whose they are. */
export type StartArguments = readonly [
  username?: string | null,
  password?: string | null,
  realm?: string | null,
  options?: AccountChoice,
];
