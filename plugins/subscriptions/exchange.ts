import { parseState } from './decisions.ts';
import type { SubscriptionState } from './decisions.ts';
import { belongsTo, learnFromNotify, learnFromResponse, newDialog } from './dialog.ts';
import type { Dialog, Notify, Response } from './dialog.ts';
import type { SubscribeOptions } from './types.ts';

/** Sends a SUBSCRIBE within a dialog; `target` is where to when the far end has named nothing else. */
export type Send = (
  target: string,
  dialog: Dialog,
  headers: readonly string[],
) => Promise<Response>;

/** Hears what comes of the requests. */
export interface ExchangeListener {
  readonly answered: (response: Response, asked: Asked) => void;
  readonly unanswered: (error: unknown, asked: Asked) => void;
  readonly heard: (notify: Notify, state: SubscriptionState) => void;
}

/** What a SUBSCRIBE was about. */
export interface Asked {
  /** Seconds; 0 ends the subscription. */
  readonly expires: number;
  /** Nobody had answered in this dialog before. */
  readonly isFirst: boolean;
}

/** The dialog of a subscription: one request at a time, and the NOTIFYs that come in. */
export class Exchange {
  readonly #wish: SubscribeOptions;
  readonly #send: Send;
  readonly #listener: ExchangeListener;
  #dialog: Dialog | null = null;
  #isBusy = false;
  /** What was asked for meanwhile. */
  #next: number | null = null;

  constructor(wish: SubscribeOptions, send: Send, listener: ExchangeListener) {
    this.#wish = wish;
    this.#send = send;
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#dialog !== null;
  }

  /** Whether the far end has told its state in this dialog. */
  get isHeard(): boolean {
    return (this.#dialog?.remoteCseq ?? -1) >= 0;
  }

  /** Asks for so many seconds, in the present dialog or in a new one. */
  ask(expires: number): void {
    if (this.#isBusy) {
      this.#next = expires;
      return;
    }
    const dialog = (this.#dialog ??= newDialog());
    this.#isBusy = true;
    const asked: Asked = { expires, isFirst: dialog.remoteTag === undefined };
    const settle = (tell: () => void): void => {
      // A dialog that was dropped meanwhile has nothing more to say.
      if (this.#dialog !== dialog) return;
      const next = this.#next;
      this.#isBusy = false;
      this.#next = null;
      tell();
      if (next !== null && this.#dialog === dialog) this.ask(next);
    };
    this.#request(dialog, expires).then(
      (response) => {
        settle(() => {
          if (response.statusCode < 300) learnFromResponse(dialog, response);
          this.#listener.answered(response, asked);
        });
      },
      (error: unknown) => {
        settle(() => {
          this.#listener.unanswered(error, asked);
        });
      },
    );
  }

  /** Ends the subscription with nobody to wait for the answer. */
  leave(): void {
    const dialog = this.#dialog;
    if (dialog?.remoteTag !== undefined) this.#request(dialog, 0).catch(() => undefined);
    this.drop();
  }

  /** The dialog is over. */
  drop(): void {
    this.#dialog = null;
    this.#isBusy = false;
    this.#next = null;
  }

  /** Whether a NOTIFY belongs to this dialog. */
  owns(notify: Notify): boolean {
    const [event = ''] = (notify.header('Event') ?? '').split(';');
    const isMeant = event.trim() === this.#wish.event;
    return isMeant && this.#dialog !== null && belongsTo(this.#dialog, notify);
  }

  /** Takes a NOTIFY of this dialog and answers it. */
  take(notify: Notify): void {
    const dialog = this.#dialog;
    const state = parseState(notify.header('Subscription-State'));
    // RFC 3261 section 12.2.2: what was overtaken by a newer one is no news.
    if (!dialog || notify.cseq <= dialog.remoteCseq) notify.reply(500, { reason: 'Out of Order' });
    else if (!state) notify.reply(400, { reason: 'Bad Subscription-State' });
    else {
      notify.reply(200);
      learnFromNotify(dialog, notify);
      this.#listener.heard(notify, state);
    }
  }

  async #request(dialog: Dialog, expires: number): Promise<Response> {
    const { target, event, accept, headers = [] } = this.#wish;
    dialog.cseq += 1;
    const own = [`Event: ${event}`, `Expires: ${String(expires)}`];
    if (accept !== undefined) own.push(`Accept: ${accept}`);
    const response = await this.#send(target, dialog, [...own, ...headers]);
    // Sent again with credentials, it has a later number.
    dialog.cseq = Math.max(dialog.cseq, response.cseq);
    return response;
  }
}
