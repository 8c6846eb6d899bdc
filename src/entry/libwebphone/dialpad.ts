import type { PluginRegistry } from '../../core/index.ts';
import template from './templates/dialpad.mustache';
import type { Book } from './book.ts';
import type { Kit } from './kit.ts';
import { Renderer } from './renderer.ts';
import type { RenderTarget } from './target.ts';
import { texts } from './texts.ts';
import { quiet } from './values.ts';
import type { Plain } from './values.ts';

type Native = PluginRegistry['dialpad'];
type Actions = Readonly<
  Partial<Record<'answer' | 'redial' | 'call' | 'transfer' | 'terminate', boolean>>
>;

const digits: Readonly<Record<string, string>> = {
  ...{ one: '1', two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8' },
  ...{ nine: '9', astrisk: '*', zero: '0', pound: '#' },
};

/** libwebphone's `lwpDialpad`. */
export class Dialpad extends Renderer {
  readonly #native: Native;
  readonly #book: Book;
  #isFiltering: boolean;
  #isConverting: boolean;

  constructor(kit: Kit, book: Book, { native, config }: DialpadSetup) {
    const press = (name: string) => ({ onclick: () => this.dial(digits[name] ?? '') });
    super(kit, {
      name: 'dialpad',
      template,
      config,
      texts: Object.keys(texts['dialpad'] ?? {}),
      by_id: {
        dialed: {
          oninput: (event: Event) => this.#edit(event),
          onkeypress: (event: KeyboardEvent) => {
            // A handler that gives false keeps the key from the field.
            if (event.key === 'Enter') this.autoAction({ redial: false, terminate: false });
          },
        },
        ...Object.fromEntries(Object.keys(digits).map((name) => [name, press(name)])),
        clear: {
          onclick: () => {
            this.clear();
          },
        },
        convert: {
          onclick: () => {
            this.toggleConvertion();
          },
        },
        filter: {
          onclick: () => {
            this.toggleFilter();
          },
        },
        backspace: {
          onclick: () => {
            this.backspace();
          },
        },
        call: { onclick: () => this.call(false) },
        transfer: { onclick: () => this.transfer() },
      },
    });
    this.#native = native;
    this.#book = book;
    const { dialed } = config as { dialed?: Record<string, { enabled?: boolean } | undefined> };
    this.#isFiltering = dialed?.['filter']?.enabled !== false;
    this.#isConverting = dialed?.['convert']?.enabled === true;
  }

  protected override live(): Plain {
    return {
      call: this.#book.primary()?.summary() ?? null,
      target: this.getTarget(),
      convert: this.#isConverting,
      filter: this.#isFiltering,
    };
  }

  // Notes a switch that was turned.
  override _heard(name: string): void {
    const [, subject, word] = name.split('.');
    if (subject === 'filter') this.#isFiltering = word === 'enabled';
    if (subject === 'convert') this.#isConverting = word === 'enabled';
  }

  dial(char: unknown, tones: boolean | readonly number[] = true): Promise<void> {
    return quiet(this.#native.dial(String(char), tones));
  }
  backspace(): void {
    this.#native.backspace();
  }
  clear(): void {
    this.#native.clear();
  }
  enableFilter(): void {
    this.#native.enableFilter();
  }
  disableFilter(): void {
    this.#native.disableFilter();
  }
  toggleFilter(): void {
    this.#native.toggleFilter();
  }
  enableConvertion(): void {
    this.#native.enableConversion();
  }
  disableConvertion(): void {
    this.#native.disableConversion();
  }
  toggleConvertion(): void {
    this.#native.toggleConversion();
  }
  getTarget(clear = false, join = true): string | readonly string[] {
    const { getTarget } = this.#native;
    return join ? getTarget(clear) : getTarget(clear, false);
  }
  hasTarget(): boolean {
    return this.#native.hasTarget();
  }
  answer(): Promise<unknown> | undefined {
    return this.#book.primary()?.answer();
  }
  call(redial = true): Promise<void> {
    return quiet(this.#native.call(redial));
  }
  redial(): Promise<void> {
    return quiet(this.#native.redial());
  }
  transfer(): Promise<void> {
    return quiet(this.#native.transfer());
  }
  terminate(): Promise<unknown> | undefined {
    return this.#book.primary()?.terminate();
  }
  autoAction(options: Actions = {}): unknown {
    const wanted = this.getAutoAction();
    return (options[wanted] ?? true) ? this[wanted]() : undefined;
  }
  getAutoAction(): ReturnType<Native['getAutoAction']> {
    return this.#native.getAutoAction();
  }
  override updateRenders(after?: (target: RenderTarget) => unknown): void {
    this._updateAll(after);
  }

  #edit(event: Event): unknown {
    const element = event.target as HTMLInputElement;
    const edit = this.kit.engine.views.get('dialpad')?.actions?.['edit'];
    return edit?.({ value: element.value, event, element, row: undefined });
  }
}

/** What the dialpad is made of. */
export interface DialpadSetup {
  readonly native: Native;
  readonly config: Plain;
}
