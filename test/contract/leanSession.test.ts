import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lean } from './lean.ts';

const require = createRequire(import.meta.url);
const published = (path: string): unknown => require(path);
type Load = typeof lean;

// Making it lean takes a while, which is no part of a test's time.
lean('jssip/lib/UA.js');

// The adapter answers challenges, of which there are none here, and passes the rest on.
Object.assign((lean('jssip/lib/RequestSender.js') as { readonly prototype: object }).prototype, {
  _receiveResponse(this: { _eventHandlers: Handlers }, response: object) {
    this._eventHandlers.onReceiveResponse(response);
  },
});

interface Session {
  readonly on: (name: string, run: (event: Told) => void) => void;
  readonly answer: (options: object) => void;
  readonly connect: (target: string, options: object) => void;
  readonly refer: (target: string, options: object) => unknown;
  readonly terminate: (options?: object) => void;
}

interface Handlers {
  readonly onReceiveResponse: (response: object) => void;
}

interface Told {
  readonly session: Session;
  readonly originator: string;
}

interface Agent {
  readonly on: (name: string, run: (event: Told) => void) => void;
  readonly call: (target: string, options: object) => Session;
  readonly start: () => void;
  readonly stop: () => void;
}

const sdp = 'v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n';

class Connection {
  readonly iceGatheringState = 'complete';
  signalingState = 'stable';
  localDescription: { readonly sdp: string } | null = null;
  readonly addEventListener = (): void => undefined;
  readonly addTrack = (): void => undefined;
  readonly getSenders = (): readonly object[] => [];
  readonly close = (): void => undefined;
  readonly createOffer = (): Promise<object> => Promise.resolve({ type: 'offer', sdp });
  readonly createAnswer = (): Promise<object> => Promise.resolve({ type: 'answer', sdp });
  readonly setRemoteDescription = ({ sdp: given }: { sdp: string }): Promise<void> =>
    given.includes('m=odd') ? Promise.reject(new Error('odd')) : Promise.resolve();
  readonly setLocalDescription = (description: { readonly sdp: string }): Promise<void> => {
    this.localDescription = description;
    return Promise.resolve();
  };
}

class Description {
  readonly sdp: string;
  constructor({ sdp: given }: { readonly sdp: string }) {
    this.sdp = given;
  }
}

const media = {
  mediaStream: { getTracks: () => [], getVideoTracks: () => [] },
  mediaConstraints: { audio: true, video: false },
};

/** An agent on a wire of ours, with what it sends and what its sessions tell. */
function scene(load: Load): { ua: Agent; log: string[]; receive: (text: string) => Promise<void> } {
  const UA = load('jssip/lib/UA.js') as new (settings: object) => Agent;
  const log: string[] = [];
  const wire = {
    ...{ via_transport: 'WSS', url: 'wss://lab.test', sip_uri: 'sip:lab.test;transport=ws' },
    onconnect: (): void => undefined,
    ondata: (_text: string): void => undefined,
    connect: () => undefined,
    disconnect: () => undefined,
    isConnected: () => true,
    send: (message: string) => Boolean(log.push(message.replace(/\w+\.invalid/g, 'own.invalid'))),
  };
  const ua = new UA({
    ...{ sockets: [wire], uri: 'sip:1001@lab.test', register: false },
    // The adapter refreshes sessions by itself, and brings what that takes.
    session_timers: false,
  });
  ua.on('newRTCSession', ({ session }) => {
    for (const name of [
      'progress',
      'accepted',
      'confirmed',
      'hold',
      'unhold',
      'newInfo',
      'newDTMF',
      'ended',
      'failed',
    ])
      session.on(name, ({ originator }) => log.push(`${name} ${originator}`));
  });
  ua.start();
  wire.onconnect();
  const receive = async (text: string): Promise<void> => {
    wire.ondata(text);
    await vi.advanceTimersByTimeAsync(50);
  };
  return { ua, log, receive };
}

let cseq = 0;

interface Content {
  readonly headers?: readonly string[];
  readonly body?: string;
}

