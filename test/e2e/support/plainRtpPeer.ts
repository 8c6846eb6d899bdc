import { createSocket } from 'node:dgram';
import type { Kamailio } from './kamailio.ts';
import { freePort, mediaHost, signallingHost } from './network.ts';
import { openPlainMedia } from './plainMedia.ts';
import type { Agreed, PlainMedia } from './plainMedia.ts';
import { atEnd, until } from './processes.ts';
import { buildSip, headerOf, headersOf, methodOf, parseSip, respond } from './sipMessage.ts';
import type { SipMessage } from './sipMessage.ts';

/** How the far end answers; it takes the offer's own payload types. */
export interface PlainRtpPeerOptions {
  readonly kamailio: Kamailio;
  /** Whose calls it answers; it becomes the only contact of that user. */
  readonly user: string;
  readonly codec?: 'PCMU' | 'opus';
  /** Clock of the telephone events: 8000 by default with PCMU, 48000 with opus. */
  readonly eventClock?: 8000 | 48000;
  /** Its own tone in Hz (1500); with opus it sends silence. */
  readonly hz?: number;
  /** Rings for so long before it answers (0). */
  readonly ringMs?: number;
}

/** A far end with plain RTP that answers every call, sends a tone and keeps what it gets. */
export interface PlainRtpPeer extends Omit<PlainMedia, 'agree' | 'close'> {
  readonly contact: string;
  /** Every SIP message received so far. */
  readonly received: () => readonly SipMessage[];
  readonly waitFor: (method: string, timeoutMs?: number) => Promise<SipMessage>;
  /** Hangs up. */
  readonly bye: () => void;
  readonly close: () => void;
}

interface Dialog {
  readonly invite: SipMessage;
  readonly toTag: string;
  readonly proxy: Remote;
}

interface Remote {
  readonly address: string;
  readonly port: number;
}

const otherDirection = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
} as const;

function directionOf(sdp: string): Agreed['direction'] {
  const found = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(sdp)?.[1] ?? 'sendrecv';
  return otherDirection[found as Agreed['direction']];
}

function payloadType(sdp: string, encoding: string): number | undefined {
  const found = new RegExp(`^a=rtpmap:(\\d+) ${encoding}`, 'im').exec(sdp)?.[1];
  return found === undefined ? undefined : Number(found);
}

function agreeOn(sdp: string, codec: 'PCMU' | 'opus', eventClock: number): Agreed {
  const audioType = codec === 'PCMU' ? 0 : payloadType(sdp, 'opus/48000');
  if (audioType === undefined) throw new Error(`the offer has no ${codec}:\n${sdp}`);
  return {
    codec,
    audioType,
    eventType: payloadType(sdp, `telephone-event/${eventClock}`),
    eventClock,
    address: /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? mediaHost(),
    port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0),
    direction: directionOf(sdp),
  };
}

