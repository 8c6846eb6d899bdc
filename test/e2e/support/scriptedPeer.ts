import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { domain } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';
import { freePort, mediaHost, signallingHost } from './network.ts';
import { atEnd, until } from './processes.ts';
import { buildSip, headerOf, headersOf, methodOf, parseSip, respond } from './sipMessage.ts';
import type { SipMessage } from './sipMessage.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** What a response carries. */
export interface ReplyParts {
  readonly extra?: Headers;
  /** A description. */
  readonly body?: string;
}

/** A far end behind Kamailio whose every SIP message the test decides; it has no media. */
export interface ScriptedPeer {
  /** The next request of a method that was not taken yet. */
  readonly next: (method: string) => Promise<SipMessage>;
  /** The next final or reliable response with this status that was not taken yet. A refusal is there once, and confirmed by itself. */
  readonly nextResponse: (status: number) => Promise<SipMessage>;
  /** Its own contact is in the headers unless others are given. */
  readonly reply: (request: SipMessage, status: string, parts?: ReplyParts) => void;
  /** Calls a user, answering the proxy's question for the password. */
  readonly call: (user: string, extra: Headers) => Promise<SipMessage>;
  /** A request in the dialog of `invite`, one of its own or one that came in; `given` has the To tag. */
  readonly within: (method: string, given: SipMessage, extra?: Headers) => void;
  readonly contact: Headers;
  /** Its tag in each of its dialogs. */
  readonly tag: string;
}

/** A description without media behind it, which rtpengine makes something of. */
export const someSdp = (): string =>
  [
    ...['v=0', `o=peer 1 1 IN IP4 ${mediaHost()}`, 's=-', `c=IN IP4 ${mediaHost()}`, 't=0 0'],
    ...['m=audio 40000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=sendrecv', ''],
  ].join('\r\n');

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Starts the far end and makes it the only contact of `user`. */
export async function startScriptedPeer(kamailio: Kamailio, user: string): Promise<ScriptedPeer> {
  const port = await freePort();
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.bind(port, signallingHost, resolve);
  });
  atEnd(() => {
    socket.close();
  });
  const waiting: SipMessage[] = [];
  const send = (text: string): void => {
    socket.send(text, kamailio.sipPort, signallingHost);
  };
  const refusals = new Set<string>();
  socket.on('message', (data) => {
    const message = parseSip(data.toString());
    const ack = ackOf(message);
    if (ack !== undefined) send(ack);
    if (ack === undefined || !refusals.has(ack)) waiting.push(message);
    if (ack !== undefined) refusals.add(ack);
  });
  const address = `sip:${user}@${signallingHost}:${port}`;
  await kamailio.bind(user, address);
  const take = (what: string, fits: (message: SipMessage) => boolean): Promise<SipMessage> =>
    until(what, () => {
      const place = waiting.findIndex(fits);
      return Promise.resolve(place < 0 ? undefined : waiting.splice(place, 1)[0]);
    });
  const nextResponse = (status: number): Promise<SipMessage> =>
    take(String(status), ({ startLine }) => startLine.startsWith(`SIP/2.0 ${status} `));
  const contact = [['Contact', `<${address}>`]] as const;
  let count = 0;
  const via = (): readonly [string, string] => {
    count += 1;
    return ['Via', `SIP/2.0/UDP ${signallingHost}:${port};branch=z9hG4bKp${port}n${count}`];
  };
  let calls = 0;
  const invite = (to: string, cseq: number, extra: Headers): string =>
    buildSip({
      startLine: `INVITE sip:${to}@${domain} SIP/2.0`,
      headers: [
        via(),
        ...([
          ['Max-Forwards', '70'],
          ['From', `"Peer" <sip:${user}@${domain}>;tag=peer${port}`],
          ['To', `<sip:${to}@${domain}>`],
          ['Call-ID', `peer${port}-${to}-${calls}`],
          ['CSeq', `${cseq} INVITE`],
        ] as const),
        ...contact,
        ...extra,
        ['Content-Type', 'application/sdp'],
      ],
      body: someSdp(),
    });
  let cseq = 10;
  return {
    contact,
    tag: `peer${port}`,
    nextResponse,
    next: (method) => take(method, (message) => methodOf(message) === method),
    reply: (request, status, { extra = contact, body = '' } = {}) => {
      const type: Headers = body === '' ? [] : [['Content-Type', 'application/sdp']];
      send(respond(request, status, { toTag: `peer${port}`, extra: [...extra, ...type], body }));
    },
    call: async (to, extra) => {
      calls += 1;
      send(invite(to, 1, extra));
      const asked = await nextResponse(407);
      const [realm = '', nonce = ''] = ['realm', 'nonce'].map(
        (name) => new RegExp(`${name}="([^"]*)"`).exec(headerOf(asked, 'Proxy-Authenticate'))?.[1],
      );
      const uri = `sip:${to}@${domain}`;
      const digest = md5(`${md5(`${user}:${realm}:pw${user}`)}:${nonce}:${md5(`INVITE:${uri}`)}`);
      const proof = `Digest username="${user}",realm="${realm}",nonce="${nonce}",uri="${uri}",response="${digest}"`;
      send(invite(to, 2, [...extra, ['Proxy-Authorization', proof]]));
      return asked;
    },
    within: (method, given, extra = []) => {
      const isOurs = headerOf(given, 'From').includes(`tag=peer${port}`);
      const [from, to] = isOurs ? (['From', 'To'] as const) : (['To', 'From'] as const);
      const target = /<([^>]+)>/.exec(headerOf(given, 'Contact'))?.[1] ?? '';
      const routes = headersOf(given, 'Record-Route').flatMap((value) => value.split(/,\s*/));
      if (method !== 'ACK') cseq += 1;
      send(
        buildSip({
          startLine: `${method} ${target} SIP/2.0`,
          headers: [
            via(),
            ...(isOurs ? routes.reverse() : routes).map((route) => ['Route', route] as const),
            ['Max-Forwards', '70'],
            ['From', withTag(headerOf(given, from), port)],
            ['To', headerOf(given, to)],
            ['Call-ID', headerOf(given, 'Call-ID')],
            ['CSeq', `${method === 'ACK' ? 2 : cseq} ${method}`],
            ...extra,
          ],
          body: '',
        }),
      );
    },
  };
}

const withTag = (address: string, port: number): string =>
  address.includes(';tag=') ? address : `${address};tag=peer${port}`;

/** What confirms a refusal of our INVITE: RFC 3261 section 17.1.1.3. */
function ackOf(response: SipMessage): string | undefined {
  const [number = '', method] = headerOf(response, 'CSeq').split(' ');
  if (!/^SIP\/2\.0 [3-6]/.test(response.startLine) || method !== 'INVITE') return undefined;
  const copied = ['Via', 'From', 'To', 'Call-ID'].map(
    (name) => [name, headerOf(response, name)] as const,
  );
  const target = /<([^>]+)>/.exec(headerOf(response, 'To'))?.[1] ?? '';
  return buildSip({
    startLine: `ACK ${target} SIP/2.0`,
    headers: [...copied, ['CSeq', `${number} ACK`], ['Max-Forwards', '70']],
    body: '',
  });
}
