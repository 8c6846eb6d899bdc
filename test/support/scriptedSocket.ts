import { afterEach, vi } from 'vitest';

/** A SIP message as it passes the wire. */
export interface WireMessage {
  readonly text: string;
  /** The first line. */
  readonly start: string;
  /** The method of a request, or the one that a response answers. */
  readonly method: string;
  /** The status of a response, or null. */
  readonly status: number | null;
  readonly body: string;
  /** All values of a header, '' never among them. */
  readonly all: (name: string) => readonly string[];
  /** The first value of a header, or ''. */
  readonly header: (name: string) => string;
  /** The number of CSeq. */
  readonly cseq: number;
}

/** What a response carries besides what it takes from its request. */
export interface ReplyOptions {
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A SIP server whose every word the test decides, behind a WebSocket that is none. */
export interface ScriptedServer {
  /** Everything the phone has sent. */
  readonly sent: readonly WireMessage[];
  /** What the phone has sent of one method, responses left out. */
  readonly requests: (method: string) => readonly WireMessage[];
  /** The next request of `method` that was not taken yet; fails when none comes. */
  readonly next: (method: string) => Promise<WireMessage>;
  /** The next response with this status that was not taken yet; fails when none comes. */
  readonly nextResponse: (status: number) => Promise<WireMessage>;
  /** Answers a request. Statuses above 100 carry a To tag. */
  readonly reply: (request: WireMessage, status: number, options?: ReplyOptions) => Promise<void>;
  /** Sends a text to the phone, on all its connections or those to one address. */
  readonly say: (text: string, url?: string) => Promise<void>;
  /** The connection breaks. */
  readonly drop: () => Promise<void>;
  /** False: the next attempts to connect fail, all of them or those to one address. */
  readonly accept: (isAccepting: boolean, url?: string) => void;
  /** How many connections are open. */
  readonly open: () => number;
  /** The address of each attempt to connect. */
  readonly addresses: readonly string[];
}

/** The tag of the far end in every dialog. */
export const farTag = 'far1';

interface Line {
  readonly url: string;
  readyState: number;
  onopen: () => void;
  onclose: (event: object) => void;
  onmessage: (event: object) => void;
  onerror: (event: object) => void;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Puts a scripted server behind `WebSocket` until the test is over. */
export function scriptedServer(): ScriptedServer {
  const sent: WireMessage[] = [];
  const taken = new Set<WireMessage>();
  const lines = new Set<Line>();
  const addresses: string[] = [];
  let isAccepting = true;
  const dead = new Set<string>();

  class ScriptedSocket implements Line {
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readyState = 0;
    onopen: Line['onopen'] = () => undefined;
    onclose: Line['onclose'] = () => undefined;
    onmessage: Line['onmessage'] = () => undefined;
    onerror: Line['onerror'] = () => undefined;

    readonly url: string;

    constructor(url: string) {
      this.url = url;
      addresses.push(url);
      queueMicrotask(() => {
        if (!isAccepting || dead.has(url)) {
          close(this, false);
          return;
        }
        this.readyState = 1;
        lines.add(this);
        this.onopen();
      });
    }
    send(text: string): void {
      sent.push(parse(text));
    }
    close(): void {
      close(this, true);
    }
  }
  const close = (line: Line, wasClean: boolean): void => {
    lines.delete(line);
    line.readyState = 3;
    line.onclose({ wasClean, code: wasClean ? 1000 : 1006, reason: '' });
  };
  vi.stubGlobal('WebSocket', ScriptedSocket);

  const take = async (
    what: string,
    fits: (message: WireMessage) => boolean,
  ): Promise<WireMessage> => {
    for (let turn = 0; turn < 200; turn += 1) {
      const found = sent.find((message) => !taken.has(message) && fits(message));
      if (found) {
        taken.add(found);
        return found;
      }
      await Promise.resolve();
    }
    throw new Error(`No ${what} came; sent: ${sent.map(({ start }) => start).join(' | ')}`);
  };
  const say = async (text: string, url?: string): Promise<void> => {
    for (const line of lines) if ((url ?? line.url) === line.url) line.onmessage({ data: text });
    for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
  };
  return {
    sent,
    requests: (method) =>
      sent.filter((message) => message.status === null && message.method === method),
    next: (method) =>
      take(method, (message) => message.status === null && message.method === method),
    nextResponse: (status) => take(String(status), (message) => message.status === status),
    reply: (request, status, options) => say(response(request, status, options)),
    say,
    drop: async () => {
      for (const line of [...lines]) close(line, false);
      for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
    },
    accept: (accepting, url) => {
      if (url === undefined) isAccepting = accepting;
      else if (accepting) dead.delete(url);
      else dead.add(url);
    },
    open: () => lines.size,
    addresses,
  };
}

function parse(text: string): WireMessage {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const all = (name: string): readonly string[] =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  const header = (name: string): string => all(name)[0] ?? '';
  const [number = '', method = ''] = header('CSeq').split(' ');
  const status = /^SIP\/2\.0 (\d+)/.exec(start)?.[1];
  return {
    text,
    start,
    method,
    status: status === undefined ? null : Number(status),
    body: rest.join('\r\n\r\n'),
    all,
    header,
    cseq: Number(number),
  };
}

function response(
  request: WireMessage,
  status: number,
  { headers = [], body = '' }: ReplyOptions = {},
): string {
  const to = request.header('To');
  const tag = status > 100 && !to.includes(';tag=') ? `;tag=${farTag}` : '';
  return [
    `SIP/2.0 ${String(status)} Scripted`,
    ...request.all('Via').map((value) => `Via: ${value}`),
    `From: ${request.header('From')}`,
    `To: ${to}${tag}`,
    `Call-ID: ${request.header('Call-ID')}`,
    `CSeq: ${request.header('CSeq')}`,
    ...headers,
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

/** A description that JsSIP's parser takes. */
export const anySdp: string = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 127.0.0.1',
  'a=rtpmap:111 opus/48000/2',
  'a=sendrecv',
  '',
].join('\r\n');

/** A peer connection that agrees to everything, and what it was told. */
export interface FakeConnection extends RTCPeerConnection {
  /** The descriptions in order, each as `local offer`, `remote answer`, `local rollback`; tracks as `replace silent`. */
  readonly told: readonly string[];
  /** The next remote description is refused. */
  refuseNext: boolean;
}

interface FakeSender {
  track: MediaStreamTrack | null;
  readonly dtmf: null;
  readonly replaceTrack: (next: MediaStreamTrack | null) => Promise<void>;
}

/** Puts fake connections behind `RTCPeerConnection` until the test is over; all that were made. */
export function fakeConnections(): readonly FakeConnection[] {
  const made: FakeConnection[] = [];
  class Connection extends EventTarget {
    signalingState: RTCSignalingState = 'stable';
    iceGatheringState = 'complete';
    iceConnectionState = 'connected';
    connectionState = 'connected';
    localDescription: RTCSessionDescriptionInit | null = null;
    refuseNext = false;
    readonly told: string[] = [];
    readonly #senders: FakeSender[] = [];
    #configuration: RTCConfiguration;
    constructor(configuration: RTCConfiguration = {}) {
      super();
      this.#configuration = configuration;
      made.push(this as unknown as FakeConnection);
    }
    addTrack(track: MediaStreamTrack): object {
      const sender: FakeSender = {
        track,
        dtmf: null,
        replaceTrack: (next) => {
          this.told.push(next ? `replace ${next.enabled ? 'open' : 'silent'}` : 'replace none');
          sender.track = next;
          return Promise.resolve();
        },
      };
      this.#senders.push(sender);
      return sender;
    }
    getConfiguration(): RTCConfiguration {
      return this.#configuration;
    }
    setConfiguration(configuration: RTCConfiguration): void {
      this.#configuration = configuration;
    }
    getSenders(): readonly object[] {
      return this.#senders;
    }
    getReceivers(): readonly object[] {
      return [];
    }
    getTransceivers(): readonly object[] {
      const [sender] = this.#senders;
      return [{ receiver: { track: { kind: 'audio' } }, sender, currentDirection: 'sendrecv' }];
    }
    createOffer(): Promise<RTCSessionDescriptionInit> {
      return Promise.resolve({ type: 'offer', sdp: anySdp });
    }
    createAnswer(): Promise<RTCSessionDescriptionInit> {
      return Promise.resolve({ type: 'answer', sdp: anySdp });
    }
    setLocalDescription(given: RTCSessionDescriptionInit): Promise<void> {
      this.told.push(`local ${given.type}`);
      this.signalingState = given.type === 'offer' ? 'have-local-offer' : 'stable';
      if (given.type !== 'rollback') this.localDescription = given;
      return Promise.resolve();
    }
    setRemoteDescription(given: RTCSessionDescriptionInit): Promise<void> {
      if (this.refuseNext) {
        this.refuseNext = false;
        return Promise.reject(new DOMException('no', 'InvalidAccessError'));
      }
      this.told.push(`remote ${given.type}`);
      this.signalingState = given.type === 'offer' ? 'have-remote-offer' : 'stable';
      return Promise.resolve();
    }
    close(): void {
      this.signalingState = 'closed';
    }
  }
  vi.stubGlobal('RTCPeerConnection', Connection);
  vi.stubGlobal(
    'RTCSessionDescription',
    class {
      readonly type: string;
      readonly sdp: string;
      constructor({ type, sdp }: { type: string; sdp: string }) {
        this.type = type;
        this.sdp = sdp;
      }
    },
  );
  vi.stubGlobal(
    'RTCPeerConnectionIceEvent',
    class extends Event {
      readonly candidate = null;
    },
  );
  return made;
}