function answerSdp(agreed: Agreed, port: number): string {
  const { audioType, eventType, eventClock, codec, direction } = agreed;
  const event = eventType === undefined ? '' : ` ${eventType}`;
  const lines = [
    ...['v=0', `o=peer 1 1 IN IP4 ${mediaHost()}`, 's=-', `c=IN IP4 ${mediaHost()}`, 't=0 0'],
    `m=audio ${port} RTP/AVP ${audioType}${event}`,
    `a=rtpmap:${audioType} ${codec === 'PCMU' ? 'PCMU/8000' : 'opus/48000/2'}`,
    ...(eventType === undefined
      ? []
      : [`a=rtpmap:${eventType} telephone-event/${eventClock}`, `a=fmtp:${eventType} 0-15`]),
    ...['a=ptime:20', `a=${direction}`],
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function byeFor({ invite, toTag }: Dialog, contact: string): string {
  const target = /<([^>]+)>/.exec(headerOf(invite, 'Contact'))?.[1] ?? headerOf(invite, 'Contact');
  const routes = headersOf(invite, 'Record-Route').map((value): [string, string] => [
    'Route',
    value,
  ]);
  return buildSip({
    startLine: `BYE ${target} SIP/2.0`,
    headers: [
      ['Via', `SIP/2.0/UDP ${contact.slice(contact.indexOf('@') + 1)};branch=z9hG4bK${toTag}bye`],
      ...routes,
      ['Max-Forwards', '70'],
      ['From', `${headerOf(invite, 'To')};tag=${toTag}`],
      ['To', headerOf(invite, 'From')],
      ['Call-ID', headerOf(invite, 'Call-ID')],
      ['CSeq', '1 BYE'],
    ],
    body: '',
  });
}

/** Starts the far end. It registers nothing: Kamailio is told where its user is. */
export async function startPlainRtpPeer(options: PlainRtpPeerOptions): Promise<PlainRtpPeer> {
  const { codec = 'PCMU', hz = 1500, ringMs = 0 } = options;
  const eventClock = options.eventClock ?? (codec === 'PCMU' ? 8000 : 48_000);
  const [sipPort, rtpPort] = [await freePort(), await freePort(mediaHost(), 2)];
  const media = await openPlainMedia(rtpPort, hz);
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.bind(sipPort, signallingHost, resolve);
  });
  const contact = `sip:peer@${signallingHost}:${sipPort}`;
  const received: SipMessage[] = [];
  let dialog: Dialog | undefined;
  const send = (text: string, to: Remote): void => {
    socket.send(text, to.port, to.address);
  };

  const onInvite = (invite: SipMessage, proxy: Remote): void => {
    const toTag = dialog?.toTag ?? `peer${sipPort}${received.length}`;
    const isFirst = dialog === undefined;
    dialog ??= { invite, toTag, proxy };
    const agreed = agreeOn(invite.body, codec, eventClock);
    const extra = [['Contact', `<${contact}>`]] as const;
    if (isFirst) send(respond(invite, '180 Ringing', { toTag, extra }), proxy);
    setTimeout(
      () => {
        if (dialog === undefined) return;
        media.agree(agreed);
        const type = ['Content-Type', 'application/sdp'] as const;
        const body = answerSdp(agreed, rtpPort);
        send(respond(invite, '200 OK', { toTag, extra: [...extra, type], body }), proxy);
      },
      isFirst ? ringMs : 0,
    );
  };

  const onCancel = (request: SipMessage, proxy: Remote): void => {
    send(respond(request, '200 OK', {}), proxy);
    if (dialog === undefined) return;
    const { invite, toTag } = dialog;
    send(respond(invite, '487 Request Terminated', { toTag }), proxy);
    dialog = undefined;
  };

  const handlers: Record<string, (request: SipMessage, proxy: Remote) => void> = {
    INVITE: onInvite,
    CANCEL: onCancel,
    ACK: () => undefined,
    BYE: (request, proxy) => {
      send(respond(request, '200 OK', {}), proxy);
      media.silence();
      dialog = undefined;
    },
  };

  socket.on('message', (data, from) => {
    const message = parseSip(data.toString());
    received.push(message);
    const method = methodOf(message);
    if (method === '') return;
    const handle = handlers[method];
    if (handle !== undefined) handle(message, from);
    else send(respond(message, '200 OK', {}), from);
  });
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    dialog = undefined;
    media.close();
    socket.close();
  };
  atEnd(close);
  await options.kamailio.bind(options.user, contact);
  return {
    ...media,
    contact,
    close,
    received: () => received,
    waitFor: (method, timeoutMs = 5000) =>
      until(`the far end to get ${method}`, () => received.find((m) => methodOf(m) === method), {
        timeoutMs,
      }),
    bye: () => {
      if (dialog === undefined) return;
      send(byeFor(dialog, contact), dialog.proxy);
      media.silence();
      dialog = undefined;
    },
  };
}
