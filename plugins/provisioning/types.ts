import type { PhoneError } from '../../src/core/index.ts';

/** `provisioning` in the configuration. */
export interface ProvisioningOptions {
  /** The address of the configuration, a JSON file. Its redirections are not followed. */
  readonly url: string;
  /**
   * Seconds between two questions, 10 to 86400. Default: `max-age` in the header `Cache-Control` of the last answer
   * (RFC 9111, section 5.2.2.1), but 60 to 86400; 300 without one, and after a failure.
   */
  readonly refresh?: number;
  /** Seconds that a token and an answer are waited for. Default 10. */
  readonly timeout: number;
  /** Whether cookies go along, as `fetch` has it. Default `same-origin`. */
  readonly credentials: 'omit' | 'same-origin' | 'include';
  /** Gives, or resolves with, a bearer token for each question; sent by https, or to localhost, only. */
  readonly token?: () => string | Promise<string>;
  /** What this phone was made of, as it was read there. Without it, the first answer is taken for that. */
  readonly current?: object;
  /**
   * Takes a configuration that says something else, when no call is up. What it throws, or rejects with,
   * is told as `provisioning.failed`; unless that is a `PhoneError` with `problems`, which no second try would
   * mend, it is handed on again at the next turn. A call may begin while it loads what it needs: `whenIdle` resolves when
   * none is up, at once if need be. It rejects with `call.superseded` when the address has given another
   * configuration meanwhile, or the one that runs, and when the phone is destroyed: this one is not wanted any more. `load`
   * gives the text at an address that the configuration names, asked for as `url` is, within the same limits. The
   * token goes to the origin of `url` only.
   */
  readonly apply: (
    config: object,
    whenIdle: () => Promise<void>,
    load: (address: string) => Promise<string>,
  ) => unknown;
}

/** The public API of the plugin: `phone.provisioning`. */
export interface ProvisioningApi {
  /** Asks now. Resolves when the answer has come, or has failed, which the events tell. */
  readonly refresh: () => Promise<void>;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    provisioning: ProvisioningApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'provisioning.created': Readonly<Record<string, never>>;
    /** There is another configuration. It is not in here, for it may hold a password. */
    'provisioning.changed': {
      /** A call is up, whose end is waited for. */
      readonly isWaiting: boolean;
    };
    /** The configuration is handed to `apply` now. */
    'provisioning.applying': Readonly<Record<string, never>>;
    /** There was no answer, or none that is a configuration, or `apply` refused it; the phone stays as it is. */
    'provisioning.failed': { readonly error: PhoneError };
  }
}
