import { createHash, randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';

/** A SIP message as received: its start line and its text. */
export interface Received {
  readonly start: string;
  readonly text: string;
  readonly header: (name: string) => string;
  readonly headers: (name: string) => string[];
}

/** What a request is made of besides what every request has. */
export interface RequestParts {
  readonly uri?: string;
  readonly to?: string;
  readonly from?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly password?: string;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Random text for tags, branches and Call-IDs. */
export const unique = (): string => randomBytes(8).toString('hex');

/** A phone that writes SIP by hand, so that a test can say and see everything on the wire. */
export class RawPhone {
  readonly tag: string = unique();
  readonly contact: string;
  readonly #queue: Received[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly socket: WebSocket;
  readonly user: string;
  readonly password: string;

  private constructor(socket: WebSocket, user: string, password: string) {
    this.socket = socket;
    this.user = user;
    this.password = password;
    this.contact = `sip:${unique()}@${user}.invalid;transport=ws`;
    socket.on('message', (data: Buffer) => {
      this.#queue.push(read(data.toString('utf8')));
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Opens a connection; rejects when the handshake is refused. */
  static async open(url: string, user: string, password = `${user}-secret`): Promise<RawPhone> {
    const socket = new WebSocket(url, 'sip');
    const phone = new RawPhone(socket, user, password);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return phone;
  }

  /** Opens a connection and registers on it. */
  static async registered(url: string, user: string, instance = unique()): Promise<RawPhone> {
    const phone = await RawPhone.open(url, user);
    const response = await phone.register({ instance });
    if (!response.start.startsWith('SIP/2.0 200')) throw new Error(response.start);
    return phone;
  }

  /** The first message, past or to come, whose start line holds the given text. */
  async next(words: string): Promise<Received> {
    for (;;) {
      const found = this.#queue.findIndex(({ start }) => start.includes(words));
      const [message] = found < 0 ? [] : this.#queue.splice(found, 1);
      if (message) return message;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Start lines of the messages that nobody has asked for yet. */
  pending(): string[] {
    return this.#queue.map(({ start }) => start);
  }

  send(text: string): void {
    this.socket.send(text);
  }

  /** Sends a request once and gives back its text. */
  request(method: string, parts: RequestParts = {}): string {
    const uri = parts.uri ?? `sip:${this.user}@sandbox.invalid`;
    const body = parts.body ?? '';
    const text = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/WS ${this.user}.invalid;branch=${parts.branch ?? `z9hG4bK${unique()}`}`,
      'Max-Forwards: 70',
      `From: ${parts.from ?? `<sip:${this.user}@sandbox.invalid>;tag=${this.tag}`}`,
      `To: ${parts.to ?? `<${uri}>`}`,
      `Call-ID: ${parts.callId ?? unique()}`,
      `CSeq: ${parts.cseq ?? 1} ${method}`,
      ...(parts.headers ?? []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
    this.send(text);
    return text;
  }

  /** Sends a request, answers the challenge, and gives back the text of the second try. */
  async authenticated(method: string, parts: RequestParts = {}): Promise<string> {
    const callId = parts.callId ?? unique();
    const first = this.request(method, { ...parts, callId });
    const challenge = await this.next(' 40');
    if (method === 'INVITE') this.acknowledge(first, challenge);
    const isProxy = challenge.start.includes('407');
    const given = challenge.header(isProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
    const header = `${isProxy ? 'Proxy-' : ''}Authorization: ${this.#respond(method, parts, given)}`;
    const headers = [...(parts.headers ?? []), header];
    return this.request(method, { ...parts, callId, headers, cseq: (parts.cseq ?? 1) + 1 });
  }

  /** Registers, renews or (with `expires: 0`) removes this phone's contact. */
  async register(
    how: { instance?: string; expires?: number; contact?: string; password?: string } = {},
  ): Promise<Received> {
    const instance = how.instance ? `;+sip.instance="<urn:uuid:${how.instance}>"` : '';
    const headers = [
      `Contact: ${how.contact ?? `<${this.contact}>${instance}`}`,
      `Expires: ${how.expires ?? 60}`,
    ];
    await this.authenticated('REGISTER', {
      uri: 'sip:sandbox.invalid',
      to: `<sip:${this.user}@sandbox.invalid>`,
      headers,
      ...(how.password === undefined ? {} : { password: how.password }),
    });
    return this.next('SIP/2.0');
  }

  /** Calls an address of the sandbox; gives back the INVITE. */
  call(uri: string, parts: RequestParts = {}): Promise<string> {
    return this.authenticated('INVITE', { uri, headers: [`Contact: <${this.contact}>`], ...parts });
  }

  /** The ACK of a refused INVITE, which belongs to its transaction. */
  acknowledge(invite: string, response: Received): void {
    const sent = read(invite);
    this.request('ACK', {
      uri: sent.start.split(' ')[1] ?? '',
      branch: branchOf(sent),
      to: response.header('To'),
      from: sent.header('From'),
      callId: sent.header('Call-ID'),
      cseq: Number.parseInt(sent.header('CSeq'), 10),
    });
  }

  /** Answers a request it was sent; the To tag is this phone's. */
  respond(request: Received, status: string, headers: readonly string[] = []): void {
    const to = request.header('To');
    const lines = [
      `SIP/2.0 ${status}`,
      ...request.headers('Via').map((via) => `Via: ${via}`),
      ...request.headers('Record-Route').map((route) => `Record-Route: ${route}`),
      `From: ${request.header('From')}`,
      `To: ${to.includes(';tag=') ? to : `${to};tag=${this.tag}`}`,
      `Call-ID: ${request.header('Call-ID')}`,
      `CSeq: ${request.header('CSeq')}`,
      `Contact: <${this.contact}>`,
      ...headers,
      'Content-Length: 0',
      '',
      '',
    ];
    this.send(lines.join('\r\n'));
  }

  #respond(method: string, parts: RequestParts, challenge: string): string {
    const field = (name: string): string =>
      new RegExp(`${name}="?([^",]+)`).exec(challenge)?.[1] ?? '';
    const [realm, nonce] = [field('realm'), field('nonce')];
    const uri = parts.uri ?? `sip:${this.user}@sandbox.invalid`;
    const ha1 = md5(`${this.user}:${realm}:${parts.password ?? this.password}`);
    const response = md5(`${ha1}:${nonce}:00000001:cn:auth:${md5(`${method}:${uri}`)}`);
    return (
      `Digest username="${this.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
      `response="${response}", algorithm=MD5, cnonce="cn", qop=auth, nc=00000001`
    );
  }
}

/** Reads a message's text. */
export function read(text: string): Received {
  const [head = ''] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const headers = (name: string): string[] =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  return { start, text, headers, header: (name) => headers(name)[0] ?? '' };
}

/** The branch of a message's topmost Via. */
export function branchOf(message: Received): string {
  return /branch=([^;]+)/.exec(message.header('Via'))?.[1] ?? '';
}
