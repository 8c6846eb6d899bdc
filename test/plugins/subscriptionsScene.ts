import { subscriptions } from '../../plugins/subscriptions/index.ts';
import type { Notification, SubscriptionSnapshot } from '../../plugins/subscriptions/index.ts';
import type { ConfiguredPlugin } from '../../src/core/index.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { accept, registered, server } from './userAgentScene.ts';

/** The address of the server within the dialogs of subscriptions. */
export const notifier = 'sip:192.0.2.50:5070;transport=tcp';

/** What a 200 to a SUBSCRIBE carries. */
export const agreed = (expires = 600): { readonly headers: readonly string[] } => ({
  headers: [`Contact: <${notifier}>`, `Expires: ${String(expires)}`],
});

/** How a NOTIFY differs from the usual one. */
export interface NotifyOptions {
  /** The header Subscription-State; '' leaves it out. */
  readonly state?: string;
  readonly type?: string;
  readonly body?: string;
  readonly cseq?: number;
  readonly tag?: string;
  readonly toTag?: string;
  readonly headers?: readonly string[];
}

let branches = 0;

const tagOf = (value: string): string => /;tag=([^;]+)/.exec(value)?.[1] ?? '';

/** A NOTIFY of the subscription that `subscribe` asked for. */
export function notify(subscribe: WireMessage, options: NotifyOptions = {}): string {
  branches += 1;
  const { state, type, body, cseq, tag, toTag, headers } = {
    ...{ state: 'active;expires=600', type: 'text/plain', body: '', cseq: branches, tag: 'far1' },
    ...{ toTag: tagOf(subscribe.header('From')), headers: [`Contact: <${notifier}>`] },
    ...options,
  };
  const contact = /<([^>]+)>/.exec(subscribe.header('Contact'))?.[1] ?? '';
  return [
    `NOTIFY ${contact} SIP/2.0`,
    `Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKn${String(branches)}`,
    'Max-Forwards: 70',
    `From: ${subscribe.header('To').replace(/;tag=.*/, '')};tag=${tag}`,
    `To: <sip:1001@example.com>;tag=${toTag}`,
    `Call-ID: ${subscribe.header('Call-ID')}`,
    `CSeq: ${String(cseq)} NOTIFY`,
    `Event: ${subscribe.header('Event')}`,
    ...(state === '' ? [] : [`Subscription-State: ${state}`]),
    ...headers,
    ...(body === '' ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${String(new TextEncoder().encode(body).length)}`,
    '',
    body,
  ].join('\r\n');
}

/** A registered phone with these plugins and the subscriptions that they need. */
export async function watching(plugins: readonly ConfiguredPlugin[] = []): Promise<TestPhone> {
  return await registered({}, { plugins: [subscriptions(), ...plugins] });
}

/** A phone with one subscription, and what was heard of it. */
export interface Watch extends TestPhone {
  readonly subscribe: WireMessage;
  readonly notes: readonly Notification[];
  readonly changes: readonly SubscriptionSnapshot[];
  readonly snapshot: () => SubscriptionSnapshot;
  readonly refresh: () => void;
  readonly unsubscribe: () => Promise<void>;
}

/** A phone that has asked for the dialogs of 2002, and has no answer yet. */
export async function asking(expires = 600): Promise<Watch> {
  const test = await watching();
  const notes: Notification[] = [];
  const changes: SubscriptionSnapshot[] = [];
  const subscription = test.api('subscriptions').subscribe({
    ...{ target: '2002', event: 'dialog', accept: 'application/dialog-info+xml', expires },
    headers: ['X-Own: yes'],
    onNotify: (note) => notes.push(note),
    onChange: (change) => changes.push(change),
  });
  const subscribe = await server.next('SUBSCRIBE');
  return { ...test, ...subscription, subscribe, notes, changes };
}

/** A phone whose subscription works. */
export async function subscribed(expires = 600): Promise<Watch> {
  const watch = await asking(expires);
  await server.reply(watch.subscribe, 200, agreed(expires));
  const state = `active;expires=${String(expires)}`;
  await server.say(notify(watch.subscribe, { state }));
  await server.nextResponse(200);
  return watch;
}

/** The phone registers again, and the server agrees to the newest of its attempts. */
export async function registerAgain(): Promise<void> {
  await server.next('REGISTER');
  const newest = server.requests('REGISTER').at(-1);
  if (newest) await accept(newest);
}
