import type { Call, Off } from '../../src/core/index.ts';

/** `clickToCall` in the configuration. */
export interface ClickToCallOptions {
  /** A CSS selector: only links in such an element call. '' is the whole page. Default ''. */
  readonly root: string;
  /** A CSS selector: links in such an element are left to the browser. Default '[data-cordboard-ignore]'. */
  readonly ignore: string;
  /**
   * What a click does: `call` calls, `dial` puts the number into the dialpad, for the user to look at and to call,
   * and needs that plugin. A link, or an element around it, may say another by `data-cordboard-action`. Default `call`.
   */
  readonly action: 'call' | 'dial';
  /** Makes links of the numbers that stand in the page's text; without it they stay text. */
  readonly numbers?: NumbersOptions;
}

/** Which numbers in the page's text become links. */
export interface NumbersOptions {
  /**
   * The country of numbers without + and country code, by its two letters (ISO 3166-1), such as DE. Without
   * one, or with an unknown one, only numbers with + are found.
   */
  readonly country?: string;
  /** A CSS selector: only numbers in such an element, which must be in that of the links as well. */
  readonly root?: string;
  /** A CSS selector: numbers in such an element stay text, besides those in what the links leave alone. */
  readonly ignore?: string;
}

/** What an address says is to be called. */
export interface LinkTarget {
  /** A number without its decoration, or a SIP address without parameters and headers. */
  readonly target: string;
  /** What is sent as tones once the call is answered: the extension and the digits after it; '' is none. */
  readonly tones: string;
}

/** The public API of the plugin: `phone.clickToCall`. */
export interface ClickToCallApi {
  /** Reads an address: `tel:` (RFC 3966), `sip:` or `sips:` (RFC 3261 section 19.1); null for any other. */
  readonly read: (address: string) => LinkTarget | null;
  /**
   * Calls an address, whatever the option `action` says. Rejects with `call.targetInvalid` when there is nothing to
   * call in it, and as `userAgent.call`.
   */
  readonly call: (address: string) => Promise<Call>;
  /**
   * Finds numbers in a shadow root too, if the option `numbers` is there, and hears the links in it if it is closed;
   * those in open ones are heard without it. Open shadow roots in this one are included. `Off` gives the texts back
   * unless somebody else watches it, too.
   */
  readonly watch: (root: ShadowRoot) => Off;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    clickToCall: ClickToCallApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'clickToCall.created': Readonly<Record<string, never>>;
    /** A link has called: the INVITE is on the wire. */
    'clickToCall.started': LinkTarget & { readonly callId: string };
    /** A link has put its target into the dialpad; the tones are sent when the user calls that and it is answered. */
    'clickToCall.dialed': LinkTarget;
    /** A link was to call, or to fill the dialpad, and could not. */
    'clickToCall.failed': LinkTarget & { readonly error: unknown };
  }
}
