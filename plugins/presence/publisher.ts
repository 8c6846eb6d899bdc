import { PhoneError, asPhoneError, responseFor } from '../../src/core/index.ts';
import type { Clock, Off, PluginRegistry } from '../../src/core/index.ts';

type Request = PluginRegistry['userAgent']['request'];
type Response = Awaited<ReturnType<Request>>;

/** What a publication is made of. */
export interface PublisherPorts {
  readonly clock: Clock;
  readonly request: Request;
  readonly pauseAfter: (failures: number) => number;
  /** What is to be told at this moment. */
  readonly body: () => string;
  readonly published: () => void;
  readonly failed: (error: PhoneError, retryIn: number | null) => void;
}

/** Seconds; a timer of a browser ends at 24 days. */
const longest = 604_800;

/** Keeps a state of our own at the server (PUBLISH, RFC 3903). */
export class Publisher {
  readonly #ports: PublisherPorts;
  #expires: number;
  #etag: string | null = null;
  #isThere = false;
  #isBusy = false;
  /** There was news while a request was under way. */
  #isStale = false;
  #failures = 0;
  /** What comes back after the connection was lost is about an older one. */
  #connection = 0;
  #timer: Off = () => undefined;

  constructor(ports: PublisherPorts, expires: number) {
    this.#ports = ports;
    this.#expires = expires;
  }

  /** The server is there, or there again. */
  begin(): void {
    this.#isThere = true;
    this.#failures = 0;
    this.update();
  }

  /** There is something else to be told. */
  update(): void {
    this.#publish(true);
  }

  /** The server is gone, or about to be left: then the state is taken back. */
  end(how: 'lost' | 'leaving'): void {
    if (how === 'leaving' && this.#isThere && this.#etag !== null) {
      this.#send(0, false).catch(() => undefined);
      this.#etag = null;
    }
    this.#timer();
    this.#isThere = false;
    this.#isBusy = false;
    this.#isStale = false;
    this.#connection += 1;
  }

  /** What the server knows is about somebody else. */
  forget(): void {
    this.#etag = null;
  }

  #publish(isNews: boolean): void {
    this.#timer();
    if (!this.#isThere) return;
    if (this.#isBusy) {
      this.#isStale ||= isNews;
      return;
    }
    this.#isBusy = true;
    this.#isStale = false;
    const connection = this.#connection;
    const finish = (act: () => void): void => {
      if (connection !== this.#connection) return;
      this.#isBusy = false;
      const isNext = this.#isStale;
      act();
      if (isNext) this.update();
    };
    this.#send(this.#expires, isNews || this.#etag === null).then(
      (response) => {
        finish(() => {
          if (response.statusCode < 300) this.#accepted(response);
          else this.#refused(response);
        });
      },
      (thrown: unknown) => {
        finish(() => {
          const error = asPhoneError(thrown, 'userAgent.requestFailed');
          this.#fail(error, 0, error.code === 'userAgent.requestFailed');
        });
      },
    );
  }

  // A refresh of what the server knows has no body (RFC 3903 section 4.1).
  #send(expires: number, hasBody: boolean): Promise<Response> {
    const known = this.#etag === null ? [] : [`SIP-If-Match: ${this.#etag}`];
    return this.#ports.request('PUBLISH', '', {
      headers: ['Event: presence', `Expires: ${String(expires)}`, ...known],
      ...(hasBody && { body: this.#ports.body(), contentType: 'application/pidf+xml' }),
    });
  }

  #accepted(response: Response): void {
    this.#failures = 0;
    this.#etag = response.header('SIP-ETag');
    const lasts = Math.min(numberIn(response.header('Expires')) ?? this.#expires, longest);
    // Background tabs are a minute late; and whatever the server says, it is not told all the time.
    this.#later(Math.max(2, lasts / 2, lasts - 90) * 1000, false);
    if (!this.#isStale) this.#ports.published();
  }

  #refused(response: Response): void {
    const { statusCode } = response;
    const least = numberIn(response.header('Min-Expires')) ?? 0;
    if (statusCode === 412 && this.#etag !== null) {
      // RFC 3903 section 4.1: the server no longer knows it.
      this.#etag = null;
      this.update();
    } else if (statusCode === 423 && least > this.#expires && least <= longest) {
      this.#expires = least;
      this.update();
    } else {
      const asked = numberIn(response.header('Retry-After')) ?? 0;
      const { key: responseKey, retry } = responseFor(statusCode);
      const error = new PhoneError('userAgent.requestFailed', { statusCode, responseKey });
      this.#fail(error, asked, asked > 0 || retry === 'later');
    }
  }

  #fail(error: PhoneError, asked: number, mayPass: boolean): void {
    this.#failures += 1;
    // A server that asks for no pause, or hardly any, is not told all the time.
    const pause = Math.max(Math.min(asked, 86_400) * 1000, this.#ports.pauseAfter(this.#failures));
    if (mayPass) this.#later(pause, true);
    this.#ports.failed(error, mayPass ? pause : null);
  }

  #later(milliseconds: number, isNews: boolean): void {
    this.#timer();
    this.#timer = this.#ports.clock.after(milliseconds, () => {
      this.#publish(isNews);
    });
  }
}

function numberIn(header: string | null): number | null {
  const [digits] = /^\s*\d{1,9}(?!\d)/.exec(header ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}
