import { PhoneError, asPhoneError, createStore } from '../../src/core/index.ts';
import type { Clock, Off } from '../../src/core/index.ts';
import { afterResponse, afterTermination, refreshAfter, secondsOf } from './decisions.ts';
import type { Decision, SubscriptionState } from './decisions.ts';
import type { Notify, Response } from './dialog.ts';
import { Exchange } from './exchange.ts';
import type { Asked, Send } from './exchange.ts';
import { firstSnapshot, notificationOf, refusalOf } from './facts.ts';
import type { Notification, SubscribeOptions, SubscriptionSnapshot } from './types.ts';

/** What all subscriptions share. */
export interface MachineServices {
  readonly clock: Clock;
  readonly send: Send;
  readonly pauseAfter: (failures: number) => number;
  readonly changed: (machine: SubscriptionMachine) => void;
  readonly notified: (machine: SubscriptionMachine, notification: Notification) => void;
  readonly failed: (machine: SubscriptionMachine) => void;
  /** It is over, and nothing more is to be answered. */
  readonly done: (machine: SubscriptionMachine) => void;
}

/** Milliseconds: RFC 6665 section 4.1.2.4, timer N. */
const notifyDeadline = 32_000;
/** Milliseconds: what ends sooner than this is not begun again at once a second time. */
const shortLife = 60_000;
/** Seconds; a timer of a browser ends at 24 days. */
const longest = 604_800;

/** One subscription over all its dialogs. */
export class SubscriptionMachine {
  readonly wish: SubscribeOptions;
  readonly #services: MachineServices;
  readonly #store;
  readonly exchange: Exchange;
  #expires: number;
  /** False once it is unsubscribed. */
  isWanted = true;
  #isThere = false;
  #failures = 0;
  #begunAt = 0;
  #timer: Off = () => undefined;
  #deadline: Off = () => undefined;
  readonly #left: (() => void)[] = [];

