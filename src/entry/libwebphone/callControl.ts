import template from './templates/callControl.mustache';
import type { Book } from './book.ts';
import type { LwpCall } from './call.ts';
import type { Kit } from './kit.ts';
import { Renderer } from './renderer.ts';
import { texts } from './texts.ts';
import type { UserAgent } from './userAgent.ts';
import { quiet } from './values.ts';
import type { Plain } from './values.ts';

type Result = Promise<unknown> | undefined;

/** libwebphone's `lwpCallControl`: every method acts on the call that is shown. */
export class CallControl extends Renderer {
  readonly #book: Book;
  readonly #agent: UserAgent | undefined;
  #call: LwpCall | undefined;
  #asked: LwpCall | undefined;

  constructor(kit: Kit, book: Book, { agent, config }: ControlSetup) {
    const names =
      'redial cancel hangup hold unhold mute unmute muteVideo unmuteVideo transfer answer';
    super(kit, {
      name: 'callControl',
      template,
      config,
      texts: Object.keys(texts['callControl'] ?? {}),
      by_id: Object.fromEntries(
        names.split(' ').map((name) => [name, { onclick: () => this[name as 'redial']() }]),
      ),
    });
    this.#book = book;
    this.#agent = agent;
  }

  protected override live(): Plain {
    this.#call = this.#asked?.isEnded() === false ? this.#asked : this.#book.primary();
    return { redial: this.#agent?.getRedial() ?? null, call: this.#call?.summary() ?? null };
  }

  get #shown(): LwpCall | undefined {
    return this.#call?.isEnded() === false ? this.#call : this.#book.primary();
  }

  redial(): Result {
    return this.#agent?.redial();
  }
  cancel(): Result {
    return this.#shown?.cancel();
  }
  hangup(): Result {
    return this.#shown?.hangup();
  }
  hold(): Result {
    return this.#shown?.hold();
  }
  unhold(): Result {
    return this.#shown?.unhold();
  }
  mute(): Result {
    return this.#shown?.mute({ audio: true });
  }
  unmute(): Result {
    return this.#shown?.unmute({ audio: true });
  }
  muteVideo(): Result {
    return this.#shown?.mute({ video: true });
  }
  unmuteVideo(): Result {
    return this.#shown?.unmute({ video: true });
  }
  transfer(): Result {
    return this.#shown?.transfer();
  }
  answer(): Result {
    return this.#shown?.answer();
  }
  /** The fork's: asks the target first, then transfers. */
  transferAttended(): Result {
    const waiting = this.#waiting;
    if (waiting) return waiting.attendedTransfer();
    const target = this.kit.engine.plugins.dialpad?.getTarget(true);
    return this.#shown?.attendedTransferStart(target === '' ? undefined : target);
  }
  /** The fork's: transfers without asking any longer. */
  transferAttendedToBlind(): Result {
    return (this.#waiting ?? this.#shown)?.transferToBlind();
  }
  // The call that waits while its target is asked: the one that is shown, or the one whose target is shown.
  get #waiting(): LwpCall | undefined {
    const shown = this.#shown;
    const waiting = this.#book
      .list()
      .filter(({ _native: native }) => native?.snapshot.transfer?.status === 'consulting');
    return (
      waiting.find((call) => call === shown) ??
      waiting.find((call) => call._native?.snapshot.transfer?.consultationId === shown?.getId())
    );
  }
  /** The fork's: joins all calls that are up. */
  conference(): Result {
    const { conference } = this.kit.engine.plugins;
    return conference && quiet(conference.merge());
  }
  /** The fork's: takes the shown call out of the conference. */
  split(): Result {
    const { conference } = this.kit.engine.plugins;
    return conference && quiet(conference.split(this.#shown?.getId()));
  }
  /** The fork's: nobody in the conference hears the shown call. */
  muteCaller(): void {
    this.kit.engine.plugins.conference?.muteCaller(this.#shown?.getId());
  }
  /** Shows this call until something changes, which shows the one in focus again. */
  override updateRenders(call?: LwpCall | null): void {
    this.#asked = call ?? undefined;
    this.#call = this.#asked ?? this.#call;
    this._updateAll();
  }
}

/** What the controls are made of. */
export interface ControlSetup {
  readonly agent: UserAgent | undefined;
  readonly config: Plain;
}
