import { equal } from '../core/view/equal.ts';
import type { Webphone } from '../entry/create.ts';
import type { LoadedConfig } from '../entry/more.ts';
import { createLife } from './life.ts';
import { themeOf } from './tree.ts';
import type { CordboardPhoneElement, ElementTheme } from './types.ts';

/** The class of the element. */
export type CordboardPhoneClass = new () => CordboardPhoneElement;

/**
 * Defines `<cordboard-phone>`, or the name given, and returns its class; one that is defined already
 * stays. Where there are no custom elements, as on a server, it does nothing and returns undefined.
 */
export function defineElement(name = 'cordboard-phone'): CordboardPhoneClass | undefined {
  if (typeof customElements === 'undefined') return undefined;
  const known = customElements.get(name);
  if (known === undefined) customElements.define(name, createClass());
  return customElements.get(name) as CordboardPhoneClass | undefined;
}

// Made when it is asked for: on a server there is no HTMLElement to extend.
function createClass(): CustomElementConstructor {
  return class PhoneElement extends HTMLElement {
    static readonly observedAttributes: readonly string[] = ['config', 'theme', 'lang'];

    #given: LoadedConfig | null = null;
    readonly #life = createLife(this, () => this.config);

    constructor() {
      super();
      takeUp(this, ['config', 'theme']);
    }

    get config(): LoadedConfig | string | null {
      return this.#given ?? this.getAttribute('config');
    }

    // Frameworks set an equal one with each draw: that must not end a call.
    set config(config: LoadedConfig | string | null | undefined) {
      if (typeof config === 'string') {
        if (config === this.config) return;
        this.#given = null;
        this.setAttribute('config', config);
      } else {
        if (equal(config ?? null, this.#given)) return;
        this.#given = config ?? null;
      }
      this.#life.renew();
    }

    get theme(): ElementTheme {
      return themeOf(this.getAttribute('theme'));
    }

    set theme(theme: ElementTheme) {
      this.setAttribute('theme', theme);
    }

    get phone(): Webphone | undefined {
      return this.#life.phone();
    }

    get ready(): Promise<Webphone> {
      return this.#life.ready();
    }

    connectedCallback(): void {
      this.#life.check();
    }

    disconnectedCallback(): void {
      this.#life.check();
    }

    attributeChangedCallback(name: string, before: string | null, now: string | null): void {
      if (before === now) return;
      if (name === 'theme') this.#life.setTheme(now);
      // As a property it is taken away by an empty one.
      else if (name === 'lang') this.#life.speak(now === '' ? null : now);
      else if (this.#given === null) this.#life.renew();
    }
  };
}

/** Properties that were set before the class was known hide its accessors. */
function takeUp(element: HTMLElement, names: readonly string[]): void {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue;
    const value: unknown = Reflect.get(element, name);
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, value);
  }
}
