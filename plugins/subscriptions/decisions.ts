import { responseFor } from '../../src/core/index.ts';
import type { Response } from './dialog.ts';

/** What to do after an answer. */
export type Decision =
  | { readonly kind: 'accepted' }
  /** Ask again for so many seconds. */
  | { readonly kind: 'longer'; readonly expires: number }
  /** Begin a new subscription at once. */
  | { readonly kind: 'renew' }
  /** Try again: after so many seconds, and not sooner than the back-off says. */
  | { readonly kind: 'later'; readonly seconds?: number | undefined }
  | { readonly kind: 'giveUp' };

// A server that asks for more is not believed.
const longestAsked = 86_400;

/** Seconds, or undefined when the text is no such number. */
export function secondsOf(text: string | null | undefined): number | undefined {
  const [digits] = /^\s*\d{1,9}(?!\d)/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

// RFC 5057 section 5.1: these end the dialog or the subscription in it, other failures do not.
const endings = new Set([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 502, 604]);

/** What to do after the final response to a SUBSCRIBE that asked for `expires` seconds. */
export function afterResponse(response: Response, expires: number, isFirst: boolean): Decision {
  const { statusCode } = response;
  if (statusCode < 300) return { kind: 'accepted' };
  if (statusCode === 423) {
    const least = secondsOf(response.header('Min-Expires')) ?? 0;
    if (least > expires) return { kind: 'longer', expires: least };
  }
  if (!isFirst && endings.has(statusCode)) return { kind: 'renew' };
  const asked = secondsOf(response.header('Retry-After'));
  // Zero is no time to come back at.
  if (asked) return { kind: 'later', seconds: Math.min(asked, longestAsked) };
  return responseFor(statusCode).retry === 'later' ? { kind: 'later' } : { kind: 'giveUp' };
}

/** The header Subscription-State. */
export interface SubscriptionState {
  readonly status: string;
  readonly reason: string;
  readonly expires: number | undefined;
  readonly retryAfter: number | undefined;
}

/** Reads a Subscription-State header; null when there is none. */
export function parseState(header: string | null): SubscriptionState | null {
  const [status = '', ...rest] = (header ?? '').split(';').map((part) => part.trim());
  if (!/^[\w.!%*+`'~-]+$/.test(status)) return null;
  const parameters = new Map(
    rest.map((part) => {
      const [name = '', value = ''] = part.split('=', 2);
      return [name.trim().toLowerCase(), value.trim()] as const;
    }),
  );
  return {
    status: status.toLowerCase(),
    reason: (parameters.get('reason') ?? '').toLowerCase(),
    expires: secondsOf(parameters.get('expires')),
    retryAfter: secondsOf(parameters.get('retry-after')),
  };
}

const atOnce = new Set(['deactivated', 'timeout']);
const never = new Set(['rejected', 'noresource', 'invariant']);

/** What to do after a NOTIFY that ends the subscription (RFC 6665 section 4.1.3). */
export function afterTermination({ reason, retryAfter }: SubscriptionState): Decision {
  if (atOnce.has(reason)) return { kind: 'renew' };
  if (never.has(reason)) return { kind: 'giveUp' };
  const seconds = retryAfter === undefined ? undefined : Math.min(retryAfter, longestAsked);
  return { kind: 'later', seconds };
}

/** Seconds after which a subscription of so many is refreshed: background tabs are a minute late. */
export function refreshAfter(expires: number): number {
  // Whatever the server says, it is not asked all the time.
  return Math.max(2, expires / 2, expires - 90);
}

/** Milliseconds to wait after so many failures in a row: doubling, half of it by chance. */
export function pauseAfter(
  failures: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const ceiling = Math.min(most, least * 2 ** Math.min(failures - 1, 16)) * 1000;
  return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
}
