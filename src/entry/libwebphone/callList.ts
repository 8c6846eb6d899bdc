import template from './templates/callList.mustache';
import type { Book } from './book.ts';
import { callIdOf } from './call.ts';
import type { LwpCall } from './call.ts';
import type { Kit } from './kit.ts';
import { Renderer } from './renderer.ts';
import { texts } from './texts.ts';
import { quiet } from './values.ts';
import type { Plain } from './values.ts';

/** libwebphone's `lwpCallList`. */
export class CallList extends Renderer {
  readonly #book: Book;

  constructor(kit: Kit, book: Book, config: Plain) {
    super(kit, {
      name: 'callList',
      template,
      config,
      texts: Object.keys(texts['callList'] ?? {}),
      by_name: {
        calls: {
          onclick: (event: Event) => this.switchCall((event.target as HTMLInputElement).value),
        },
      },
    });
    this.#book = book;
    book.callList = this;
  }

  protected override live(): Plain {
    return {
      calls: this.getCalls().map((call) => call.summary()),
      primary: this.#book.primary() ?? null,
    };
  }

  /** All calls, the placeholder first. */
  getCalls(): LwpCall[] {
    return this.#book.list();
  }
  /** The call of an id; without an id the one in focus, unless that is the placeholder. */
  getCall(callId: string | null = null): LwpCall | undefined {
    return callId === null ? this.#book.primary() : this.#book.of(callId);
  }
  /** Calls join the list by themselves. */
  addCall(_call: LwpCall): void {
    this.updateRenders();
  }
  switchCall(callId: string): Promise<void> {
    const call = this.#book.of(callId);
    const { calls } = this.kit.engine;
    return call ? quiet(calls.focus(call._native?.id ?? null)) : Promise.resolve();
  }
  /** Ends a call, given as such or by its id. */
  removeCall(call: LwpCall | string): void {
    void this.#book.of(callIdOf(call) ?? '')?.terminate();
  }
}