  constructor(services: MachineServices, wish: SubscribeOptions, expires: number) {
    this.wish = wish;
    this.#services = services;
    this.#expires = expires;
    this.#store = createStore(firstSnapshot(wish));
    this.#store.subscribe(() => {
      services.changed(this);
    });
    this.exchange = new Exchange(wish, services.send, {
      answered: this.#answered,
      unanswered: this.#unanswered,
      heard: this.#heard,
    });
  }

  get snapshot(): SubscriptionSnapshot {
    return this.#store.get();
  }

  /** The server is there, or there again. */
  begin(): void {
    this.#isThere = true;
    this.#failures = 0;
    if (this.isWanted) this.#ask();
  }

  /** The server is gone, or about to be left: then it is told. */
  end(how: 'lost' | 'leaving'): void {
    this.#isThere = false;
    if (how === 'leaving') this.exchange.leave();
    this.#drop();
    if (this.isWanted) this.#store.set({ status: 'waiting', retryIn: null });
    else this.#finish();
  }

  refresh(): void {
    if (this.#isThere && this.isWanted) this.#ask();
  }

  unsubscribe(): Promise<void> {
    const { isOpen } = this.exchange;
    const left = new Promise<void>((resolve) => this.#left.push(resolve));
    if (this.isWanted) {
      this.isWanted = false;
      this.#timer();
      this.#deadline();
      if (isOpen) this.exchange.ask(0);
      else this.#finish();
    } else if (!isOpen) this.#finish();
    return left;
  }

  #ask(): void {
    this.#timer();
    const { expiresAt } = this.snapshot;
    if (expiresAt !== null && expiresAt <= this.#services.clock.now()) this.#drop();
    if (!this.exchange.isOpen) {
      this.#begunAt = this.#services.clock.now();
      this.#store.set({ status: 'subscribing', retryIn: null });
    }
    this.exchange.ask(this.#expires);
  }

  #drop(): void {
    this.#timer();
    this.#deadline();
    this.exchange.drop();
    this.#store.set({ expiresAt: null });
  }

  readonly #answered = (response: Response, { expires, isFirst }: Asked): void => {
    const decision = afterResponse(response, expires, isFirst);
    const isAccepted = decision.kind === 'accepted';
    if (!this.isWanted) {
      // The wish to leave is older than this answer when it was not about leaving: it goes out next.
      if (!isAccepted) this.#finish();
      else if (expires === 0) this.#awaitLastWord();
    } else if (isAccepted) {
      this.#arm(secondsOf(response.header('Expires')) ?? expires);
      if (!this.exchange.isHeard) this.#expectNotify();
    } else {
      this.#decide(decision, { error: refusalOf(response) });
    }
  };

  readonly #unanswered = (thrown: unknown): void => {
    const error = asPhoneError(thrown, 'userAgent.requestFailed');
    // Without a connection it begins again with the next one; a wrong address stays wrong.
    const isLater = error.code === 'userAgent.requestFailed';
    this.#drop();
    if (!this.isWanted) this.#finish();
    else this.#decide({ kind: isLater ? 'later' : 'giveUp' }, { error });
  };

  readonly #heard = (notify: Notify, state: SubscriptionState): void => {
    // Once it is unsubscribed only the last word is waited for.
    if (this.isWanted || state.status === 'terminated') this.#deadline();
    if (state.status === 'terminated') {
      this.#tell(notify);
      if (!this.isWanted) this.#finish();
      else {
        this.#drop();
        this.#decide(afterTermination(state), { reason: state.reason });
      }
      return;
    }
    if (!this.isWanted) return;
    const status = state.status === 'pending' ? 'pending' : 'active';
    this.#store.set({ status, reason: '', error: null, retryIn: null });
    const { expiresAt } = this.snapshot;
    if (state.expires !== undefined) this.#arm(state.expires);
    else if (expiresAt === null) this.#arm(this.#expires);
    this.#tell(notify);
  };

  // What the body says holds even when it is the last word.
  #tell(notify: Notify): void {
    if (!this.isWanted) return;
    this.#services.notified(this, notificationOf(notify, this.snapshot));
  }

  #arm(seconds: number): void {
    const { clock } = this.#services;
    const expires = Math.min(seconds, longest);
    this.#timer();
    this.#store.set({ expiresAt: clock.now() + expires * 1000 });
    this.#timer = clock.after(refreshAfter(expires) * 1000, () => {
      this.#ask();
    });
  }

  #decide(decision: Decision, why: Partial<Pick<SubscriptionSnapshot, 'error' | 'reason'>>): void {
    const isShort = this.#services.clock.now() - this.#begunAt < shortLife;
    this.#failures = isShort ? this.#failures + 1 : 1;
    if (decision.kind === 'longer' && decision.expires <= longest && this.#failures < 5) {
      this.#expires = decision.expires;
      this.#ask();
    } else if (decision.kind === 'renew' && this.#failures === 1) {
      this.#drop();
      this.#store.set(why);
      this.#ask();
    } else {
      const seconds = decision.kind === 'later' ? (decision.seconds ?? 0) : 0;
      // A server that asks for no pause, or hardly any, is not asked all the time.
      const pause = Math.max(seconds * 1000, this.#services.pauseAfter(this.#failures));
      this.#wait(decision.kind === 'giveUp' ? null : pause, why);
    }
  }

  // A refresh that failed leaves the subscription as it was: it may well last until the next attempt.
  #wait(retryIn: number | null, why: Partial<SubscriptionSnapshot>): void {
    const { clock, failed } = this.#services;
    this.#timer();
    this.#deadline();
    if (retryIn === null || !this.exchange.isHeard) this.#drop();
    const status = retryIn === null ? 'ended' : 'waiting';
    this.#store.set({ reason: '', error: null, ...why, status, retryIn });
    if (retryIn !== null) {
      this.#timer = clock.after(retryIn, () => {
        this.#ask();
      });
    }
    failed(this);
  }

  #expectNotify(): void {
    this.#deadline();
    this.#deadline = this.#services.clock.after(notifyDeadline, () => {
      const error = new PhoneError('userAgent.requestFailed', { statusCode: 408 });
      this.#drop();
      this.#decide({ kind: 'later' }, { error });
    });
  }

  #awaitLastWord(): void {
    this.#resolve();
    this.#deadline = this.#services.clock.after(notifyDeadline, () => {
      this.#finish();
    });
  }

  #finish(): void {
    this.#drop();
    this.#store.set({ status: 'ended', retryIn: null });
    this.#resolve();
    this.#services.done(this);
  }

  #resolve(): void {
    for (const resolve of this.#left.splice(0)) resolve();
  }
}
