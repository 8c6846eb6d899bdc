import { randomUUID } from 'node:crypto';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { freePort, signallingHost } from './network.ts';
import { atEnd, until } from './processes.ts';
import { buildSip, headerOf, methodOf, parseSip, respond } from './sipMessage.ts';
import type { SipMessage } from './sipMessage.ts';

/** How a NOTIFY differs from the usual one. */
export interface ScriptedNotify {
  readonly body?: string;
  readonly type?: string;
  readonly state?: string;
  /** Belongs to no dialog. */
  readonly isUnasked?: boolean;
  readonly event?: string;
  /** The user whose state it tells; the last one that was subscribed to when it is left out. */
  readonly about?: string;
}

/**
 * A SIP server that agrees to everything and says what the test tells it to: a proxy would not let
 * most of that through.
 */
export interface ScriptedSipServer {
  readonly url: string;
  /** The SUBSCRIBEs that came in, in order. */
  readonly subscribes: readonly SipMessage[];
  /** Sends a NOTIFY about the subscription to `event`; resolves with the status of the answer. */
  readonly notify: (event: string, notify: ScriptedNotify) => Promise<number>;
  /** The next SUBSCRIBE is answered so, once: such as `503 Busy` with these headers. */
  readonly refuseNext: (status: string, headers: SipMessage['headers']) => void;
  /** Sends a text as it is. */
  readonly say: (text: string) => void;
  /**
   * Hears every message of the phone from now on. What it gives is sent in place of the usual answer,
   * nothing when it is empty; without it the message is dealt with as usual.
   */
  readonly listen: (hear: Hear) => void;
}

type Hear = (message: SipMessage) => string | Promise<string> | undefined;

const tag = 'scripted';

/** Starts it on a free port; it ends with the test file. */
export async function startScriptedServer(): Promise<ScriptedSipServer> {
  const port = await freePort();
  const server = new WebSocketServer({ host: signallingHost, port });
  atEnd(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const subscribes: SipMessage[] = [];
  const answers = new Map<string, number>();
  let line: WebSocket | undefined;
  let refusal: { readonly status: string; readonly headers: SipMessage['headers'] } | undefined;
  let hear: Hear = () => undefined;
  let cseq = 0;

  const answer = (message: SipMessage): string => {
    if (methodOf(message) === 'REGISTER') {
      const contact = `${headerOf(message, 'Contact')};expires=600`;
      return respond(message, '200 OK', { toTag: tag, extra: [['Contact', contact]] });
    }
    if (methodOf(message) === 'SUBSCRIBE') {
      subscribes.push(message);
      const refused = refusal;
      refusal = undefined;
      if (refused) return respond(message, refused.status, { toTag: tag, extra: refused.headers });
    }
    const extra = [
      ['Contact', `<sip:${signallingHost}:${String(port)};transport=ws>`],
      ['Expires', '600'],
    ] as const;
    return respond(message, '200 OK', { toTag: tag, extra });
  };
  server.on('connection', (socket) => {
    line = socket;
    socket.on('message', (data) => {
      const message = parseSip((data as Buffer).toString());
      if (message.startLine === '') return;
      const own = hear(message);
      if (own !== undefined) {
        void Promise.resolve(own).then((text) => {
          if (text !== '') socket.send(text);
        });
        return;
      }
      const status = /^SIP\/2\.0 (\d+)/.exec(message.startLine)?.[1];
      if (status === undefined) socket.send(answer(message));
      else answers.set(headerOf(message, 'CSeq'), Number(status));
    });
  });
  return {
    url: `ws://${signallingHost}:${String(port)}/`,
    subscribes,
    refuseNext: (status, headers) => {
      refusal = { status, headers };
    },
    say: (text) => {
      line?.send(text);
    },
    listen: (next) => {
      hear = next;
    },
    notify: async (event, given) => {
      const found = await until(`a SUBSCRIBE for ${event}`, () =>
        Promise.resolve(
          [...subscribes].reverse().find((message) => isAbout(message, event, given.about)),
        ),
      );
      cseq += 1;
      line?.send(notifyOf(found, cseq, given));
      const own = `${String(cseq)} NOTIFY`;
      return await until('the NOTIFY to be answered', () => Promise.resolve(answers.get(own)));
    },
  };
}

function isAbout(subscribe: SipMessage, event: string, user = ''): boolean {
  return headerOf(subscribe, 'Event') === event && headerOf(subscribe, 'To').includes(`:${user}`);
}

function notifyOf(subscribe: SipMessage, cseq: number, given: ScriptedNotify): string {
  const { body = '', type = 'text/plain', state = 'active;expires=600', isUnasked } = given;
  const contact = /<([^>]+)>/.exec(headerOf(subscribe, 'Contact'))?.[1] ?? '';
  const from = headerOf(subscribe, 'From');
  return buildSip({
    startLine: `NOTIFY ${contact} SIP/2.0`,
    headers: [
      ['Via', `SIP/2.0/WS ${signallingHost};branch=z9hG4bK${randomUUID()}`],
      ['Max-Forwards', '70'],
      ['From', `${headerOf(subscribe, 'To').replace(/;tag=.*/, '')};tag=${tag}`],
      ['To', isUnasked === true ? from.replace(/;tag=.*/, '') : from],
      ['Call-ID', isUnasked === true ? randomUUID() : headerOf(subscribe, 'Call-ID')],
      ['CSeq', `${String(cseq)} NOTIFY`],
      ['Event', given.event ?? headerOf(subscribe, 'Event')],
      ['Subscription-State', state],
      ...(body === '' ? [] : [['Content-Type', type] as const]),
    ],
    body,
  });
}
