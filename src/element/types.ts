import type { EventMap, EventName } from '../core/index.ts';
import type { Webphone } from '../entry/create.ts';
import type { LoadedConfig } from '../entry/more.ts';

/** How the element looks; `contrast` is for who needs more of it, `auto` is as the page around it says. */
export type ElementTheme = 'light' | 'dark' | 'contrast' | 'auto';

/** An event of the phone as the element tells it: same name, the payload in `detail`. */
export type PhoneDomEvent<Name extends EventName> = CustomEvent<EventMap[Name]>;

/** `<cordboard-phone>`: a whole phone in a shadow root of its own. */
export interface CordboardPhoneElement extends HTMLElement {
  /**
   * The configuration, or the address or `#id` it is read from, as the attribute `config`. What is set
   * here goes before the attribute; null gives way to it. Another configuration is another phone: the
   * calls of the present one end. One that says the same changes nothing.
   */
  get config(): LoadedConfig | string | null;
  set config(config: LoadedConfig | string | null | undefined);
  /** The attribute `theme`; `auto` when there is none. May be changed at any time. */
  theme: ElementTheme;
  /** The phone; undefined until it is made, after a failure, and once it is destroyed. */
  readonly phone: Webphone | undefined;
  /**
   * The phone of the present configuration. Rejects with what `phone.configuration.failed` tells, and with
   * `phone.destroyed` when the element leaves the page, or is configured anew, before it is made.
   */
  readonly ready: Promise<Webphone>;
  /** Hears an event of the phone. It does not bubble and cannot be cancelled. */
  addEventListener: (<Name extends EventName>(
    type: Name,
    listener: (this: CordboardPhoneElement, event: PhoneDomEvent<Name>) => void,
    options?: boolean | AddEventListenerOptions,
  ) => void) &
    HTMLElement['addEventListener'];
}

declare global {
  interface HTMLElementTagNameMap {
    'cordboard-phone': CordboardPhoneElement;
  }
}