function request(method: string, tag: string, { headers = [], body = '' }: Content = {}): string {
  cseq += method === 'ACK' ? 0 : 1;
  return [
    `${method} sip:1001@lab.test SIP/2.0`,
    `Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKfar${String(cseq)}${method}`,
    'Max-Forwards: 70',
    'From: "Far" <sip:2002@lab.test>;tag=far',
    `To: <sip:1001@lab.test>${tag}`,
    'Call-ID: call@far',
    `CSeq: ${String(cseq)} ${method}`,
    'Contact: <sip:2002@192.0.2.9;transport=ws>',
    ...headers,
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

function response(sent: string, status: string, body = ''): string {
  const header = (name: string): string => new RegExp(`^${name}: .*$`, 'm').exec(sent)?.[0] ?? '';
  const type = body === '' ? [] : ['Content-Type: application/sdp'];
  return [
    `SIP/2.0 ${status}`,
    ...['Via', 'From'].map(header),
    `${header('To').replace(/;tag=.*/, '')};tag=far`,
    ...['Call-ID', 'CSeq'].map(header),
    'Contact: <sip:2002@192.0.2.9;transport=ws>',
    ...type,
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

/** The last request of a method that an agent has sent. */
function lastOf(log: readonly string[], method: string): string {
  return log.filter((line) => line.startsWith(`${method} `)).at(-1) ?? '';
}

const offer = ['Content-Type: application/sdp'];

/** A call that comes in, and all that a far end may send within one. */
async function incoming(load: Load): Promise<readonly string[]> {
  cseq = 0;
  const { ua, log, receive } = scene(load);
  ua.on('newRTCSession', ({ session }) => {
    setTimeout(() => {
      session.answer(media);
    }, 10);
  });
  await receive(request('INVITE', '', { headers: offer, body: sdp }));
  const ours = /^To: .*(;tag=\w+)/m.exec(log.find((line) => line.includes('200 OK')) ?? '')?.[1];
  const within = (method: string, headers: readonly string[] = [], body = ''): Promise<void> =>
    receive(request(method, ours ?? '', { headers, body }));
  await within('ACK');
  await within('INFO', ['Content-Type: application/dtmf-relay'], 'Signal=5\r\nDuration=120');
  await within('INFO', ['Content-Type: text/plain'], 'hello');
  await within('INFO');
  await within('UPDATE');
  await within('UPDATE', offer, `${sdp}a=sendonly\r\n`);
  await within('UPDATE', ['Content-Type: text/plain'], 'x');
  await within('INVITE', offer, sdp);
  await within('ACK');
  await within('INVITE');
  await within('ACK', offer, sdp);
  await within('INVITE', offer, sdp.replace('m=audio', 'm=odd'));
  await within('ACK');
  await within('INVITE', ['Content-Type: text/plain'], 'x');
  await within('ACK');
  await within('NOTIFY', ['Event: refer', 'Subscription-State: active'], 'SIP/2.0 200 OK');
  await within('NOTIFY', ['Event: dialog', 'Subscription-State: active']);
  await within('PUBLISH');
  await within('BYE');
  ua.stop();
  return log;
}

/** A call of ours that is answered, transferred and hung up. */
async function outgoing(load: Load): Promise<readonly string[]> {
  const { ua, log, receive } = scene(load);
  const sent = (method: string): string => lastOf(log, method);
  const session = ua.call('2002', media);
  await vi.advanceTimersByTimeAsync(50);
  await receive(response(sent('INVITE'), '100 Trying'));
  await receive(response(sent('INVITE'), '180 Ringing'));
  await receive(response(sent('INVITE'), '200 OK', sdp));
  session.refer('3003', {});
  await receive(response(sent('REFER'), '202 Accepted'));
  session.terminate();
  await receive(response(sent('BYE'), '200 OK'));
  ua.stop();
  return log;
}

/** A call of ours that the far end refuses, and one that is given up. */
async function refused(load: Load): Promise<readonly string[]> {
  const { ua, log, receive } = scene(load);
  ua.call('2002', media);
  await vi.advanceTimersByTimeAsync(50);
  await receive(response(lastOf(log, 'INVITE'), '486 Busy Here'));
  const session = ua.call('2003', media);
  await vi.advanceTimersByTimeAsync(50);
  const invite = lastOf(log, 'INVITE');
  await receive(response(invite, '180 Ringing'));
  session.terminate({ status_code: 486 });
  await receive(response(invite, '487 Request Terminated'));
  ua.stop();
  return log;
}

describe('the sessions of the script-tag file', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    vi.stubGlobal('RTCPeerConnection', Connection);
    vi.stubGlobal('RTCSessionDescription', Description);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it.each([
    ['a call that comes in', incoming, 'ended remote'],
    ['a call of ours', outgoing, 'ended local'],
    ['calls that come to nothing', refused, 'failed remote'],
  ])('send and tell of %s what the published ones do', async (_, story, told) => {
    const [ours, theirs] = [await story(lean), await story(published)];
    expect(ours).toEqual(theirs);
    expect(ours).toContain(told);
  });
});
