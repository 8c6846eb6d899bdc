import { PhoneError, newId, responseFor } from '../../src/core/index.ts';
import type { Notify, Response } from './dialog.ts';
import type { Notification, SubscribeOptions, SubscriptionSnapshot } from './types.ts';

/** A subscription that nothing was done for yet. */
export function firstSnapshot({ target, event }: SubscribeOptions): SubscriptionSnapshot {
  return {
    ...{ id: newId(), target, event, status: 'waiting', reason: '' },
    ...{ error: null, retryIn: null, expiresAt: null },
  };
}

/** What a refusal is told as. */
export function refusalOf({ statusCode }: Response): PhoneError {
  const { key: responseKey } = responseFor(statusCode);
  return new PhoneError('userAgent.requestFailed', { statusCode, responseKey });
}

/** What a NOTIFY says to the owner of the subscription. */
export function notificationOf(notify: Notify, subscription: SubscriptionSnapshot): Notification {
  const [type = ''] = (notify.header('Content-Type') ?? '').split(';');
  const { body, callId: session } = notify;
  return { subscription, contentType: body && type.trim().toLowerCase(), body, session };
}
