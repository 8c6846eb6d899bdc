import { messages } from '../../plugins/messages/index.ts';
import type { Message, MessageStore } from '../../plugins/messages/index.ts';
import type { PhoneOptions } from '../../src/core/index.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { registered } from './userAgentScene.ts';

/** What the plugin is configured with. */
export type Options = NonNullable<Parameters<typeof messages>[0]>;

/** A place for messages that outlives a phone. */
export interface FakeStore extends MessageStore {
  /** What is kept of an account. */
  readonly kept: (owner?: string) => readonly Message[];
  /** Puts something there that this plugin has not written. */
  readonly plant: (value: unknown, owner?: string) => void;
}

/** The account of the tests. */
export const own = '1001@example.com';

/** An empty place. */
export function fakeStore(): FakeStore {
  const places = new Map<string, Map<string, unknown>>();
  const place = (owner: string): Map<string, unknown> => {
    const found = places.get(owner) ?? new Map<string, unknown>();
    places.set(owner, found);
    return found;
  };
  return {
    load: (owner) => Promise.resolve([...place(owner).values()]),
    put: (owner, all) => {
      // As IndexedDB does: what comes out is not what went in.
      for (const message of all) place(owner).set(message.id, structuredClone(message));
      return Promise.resolve();
    },
    remove: (owner, all) => {
      for (const { id } of all) place(owner).delete(id);
      return Promise.resolve();
    },
    kept: (owner = own) => [...place(owner).values()] as Message[],
    plant: (value, owner = own) => {
      place(owner).set(`planted ${String(place(owner).size)}`, value);
    },
  };
}

/** A registered phone with this plugin, which keeps its messages in memory. */
export async function writing(
  options: Options = {},
  more: Partial<PhoneOptions> = {},
): Promise<TestPhone> {
  return await registered({}, { ...more, plugins: [messages({ storage: false, ...options })] });
}

/** How an incoming MESSAGE differs from the usual one. */
export interface IncomingOptions {
  readonly type?: string;
  readonly from?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: readonly string[];
}

let count = 0;

/** A MESSAGE from 2002, another one each time. */
export function incoming(body: string, options: IncomingOptions = {}): string {
  count += 1;
  const { type, from, callId, cseq, headers } = {
    ...{ type: 'text/plain', from: '"Bob" <sip:2002@example.com>', headers: [] },
    ...{ callId: `m${String(count)}@far`, cseq: 1 },
    ...options,
  };
  return [
    'MESSAGE sip:1001@example.com SIP/2.0',
    `Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKm${String(count)}`,
    'Max-Forwards: 70',
    `From: ${from};tag=far`,
    'To: <sip:1001@example.com>',
    `Call-ID: ${callId}`,
    `CSeq: ${String(cseq)} MESSAGE`,
    ...headers,
    ...(type === '' ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${String(new TextEncoder().encode(body).length)}`,
    '',
    body,
  ].join('\r\n');
}

/** A body that tells of typing. */
export function composing(state: string, more = ''): string {
  const namespace = 'urn:ietf:params:xml:ns:im-iscomposing';
  return `<?xml version="1.0"?>\n<isComposing xmlns="${namespace}"><state>${state}</state>${more}</isComposing>`;
}

/** The type of such a body. */
export const composingType = 'application/im-iscomposing+xml';
